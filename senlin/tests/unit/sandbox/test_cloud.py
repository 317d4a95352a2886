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

from senlin.sandbox import cloud
from senlin.tests.unit.sandbox import harness


class WholeCloudTest(harness.SandboxTestCase):
    """Every service together."""

    further = cloud.FURTHER_SERVICES

    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")
        self.images = self.get("/image/v2/images")["images"]
        (self.network,) = self.get("/network/v2.0/networks?name=private")["networks"]

    def get(self, path):
        return self.call("GET", path, token=self.demo).json

    def create_server(self, **values):
        server = {
            "name": "web",
            "imageRef": self.images[0]["id"],
            "flavorRef": "1",
            "networks": [{"uuid": self.network["id"]}],
            **values,
        }
        answer = self.call("POST", "/compute/v2.1/servers", {"server": server}, token=self.demo)
        self.assertEqual(202, answer.status, answer.body)
        return answer.json["server"]["id"]

    def server(self, server_id):
        return self.call("GET", f"/compute/v2.1/servers/{server_id}", token=self.demo)

    def active_server(self):
        server_id = self.create_server()
        self.clock.seconds += 1
        self.assertEqual("ACTIVE", self.server(server_id).json["server"]["status"])
        return server_id

    def test_the_catalogue_has_compute_and_placement_too(self):
        answer = self.login(harness.password("demo"), harness.in_project("demo"))
        kinds = {entry["type"] for entry in answer.json["token"]["catalog"]}
        self.assertEqual({"identity", "network", "image", "compute", "placement"}, kinds)

    def test_a_server_has_a_port_that_goes_with_it(self):
        server_id = self.active_server()
        path = f"/network/v2.0/ports?device_id={server_id}"
        (port,) = self.get(path)["ports"]
        self.assertEqual("ACTIVE", port["status"])
        addresses = self.server(server_id).json["server"]["addresses"]["private"]
        self.assertEqual(port["fixed_ips"][0]["ip_address"], addresses[0]["addr"])
        url = f"/compute/v2.1/servers/{server_id}"
        self.assertEqual(204, self.call("DELETE", url, token=self.demo).status)
        self.clock.seconds += 1
        self.assertEqual(404, self.server(server_id).status)
        self.assertEqual([], self.get(path)["ports"])

    def test_a_floating_ip_shows_among_the_server_s_addresses(self):
        server_id = self.active_server()
        (port,) = self.get(f"/network/v2.0/ports?device_id={server_id}")["ports"]
        (public,) = self.get("/network/v2.0/networks?name=public")["networks"]
        body = {"floatingip": {"floating_network_id": public["id"], "port_id": port["id"]}}
        answer = self.call("POST", "/network/v2.0/floatingips", body, token=self.demo)
        address = answer.json["floatingip"]["floating_ip_address"]
        addresses = self.server(server_id).json["server"]["addresses"]["private"]
        self.assertIn(address, [one["addr"] for one in addresses])

    def test_a_server_can_vanish_behind_everybody_s_back(self):
        server_id = self.active_server()
        self.assertEqual(204, self.call("DELETE", f"/sandbox/servers/{server_id}").status)
        self.assertEqual(404, self.server(server_id).status)
        self.assertEqual(404, self.call("DELETE", f"/sandbox/servers/{server_id}").status)

    def test_a_server_can_be_made_to_fail(self):
        server_id = self.active_server()
        url = f"/sandbox/servers/{server_id}/fail"
        self.assertEqual(202, self.call("POST", url, {"message": "It broke."}).status)
        server = self.server(server_id).json["server"]
        self.assertEqual(("ERROR", "It broke."), (server["status"], server["fault"]["message"]))
        self.assertEqual(404, self.call("POST", "/sandbox/servers/none/fail").status)

    def test_a_reset_takes_servers_and_their_ports_away(self):
        server_id = self.active_server()
        self.assertEqual(204, self.call("POST", "/sandbox/reset").status)
        self.demo = self.token("demo")
        self.assertEqual(404, self.server(server_id).status)
        self.assertEqual([], self.get(f"/network/v2.0/ports?device_id={server_id}")["ports"])
        self.active_server()

    def test_calls_to_compute_are_counted_by_route(self):
        self.active_server()
        found = self.call("GET", "/sandbox/counters").json["services"]["compute"]["routes"]
        self.assertEqual({"POST /servers": 1, "GET /servers/{server_id}": 1}, found)
