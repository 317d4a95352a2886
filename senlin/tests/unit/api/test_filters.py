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

"""Filters with operators and linked pages, from microversion 1.15 on."""

import datetime
import urllib.parse

import ddt
import requests

from senlin.api import filters
from senlin.db import filtering
from senlin.tests.unit import base as unit_base
from senlin.tests.unit.api import base
from senlin.tests.unit.api import test_lists

_SECOND = datetime.timedelta(seconds=1)
_MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


@ddt.ddt
class ParseTest(unit_base.TestCase):
    @ddt.data(
        ("a", None, ("a",)),
        ("", None, ("",)),
        ("about:x", None, ("about:x",)),
        ("in:a", "in", ("a",)),
        ("nin:a,b,", "nin", ("a", "b", "")),
        ('in:"a,b",c', "in", ("a,b", "c")),
        (r'in:"say \"a\\b\""', "in", ('say "a\\b"',)),
        ("gte:1", "gte", ("1",)),
        ('neq:"a,b"', "neq", ("a,b",)),
        ("neq:in:a", "neq", ("in:a",)),
    )
    @ddt.unpack
    def test_a_value(self, text, operator, values):
        self.assertEqual((operator, values), filters.parse(text))

    @ddt.data("neq:a,b", "gt:a,b", 'in:"a', 'in:"a"b', 'in:a"b"')
    def test_what_is_no_value(self, text):
        self.assertRaises(ValueError, filters.parse, text)

    @ddt.data(
        ("2026-01-02T03:04:05Z", _MOMENT, _SECOND),
        ("2026-01-02T03:04:05", _MOMENT, _SECOND),
        ("2026-01-02T05:04:05+02:00", _MOMENT, _SECOND),
        ("2026-01-02T03:04:05.000000Z", _MOMENT, datetime.timedelta(microseconds=1)),
        ("2026-01-02T03:04Z", _MOMENT.replace(second=0), datetime.timedelta(minutes=1)),
        ("2026-01-02", datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC), 86400 * _SECOND),
    )
    @ddt.unpack
    def test_a_time(self, text, start, length):
        self.assertEqual(filtering.Span(start, start + length), filters.moment(text))

    @ddt.data("", "now", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00+05:00", "7" * 100)
    def test_what_is_no_time(self, text):
        self.assertRaises(ValueError, filters.moment, text)

    def test_plain_values_are_alternatives_and_operators_add_up(self):
        self.assertEqual(
            [
                filtering.Term("name", "in", ("a", "b")),
                filtering.Term("name", "gt", ("c",)),
                filtering.Term("name", "neq", ("d",)),
            ],
            filters.terms("name", ["a", "gt:c", "b", "neq:d"]),
        )


class _ListTestCase(base.ApiTestCase):
    def ids(self, collection, version="1.15", **query):
        path = f"/v1/{collection}?{urllib.parse.urlencode(query, doseq=True)}"
        return [item["id"] for item in self.get(path, version=version).json[collection]]


@ddt.ddt
class FilterTest(_ListTestCase):
    @ddt.data("clusters", "nodes", "profiles", "policies", "receivers", "actions")
    def test_operators_on_names(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        a, b, c = (self.insert(kind, name=each)["id"] for each in "abc")
        for text, expected in (
            ("in:a,c", [a, c]),
            ("nin:a,c", [b]),
            ("neq:a", [b, c]),
            ("gt:a", [b, c]),
            ("gte:b", [b, c]),
            ("lt:b", [a]),
            ("lte:b", [a, b]),
            (["gt:a", "lt:c"], [b]),
            (["a", "b", "neq:a"], [b]),
            (["a", "c"], [a, c]),
            ("b", [b]),
        ):
            self.assertEqual(set(expected), set(self.ids(name, name=text)), text)

    @ddt.data("clusters", "nodes", "profiles", "policies", "receivers", "actions")
    def test_operators_are_plain_text_before_1_15(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        self.insert(kind, name="a")
        self.assertEqual([], self.ids(name, version="1.14", name="in:a"))

    @ddt.data(*test_lists.COLLECTIONS)
    def test_ranges_of_time(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        field = "timestamp" if name == "events" else "created_at"
        moments = [base.MOMENT + datetime.timedelta(minutes=number) for number in range(3)]
        a, b, c = (self.insert(kind, **{field: moment})["id"] for moment in moments)
        shown = [f"2026-01-02T03:0{number}:05Z" for number in (4, 5, 6)]
        for text, expected in (
            (shown[1], [b]),
            (f"gt:{shown[1]}", [c]),
            (f"gte:{shown[1]}", [b, c]),
            (f"lt:{shown[1]}", [a]),
            (f"lte:{shown[1]}", [a, b]),
            (f"neq:{shown[1]}", [a, c]),
            (f"in:{shown[0]},{shown[2]}", [a, c]),
            ([f"gte:{shown[0]}", f"lt:{shown[2]}"], [a, b]),
            ("2026-01-02", [a, b, c]),
        ):
            self.assertEqual(set(expected), set(self.ids(name, **{field: text})), text)

    @ddt.data(*test_lists.COLLECTIONS)
    def test_there_are_no_filters_by_time_before_1_15(self, name):
        field = "timestamp" if name == "events" else "created_at"
        response = self.get(f"/v1/{name}?{field}=2026-01-02", version="1.14", status=400)
        self.assertIn("Invalid parameter", response.json["error"]["message"])

    def test_what_is_unset_differs_from_every_value(self):
        row = self.insert("cluster", updated_at=None)
        self.assertEqual([row["id"]], self.ids("clusters", updated_at="neq:2026-01-02"))
        self.assertEqual([], self.ids("clusters", updated_at="lt:2030-01-02"))

    def test_levels_have_an_order(self):
        low, high = (self.insert("event", level=level)["id"] for level in (20, 40))
        self.assertEqual([high], self.ids("events", level="gt:INFO"))
        self.assertEqual([low], self.ids("events", level="nin:ERROR,CRITICAL"))

    @ddt.data("nodes", "actions", "events")
    def test_clusters_are_resolved(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        one, two = (self.insert("cluster", name=each)["id"] for each in ("one", "two"))
        a, b = (self.insert(kind, cluster_id=each)["id"] for each in (one, two))
        self.assertEqual([a], self.ids(name, cluster_id="one"))
        self.assertEqual([b], self.ids(name, cluster_id="neq:one"))
        self.assertEqual({a, b}, set(self.ids(name, cluster_id=f"in:one,{two}")))

    @ddt.data("actions", "events")
    def test_clusters_that_are_unknown(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        row = self.insert(kind, cluster_id=self.insert("cluster", name="one")["id"])
        self.assertEqual([], self.ids(name, cluster_id="in:one,unknown"))
        self.assertEqual([row["id"]], self.ids(name, cluster_id="neq:unknown"))

    def test_an_empty_cluster_counts_as_absent(self):
        row = self.insert("node")
        self.assertEqual([row["id"]], self.ids("nodes", cluster_id=""))

    @ddt.data(
        ("clusters", "status=in:ACTIVE,FLYING", "Field value FLYING is invalid"),
        ("clusters", "status=FLYING", "Field value FLYING is invalid"),
        ("clusters", "status=gt:ACTIVE", "The operator 'gt' cannot be used with 'status'."),
        ("nodes", "cluster_id=lt:x", "The operator 'lt' cannot be used with 'cluster_id'."),
        ("nodes", "name=neq:a,b", "The operator 'neq' takes one value, not 'a,b'."),
        ("actions", "name=in:%22a", "The quotes in '\"a' are not in order."),
        (
            "events",
            "timestamp=gt:{now}",
            "'{now}' is not a time as in '2026-01-31T12:00:00Z'.",
        ),
    )
    @ddt.unpack
    def test_a_bad_value(self, name, query, message):
        response = self.get(f"/v1/{name}?{query}", version="1.15", status=400)
        self.assert_invalid(response, message)


@ddt.ddt
class LinkTest(_ListTestCase):
    def setUp(self):
        super().setUp()
        self.conf.set_override("max_page_size", 2, "senlin_api")

    def page(self, path, version="1.15"):
        response = self.get(path, version=version)
        ((name, items),) = response.json.items()
        return [item["id"] for item in items], self.linked(response, "url")

    def linked(self, response, attribute):
        """The path in the header Link, as the library requests understands it."""
        links = requests.utils.parse_header_links(response.headers.get("Link", ""))
        if not links:
            return None
        (link,) = links
        self.assertEqual("next", link["rel"])
        self.assertTrue(link[attribute].startswith("http://localhost:80/v1/"), link)
        return link[attribute].removeprefix("http://localhost:80")

    @ddt.data(*test_lists.COLLECTIONS)
    def test_links_lead_through_a_list(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        ids = [self.insert(kind)["id"] for _ in range(4)]
        first, link = self.page(f"/v1/{name}")
        self.assertEqual(ids[:2], first)
        second, link = self.page(link)
        self.assertEqual(ids[2:], second)
        self.assertIsNone(link)

    def test_a_link_keeps_filters_and_order(self):
        for _ in range(3):
            self.insert("cluster", name="a b")
            self.insert("cluster", name="c")
        _, link = self.page("/v1/clusters?name=in:a%20b&sort=name:desc&marker=")
        self.assertTrue(
            link.startswith("/v1/clusters?name=in%3Aa+b&sort=name%3Adesc&marker="), link
        )

    @ddt.data((1, 1), (9, 2))
    @ddt.unpack
    def test_pages_are_as_short_as_is_asked_for(self, limit, size):
        ids = [self.insert("cluster")["id"] for _ in range(3)]
        found, link = self.page(f"/v1/clusters?limit={limit}")
        self.assertEqual(ids[:size], found)
        self.assertEqual(ids[size : 2 * size], self.page(link)[0])

    @ddt.data(*test_lists.COLLECTIONS)
    def test_openstacksdk_finds_a_link_that_needs_no_query(self, name):
        kind, _ = test_lists.COLLECTIONS[name]
        ids = [self.insert(kind)["id"] for _ in range(3)]
        link = self.linked(self.get(f"/v1/{name}?limit=1", version="1.15"), "uri")
        self.assertEqual(f"/v1/{name}:{ids[0]}", link)
        self.assertEqual((ids[1:], None), self.page(link))
        self.assertEqual(ids[1:2], self.page(f"{link}?limit=1")[0])
        self.assertEqual(ids[2:], self.page(f"{link}?marker={ids[1]}")[0])

    def test_a_marker_in_the_path_is_understood_since_1_15_only(self):
        row = self.insert("cluster")
        self.get(f"/v1/clusters:{row['id']}", version="1.14", status=404)
        self.get(f"/v1/clusters:{row['name']}", version="1.15", status=404)
        self.get(f"/v1/clusters:{row['id']}/actions", version="1.15", status=404)

    def test_a_limit_of_zero_gives_nothing(self):
        self.insert("cluster")
        self.assertEqual(([], None), self.page("/v1/clusters?limit=0"))

    def test_lists_are_whole_before_1_15(self):
        ids = [self.insert("cluster")["id"] for _ in range(3)]
        self.assertEqual((ids, None), self.page("/v1/clusters", version="1.14"))
