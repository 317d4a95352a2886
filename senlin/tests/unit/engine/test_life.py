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

"""What actions do, through the whole engine, on a virtual clock."""

from senlin.cloud import errors
from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import claims
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class EngineTestCase(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()

    def assert_at_rest(self):
        """Every action has ended, nothing is locked, machines and nodes match."""
        for row in self.world.rows("action"):
            self.assertIn(row["status"], consts.FINAL_ACTION_STATUSES, row)
            self.assertIsNone(row["owner"])
            self.assertIsNone(row["run_at"])
            self.assertEqual(0, row["pending"], row)
        self.assertEqual([], self.world.locks())
        living = {
            row["physical_id"]: row["id"]
            for row in self.world.rows("node")
            if row["physical_id"] in self.world.cloud.machines
        }
        machines = {key: item["node"] for key, item in self.world.cloud.machines.items()}
        self.assertEqual(machines, living)

    def members(self, cluster):
        rows = [r for r in self.world.rows("node") if r["cluster_id"] == cluster["id"]]
        return sorted(rows, key=lambda row: row["index"])


class ClusterLifeTest(EngineTestCase):
    def test_a_new_cluster_gets_its_members(self):
        cluster = self.world.new_cluster(5)
        row = self.world.get("cluster", cluster["id"])
        self.assertEqual("ACTIVE", row["status"])
        self.assertIsNotNone(row["created_at"])
        self.assertEqual([1, 2, 3, 4, 5], [m["index"] for m in self.members(cluster)])
        self.assertEqual({"ACTIVE"}, {m["status"] for m in self.members(cluster)})
        self.assertEqual(5, len(self.world.cloud.machines))
        self.assert_at_rest()

    def test_an_empty_cluster_is_active_at_once(self):
        cluster = self.world.new_cluster(0)
        self.assertEqual("ACTIVE", self.world.get("cluster", cluster["id"])["status"])
        self.assert_at_rest()

    def test_many_members_cost_few_cloud_calls(self):
        self.world.new_cluster(300)
        calls = [call[0] for call in self.world.cloud.calls]
        self.assertEqual(300, calls.count("create"))
        self.assertLess(calls.count("list"), 30)
        self.assert_at_rest()

    def test_a_deleted_cluster_leaves_nothing_behind(self):
        cluster = self.world.new_cluster(4)
        self.world.submit("CLUSTER_DELETE", cluster["id"])
        self.world.run()
        self.assertIsNone(self.world.get("cluster", cluster["id"]))
        self.assertEqual([], self.world.rows("node"))
        self.assertEqual({}, self.world.cloud.machines)
        self.assert_at_rest()

    def test_growing_and_shrinking(self):
        cluster = self.world.new_cluster(2)
        exact = {"adjustment_type": "EXACT_CAPACITY", "strict": True}
        self.world.submit("CLUSTER_RESIZE", cluster["id"], inputs={**exact, "number": 6})
        self.world.run()
        self.assertEqual(6, len(self.members(cluster)))
        self.world.submit("CLUSTER_RESIZE", cluster["id"], inputs={**exact, "number": 3})
        self.world.run()
        self.assertEqual(3, len(self.members(cluster)))
        row = self.world.get("cluster", cluster["id"])
        self.assertEqual((3, "ACTIVE"), (row["desired_capacity"], row["status"]))
        self.assert_at_rest()

    def test_scaling_beyond_the_maximum_fails_and_changes_nothing(self):
        cluster = self.world.new_cluster(5, max_size=5)
        action = self.world.submit("CLUSTER_SCALE_OUT", cluster["id"], inputs={"count": 1})
        self.world.run()
        row = self.world.get("action", action)
        self.assertEqual("FAILED", row["status"])
        self.assertEqual(
            "The target capacity (6) is greater than the cluster's max_size (5).",
            row["status_reason"],
        )
        row = self.world.get("cluster", cluster["id"])
        self.assertEqual(("ACTIVE", 5), (row["status"], row["desired_capacity"]))
        self.assert_at_rest()

    def test_limits_alone_do_not_touch_what_is_desired(self):
        cluster = self.world.new_cluster(3)
        self.world.submit("CLUSTER_RESIZE", cluster["id"], inputs={"max_size": 9, "strict": True})
        self.world.run()
        row = self.world.get("cluster", cluster["id"])
        self.assertEqual((9, 3), (row["max_size"], row["desired_capacity"]))
        self.assert_at_rest()


class FailureTest(EngineTestCase):
    def test_members_that_cannot_be_built_are_tried_again_and_then_reported(self):
        self.world.cloud.fail_nodes["all"] = True
        cluster = self.world.cluster(2)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.run()
        creates = [c for c in self.world.cloud.calls if c[0] == "create"]
        self.assertEqual(2 * self.world.services.settings.create_attempts, len(creates))
        row = self.world.get("action", action)
        self.assertEqual("FAILED", row["status"])
        self.assertIn("2 of 2 node actions failed: capacity: 2", row["status_reason"])
        self.assertEqual("WARNING", self.world.get("cluster", cluster["id"])["status"])
        self.assertEqual({"ERROR"}, {m["status"] for m in self.members(cluster)})
        self.assert_at_rest()

    def test_a_service_that_is_away_is_waited_for(self):
        away = errors.CloudError("Service Unavailable", status=503, retryable=True)
        self.world.cloud.errors = [("create", away)]
        self.world.cloud.machines.clear()
        cluster = self.world.new_cluster(1)
        self.assertEqual("ACTIVE", self.world.get("cluster", cluster["id"])["status"])

    def test_a_lost_reply_does_not_double_a_machine(self):
        lost = errors.CloudError("Connection reset", outcome_unknown=True)
        self.world.cloud.errors = [("create", lost)]
        cluster = self.world.new_cluster(1)
        self.assertEqual(1, len(self.world.cloud.machines))
        self.assertEqual("ACTIVE", self.world.get("cluster", cluster["id"])["status"])
        self.assert_at_rest()

    def test_a_refusal_by_the_cloud_fails_with_its_own_words(self):
        refusal = errors.CloudError("Image is not active", status=400, reason="image")
        self.world.cloud.errors = [("create", refusal)]
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.run()
        row = self.world.get("action", action)
        self.assertEqual(("FAILED", "Image is not active"), (row["status"], row["status_reason"]))
        self.assertEqual("image", row["data"]["reason_class"])
        self.assertEqual("ERROR", self.world.get("node", node["id"])["status"])


class CrashTest(EngineTestCase):
    def test_a_step_whose_process_died_after_the_call_adopts_what_it_made(self):
        cluster = self.world.cluster(3)
        self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.run_claimed(self.world.claim())  # and never saved
        self.assertEqual(3, len(self.world.cloud.machines))
        self.world.crash()
        self.world.run("engine2")
        self.assertEqual(3, len(self.world.cloud.machines))
        self.assertEqual("ACTIVE", self.world.get("cluster", cluster["id"])["status"])
        self.assert_at_rest()

    def test_an_engine_that_was_given_up_cannot_write_any_more(self):
        cluster = self.world.cluster(3)
        self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        results = self.world.run_claimed(self.world.claim("engine1"))
        self.world.crash("engine1")
        claimed = self.world.claim("engine2")
        saved = self.world.save(results, "engine1")
        self.assertEqual({r.action_id for r in results}, saved.lost)
        self.world.save(self.world.run_claimed(claimed), "engine2")
        self.world.run("engine2")
        self.assert_at_rest()
        self.assertEqual(3, len(self.world.cloud.machines))

    def test_a_cancelled_creation_knows_what_its_dead_engine_had_made(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.cycle()
        self.world.run_claimed(self.world.claim())  # and never saved
        self.world.crash()
        self.world.cancel(action)
        self.world.run("engine2")
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])
        self.assert_at_rest()

    def test_a_pause_after_a_crash_does_not_make_the_outcome_any_surer(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.cycle()
        self.world.run_claimed(self.world.claim())  # and never saved
        self.world.crash()
        self.world.signal(action, "SUSPEND")
        self.world.cycle()
        self.world.signal(action, "RESUME")
        self.world.run("engine2")
        self.assertEqual(1, len(self.world.cloud.machines))
        self.assert_at_rest()

    def test_the_start_is_told_of_although_the_first_engine_died_at_it(self):
        node = self.world.node()
        self.world.submit("NODE_CREATE", node["id"])
        self.world.claim("engine1")
        self.world.crash("engine1")
        self.world.run("engine2")
        phases = [row["status"] for row in self.world.rows("event")]
        self.assertEqual(["end", "start"], sorted(phases))

    def test_the_start_of_what_ends_at_once_is_told_of_as_the_earlier(self):
        for number in range(5):
            node = self.world.node(name=f"n{number}")
            self.world.submit("NODE_CHECK", node["id"])
        facade.write(lambda conn: conn.execute(models.Node.__table__.delete()))

        self.world.run()

        moments = {
            (row["oid"], row["status"]): row["timestamp"] for row in self.world.rows("event")
        }
        self.assertEqual(10, len(moments))
        for target, _ in moments:
            self.assertLess(moments[target, "start"], moments[target, "error"])

    def test_what_is_asked_of_a_node_that_is_gone_meanwhile_is_on_record_too(self):
        node = self.world.node()
        action = self.world.submit("NODE_CHECK", node["id"])
        facade.write(lambda conn: conn.execute(models.Node.__table__.delete()))

        self.world.run()

        told = [(row["oid"], row["status"]) for row in self.world.rows("event")]
        self.assertEqual("FAILED", self.world.get("action", action)["status"])
        self.assertCountEqual([(node["id"], "start"), (node["id"], "error")], told)

    def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(self):
        for survived in range(12):
            self.world = world.World(seed=survived)
            cluster = self.world.cluster(4, name=f"c{survived}")
            self.world.submit("CLUSTER_CREATE", cluster["id"])
            for _ in range(survived):
                if not self.world.cycle(limit=2):
                    self.world.clock.now += 1
            self.world.run_claimed(self.world.claim(limit=2))
            self.world.crash()
            self.world.run("engine2")
            self.assertEqual(4, len(self.world.cloud.machines), survived)
            self.assertEqual("ACTIVE", self.world.get("cluster", cluster["id"])["status"])
            self.assertEqual([], self.world.locks())


class LockTest(EngineTestCase):
    def test_a_second_action_on_a_busy_cluster_is_refused(self):
        cluster = self.world.cluster(2)
        self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.assertRaises(
            exception.ActionConflict, self.world.submit, "CLUSTER_CHECK", cluster["id"]
        )
        self.world.cycle()
        self.assertRaises(
            exception.ResourceIsLocked, self.world.submit, "CLUSTER_CHECK", cluster["id"]
        )

    def test_a_node_action_waits_for_the_cluster_and_is_woken_by_the_release(self):
        cluster = self.world.cluster(2)
        self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        node = self.world.node(cluster_id=cluster["id"], index=9)
        action = self.world.submit("NODE_CREATE", node["id"], cluster["id"])
        self.world.cycle()
        self.assertEqual(cluster["id"], self.world.get("action", action)["blocked_on"])
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assertEqual(3, self.world.get("cluster", cluster["id"])["desired_capacity"])
        self.assert_at_rest()

    def test_a_member_whose_creation_waits_is_left_alone_by_the_action_it_waits_for(self):
        cluster = self.world.new_cluster(1)
        for action in ("CLUSTER_CHECK", "CLUSTER_RECOVER"):
            self.world.submit(action, cluster["id"])
            node = self.world.node(cluster_id=cluster["id"], index=9)
            create = self.world.submit("NODE_CREATE", node["id"], cluster["id"])
            self.world.run()
            self.assertEqual("SUCCEEDED", self.world.get("action", create)["status"])
            self.assert_at_rest()
            self.assertEqual(2, len(self.world.cloud.machines))
            self.world.submit("NODE_DELETE", node["id"], cluster["id"])
            self.world.run()

    def test_two_new_members_compete_for_one_place_and_one_gets_it(self):
        cluster = self.world.new_cluster(2, max_size=3)
        actions = []
        for index in (7, 8):
            node = self.world.node(cluster_id=cluster["id"], index=index)
            actions.append(self.world.submit("NODE_CREATE", node["id"], cluster["id"]))
        self.world.run()
        statuses = sorted(self.world.get("action", a)["status"] for a in actions)
        self.assertEqual(["FAILED", "SUCCEEDED"], statuses)
        self.assertEqual(3, len(self.members(cluster)))
        self.assert_at_rest()


class SignalTest(EngineTestCase):
    def test_a_cancelled_cluster_action_ends_after_its_children_did(self):
        self.world.cloud.build_seconds = 600
        cluster = self.world.cluster(3)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.cycle()
        self.world.cancel(action)
        self.world.run()
        rows = {r["id"]: r for r in self.world.rows("action")}
        self.assertEqual({"CANCELLED"}, {r["status"] for r in rows.values()})
        self.assertLessEqual(
            max(r["end_time"] for key, r in rows.items() if key != action),
            rows[action]["end_time"],
        )
        self.assertEqual({"ERROR"}, {m["status"] for m in self.members(cluster)})
        self.assert_at_rest()

    def test_a_second_cancel_is_taken_note_of_once(self):
        self.world.cloud.build_seconds = 600
        cluster = self.world.cluster(1)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.claim("engine2")  # the child is at work elsewhere
        for _ in range(2):
            self.world.cancel(action)
            self.world.cycle()
        self.assertEqual(0, self.world.cycle())
        self.world.crash("engine2")
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])
        self.assert_at_rest()

    def test_a_signal_to_a_step_at_work_makes_nothing_due(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.claim()
        self.world.cancel(action)
        self.assertEqual((None, None), facade.read(claims.next_due))

    def test_a_cancel_that_comes_while_another_signal_is_seen_is_not_lost(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.signal(action, "SUSPEND")
        results = self.world.run_claimed(self.world.claim())
        self.world.cancel(action)
        self.world.save(results)
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])

    def test_a_cancel_is_not_undone_by_another_signal(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.cancel(action)
        self.world.signal(action, "RESUME")
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])

    def test_a_signal_does_not_shorten_the_wait_for_a_service_that_is_away(self):
        away = errors.CloudError("Service Unavailable", status=503, retryable=True)
        self.world.cloud.errors = [("create", away)]
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.cycle()
        self.world.signal(action, "RESUME")
        self.world.cycle()
        self.assertGreater(self.world.get("action", action)["run_at"], self.world.clock.now)
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])

    def test_an_action_that_takes_too_long_fails_with_its_children(self):
        self.world.cloud.build_seconds = 1e6
        cluster = self.world.cluster(2)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"], timeout=60)
        self.world.run()
        row = self.world.get("action", action)
        self.assertEqual("FAILED", row["status"])
        self.assertEqual("CLUSTER_CREATE was not done within 60 seconds.", row["status_reason"])
        self.assertEqual("timeout", row["data"]["reason_class"])
        self.assert_at_rest()

    def test_a_waiting_action_can_be_cancelled(self):
        cluster = self.world.cluster(1)
        self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        node = self.world.node(cluster_id=cluster["id"], index=5)
        action = self.world.submit("NODE_CREATE", node["id"], cluster["id"])
        self.world.cycle()
        self.world.cancel(action)
        self.world.cycle()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])
        self.world.run()
        self.assert_at_rest()

    def test_a_suspended_action_stands_still_until_it_is_resumed(self):
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.cycle()
        self.world.signal(action, "SUSPEND")
        self.world.run()
        self.assertEqual("SUSPENDED", self.world.get("action", action)["status"])
        self.world.signal(action, "RESUME")
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assert_at_rest()

    def test_a_signal_does_not_let_a_parent_go_on_without_its_children(self):
        self.world.cloud.build_seconds = 600
        cluster = self.world.cluster(2)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.cycle()
        for control in ("RESUME", "SUSPEND", "RESUME"):
            self.world.signal(action, control)
            self.world.cycle()
        self.assertEqual("WAITING", self.world.get("action", action)["status"])
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assert_at_rest()

    def test_a_suspended_parent_stays_so_when_its_children_end(self):
        cluster = self.world.cluster(2)
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.signal(action, "SUSPEND")
        self.world.run()
        self.assertEqual("SUSPENDED", self.world.get("action", action)["status"])
        self.assertEqual({"ACTIVE"}, {m["status"] for m in self.members(cluster)})
        self.world.signal(action, "RESUME")
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])

    def test_deleting_a_cluster_cancels_what_runs_and_then_removes_all(self):
        self.world.cloud.build_seconds = 600
        cluster = self.world.cluster(3)
        create = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.cycle()
        self.world.cycle()
        facade.write(admission.cancel_for_cluster_delete, cluster["id"], self.world.clock.time())
        delete = self.world.submit("CLUSTER_DELETE", cluster["id"])
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", create)["status"])
        self.assertEqual("SUCCEEDED", self.world.get("action", delete)["status"])
        self.assertEqual({}, self.world.cloud.machines)
        self.assert_at_rest()
