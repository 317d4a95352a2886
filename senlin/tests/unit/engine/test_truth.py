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

"""What a node says of its machine after work on it was broken off."""

import ddt

from senlin.cloud import errors
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit.engine import test_life
from senlin.tests.unit.engine import world

_PLAIN = {"metadata": {"a": "b"}}


class TruthTestCase(test_life.EngineTestCase):
    def setUp(self):
        super().setUp()
        self.node_id = self.world.node()["id"]
        self.done("NODE_CREATE")

    @property
    def node(self):
        return self.world.get("node", self.node_id)

    @property
    def machine(self):
        return self.world.cloud.machines[self.node["physical_id"]]

    def done(self, name, inputs=None):
        """Do an action on the node; gives its row."""
        action = self.world.submit(name, self.node_id, inputs=inputs)
        self.world.run()
        return self.world.get("action", action)

    def break_off_recovery(self):
        """Have a recovery cancelled when the old machine is gone, and not replaced."""
        action = self.world.submit("NODE_RECOVER", self.node_id)
        self.world.run(until=lambda: not self.world.cloud.machines)
        self.world.cancel(action)
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])
        self.assertEqual("ERROR", self.node["status"])


class UpdateTest(TruthTestCase):
    def test_a_healthy_nodes_own_fields_are_changed_without_the_cloud(self):
        self.world.cloud.calls.clear()
        self.done("NODE_UPDATE", _PLAIN)
        self.assertEqual(("ACTIVE", {"a": "b"}), (self.node["status"], self.node["meta_data"]))
        self.assertEqual([], self.world.cloud.calls)

    def test_no_update_makes_a_node_active_whose_machine_a_broken_recovery_deleted(self):
        for inputs in (_PLAIN, {"name": "other"}):
            self.break_off_recovery()
            action = self.done("NODE_UPDATE", inputs)
            self.assertEqual("FAILED", action["status"])
            self.assertEqual("ERROR", self.node["status"])
            self.assertIsNone(self.node["physical_id"])
            self.assertEqual("SUCCEEDED", self.done("NODE_RECOVER")["status"])
        self.assert_at_rest()

    def test_a_sick_node_stays_so_when_its_own_fields_change(self):
        self.machine["end"] = "ERROR"
        self.done("NODE_CHECK")
        action = self.done("NODE_UPDATE", _PLAIN)
        self.assertEqual("SUCCEEDED", action["status"])
        self.assertEqual({"a": "b"}, self.node["meta_data"])
        self.assertEqual(
            ("ERROR", "It is sick."), (self.node["status"], self.node["status_reason"])
        )

    def test_a_node_that_has_come_to_itself_is_active_after_an_update(self):
        self.machine["end"] = "ERROR"
        self.done("NODE_CHECK")
        self.machine["end"] = "ACTIVE"
        self.done("NODE_UPDATE", _PLAIN)
        self.assertEqual("ACTIVE", self.node["status"])

    def test_a_roll_out_makes_no_sick_member_healthy_that_has_the_profile_already(self):
        profile = {"id": "profile1", "name": "p", "type": "toy-1.0", "spec": {}, "meta_data": {}}
        row = {**profile, **world.OWNER}
        facade.write(bulk.insert, models.Profile.__table__, [row])
        cluster = self.world.new_cluster(2)
        sick = self.members(cluster)[0]
        self.world.cloud.machines[sick["physical_id"]]["end"] = "ERROR"
        self.world.submit("CLUSTER_CHECK", cluster["id"])
        self.world.run()
        inputs = {"new_profile_id": "profile1"}
        action = self.world.submit("CLUSTER_UPDATE", cluster["id"], inputs=inputs)
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assertEqual(["ERROR", "ACTIVE"], [m["status"] for m in self.members(cluster)])
        self.assertEqual("WARNING", self.world.get("cluster", cluster["id"])["status"])


class MemberTest(TruthTestCase):
    """A cluster says how many of its members are ACTIVE, whatever changed one of them."""

    def setUp(self):
        super().setUp()
        self.cluster = self.world.new_cluster(2)
        self.node_id = self.members(self.cluster)[0]["id"]

    def after(self, name):
        """The cluster's status after an action on one of its members."""
        self.world.submit(name, self.node_id, cluster_id=self.cluster["id"])
        self.world.run()
        return self.world.get("cluster", self.cluster["id"])["status"]

    def change(self, model, object_id, **columns):
        facade.write(bulk.update, model.__table__, {object_id: columns})

    def test_a_member_found_sick_and_repaired_is_told_by_its_cluster(self):
        self.machine["end"] = "ERROR"
        self.assertEqual("WARNING", self.after("NODE_CHECK"))
        self.assertEqual("ACTIVE", self.after("NODE_RECOVER"))

    def test_a_recovery_that_fails_is_told_by_the_cluster(self):
        self.world.cloud.errors = [("create", errors.CloudError("Quota exceeded", status=403))]
        self.assertEqual("WARNING", self.after("NODE_RECOVER"))

    def test_a_member_without_an_object_is_told_by_the_cluster_when_its_check_fails(self):
        self.change(models.Node, self.node_id, physical_id=None)
        self.assertEqual("WARNING", self.after("NODE_CHECK"))

    def test_what_the_cluster_itself_is_doing_is_not_called_over(self):
        self.change(models.Cluster, self.cluster["id"], status="RESIZING")
        self.machine["end"] = "ERROR"
        self.assertEqual("RESIZING", self.after("NODE_CHECK"))


@ddt.ddt
class RecoveryTest(TruthTestCase):
    def test_a_node_whose_machine_is_seen_gone_says_so_when_the_next_one_cannot_be_made(self):
        refused = errors.CloudError("Quota exceeded", status=403)
        self.world.cloud.errors = [("create", refused)]
        self.assertEqual("FAILED", self.done("NODE_RECOVER")["status"])
        self.assertEqual(("ERROR", None), (self.node["status"], self.node["physical_id"]))

    def test_a_reboot_that_finds_no_machine_says_so(self):
        self.world.cloud.machines.clear()
        self.done("NODE_RECOVER", {"operation": "REBOOT", "check": True})
        self.assertEqual(("ERROR", None), (self.node["status"], self.node["physical_id"]))

    @ddt.data(0, 3)
    def test_a_cancelled_recovery_knows_what_its_dead_engine_had_made(self, refused_looks):
        action = self.world.submit("NODE_RECOVER", self.node_id)
        self.world.run(until=lambda: not self.node["physical_id"])
        self.world.run_claimed(self.world.claim())  # and never saved
        self.world.crash()
        self.world.cancel(action)
        refused = errors.CloudError("No.", status=409)
        self.world.cloud.errors = [("list", refused)] * refused_looks
        self.world.run("engine2")
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])
        self.assertEqual("ERROR", self.node["status"])
        self.assert_at_rest()


class MarkTest(TruthTestCase):
    def stop_half_way(self, name, inputs=None):
        """Cancel an action whose call went through, but was not answered."""
        lost = errors.CloudError("?", outcome_unknown=True, retryable=True)
        procedure = name.partition("_")[2].lower()
        self.world.cloud.errors = [(procedure, lost)]
        action = self.world.submit(name, self.node_id, inputs=inputs)
        self.world.run(until=lambda: not self.world.cloud.errors)
        self.world.cancel(action)
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", action)["status"])

    def marking_calls(self):
        return [call for call in self.world.cloud.calls if call[0] in ("join", "leave")]

    def test_a_join_that_is_stopped_takes_its_marks_back(self):
        self.stop_half_way("NODE_JOIN", {"cluster_id": self.world.cluster(0)["id"]})
        self.assertEqual("", self.node["cluster_id"])
        self.assertEqual(["join", "leave"], [call[0] for call in self.marking_calls()])

    def test_a_leave_that_is_stopped_puts_the_marks_back(self):
        cluster_id = self.world.cluster(0)["id"]
        self.done("NODE_JOIN", {"cluster_id": cluster_id})
        self.world.cloud.calls.clear()
        self.stop_half_way("NODE_LEAVE")
        self.assertEqual(cluster_id, self.node["cluster_id"])
        self.assertEqual(
            ("join", self.node["physical_id"], cluster_id, self.node["index"]),
            self.marking_calls()[-1],
        )


class UnbegunTest(TruthTestCase):
    """What is cancelled before it held its lock has called nothing, however often it ends."""

    def setUp(self):
        super().setUp()
        self.target = {"cluster_id": self.world.cluster(0)["id"]}
        self.unborn = self.world.node()["id"]
        self.world.cloud.calls.clear()

    def test_a_join_calls_nothing(self):
        self.world.cancel(self.world.submit("NODE_JOIN", self.node_id, inputs=self.target))
        self.world.run()
        self.assertEqual([], self.world.cloud.calls)

    def test_a_join_whose_end_was_lost_calls_nothing(self):
        self.stop_twice(self.world.submit("NODE_JOIN", self.node_id, inputs=self.target))
        self.assertEqual([], self.world.cloud.calls)

    def test_a_creation_whose_end_was_lost_calls_nothing(self):
        self.stop_twice(self.world.submit("NODE_CREATE", self.unborn))
        self.assertEqual([], self.world.cloud.calls)
        self.assertEqual("ERROR", self.world.get("node", self.unborn)["status"])
        events = [row["status"] for row in self.world.rows("event") if row["oid"] == self.unborn]
        self.assertEqual(["error"], events)

    def stop_twice(self, action):
        """Cancel an action; the engine that ends it dies before that is saved."""
        self.world.cancel(action)
        self.world.run_claimed(self.world.claim())  # and never saved
        self.world.crash()
        self.world.run("engine2")
        row = self.world.get("action", action)
        self.assertEqual(("CANCELLED", False), (row["status"], row["locked"]))
        self.assert_at_rest()
