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

"""Lists of servers: pages, filters, and what was deleted lately."""

import datetime

from senlin.cloud import compute
from senlin.profiles import base as profiles
from senlin.profiles.nova import servers
from senlin.tests.conformance import base


class PagesTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.made = [self.create() for _ in range(3)]
        for server_id in self.made:
            self.reaches(server_id, "ACTIVE")

    def page(self, **params):
        params["name"] = self.name
        return self.cloud.compute.get("/servers/detail", params, compute.READ)

    def test_a_full_page_has_a_link_to_the_next_one(self):
        first = self.page(limit=2)
        self.assertEqual(2, len(first["servers"]))
        (link,) = first["servers_links"]
        self.assertEqual("next", link["rel"])
        second = self.page(limit=2, marker=first["servers"][-1]["id"])
        self.assertNotIn("servers_links", second)
        found = [one["id"] for one in (*first["servers"], *second["servers"])]
        self.assertEqual(sorted(self.made), sorted(found))

    def test_the_newest_server_comes_first(self):
        created = [one["created"] for one in self.page()["servers"]]
        self.assertEqual(sorted(created, reverse=True), created)

    def test_a_marker_that_is_not_there_is_refused(self):
        error = self.refused(400, self.page, limit=2, marker="3f3b2c5e-0000-4000-8000-000000000000")
        self.assertIn("marker", error.message)

    def test_the_driver_reads_all_pages(self):
        self.addCleanup(setattr, compute, "PAGE", compute.PAGE)
        compute.PAGE = 1
        found = [one["id"] for one in self.cloud.compute.servers_named(self.name)]
        self.assertEqual(sorted(self.made), sorted(found))

    def test_a_list_shows_what_a_server_shows(self):
        listed = self.page(limit=1)["servers"][0]
        self.assertEqual(self.cloud.compute.server(listed["id"]), listed)

    def test_more_is_asked_for_than_a_page_may_have(self):
        self.assertEqual(3, len(self.page(limit=5000)["servers"]))

    def test_the_driver_observes_many_at_once(self):
        more = [self.create() for _ in range(3)]
        for server_id in more:
            self.reaches(server_id, "ACTIVE")
        gone = [*self.made, *more][:5]
        for server_id in gone:
            self.cloud.compute.delete_server(server_id)
        for server_id in gone:
            self.becomes("it goes", lambda one=server_id: self.cloud.compute.server(one) is None)
        seen = servers.observe(self.cloud, [*self.made, *more])
        self.assertEqual([more[-1]], [one for one in seen if seen[one] is not profiles.GONE])


class NamesTest(base.TestCase):
    def test_a_server_is_found_by_its_exact_name(self):
        for name in (f"{self.name}.a+(b)[c]", f"{self.name}xa", f"{self.name}.a", f"{self.name} é"):
            server_id = self.create(name=name)
            (found,) = self.cloud.compute.servers_named(name)
            self.assertEqual(server_id, found["id"])

    def test_a_server_is_found_by_its_mark_from_the_moment_it_was_asked_for(self):
        server_id = self.create(metadata={servers.NODE_KEY: "n1"})
        self.create(metadata={servers.NODE_KEY: "n2"})
        (found,) = servers.marked(self.cloud, self.name, "n1")
        self.assertEqual(server_id, found["id"])

    def test_servers_of_other_projects_are_not_listed(self):
        self.create()
        self.assertEqual([], self.other.compute.servers_named(self.name))


class ChangesTest(base.TestCase):
    def since(self, moment, **filters):
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        found = self.cloud.compute.servers(**{"changes-since": text, **filters})
        return {one["id"]: one["status"] for one in found}

    def test_deleted_servers_are_listed_as_deleted_for_a_while(self):
        start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=2)
        kept, gone = self.create_active()["id"], self.create_active()["id"]
        self.remove(gone)
        found = self.since(start)
        self.assertEqual("ACTIVE", found[kept])
        self.assertEqual("DELETED", found[gone])
        self.assertNotIn(gone, [one["id"] for one in self.cloud.compute.servers()])

    def test_what_did_not_change_lately_is_not_listed(self):
        server = self.create_active()
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
        self.assertNotIn(server["id"], self.since(moment))

    def test_a_moment_that_is_none_is_refused(self):
        self.refused(400, self.cloud.compute.servers, **{"changes-since": "yesterday"})
