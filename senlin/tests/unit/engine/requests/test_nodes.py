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
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
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

    def test_a_cluster_that_is_on_its_way_out_takes_no_node(self):
        cluster = self.make_cluster()
        self.ask("cluster_delete", identity="c1")
        self.refused(
            exception.ActionInProgress,
            "node_create",
            name="n",
            profile_id=cluster["profile_id"],
            cluster_id="c1",
        )

    def test_an_administrators_node_lives_in_the_clusters_project(self):
        cluster = self.make_cluster()
        admin = base.a_context(project="ops", user="root", is_admin=True)
        node = self.make_node({"id": cluster["profile_id"]}, admin, cluster_id=cluster["id"])
        self.assertEqual(("u1", "p1"), (node["user"], node["project"]))


class TestNodeUpdate(base.RequestTestCase):
    def update(self, **changes):
        return self.ask("node_update", identity="n1", changes=changes)

    def test_only_what_differs_becomes_input(self):
        node = self.make_node(role="web")
        new = self.make_profile("new", flavor="big")
        result = self.update(
            name="n2", role="web", metadata={"a": 1}, tainted=True, profile_id="new"
        )
        action = self.action(result)
        self.assertEqual(
            ("NODE_UPDATE", f"node_update_{node['id'][:8]}"), (action["action"], action["name"])
        )
        self.assertEqual(
            {"name": "n2", "metadata": {"a": 1}, "tainted": True, "new_profile_id": new["id"]},
            action["inputs"],
        )
        self.assertEqual(("n1", False), (result["node"]["name"], result["node"]["tainted"]))

    def test_nothing_to_update_is_refused(self):
        self.make_node()
        for changes in ({}, {"name": "n1"}, {"name": ""}, {"tainted": False}, {"role": ""}):
            error = self.assertRaises(exception.BadRequest, self.update, **changes)
            self.assertEqual("No property needs an update.", error.message)

    def test_another_profile_type_is_refused(self):
        self.make_node()
        self.make_profile("other", type_="os.other")
        error = self.assertRaises(exception.BadRequest, self.update, profile_id="other")
        self.assertEqual(
            "Cannot update a node to a different profile type, operation aborted.", error.message
        )

    def test_a_property_that_cannot_change_is_refused_at_once(self):
        self.make_node()
        self.make_profile("new", color="red")
        self.assertRaises(exception.InvalidSpec, self.update, profile_id="new")


class TestNodeDelete(base.RequestTestCase):
    def delete(self, force=False):
        return self.ask("node_delete", identity="n1", force=force)

    def test_the_intent_is_recorded_and_what_runs_is_asked_to_stop(self):
        node = self.make_node()
        running = self.ask("node_check", identity="n1")
        action = self.action(self.delete())
        self.assertEqual(
            ("NODE_DELETE", f"node_delete_{node['id'][:8]}"), (action["action"], action["name"])
        )
        self.assertEqual("CANCEL", self.action(running)["control"])

    def test_a_busy_node_is_refused_unless_forced(self):
        node = self.make_node()
        for status in ("CREATING", "UPDATING", "DELETING", "RECOVERING"):
            self.change("node", node["id"], status=status)
            self.assertRaises(exception.ActionInProgress, self.delete)
        self.delete(force=True)

    def test_it_is_deleted_once(self):
        self.make_node()
        first = self.delete()
        self.assertRaises(exception.ActionInProgress, self.delete)
        self.assertEqual(first["action"], self.delete(force=True)["action"])

    def test_nodes_that_live_on_it_hold_it(self):
        node = self.make_node()
        self.change("node", node["id"], dependents={"nodes": ["n-2"]})
        self.assertRaises(exception.ResourceInUse, self.delete)


class TestNodeWork(base.RequestTestCase):
    def test_a_check_keeps_its_parameters(self):
        node = self.make_node()
        action = self.action(self.ask("node_check", identity="n1", params={"any": 1}))
        self.assertEqual(
            ("NODE_CHECK", f"node_check_{node['id'][:8]}", {"any": 1}),
            (action["action"], action["name"], action["inputs"]),
        )

    def test_a_recovery_keeps_what_it_recognises(self):
        self.make_node()
        params = {
            "operation": "reboot",
            "operation_params": {"type": "hard"},
            "check": True,
            "delete_timeout": 5,
            "force_recreate": False,
        }
        action = self.action(self.ask("node_recover", identity="n1", params=params))
        self.assertEqual(
            {**params, "operation": "REBOOT", "operation_params": {"type": "HARD"}},
            action["inputs"],
        )

    def test_the_node_is_looked_up_before_its_parameters(self):
        self.refused(exception.ResourceNotFound, "node_recover", identity="n1", params={"k1": "v1"})
        self.make_node()
        for params in (
            {"k1": "v1"},
            {"operation": "DANCE"},
            {"operation": 5},
            {"operation": "REBOOT", "operation_params": "SOFT"},
            {"operation": "REBOOT", "operation_params": {"type": 5}},
            {"operation_params": {"type": "SOFT"}},
            {"check_capacity": True},
        ):
            self.refused(exception.BadRequest, "node_recover", identity="n1", params=params)

    def test_an_operation_is_admitted_whatever_runs(self):
        node = self.make_node(settled=False)
        result = self.ask("node_op", identity="n1", operation="reboot", params={"type": "SOFT"})
        action = self.action(result)
        self.assertEqual(
            ("NODE_OPERATION", f"node_reboot_{node['id'][:8]}"), (action["action"], action["name"])
        )
        self.assertEqual({"operation": "reboot", "params": {"type": "SOFT"}}, action["inputs"])

    def test_an_operation_that_the_type_lacks_is_named(self):
        self.refused(exception.ResourceNotFound, "node_op", identity="n1", operation="dance")
        self.make_node()
        message = self.refused(exception.BadRequest, "node_op", identity="n1", operation="dance")
        self.assertEqual(
            "The requested operation 'dance' is not supported by the profile type 'os.thing-1.0'.",
            message,
        )

    def test_parameters_of_operations_are_checked(self):
        self.make_node()
        message = self.refused(
            exception.BadRequest,
            "node_op",
            identity="n1",
            operation="reboot",
            params={"type": "Unknown"},
        )
        self.assertEqual("'Unknown' must be one of the allowed values: SOFT, HARD.", message)
        self.refused(
            exception.BadRequest, "node_op", identity="n1", operation="pause", params={"a": 1}
        )

    def test_a_locked_node_is_refused(self):
        node = self.make_node()
        facade.write(
            bulk.insert,
            models.NodeLock.__table__,
            [{"node_id": node["id"], "action_id": "holder"}],
        )
        message = self.refused(exception.ResourceIsLocked, "node_check", identity="n1")
        self.assertEqual(
            f"NODE_CHECK for node '{node['id']}' cannot be completed because it is already locked.",
            message,
        )
