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


class TestClusterWork(base.RequestTestCase):
    def test_a_check_keeps_its_parameters(self):
        cluster = self.make_cluster()
        action = self.action(self.ask("cluster_check", identity="c1", params={"any": 1}))
        self.assertEqual(
            ("CLUSTER_CHECK", f"cluster_check_{cluster['id'][:8]}", {"any": 1}),
            (action["action"], action["name"], action["inputs"]),
        )

    def test_ended_checks_are_purged_on_demand(self):
        self.make_cluster()
        other = self.ask("cluster_recover", identity="c1")
        self.settle(other["action"])
        old = self.ask("cluster_check", identity="c1")
        self.settle(old["action"])
        self.ask("cluster_check", identity="c1", params={"delete_check_action": True})
        self.assertIsNone(self.action(old))
        self.assertIsNotNone(self.action(other))

    def test_a_recovery_keeps_what_it_recognises(self):
        self.make_cluster()
        params = {"operation": "rebuild", "check": True, "check_capacity": True}
        action = self.action(self.ask("cluster_recover", identity="c1", params=params))
        self.assertEqual({**params, "operation": "REBUILD"}, action["inputs"])

    def test_the_cluster_is_looked_up_before_the_parameters(self):
        self.refused(
            exception.ResourceNotFound, "cluster_recover", identity="c1", params={"k1": "v1"}
        )
        self.make_cluster()
        message = self.refused(
            exception.BadRequest, "cluster_recover", identity="c1", params={"k1": "v1"}
        )
        self.assertIn("k1", message)

    def test_node_parameters_are_not_cluster_parameters(self):
        self.make_cluster()
        self.refused(
            exception.BadRequest, "cluster_recover", identity="c1", params={"force_recreate": True}
        )


class TestClusterOperation(base.RequestTestCase):
    def operate(self, operation="reboot", **arguments):
        return self.ask("cluster_op", identity="c1", operation=operation, **arguments)

    def test_all_members_are_inputs(self):
        cluster = self.make_cluster()
        ids = self.make_members(cluster, 2)
        action = self.action(self.operate(params={"type": "HARD"}))
        self.assertEqual(
            ("CLUSTER_OPERATION", f"cluster_reboot_{cluster['id'][:8]}"),
            (action["action"], action["name"]),
        )
        self.assertEqual(
            {"operation": "reboot", "params": {"type": "HARD"}, "nodes": ids}, action["inputs"]
        )

    def test_filters_choose_members(self):
        cluster = self.make_cluster()
        first, second = self.make_members(cluster, 2)
        self.change("node", second, role="slave")
        action = self.action(self.operate(filters={"role": "slave", "status": "ACTIVE"}))
        self.assertEqual([second], action["inputs"]["nodes"])

    def test_what_is_wrong_is_found_in_order(self):
        self.assertRaises(exception.ResourceNotFound, self.operate, "dance")
        cluster = self.make_cluster()
        for arguments, fragment in (
            (
                {"operation": "dance", "filters": {"color": "red"}},
                "The requested operation 'dance' is not supported by the profile type "
                "'os.thing-1.0'.",
            ),
            ({"params": {"type": "X"}, "filters": {"color": "red"}}, "allowed values: SOFT, HARD."),
            ({"filters": {"color": "red", "size": 1}}, "'color' is unsupported\nFilter key 'size'"),
            ({"filters": {"role": 5}}, "'role'"),
            ({}, "No node"),
        ):
            error = self.assertRaises(exception.BadRequest, self.operate, **arguments)
            self.assertIn(fragment, error.message)
        self.make_members(cluster, 1)
        self.operate()
        self.assertRaises(exception.ActionConflict, self.operate)


class TestCompleteLifecycle(base.RequestTestCase):
    def complete(self, token, context=None, identity="c1"):
        return self.ask("cluster_complete_lifecycle", context, identity=identity, token=token)

    def setUp(self):
        super().setUp()
        self.cluster = self.make_cluster()
        self.token = self.ask("cluster_check", identity="c1")["action"]

    def test_a_waiting_action_goes_on(self):
        self.change("action", self.token, status="WAITING_LIFECYCLE_COMPLETION", run_at=None)
        self.assertEqual({"action": self.token}, self.complete(self.token))
        row = self.row("action", self.token)
        self.assertEqual(("READY", base.NOW), (row["status"], row["run_at"]))

    def test_any_other_action_is_left_alone(self):
        self.settle(self.token)
        self.assertEqual({"action": self.token}, self.complete(self.token))
        self.assertEqual("SUCCEEDED", self.row("action", self.token)["status"])

    def test_unknown_tokens_clusters_and_projects_are_not_found(self):
        self.make_cluster(name="c2")
        for token, options in (
            ("none", {}),
            (self.token[:8], {}),
            (self.token, {"identity": "none"}),
            (self.token, {"identity": "c2"}),
            (self.token, {"context": base.a_context(project="p2")}),
        ):
            self.assertRaises(exception.ResourceNotFound, self.complete, token, **options)


class TestActionCancel(base.RequestTestCase):
    def cancel(self, action, **options):
        context = options.pop("context", None)
        return self.ask("action_cancel", context, identity=action, **options)

    def setUp(self):
        super().setUp()
        self.make_cluster()
        self.running = self.ask("cluster_check", identity="c1")["action"]

    def test_the_signal_is_set_and_the_action_woken(self):
        self.change("action", self.running, status="WAITING", run_at=None)
        self.assertIsNone(self.cancel(self.running))
        row = self.row("action", self.running)
        self.assertEqual(("CANCEL", base.NOW), (row["control"], row["run_at"]))

    def test_an_ended_action_never_changes_even_if_forced(self):
        self.settle(self.running)
        for force in (False, True):
            error = self.assertRaises(
                exception.ActionImmutable, self.cancel, self.running, force=force
            )
            self.assertIn("SUCCEEDED", error.message)

    def test_a_suspended_action_has_to_be_forced(self):
        self.change("action", self.running, status="SUSPENDED")
        self.assertRaises(exception.ActionImmutable, self.cancel, self.running)
        self.cancel(self.running, force=True)

    def test_only_the_full_id_of_an_own_action_is_known(self):
        name = self.row("action", self.running)["name"]
        self.assertRaises(exception.ResourceNotFound, self.cancel, name)
        self.assertRaises(exception.ResourceNotFound, self.cancel, self.running[:8])
        other = base.a_context(project="p2")
        self.assertRaises(
            exception.ResourceNotFound, self.cancel, self.running, context=other, force=True
        )
        self.assertIsNone(self.row("action", self.running)["control"])
