# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.


"""What the lists of all collections have in common (API contract, 2.6 and 8.4)."""

import uuid

import ddt

from senlin.tests.unit.api import base

COLLECTIONS = {
    "clusters": ("cluster", ["name", "status", "init_at", "created_at", "updated_at"]),
    "nodes": ("node", ["index", "name", "status", "init_at", "created_at", "updated_at"]),
    "profiles": ("profile", ["type", "name", "created_at", "updated_at"]),
    "policies": ("policy", ["type", "name", "created_at", "updated_at"]),
    "receivers": (
        "receiver",
        ["name", "type", "action", "cluster_id", "created_at", "user"],
    ),
    "actions": ("action", ["name", "target", "action", "created_at", "status"]),
    "events": (
        "event",
        ["timestamp", "level", "otype", "oname", "action", "status", "oid", "cluster_id"],
    ),
}


def each(*cases):
    """Collections combined with each case."""
    return [(name, *case) for name in COLLECTIONS for case in cases or [()]]


@ddt.ddt
class RefusedParameterTest(base.ApiTestCase):
    @ddt.data(*COLLECTIONS)
    def test_an_unknown_parameter(self, name):
        response = self.get(f"/v1/{name}?bogus=foo", status=400)
        shown = "'bogus'" if name == "clusters" else "bogus"
        self.assert_invalid(response, f"Invalid parameter {shown}")

    @ddt.data(
        *each(
            ("limit=not-int", "The value for limit must be an integer: 'not-int'."),
            ("limit=1.5", "The value for limit must be an integer: '1.5'."),
            ("limit=-5", "Value must be >= 0 for field 'limit'."),
            ("limit={field}", "The value for limit must be an integer: '{field}'."),
            ("global_project=not-bool", "Invalid value 'not-bool' specified for 'global_project'"),
            ("global_project=1", "Invalid value '1' specified for 'global_project'"),
            ("sort=bad-sort", "Unsupported sort key 'bad-sort' for 'sort'."),
            ("sort=name,bad-sort:asc", "Unsupported sort key 'bad-sort' for 'sort'."),
            ("sort=bad-sort:bad-dir", "Unsupported sort dir 'bad-dir' for 'sort'."),
            ("sort=name:ASC", "Unsupported sort dir 'ASC' for 'sort'."),
            ("sort=:asc", "A sort key is missing in the value of 'sort'."),
            ("sort=,", "A sort key is missing in the value of 'sort'."),
            ("marker=bad-marker", "The value for marker is not a valid UUID: 'bad-marker'."),
        )
    )
    @ddt.unpack
    def test_a_bad_value(self, name, query, message):
        if name == "events":
            query = query.replace("sort=name,", "sort=oname,")
        self.assert_invalid(self.get(f"/v1/{name}?{query}", status=400), message)

    @ddt.data(
        *[
            (name, f"{parameter}=['bad-{parameter}']", f"['bad-{parameter}']")
            for name, parameter in (
                ("clusters", "status"),
                ("nodes", "status"),
                ("actions", "status"),
                ("actions", "action"),
                ("events", "level"),
                ("events", "action"),
                ("receivers", "type"),
                ("receivers", "action"),
            )
        ]
    )
    @ddt.unpack
    def test_a_word_outside_the_enumeration(self, name, query, shown):
        response = self.get(f"/v1/{name}?{query}", status=400)
        self.assert_invalid(response, f"Field value {shown} is invalid")

    @ddt.data(*COLLECTIONS)
    def test_all_projects_are_not_for_ordinary_users(self, name):
        response = self.get(f"/v1/{name}?global_project=True", status=403)
        self.assert_refused(
            response, 403, "You are not authorized to complete this operation.", "Forbidden"
        )


@ddt.ddt
class PageTest(base.ApiTestCase):
    def ids(self, name, query=""):
        return [item["id"] for item in self.get(f"/v1/{name}?{query}").json[name]]

    def fill(self, name, count=5, **values):
        kind, _ = COLLECTIONS[name]
        return [self.insert(kind, **values)["id"] for _ in range(count)]

    @ddt.data(*COLLECTIONS)
    def test_an_empty_list(self, name):
        self.assertEqual({name: []}, self.get(f"/v1/{name}").json)

    @ddt.data(*COLLECTIONS)
    def test_the_default_order_is_the_order_of_creation(self, name):
        ids = self.fill(name)
        self.assertEqual(ids, self.ids(name))

    @ddt.data(*COLLECTIONS)
    def test_pages_by_marker_hold_each_row_once_and_end_empty(self, name):
        ids = self.fill(name)
        seen = []
        query = "limit=2"
        while page := self.ids(name, query):
            seen.extend(page)
            query = f"limit=2&marker={page[-1]}"
        self.assertEqual(ids, seen)

    @ddt.data(*each(("asc",), ("desc",)))
    @ddt.unpack
    def test_pages_hold_each_row_once_for_each_sort_key(self, name, direction):
        # All rows tie in most keys, and half of the rest is NULL.
        kind, keys = COLLECTIONS[name]
        ids = set(self.fill(name, 3))
        empty = {"created_at": None} if kind in ("cluster", "node") else {}
        ids |= set(self.fill(name, 3, **empty))
        for key in keys:
            seen = []
            query = f"limit=1&sort={key}:{direction}"
            while page := self.ids(name, query):
                seen.extend(page)
                query = f"limit=1&sort={key}:{direction}&marker={page[-1]}"
            self.assertEqual(len(ids), len(seen), key)
            self.assertEqual(ids, set(seen), key)

    @ddt.data(*COLLECTIONS)
    def test_a_marker_may_be_written_without_dashes(self, name):
        ids = self.fill(name)
        marker = ids[1].replace("-", "").upper()
        self.assertEqual(ids[2:], self.ids(name, f"marker={marker}"))

    @ddt.data(*COLLECTIONS)
    def test_an_unknown_marker_starts_at_the_beginning(self, name):
        ids = self.fill(name)
        self.assertEqual(ids, self.ids(name, f"marker={uuid.uuid4()}"))

    @ddt.data(*COLLECTIONS)
    def test_a_limit_of_zero_gives_nothing(self, name):
        self.fill(name)
        self.assertEqual([], self.ids(name, "limit=0"))

    @ddt.data(*COLLECTIONS)
    def test_empty_values_count_as_absent(self, name):
        ids = self.fill(name)
        self.assertEqual(ids, self.ids(name, "limit=&marker=&sort=&global_project="))

    @ddt.data(*COLLECTIONS)
    def test_the_last_of_repeated_single_values_wins(self, name):
        ids = self.fill(name)
        self.assertEqual(ids[:1], self.ids(name, "limit=3&limit=1"))

    @ddt.data(*COLLECTIONS)
    def test_words_for_booleans_may_be_capitalised(self, name):
        self.assertEqual(self.fill(name), self.ids(name, "global_project=False"))

    @ddt.data(*COLLECTIONS)
    def test_other_projects_are_left_out(self, name):
        self.fill(name, project=base.OTHER_PROJECT)
        self.assertEqual([], self.ids(name))

    @ddt.data("clusters", "nodes", "profiles", "policies", "receivers", "actions")
    def test_a_repeated_name_means_any_of_them(self, name):
        kind, _ = COLLECTIONS[name]
        first = self.insert(kind, name="one")["id"]
        second = self.insert(kind, name="two")["id"]
        self.fill(name)
        self.assertEqual({first, second}, set(self.ids(name, "name=one&name=two")))

    @ddt.data("clusters", "nodes", "profiles", "policies", "receivers", "actions")
    def test_a_filter_is_neither_pattern_nor_prefix(self, name):
        kind, _ = COLLECTIONS[name]
        self.insert(kind, name="one")
        for value in ("on", "on%25", "*", "o_e", ""):
            self.assertEqual([], self.ids(name, f"name={value}"))


@ddt.ddt
class AdminListTest(base.ApiTestCase):
    roles = "admin"

    @ddt.data(*each(("",), ("global_project=True",), ("global_project=False",)))
    @ddt.unpack
    def test_an_administrator_sees_all_projects(self, name, query):
        kind, _ = COLLECTIONS[name]
        mine = self.insert(kind)["id"]
        theirs = self.insert(kind, project=base.OTHER_PROJECT)["id"]
        shown = [item["id"] for item in self.get(f"/v1/{name}?{query}").json[name]]
        self.assertEqual([mine, theirs], shown)
