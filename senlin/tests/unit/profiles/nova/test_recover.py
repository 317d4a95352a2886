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

from senlin.common import consts
from senlin.profiles import base as profiles
from senlin.tests.unit.profiles.nova import driver

NIC_WITH_PORT = {"network": "private", "subnet": "sub"}


class TestRecover(driver.ProcedureTestCase):
    def test_recreate_is_the_default(self):
        one = self.created()

        one.run("recover")

        self.assertEqual("server-2", one.node.physical_id)
        self.assertEqual("RECREATE", one.node.data["recovery"])
        self.assertEqual(["server-2"], list(self.cloud.compute.existing()))

    def test_a_new_server_is_not_bound_to_the_zone_that_the_old_one_stood_in(self):
        one = self.created()

        one.run("recover")

        self.assertNotIn("availability_zone", self.cloud.compute.bodies[1][0])

    def test_the_zone_that_a_new_server_stands_in_is_told(self):
        one = self.created()
        self.cloud.compute.zone = "az2"

        one.run("recover")

        self.assertEqual("az2", one.node.data["placement"]["zone"])

    def test_a_new_server_is_bound_to_the_zone_that_a_policy_chose(self):
        data = {"placement": {"zone": "az2"}}
        one = self.created(a_node=driver.node(data=data))

        one.run("recover")

        self.assertEqual("az2", self.cloud.compute.bodies[1][0]["availability_zone"])
        self.assertEqual(data["placement"], one.node.data["placement"])

    def test_a_new_server_is_bound_to_the_zone_of_the_spec(self):
        one = self.created(driver.server_profile(availability_zone="az2"))

        one.run("recover")

        self.assertEqual("az2", self.cloud.compute.bodies[1][0]["availability_zone"])

    def test_recreate_survives_being_killed(self):
        profile = driver.server_profile(networks=[NIC_WITH_PORT])

        def scenario(cloud):
            self.created(profile, cloud).run("recover", {"operation": "recreate"})

        def expected(cloud):
            self.assertEqual(["server-2"], list(cloud.compute.existing()))
            self.assertEqual(1, len(cloud.network.all_ports))

        self.assert_same_end_when_killed(scenario, expected)

    def test_node_without_server_gets_one(self):
        one = self.driver()

        one.run("recover")

        self.assertEqual("server-1", one.node.physical_id)

    def test_server_that_vanishes_at_its_reboot_is_the_nodes_no_longer(self):
        one = self.created()
        answer = one.step("recover", {"operation": "REBOOT"})

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.step,
            "recover",
            {"operation": "REBOOT"},
            state=answer.state,
            observed=profiles.GONE,
        )

        self.assertEqual({"physical_id": None}, error.node)

    def test_interrupted_recovery_finds_its_new_server_not_the_abandoned_one(self):
        one = self.created()
        self.cloud.compute.stuck.add("server-1")
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)
        inputs = {"delete_timeout": 4, "force_recreate": True}

        answer = profiles.Working({})
        while answer.state.get("sub", {}).get("stage") != "confirm":
            answer = one.step("recover", inputs, state=answer.state, observed=one.look())

        found = one.locate(answer.state)
        self.assertEqual({"physical_id": "server-2"}, found)

    def test_fence_compute_forces_the_deletion(self):
        one = self.created()

        one.run("recover", {"operation_params": {"fence_compute": "True"}})

        self.assertIn("force_delete", self.cloud.calls)

    def test_failed_deletion_ends_it(self):
        one = self.created()
        self.cloud.compute.stuck.add("server-1")

        error = self.assertRaises(
            profiles.ProcedureFailed, one.run, "recover", {"delete_timeout": 4}
        )

        self.assertEqual(consts.ReasonClass.TIMEOUT, error.reason)
        self.assertEqual("server-1", one.node.physical_id)

    def test_force_recreate_leaves_a_server_that_does_not_go(self):
        one = self.created()
        self.cloud.compute.stuck.add("server-1")
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)

        one.run("recover", {"delete_timeout": 4, "force_recreate": True})

        self.assertEqual("server-2", one.node.physical_id)

    def test_reboot_is_hard_unless_told_otherwise(self):
        one = self.created()

        one.run("recover", {"operation": "reboot"})
        self.assertEqual({"reboot": {"type": "HARD"}}, self.cloud.compute.bodies[-1][0])

        one.run("recover", {"operation": "REBOOT", "operation_params": {"type": "soft"}})
        self.assertEqual({"reboot": {"type": "SOFT"}}, self.cloud.compute.bodies[-1][0])

    def test_rebuild_may_take_another_image(self):
        self.cloud.things["image"]["fedora"] = {"id": "image-2"}
        one = self.created()

        one.run("recover", {"operation": "REBUILD", "operation_params": {"image": "fedora"}})

        self.assertEqual({"id": "image-2"}, self.cloud.compute.all["server-1"]["image"])
        self.assertEqual("server-1", one.node.physical_id)

    def test_healthy_server_is_left_alone_when_check_is_asked(self):
        one = self.created()
        self.cloud.calls.clear()

        one.run("recover", {"check": True})

        self.assertEqual([], self.cloud.calls)

    def test_sick_server_is_recovered_when_check_is_asked(self):
        one = self.created()
        self.cloud.compute.all["server-1"]["status"] = "ERROR"

        one.run("recover", {"check": True})

        self.assertEqual("server-2", one.node.physical_id)

    def test_unknown_operation_fails(self):
        one = self.created()

        error = self.assertRaises(
            profiles.ProcedureFailed, one.run, "recover", {"operation": "dance"}
        )

        self.assertEqual("Recover operation 'DANCE' is not supported.", error.message)

    def test_reboot_without_a_server_fails(self):
        one = self.driver()

        error = self.assertRaises(
            profiles.ProcedureFailed, one.run, "recover", {"operation": "REBOOT"}
        )

        self.assertEqual(consts.ReasonClass.INVALID, error.reason)

    def test_stopped_server_is_meant_to_run_again_after_a_recreate(self):
        one = self.created()
        one.run("operate", {"operation": "stop", "params": {}})

        one.run("recover")

        self.assertNotIn("power", one.node.data)
