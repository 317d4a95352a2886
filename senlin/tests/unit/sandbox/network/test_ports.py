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

from senlin.sandbox import web
from senlin.sandbox.identity import seed
from senlin.tests.unit.sandbox.network import test_networks


class PortTestCase(test_networks.NetworkTestCase):
    def setUp(self):
        super().setUp()
        self.private = self.named("networks", "private")["id"]
        self.public = self.named("networks", "public")["id"]

    def port(self, **values):
        return self.post("port", network_id=self.private, **values)

    def small_network(self, cidr="10.9.0.0/29"):
        network = self.post("network", name="small")
        self.post("subnet", network_id=network["id"], cidr=cidr)
        return network["id"]


class PortTest(PortTestCase):
    def test_a_port_gets_address_mac_and_default_group(self):
        port = self.port(name="a")
        (fixed,) = port["fixed_ips"]
        self.assertTrue(fixed["ip_address"].startswith("10.0."))
        self.assertTrue(port["mac_address"].startswith("fa:16:3e:"))
        (group,) = self.get("/security-groups?name=default")["security_groups"]
        self.assertEqual([group["id"]], port["security_groups"])
        self.assertEqual("DOWN", port["status"])

    def test_no_two_ports_have_the_same_address(self):
        found = {self.port()["fixed_ips"][0]["ip_address"] for _ in range(20)}
        self.assertEqual(20, len(found))

    def test_an_address_can_be_wished_for_once(self):
        wish = [{"ip_address": "10.0.7.7"}]
        self.assertEqual("10.0.7.7", self.port(fixed_ips=wish)["fixed_ips"][0]["ip_address"])
        body = {"port": {"network_id": self.private, "fixed_ips": wish}}
        answer = self.ask("POST", "/ports", body)
        self.assertFault(409, "IpAddressAlreadyAllocated", answer)

    def test_an_address_outside_the_network_is_400(self):
        body = {"port": {"network_id": self.private, "fixed_ips": [{"ip_address": "10.9.0.1"}]}}
        self.assertFault(400, "InvalidIpForNetwork", self.ask("POST", "/ports", body))

    def test_a_full_network_is_409_until_a_port_goes(self):
        network = self.small_network()
        ports = [self.post("port", network_id=network) for _ in range(5)]
        body = {"port": {"network_id": network}}
        answer = self.ask("POST", "/ports", body)
        self.assertFault(409, "IpAddressGenerationFailure", answer)
        self.assertEqual(204, self.ask("DELETE", f"/ports/{ports[2]['id']}").status)
        again = self.post("port", network_id=network)
        self.assertEqual(ports[2]["fixed_ips"], again["fixed_ips"])

    def test_a_failed_creation_gives_the_addresses_it_took_back(self):
        network = self.small_network()
        wish = [{"ip_address": "10.9.0.3"}, {"ip_address": "10.1.1.1"}]
        body = {"port": {"network_id": network, "fixed_ips": wish}}
        self.assertEqual(400, self.ask("POST", "/ports", body).status)
        self.post("port", network_id=network, fixed_ips=wish[:1])

    def test_a_changed_port_frees_its_former_address(self):
        network = self.small_network()
        port = self.post("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.3"}])
        body = {"port": {"fixed_ips": [{"ip_address": "10.9.0.4"}]}}
        changed = self.ask("PUT", f"/ports/{port['id']}", body).json["port"]
        self.assertEqual("10.9.0.4", changed["fixed_ips"][0]["ip_address"])
        self.post("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.3"}])

    def test_a_port_without_addresses_is_possible(self):
        self.assertEqual([], self.port(fixed_ips=[])["fixed_ips"])

    def test_only_admins_see_and_set_the_binding(self):
        port = self.port()
        self.assertNotIn("binding:host_id", port)
        path, body = f"/ports/{port['id']}", {"port": {"binding:host_id": "compute1"}}
        self.assertEqual(403, self.ask("PUT", path, body).status)
        bound = self.ask("PUT", path, body, self.admin).json["port"]
        self.assertEqual(("compute1", "ACTIVE"), (bound["binding:host_id"], bound["status"]))

    def test_another_project_s_port_is_404(self):
        port = self.port()
        answer = self.ask("DELETE", f"/ports/{port['id']}", token=self.token("alt"))
        self.assertFault(404, "PortNotFound", answer)

    def test_a_port_on_the_external_network_is_for_admins(self):
        body = {"port": {"network_id": self.public}}
        self.assertFault(403, "PolicyNotAuthorized", self.ask("POST", "/ports", body))

    def test_the_port_of_a_server_is_deleted_by_admins_only(self):
        port = self.port(device_owner="compute:az1", device_id="server1")
        answer = self.ask("DELETE", f"/ports/{port['id']}")
        self.assertFault(403, "PolicyNotAuthorized", answer)
        self.assertEqual(204, self.ask("DELETE", f"/ports/{port['id']}", token=self.admin).status)

    def test_the_port_of_a_router_cannot_be_deleted(self):
        (router,) = self.get("/routers")["routers"]
        port = self.get(f"/ports?device_id={router['id']}", self.admin)["ports"][0]
        answer = self.ask("DELETE", f"/ports/{port['id']}", token=self.admin)
        self.assertFault(409, "ServicePortInUse", answer)

    def test_ports_are_listed_by_device_address_and_id(self):
        port = self.port(device_id="server1", name="a")
        other = self.port(device_id="server2", name="b")
        address = port["fixed_ips"][0]
        for query in (
            "device_id=server1",
            f"id={port['id']}",
            f"fixed_ips=ip_address={address['ip_address']}",
            f"ip_address={address['ip_address']}",
            f"mac_address={port['mac_address']}",
        ):
            found = [one["id"] for one in self.get(f"/ports?{query}")["ports"]]
            self.assertEqual([port["id"]], found, query)
        found = self.get("/ports?device_id=server1&device_id=server2")["ports"]
        self.assertEqual({port["id"], other["id"]}, {one["id"] for one in found})

    def test_a_port_that_changes_its_device_is_found_by_the_new_one_only(self):
        port = self.port(device_id="server1")
        self.ask("PUT", f"/ports/{port['id']}", {"port": {"device_id": "server2"}})
        self.assertEqual([], self.get("/ports?device_id=server1")["ports"])
        self.assertEqual(1, len(self.get("/ports?device_id=server2")["ports"]))


class ComputeSideTest(PortTestCase):
    """What the compute service calls."""

    def allocate(self, **values):
        return self.cloud.network.allocate_port(
            self.private, self.project, "server1", "compute:az1", "compute1", **values
        )

    def test_a_server_s_port_is_bound_and_active(self):
        port = self.allocate()
        self.assertEqual(
            ("server1", "compute:az1", "ACTIVE"),
            (port["device_id"], port["device_owner"], port["status"]),
        )

    def test_security_groups_are_taken_by_name_or_id(self):
        web_group = self.post("security_group", path="/security-groups", name="web")
        port = self.allocate(security_groups=["web", web_group["id"], "default"])
        self.assertEqual([web_group["id"]] * 2, port["security_groups"][:2])
        fault = self.assertRaises(web.Fault, self.allocate, security_groups=["nowhere"])
        self.assertEqual(404, fault.status)

    def test_a_full_quota_stops_a_server_s_port(self):
        body = {"quota": {"port": 1}}
        self.ask("PUT", f"/quotas/{self.project}", body, self.admin)
        fault = self.assertRaises(web.Fault, self.allocate)
        self.assertEqual((409, "OverQuota"), (fault.status, fault.title))

    def test_an_unbound_port_is_down_and_has_no_device(self):
        port = self.allocate()
        free = self.cloud.network.bind_port(port["id"], None, None, None)
        self.assertEqual(("", "DOWN"), (free["device_id"], free["status"]))

    def test_a_released_port_is_gone_and_releasing_it_again_is_no_error(self):
        port = self.allocate()
        self.cloud.network.release_port(port["id"])
        self.cloud.network.release_port(port["id"])
        self.assertIsNone(self.cloud.network.find_port(port["id"]))

    def test_external_networks_are_not_for_servers(self):
        found = self.cloud.network.networks_of(seed.fixed_id("project", "alt"))
        self.assertEqual([self.private], [network["id"] for network in found])


class FloatingIpTest(PortTestCase):
    def floating(self, **values):
        return self.post("floatingip", floating_network_id=self.public, **values)

    def test_a_floating_ip_leads_to_a_port(self):
        port = self.port()
        floating = self.floating(port_id=port["id"])
        self.assertEqual(port["fixed_ips"][0]["ip_address"], floating["fixed_ip_address"])
        self.assertEqual("ACTIVE", floating["status"])
        self.assertTrue(floating["floating_ip_address"].startswith("172.24."))
        self.assertEqual(1, len(self.cloud.network.floating_ips_of(port["id"])))

    def test_a_free_one_is_down_and_can_be_led_to_a_port_later(self):
        floating = self.floating()
        self.assertEqual(("DOWN", None), (floating["status"], floating["port_id"]))
        path, port = f"/floatingips/{floating['id']}", self.port()
        changed = self.ask("PUT", path, {"floatingip": {"port_id": port["id"]}})
        self.assertEqual(port["id"], changed.json["floatingip"]["port_id"])
        freed = self.ask("PUT", path, {"floatingip": {"port_id": None}}).json["floatingip"]
        self.assertEqual((None, "DOWN"), (freed["port_id"], freed["status"]))
        self.assertEqual([], self.cloud.network.floating_ips_of(port["id"]))

    def test_a_deleted_port_frees_its_floating_ip(self):
        port = self.port()
        floating = self.floating(port_id=port["id"])
        self.ask("DELETE", f"/ports/{port['id']}")
        shown = self.get(f"/floatingips/{floating['id']}")["floatingip"]
        self.assertIsNone(shown["port_id"])

    def test_a_port_takes_one_floating_ip_only(self):
        port = self.port()
        self.floating(port_id=port["id"])
        body = {"floatingip": {"floating_network_id": self.public, "port_id": port["id"]}}
        answer = self.ask("POST", "/floatingips", body)
        self.assertFault(409, "FloatingIPPortAlreadyAssociated", answer)

    def test_a_network_that_is_not_external_is_400(self):
        body = {"floatingip": {"floating_network_id": self.private}}
        self.assertFault(400, "BadRequest", self.ask("POST", "/floatingips", body))

    def test_a_port_without_a_router_to_the_outside_is_404(self):
        port = self.post("port", network_id=self.small_network())
        body = {"floatingip": {"floating_network_id": self.public, "port_id": port["id"]}}
        answer = self.ask("POST", "/floatingips", body)
        self.assertFault(404, "ExternalGatewayForFloatingIPNotFound", answer)

    def test_a_deleted_one_gives_its_address_back(self):
        floating = self.floating()
        self.assertEqual(204, self.ask("DELETE", f"/floatingips/{floating['id']}").status)
        self.assertEqual([], self.get("/floatingips")["floatingips"])
        self.assertEqual([], self.get(f"/ports?device_id={floating['id']}", self.admin)["ports"])
        again = self.floating(floating_ip_address=floating["floating_ip_address"])
        self.assertEqual(floating["floating_ip_address"], again["floating_ip_address"])


class SecurityGroupTest(PortTestCase):
    def group(self, **values):
        return self.post("security_group", path="/security-groups", **values)

    def rule(self, group, token=None, **values):
        values = {"security_group_id": group["id"], "direction": "ingress", **values}
        body = {"security_group_rule": values}
        return self.ask("POST", "/security-group-rules", body, token)

    def test_the_default_group_of_demo_lets_icmp_ssh_and_http_in(self):
        (group,) = self.get("/security-groups?name=default")["security_groups"]
        opened = {
            (rule["protocol"], rule["port_range_min"])
            for rule in group["security_group_rules"]
            if rule["remote_ip_prefix"]
        }
        self.assertEqual({("icmp", None), ("tcp", 22), ("tcp", 80)}, opened)

    def test_every_project_has_a_default_group_as_soon_as_it_looks(self):
        token = self.token("clustering", "service")
        project = seed.fixed_id("project", "service")
        path = f"/security-groups?project_id={project}"
        (group,) = self.get(path, token)["security_groups"]
        self.assertEqual(("default", 4), (group["name"], len(group["security_group_rules"])))

    def test_a_new_group_lets_everything_out_and_nothing_in(self):
        rules = self.group(name="web")["security_group_rules"]
        self.assertEqual({"egress"}, {rule["direction"] for rule in rules})

    def test_a_rule_can_be_added_once(self):
        group = self.group(name="web")
        values = {"protocol": "TCP", "port_range_min": 80, "port_range_max": 80}
        answer = self.rule(group, **values)
        self.assertEqual("tcp", answer.json["security_group_rule"]["protocol"])
        self.assertFault(409, "SecurityGroupRuleExists", self.rule(group, **values))
        rule = f"/security-group-rules/{answer.json['security_group_rule']['id']}"
        self.assertEqual(204, self.ask("DELETE", rule).status)
        self.assertEqual(201, self.rule(group, **values).status)

    def test_rules_that_make_no_sense_are_400(self):
        group = self.group(name="web")
        for values in (
            {"direction": "up"},
            {"protocol": "smoke"},
            {"port_range_min": 80},
            {"protocol": "tcp", "port_range_min": 90, "port_range_max": 80},
            {"remote_ip_prefix": "nowhere"},
        ):
            self.assertEqual(400, self.rule(group, **values).status, values)

    def test_a_group_in_use_cannot_be_deleted(self):
        group = self.group(name="web")
        port = self.port(security_groups=[group["id"]])
        path = f"/security-groups/{group['id']}"
        self.assertFault(409, "SecurityGroupInUse", self.ask("DELETE", path))
        self.ask("DELETE", f"/ports/{port['id']}")
        self.assertEqual(204, self.ask("DELETE", path).status)
        rules = self.get(f"/security-group-rules?security_group_id={group['id']}")
        self.assertEqual([], rules["security_group_rules"])

    def test_the_default_group_can_neither_be_made_nor_deleted(self):
        body = {"security_group": {"name": "default"}}
        answer = self.ask("POST", "/security-groups", body)
        self.assertFault(409, "SecurityGroupDefaultAlreadyExists", answer)
        (group,) = self.get("/security-groups?name=default")["security_groups"]
        answer = self.ask("DELETE", f"/security-groups/{group['id']}")
        self.assertFault(409, "SecurityGroupCannotRemoveDefault", answer)

    def test_another_project_s_group_is_404(self):
        group = self.group(name="web")
        path = f"/security-groups/{group['id']}"
        answer = self.ask("GET", path, token=self.token("alt"))
        self.assertFault(404, "SecurityGroupNotFound", answer)
