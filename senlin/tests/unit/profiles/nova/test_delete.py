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
from senlin.common import consts
from senlin.profiles import base as profiles
from senlin.tests.unit.profiles.nova import driver

NIC_WITH_PORT = {"network": "private", "subnet": "sub", "floating_network": "public"}


class TestDelete(driver.ProcedureTestCase):
    def assert_nothing_left(self, cloud):
        self.assertEqual({}, cloud.compute.existing())
        self.assertEqual({}, cloud.network.all_ports)
        self.assertEqual({}, cloud.network.all_floating)

    def test_plain_server_costs_one_changing_call(self):
        one = self.created()
        self.cloud.calls.clear()

        one.run("delete")

        self.assertEqual(["delete_server"], self.cloud.calls)
        self.assertIsNone(one.node.physical_id)

    def test_ports_and_addresses_go_too_wherever_it_is_killed(self):
        profile = driver.server_profile(networks=[NIC_WITH_PORT, NIC_WITH_PORT])

        def scenario(cloud):
            self.created(profile, cloud).run("delete")

        self.assert_same_end_when_killed(scenario, self.assert_nothing_left)

    def test_force_skips_what_nova_holds_back(self):
        one = self.created()

        one.run("delete", {"force": True})

        self.assertIn("force_delete", self.cloud.calls)

    def test_server_that_is_gone_already_is_no_error(self):
        one = self.created()
        self.cloud.compute.all.clear()

        one.run("delete")

        self.assertIsNone(one.node.physical_id)

    def test_server_of_an_interrupted_creation_is_found_by_its_mark(self):
        profile = driver.server_profile(networks=[NIC_WITH_PORT])
        self.created(profile)
        one = self.driver(profile)

        one.run("delete")

        self.assert_nothing_left(self.cloud)

    def test_server_is_known_to_be_gone_although_its_port_does_not_go(self):
        one = self.created(
            driver.server_profile(networks=[{"network": "private", "subnet": "sub"}])
        )
        self.cloud.fail("delete_port", status=403, count=9)

        self.assertRaises(errors.CloudError, one.run, "delete")

        self.assertIsNone(one.node.physical_id)
        self.assertEqual(1, len(one.node.data["internal_ports"]))

    def test_users_own_port_stays(self):
        port = self.cloud.network.create_port({"name": "mine", "network_id": "net-1"})
        entry = {"port": "mine", "floating_network": "public"}
        one = self.created(driver.server_profile(networks=[entry]))

        one.run("delete")

        self.assertEqual([port["id"]], list(self.cloud.network.all_ports))
        self.assertEqual({}, self.cloud.network.all_floating)

    def test_lost_reply_is_waited_for(self):
        one = self.created()
        self.cloud.fail("delete_server", happens=True, outcome_unknown=True, retryable=True)

        one.run("delete")

        self.assert_nothing_left(self.cloud)

    def test_lost_request_is_sent_again(self):
        one = self.created()
        self.cloud.fail("delete_server", outcome_unknown=True, retryable=True)

        one.run("delete")

        self.assert_nothing_left(self.cloud)

    def test_server_that_stays_is_asked_three_times(self):
        one = self.created()
        self.cloud.compute.stuck.add("server-1")

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "delete")

        self.assertEqual(3, self.cloud.calls.count("delete_server"))
        self.assertIn("server-1 does not go away", error.message)

    def test_timeout_is_that_of_the_inputs(self):
        one = self.created()
        self.cloud.compute.stuck.add("server-1")

        error = self.assertRaises(
            profiles.ProcedureFailed, one.run, "delete", {"delete_timeout": 4}
        )

        self.assertEqual(consts.ReasonClass.TIMEOUT, error.reason)

    def test_locked_server_is_a_conflict(self):
        one = self.created()
        self.cloud.fail(
            "delete_server", 409, message="Instance is locked", reason=consts.ReasonClass.CONFLICT
        )

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "delete")

        self.assertEqual(consts.ReasonClass.CONFLICT, error.reason)
        self.assertIn("Instance is locked", error.message)
