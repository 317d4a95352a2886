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

"""How servers come, go and fail as time passes."""

from senlin.tests.unit.sandbox.compute import harness


class BuildTest(harness.ComputeTestCase):
    def test_a_new_server_builds_until_the_delay_is_over(self):
        self.cloud.knobs.update({"active_delay": 5})
        server_id = self.build()
        self.pass_time(4.9)
        self.assertEqual("BUILD", self.status(server_id))
        self.pass_time(0.2)
        self.assertEqual("ACTIVE", self.status(server_id))

    def test_a_server_may_ask_for_its_own_delay(self):
        server_id = self.build(metadata={"bench.delay": "30"})
        self.pass_time(29)
        self.assertEqual("BUILD", self.status(server_id))
        self.pass_time(2)
        self.assertEqual("ACTIVE", self.status(server_id))

    def test_a_server_that_must_fail_ends_in_error_with_a_fault(self):
        server_id = self.create(metadata={"bench.fail": "spawn"})
        server = self.show(server_id)
        self.assertEqual("ERROR", server["status"])
        self.assertEqual(500, server["fault"]["code"])
        self.assertIn("aborted: asked to fail", server["fault"]["message"])

    def test_a_failed_build_gives_its_addresses_back(self):
        server_id = self.create(metadata={"bench.fail": "spawn"})
        self.assertEqual({}, self.show(server_id)["addresses"])
        self.assertEqual([], self.ports_of(server_id))

    def test_an_address_outside_of_the_network_fails_later(self):
        networks = [{"uuid": self.network_id, "fixed_ip": "203.0.113.7"}]
        server_id = self.create(networks=networks)
        message = self.show(server_id)["fault"]["message"]
        self.assertIn("aborted: Invalid input received: Fixed IP 203.0.113.7", message)
        self.assertEqual([], self.ports_of(server_id))

    def test_an_address_in_use_is_refused_at_once(self):
        networks = [{"uuid": self.network_id, "fixed_ip": "10.0.7.7"}]
        first = self.create(networks=networks)
        answer = self.nova("POST", "/servers", self.body(networks=networks), expect=400)
        self.assertIn(f"10.0.7.7 is already in use on instance {first}", answer.message)

    def test_the_moment_of_the_launch_has_whole_seconds(self):
        self.clock.seconds += 0.5
        launched = self.show(self.create())["OS-SRV-USG:launched_at"]
        self.assertTrue(launched.endswith(".000000"), launched)

    def test_every_build_fails_at_a_failure_rate_of_one(self):
        self.cloud.knobs.update({"build_failure_rate": 1})
        self.assertEqual("ERROR", self.status(self.create()))

    def test_a_server_too_big_for_every_host_has_no_valid_host(self):
        flavor = {"name": "huge", "ram": 1, "vcpus": 100000, "disk": 0, "id": "huge"}
        self.nova("POST", "/flavors", {"flavor": flavor}, self.admin, expect=200)
        server = self.show(self.create(flavorRef="huge"))
        self.assertEqual("ERROR", server["status"])
        self.assertIn("No valid host was found.", server["fault"]["message"])

    def test_servers_are_spread_over_the_hosts(self):
        hosts = {self.host_of(self.create(f"web{number}")) for number in range(2)}
        self.assertEqual({"compute1", "compute2"}, hosts)

    def test_a_server_stands_in_the_zone_it_asked_for(self):
        server_id = self.create(availability_zone="az2")
        self.assertEqual("az2", self.show(server_id)["OS-EXT-AZ:availability_zone"])
        self.assertEqual("compute2", self.host_of(server_id))

    def test_failed_hosts_get_no_servers(self):
        self.cloud.knobs.update({"down_hosts": ["compute1"]})
        hosts = {self.host_of(self.create(f"web{number}")) for number in range(3)}
        self.assertEqual({"compute2"}, hosts)

    def test_a_failed_zone_leaves_no_valid_host(self):
        self.cloud.knobs.update({"down_zones": ["az1"]})
        server = self.show(self.create(availability_zone="az1"))
        self.assertIn("No valid host was found.", server["fault"]["message"])

    def ports_of(self, server_id):
        answer = self.call("GET", f"/network/v2.0/ports?device_id={server_id}", token=self.demo)
        return answer.json["ports"]


class DeleteTest(harness.ComputeTestCase):
    def test_a_deleted_server_is_gone_and_cannot_be_deleted_again(self):
        server_id = self.create()
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.pass_time(1)
        answer = self.nova("DELETE", f"/servers/{server_id}", expect=404)
        self.assertEqual(f"Instance {server_id} could not be found.", answer.message)

    def test_a_slow_deletion_shows_its_task_until_it_is_over(self):
        server_id = self.create(metadata={"bench.destroy": "10"})
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.pass_time(9)
        self.assertEqual("deleting", self.show(server_id)["OS-EXT-STS:task_state"])
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.pass_time(2)
        self.assertEqual("GONE", self.status(server_id))

    def test_deletion_removes_the_port_nova_made_and_frees_the_one_it_was_given(self):
        given = self.call(
            "POST",
            "/network/v2.0/ports",
            {"port": {"network_id": self.network_id}},
            self.demo,
        ).json["port"]["id"]
        server_id = self.create(networks=[{"port": given}, {"uuid": self.network_id}])
        self.assertEqual(2, len(self.show(server_id)["addresses"]["private"]))
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.pass_time(1)
        answer = self.call("GET", "/network/v2.0/ports", token=self.demo)
        mine = [port for port in answer.json["ports"] if "router" not in port["device_owner"]]
        self.assertEqual([given], [port["id"] for port in mine])
        self.assertEqual(("", "DOWN"), (mine[0]["device_id"], mine[0]["status"]))

    def test_a_server_of_a_dead_host_is_deleted_at_once(self):
        server_id = self.create(metadata={"bench.destroy": "100"}, availability_zone="az1")
        self.cloud.knobs.update({"down_hosts": ["compute1"]})
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.assertEqual("GONE", self.status(server_id))

    def test_a_server_can_vanish_without_anybody_asking(self):
        server_id = self.create()
        self.compute.vanish(server_id)
        self.assertEqual("GONE", self.status(server_id))
        self.assertRaises(KeyError, self.compute.vanish, server_id)


class DeadHostTest(harness.ComputeTestCase):
    def test_an_operation_on_a_dead_host_waits_until_the_host_is_back(self):
        server_id = self.create(availability_zone="az1")
        self.cloud.knobs.update({"down_hosts": ["compute1"]})
        self.assertEqual("ACTIVE", self.act_and_wait(server_id, "os-stop"))
        self.assertEqual("powering-off", self.show(server_id)["OS-EXT-STS:task_state"])
        self.cloud.knobs.update({"down_hosts": []})
        self.assertEqual("SHUTOFF", self.status(server_id))

    def test_only_administrators_see_that_the_host_is_down(self):
        server_id = self.create(availability_zone="az1")
        self.assertEqual("UP", self.show(server_id, self.admin)["host_status"])
        self.cloud.knobs.update({"down_hosts": ["compute1"]})
        self.assertEqual("DOWN", self.show(server_id, self.admin)["host_status"])
        self.assertNotIn("host_status", self.show(server_id))
