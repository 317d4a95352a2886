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

"""Queries that requests need, on a database with rows made by requests."""

from senlin.db import clusters
from senlin.db import facade
from senlin.db import holding
from senlin.db import nodes
from senlin.db import uniqueness
from senlin.tests.unit.engine.requests import base


class TestResolve(base.RequestTestCase):
    def resolve(self, *identities, project="p1"):
        found = facade.read(nodes.resolve, identities, project)
        return {identity: row and row["id"] for identity, row in found.items()}

    def test_ids_names_and_short_ids(self):
        node = self.make_node(name="n1")
        for identity in (node["id"], "n1", node["id"][:9]):
            self.assertEqual({identity: node["id"]}, self.resolve(identity))

    def test_nothing_and_too_much_are_none(self):
        self.make_node(name="same")
        self.make_node(name="same")
        self.assertEqual({"same": None, "none": None}, self.resolve("same", "none"))

    def test_an_id_goes_before_a_name_and_a_name_before_a_short_id(self):
        first = self.make_node(name="n1")
        second = self.make_node(name=first["id"])
        third = self.make_node(name=first["id"][:8])
        self.assertEqual({first["id"]: first["id"]}, self.resolve(first["id"]))
        self.assertEqual({first["id"][:8]: third["id"]}, self.resolve(first["id"][:8]))
        self.change("node", first["id"], project="p2")
        self.assertEqual({first["id"]: second["id"]}, self.resolve(first["id"]))

    def test_wildcards_are_literal(self):
        self.make_node()
        self.assertEqual({"%": None, "_": None}, self.resolve("%", "_"))

    def test_other_projects_nodes_are_not_seen(self):
        node = self.make_node()
        self.assertEqual({"n1": None}, self.resolve("n1", project="p2"))
        self.assertEqual({"n1": node["id"]}, self.resolve("n1", project=None))

    def test_nothing_asked_nothing_found(self):
        self.assertEqual({}, self.resolve())


class TestMemberIds(base.RequestTestCase):
    def test_members_come_by_index(self):
        cluster = self.make_cluster()
        ids = self.make_members(cluster, 3)
        self.make_node()
        self.assertEqual(ids, facade.read(nodes.member_ids, cluster["id"]))

    def test_each_profile_of_members_is_named_once(self):
        cluster = self.make_cluster()
        self.make_members(cluster, 2)
        other = self.make_profile("other")
        self.make_node(other, cluster_id=cluster["id"])
        found = facade.read(nodes.profiles_of_members, cluster["id"])
        self.assertEqual(sorted([cluster["profile_id"], other["id"]]), sorted(found))


class TestClusters(base.RequestTestCase):
    def test_clusters_are_counted_by_project(self):
        self.make_cluster(name="a")
        self.make_cluster(name="b", context=base.a_context(project="p2"))
        self.assertEqual(1, facade.read(clusters.count, "p1"))

    def test_only_unfinished_actions_of_the_kind_count(self):
        cluster = self.make_cluster()
        check = self.ask("cluster_check", identity="c1")["action"]
        self.assertEqual(check, facade.read(clusters.unfinished, cluster["id"], "CLUSTER_CHECK"))
        self.assertIsNone(facade.read(clusters.unfinished, cluster["id"], "CLUSTER_DELETE"))
        self.settle(check)
        self.assertIsNone(facade.read(clusters.unfinished, cluster["id"], "CLUSTER_CHECK"))

    def test_completing_says_whether_something_waited(self):
        self.make_cluster()
        action = self.ask("cluster_check", identity="c1")["action"]
        self.assertFalse(facade.write(clusters.complete_lifecycle, action, base.NOW))
        self.change("action", action, status="WAITING_LIFECYCLE_COMPLETION")
        self.assertTrue(facade.write(clusters.complete_lifecycle, action, base.NOW))
        self.assertFalse(facade.write(clusters.complete_lifecycle, action, base.NOW))


class TestHolding(base.RequestTestCase):
    def test_a_held_row_is_given(self):
        cluster = self.make_cluster()
        row = facade.write(holding.hold, "cluster", cluster["id"])
        self.assertEqual("c1", row["name"])

    def test_what_is_gone_is_none(self):
        self.assertIsNone(facade.write(holding.hold, "cluster", "none"))


class TestUniqueness(base.RequestTestCase):
    def test_a_name_is_taken_in_its_project(self):
        self.make_cluster(name="a")
        taken = [
            facade.read(uniqueness.name_is_taken, "cluster", name, project)
            for name, project in (("a", "p1"), ("b", "p1"), ("a", "p2"))
        ]
        self.assertEqual([True, False, False], taken)
