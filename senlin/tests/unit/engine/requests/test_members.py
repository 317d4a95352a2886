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

from senlin.common import exception
from senlin.db import facade
from senlin.tests.unit.engine.requests import base


class TestAddNodes(base.RequestTestCase):
    def add(self, *nodes, context=None):
        return self.ask("cluster_add_nodes", context, identity="c1", nodes=list(nodes))

    def complaint(self, *nodes):
        return self.assertRaises(exception.BadRequest, self.add, *nodes).message

    def test_nodes_are_named_in_any_way_and_kept_by_id(self):
        cluster = self.make_cluster()
        first, second = self.make_node(name="n1"), self.make_node(name="n2")
        action = self.action(self.add("n1", second["id"]))
        self.assertEqual(
            ("CLUSTER_ADD_NODES", f"cluster_add_nodes_{cluster['id'][:8]}", cluster["id"]),
            (action["action"], action["name"], action["cluster_id"]),
        )
        self.assertEqual({"nodes": [first["id"], second["id"]]}, action["inputs"])

    def test_short_ids_are_understood(self):
        self.make_cluster()
        node = self.make_node()
        action = self.action(self.add(node["id"][:13]))
        self.assertEqual({"nodes": [node["id"]]}, action["inputs"])

    def test_an_unknown_cluster_comes_first(self):
        self.assertRaises(exception.ResourceNotFound, self.add, "node_id")

    def test_unknown_and_ambiguous_nodes_are_listed(self):
        self.make_cluster()
        self.make_node(name="same")
        self.make_node(name="same")
        self.assertEqual("Nodes not found: ['none', 'same'].", self.complaint("none", "same"))

    def test_another_profile_type_is_refused(self):
        self.make_cluster()
        node = self.make_node(self.make_profile("other", type_="os.other"))
        self.assertEqual(
            f"Profile type of nodes ['{node['id']}'] does not match that of the cluster.",
            self.complaint("n1"),
        )

    def test_a_member_is_refused(self):
        cluster = self.make_cluster()
        (member,) = self.make_members(cluster, 1)
        self.assertEqual(
            f"Nodes ['{member}'] already owned by some cluster.", self.complaint(member)
        )

    def test_a_node_that_is_not_active_is_refused(self):
        self.make_cluster()
        node = self.make_node()
        self.change("node", node["id"], status="ERROR")
        self.assertIn(node["id"], self.complaint("n1"))

    def test_all_complaints_come_at_once_in_a_fixed_order(self):
        cluster = self.make_cluster()
        (member,) = self.make_members(cluster, 1)
        other = self.make_node(self.make_profile("other", type_="os.other"), name="o")
        lines = self.complaint("none", member, "o").split("\n")
        self.assertEqual(
            [
                f"Profile type of nodes ['{other['id']}'] does not match that of the cluster.",
                f"Nodes ['{member}'] already owned by some cluster.",
                "Nodes not found: ['none'].",
            ],
            lines,
        )

    def test_the_maximum_holds(self):
        self.make_cluster(max_size=1)
        self.make_node(name="n1")
        self.make_node(name="n2")
        self.assertEqual(
            "The target capacity (2) is greater than the cluster's max_size (1).",
            self.complaint("n1", "n2"),
        )

    def test_an_administrator_does_not_mix_projects(self):
        self.make_cluster()
        stranger = self.make_node(context=base.a_context(project="p2"))
        admin = base.a_context(project="ops", is_admin=True)
        self.assertRaises(exception.BadRequest, self.add, stranger["id"], context=admin)

    def test_the_number_of_statements_does_not_grow_with_the_nodes(self):
        self.make_cluster()
        profile = self.make_profile("nodes")
        ids = [self.make_node(profile)["id"] for _ in range(12)]
        self.settle(self.add(*ids[:2])["action"])
        before = facade.statements()
        self.settle(self.add(*ids[:2])["action"])
        few = facade.statements() - before
        self.add(*ids)
        self.assertLessEqual(facade.statements() - before - few, few)


class TestDelNodes(base.RequestTestCase):
    def remove(self, *nodes, **options):
        return self.ask("cluster_del_nodes", identity="c1", nodes=list(nodes), **options)

    def complaint(self, *nodes):
        return self.assertRaises(exception.BadRequest, self.remove, *nodes).message

    def test_candidates_and_count_are_inputs(self):
        cluster = self.make_cluster()
        ids = self.make_members(cluster, 2)
        action = self.action(self.remove(*ids))
        self.assertEqual("CLUSTER_DEL_NODES", action["action"])
        self.assertEqual({"candidates": ids, "count": 2}, action["inputs"])

    def test_destroying_is_an_input_if_said(self):
        ids = self.make_members(self.make_cluster(), 1)
        action = self.action(self.remove(*ids, destroy_after_deletion=False))
        self.assertIs(False, action["inputs"]["destroy_after_deletion"])

    def test_unknown_nodes_are_listed(self):
        self.make_cluster()
        self.assertEqual("Nodes not found: ['none'].", self.complaint("none"))

    def test_strangers_are_listed(self):
        self.make_cluster()
        node = self.make_node()
        self.assertEqual(
            f"Nodes not members of specified cluster: ['{node['id']}'].", self.complaint("n1")
        )

    def test_the_minimum_holds(self):
        cluster = self.make_cluster(min_size=1)
        ids = self.make_members(cluster, 1)
        self.assertEqual(
            "The target capacity (0) is less than the cluster's min_size (1).",
            self.complaint(*ids),
        )

    def test_a_node_that_others_live_on_stays_whatever_else_is_wrong(self):
        (member,) = self.make_members(self.make_cluster(), 1)
        self.change("node", member, dependents={"nodes": ["n-9"]})
        self.assertRaises(exception.ResourceInUse, self.remove, member, "none")


class TestReplaceNodes(base.RequestTestCase):
    def replace(self, **nodes):
        return self.ask("cluster_replace_nodes", identity="c1", nodes=nodes)

    def complaint(self, **nodes):
        return self.assertRaises(exception.BadRequest, self.replace, **nodes).message

    def setUp(self):
        super().setUp()
        self.cluster = self.make_cluster()
        (self.member,) = self.make_members(self.cluster, 1)
        self.change("node", self.member, name="old")
        self.new = self.make_node(name="new")["id"]

    def test_ids_are_inputs(self):
        action = self.action(self.replace(old="new"))
        self.assertEqual("CLUSTER_REPLACE_NODES", action["action"])
        self.assertEqual({"candidates": {self.member: self.new}}, action["inputs"])

    def test_unknown_nodes_are_told_apart(self):
        self.assertEqual("Original nodes not found: ['none'].", self.complaint(none="new"))
        self.assertEqual("Replacement nodes not found: ['none'].", self.complaint(old="none"))

    def test_the_old_has_to_be_a_member(self):
        stray = self.make_node(name="stray")["id"]
        message = self.complaint(stray="new")
        self.assertIn("to be replaced are not members of the cluster", message)
        self.assertTrue(message.startswith(f"The specified nodes ['{stray}']"))

    def test_the_new_must_not_be_a_member(self):
        self.assertIn("already member of a cluster", self.complaint(old="old"))

    def test_the_new_has_to_be_active(self):
        self.change("node", self.new, status="WARNING")
        self.assertIn(self.new, self.complaint(old="new"))

    def test_the_new_has_to_be_of_the_type(self):
        self.make_node(self.make_profile("other", type_="os.other"), name="odd")
        message = self.complaint(old="odd")
        self.assertIn("Profile type of nodes", message)
        self.assertIn("do not match that of the cluster", message)

    def test_one_node_cannot_replace_two(self):
        (second,) = [self.make_node({"id": self.cluster["profile_id"]}, cluster_id="c1")["id"]]
        self.assertIn("duplicated", self.complaint(**{"old": "new", second: self.new}))
