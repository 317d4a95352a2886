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

from senlin.cloud import errors
from senlin.common import exception
from senlin.tests.unit.engine.requests import base


class TestCollect(base.RequestTestCase):
    def collect(self, path):
        return self.ask("cluster_collect", identity="c1", path=path)

    def setUp(self):
        super().setUp()
        self.cluster = self.make_cluster(config={"node.name.format": "N$I"})

    def test_an_empty_cluster_has_nothing(self):
        self.assertEqual([], self.collect("name"))

    def test_each_member_gives_its_first_match(self):
        first, second = self.make_members(self.cluster, 2)
        expected = [{"id": first, "value": "N1"}, {"id": second, "value": "N2"}]
        self.assertEqual(expected, self.collect("name"))
        self.assertEqual(expected, self.collect(" $..name "))

    def test_members_without_a_match_are_left_out(self):
        first, second = self.make_members(self.cluster, 2)
        self.change("node", second, meta_data={"k1": "v1"})
        self.assertEqual([{"id": second, "value": "v1"}], self.collect("metadata.k1"))

    def test_details_are_looked_up_in_bulk_and_only_when_wanted(self):
        ids = self.make_members(self.cluster, 3)
        for number, id_ in enumerate(ids[:2]):
            self.change("node", id_, physical_id=f"s{number}")
            self.cloud.objects[f"s{number}"] = {"status": "ACTIVE"}
        self.collect("status")
        self.assertEqual([], self.cloud.shown)
        self.assertEqual(
            [{"id": id_, "value": "ACTIVE"} for id_ in ids[:2]], self.collect("details.status")
        )
        self.assertEqual([["s0", "s1"]], self.cloud.shown)

    def test_bad_paths_are_refused_before_the_look_up(self):
        for path in ("[", "a..", "$..a..b..c..d", "x" * 2000, "a[?(@.b"):
            self.refused(exception.BadRequest, "cluster_collect", identity="none", path=path)
        self.refused(exception.ResourceNotFound, "cluster_collect", identity="none", path="name")


class TestNodeDetails(base.RequestTestCase):
    def details(self, node, context=None):
        return self.ask("node_details", context, node_id=node["id"])

    def setUp(self):
        super().setUp()
        self.node = self.make_node()

    def test_what_the_cloud_shows(self):
        self.change("node", self.node["id"], physical_id="s1")
        self.cloud.objects["s1"] = {"name": "n1"}
        self.assertEqual({"name": "n1"}, self.details(self.node))

    def test_the_cloud_is_asked_as_the_nodes_owner(self):
        self.change("node", self.node["id"], physical_id="s1")
        self.pool.owners.clear()
        self.details(self.node, base.a_context("ops", "root", is_admin=True))
        self.assertEqual([("u1", "p1")], self.pool.owners)

    def test_nothing_without_an_object(self):
        self.assertEqual({}, self.details(self.node))

    def test_an_object_that_is_gone_is_an_error_in_the_details(self):
        self.change("node", self.node["id"], physical_id="s1")
        self.assertEqual(404, self.details(self.node)["Error"]["code"])

    def test_a_cloud_that_fails_is_an_error_in_the_details(self):
        self.change("node", self.node["id"], physical_id="s1")
        self.cloud.failure = errors.CloudError("down", status=503)
        self.assertEqual({"Error": {"code": 503, "message": "down"}}, self.details(self.node))

    def test_other_projects_nodes_do_not_exist(self):
        self.assertRaises(
            exception.ResourceNotFound, self.details, self.node, base.a_context(project="p2")
        )
