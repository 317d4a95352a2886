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
from senlin.tests.unit.engine.requests import base


class TestNodeCreate(base.RequestTestCase):
    def test_an_orphan_has_its_own_name_and_no_index(self):
        made = self.ask(
            "node_create",
            name="mine",
            profile_id=self.make_profile()["id"],
            cluster_id="",
            role="master",
            metadata={"k": "v"},
        )
        node = made["node"]
        self.assertEqual(
            ("mine", "", -1, "INIT", "master", {"k": "v"}, None, "prof"),
            tuple(
                node[k]
                for k in (
                    "name",
                    "cluster_id",
                    "index",
                    "status",
                    "role",
                    "meta_data",
                    "physical_id",
                    "profile_name",
                )
            ),
        )
        action = self.action(made)
        self.assertEqual(
            ("NODE_CREATE", f"node_create_{node['id'][:8]}", "", node["id"]),
            tuple(action[k] for k in ("action", "name", "cluster_id", "target")),
        )

    def test_members_are_numbered_and_named_by_the_cluster(self):
        cluster = self.make_cluster(config={"node.name.format": "N$2I"})
        made = [
            self.make_node({"id": cluster["profile_id"]}, cluster_id="c1", name="ignored")
            for _ in range(2)
        ]
        self.assertEqual([("N01", 1), ("N02", 2)], [(n["name"], n["index"]) for n in made])
        self.assertEqual({cluster["id"]}, {n["cluster_id"] for n in made})

    def test_the_profile_is_looked_up_before_the_cluster(self):
        message = self.refused(
            exception.BadRequest, "node_create", name="n", profile_id="bad", cluster_id="worse"
        )
        self.assertEqual("The specified profile 'bad' could not be found.", message)
        self.make_profile()
        message = self.refused(
            exception.BadRequest, "node_create", name="n", profile_id="prof", cluster_id="worse"
        )
        self.assertEqual("The specified cluster 'worse' could not be found.", message)

    def test_another_profile_of_the_same_type_is_fine(self):
        self.make_cluster()
        self.make_node(self.make_profile("second", flavor="big"), cluster_id="c1")

    def test_another_profile_type_is_not(self):
        self.make_cluster()
        other = self.make_profile("second", type_="os.other")
        message = self.refused(
            exception.BadRequest, "node_create", name="n", profile_id=other["id"], cluster_id="c1"
        )
        self.assertEqual(
            "Node and cluster have different profile type, operation aborted.", message
        )

    def test_an_administrators_node_lives_in_the_clusters_project(self):
        cluster = self.make_cluster()
        admin = base.a_context(project="ops", user="root", is_admin=True)
        node = self.make_node({"id": cluster["profile_id"]}, admin, cluster_id=cluster["id"])
        self.assertEqual(("u1", "p1"), (node["user"], node["project"]))
