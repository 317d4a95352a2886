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

"""Ports, addresses and how servers are plugged."""

import uuid

from senlin.tests.conformance import base

PORT = {
    "id", "name", "network_id", "project_id", "tenant_id", "device_id", "device_owner", "status",
    "mac_address", "fixed_ips", "security_groups", "admin_state_up", "binding:vnic_type",
    "description", "created_at", "updated_at", "allowed_address_pairs", "extra_dhcp_opts",
    "port_security_enabled", "revision_number", "tags",
}  # fmt: skip


class PortsTest(base.TestCase):
    def make_port(self, **more):
        """A port of the network, which goes when the test ends."""
        port = self.cloud.network.create_port(
            {"name": self.name, "network_id": self.network()["id"], **more}
        )
        self.addCleanup(self.cloud.network.delete_port, port["id"])
        return port

    def test_a_port_shows_all_that_the_driver_reads(self):
        port = self.make_port()
        self.assertEqual(set(), PORT - set(port))
        self.assertEqual(
            ("DOWN", "", ""), (port["status"], port["device_id"], port["device_owner"])
        )
        self.assertEqual("normal", port["binding:vnic_type"])
        self.assertEqual(1, len(port["security_groups"]))
        (address,) = port["fixed_ips"]
        self.assertEqual({"subnet_id", "ip_address"}, set(address))

    def test_a_port_is_found_by_its_name_and_its_id(self):
        port = self.make_port()
        self.assertEqual([port["id"]], [p["id"] for p in self.cloud.network.ports(name=self.name)])
        self.assertEqual(port["id"], self.cloud.network.port(port["id"])["id"])
        self.assertIsNone(self.cloud.network.port("no-such-port"))
        self.assertIsNone(self.cloud.network.port(str(uuid.uuid4())))

    def test_a_port_can_be_changed_and_deleted_once(self):
        port = self.make_port()
        changed = self.cloud.network.update_port(port["id"], {"security_groups": []})
        self.assertEqual([], changed["security_groups"])
        self.assertTrue(self.cloud.network.delete_port(port["id"]))
        self.assertFalse(self.cloud.network.delete_port(port["id"]))

    def test_an_address_is_given_once(self):
        address = self.make_port()["fixed_ips"][0]["ip_address"]
        fixed = [{"ip_address": address}]
        error = self.refused(409, self.make_port, fixed_ips=fixed)
        self.assertIn(address, error.message)

    def test_an_address_outside_of_the_subnets_is_refused(self):
        self.refused(400, self.make_port, fixed_ips=[{"ip_address": "203.0.113.77"}])

    def test_a_port_on_an_unknown_network_is_refused(self):
        body = {"network_id": str(uuid.uuid4())}
        self.assertIn("etwork", self.refused(404, self.cloud.network.create_port, body).message)

    def test_a_server_takes_a_given_port_and_leaves_it_behind(self):
        port = self.make_port()
        server = self.create_active(networks=[{"port": port["id"]}])
        taken = self.cloud.network.port(port["id"])
        self.assertEqual(server["id"], taken["device_id"])
        self.assertRegex(taken["device_owner"], "^compute:")
        self.remove(server["id"])
        left = self.cloud.network.port(port["id"])
        self.assertEqual(("", ""), (left["device_id"], left["device_owner"]))
        self.assertEqual(port["fixed_ips"], left["fixed_ips"])

    def test_a_port_in_use_is_refused(self):
        port = self.make_port()
        self.create_active(networks=[{"port": port["id"]}])
        body = self.body(networks=[{"port": port["id"]}])
        error = self.refused(409, self.cloud.compute.create_server, body)
        self.assertIn("in use", error.message)

    def test_a_port_that_nova_made_goes_with_its_server(self):
        server = self.create_active()
        (port,) = self.cloud.network.ports(device_id=server["id"])
        self.assertEqual("ACTIVE", port["status"])
        self.remove(server["id"])
        self.assertEqual([], self.cloud.network.ports(device_id=server["id"]))
        self.assertIsNone(self.cloud.network.port(port["id"]))

    def test_the_port_of_a_server_cannot_be_deleted_while_it_is_plugged(self):
        port = self.make_port()
        server = self.create_active(networks=[{"port": port["id"]}])
        error = self.refused(403, self.cloud.network.delete_port, port["id"])
        self.assertFalse(error.retryable)
        self.remove(server["id"])
        self.assertTrue(self.cloud.network.delete_port(port["id"]))


class InterfacesTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create_active()["id"]

    def test_a_network_is_plugged_and_unplugged(self):
        made = self.cloud.compute.attach_interface(self.server, {"net_id": self.network()["id"]})
        self.assertEqual({"port_id", "net_id", "mac_addr", "port_state", "fixed_ips"}, set(made))
        shown = self.cloud.compute.interfaces(self.server)
        self.assertEqual(2, len(shown))
        self.assertIn(made["port_id"], [one["port_id"] for one in shown])
        self.assertTrue(self.cloud.compute.detach_interface(self.server, made["port_id"]))
        self.becomes(
            "the interface is gone", lambda: len(self.cloud.compute.interfaces(self.server)) == 1
        )
        self.becomes("the port is gone", lambda: not self.cloud.network.port(made["port_id"]))

    def test_a_port_is_plugged_once(self):
        body = {"name": self.name, "network_id": self.network()["id"]}
        port = self.cloud.network.create_port(body)
        self.addCleanup(self.cloud.network.delete_port, port["id"])
        self.addCleanup(self.remove, self.server)
        attach = self.cloud.compute.attach_interface
        attach(self.server, {"port_id": port["id"]})
        self.assertEqual(self.server, self.cloud.network.port(port["id"])["device_id"])
        error = self.refused(409, attach, self.server, {"port_id": port["id"]})
        self.assertIn("in use", error.message)

    def test_an_address_is_plugged_once_and_an_unknown_port_never(self):
        attach = self.cloud.compute.attach_interface
        (addresses,) = self.cloud.compute.server(self.server)["addresses"].values()
        entry = {
            "net_id": self.network()["id"],
            "fixed_ips": [{"ip_address": addresses[0]["addr"]}],
        }
        self.refused(409, attach, self.server, entry)
        self.refused(404, attach, self.server, {"port_id": str(uuid.uuid4())})

    def test_unplugging_what_is_not_plugged_is_accepted_and_does_nothing(self):
        self.assertTrue(self.cloud.compute.detach_interface(self.server, str(uuid.uuid4())))
        self.assertEqual(1, len(self.cloud.compute.interfaces(self.server)))
        self.reaches(self.server, "ACTIVE")

    def test_a_server_that_is_gone_has_no_interfaces_to_unplug(self):
        self.remove(self.server)
        self.assertFalse(self.cloud.compute.detach_interface(self.server, str(uuid.uuid4())))


class FloatingAddressTest(base.TestCase):
    @base.needs("floating-addresses")
    def test_a_floating_address_leads_to_a_port_until_it_is_deleted(self):
        network = self.cloud.network
        port = network.create_port({"name": self.name, "network_id": self.network()["id"]})
        self.addCleanup(network.delete_port, port["id"])
        external = self.cloud.look_up("network", self.settings.external)["id"]
        made = network.create_floating_ip(
            {"floating_network_id": external, "port_id": port["id"], "description": self.name}
        )
        self.addCleanup(network.delete_floating_ip, made["id"])
        for filters in (
            {"port_id": port["id"]},
            {"floating_ip_address": made["floating_ip_address"]},
        ):
            (found,) = network.floating_ips(**filters)
            self.assertEqual(made["id"], found["id"])
            self.assertEqual(self.name, found["description"])
        freed = network.update_floating_ip(made["id"], {"port_id": None})
        self.assertIsNone(freed["port_id"])
        self.assertTrue(network.delete_floating_ip(made["id"]))
        self.assertFalse(network.delete_floating_ip(made["id"]))

    @base.needs("floating-addresses")
    def test_a_network_that_is_not_external_gives_no_floating_addresses(self):
        body = {"floating_network_id": self.network()["id"]}
        self.refused(400, self.cloud.network.create_floating_ip, body)
