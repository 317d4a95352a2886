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

"""Metadata, tags, interfaces, volumes and the list of actions of servers."""

from senlin.tests.unit.sandbox.compute import harness


class MetadataTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create(metadata={"a": "1", "b": "2"})
        self.path = f"/servers/{self.server}/metadata"

    def metadata(self):
        return self.nova("GET", self.path, expect=200).json["metadata"]

    def test_items_are_merged_replaced_set_and_removed(self):
        self.nova("POST", self.path, {"metadata": {"c": "3"}}, expect=200)
        self.assertEqual({"a": "1", "b": "2", "c": "3"}, self.metadata())
        self.nova("PUT", self.path, {"metadata": {"d": "4"}}, expect=200)
        self.assertEqual({"d": "4"}, self.metadata())
        self.nova("PUT", f"{self.path}/e", {"meta": {"e": "5"}}, expect=200)
        self.nova("DELETE", f"{self.path}/d", expect=204)
        self.assertEqual({"e": "5"}, self.metadata())

    def test_a_missing_item_is_not_found(self):
        self.nova("GET", f"{self.path}/z", expect=404)
        answer = self.nova("DELETE", f"{self.path}/z", expect=404)
        self.assertEqual("Metadata item was not found", answer.message)

    def test_a_key_that_is_not_the_paths_is_refused(self):
        answer = self.nova("PUT", f"{self.path}/x", {"meta": {"y": "1"}}, expect=400)
        self.assertEqual("Request body and URI mismatch", answer.message)

    def test_a_rescued_servers_metadata_stays(self):
        self.act_and_wait(self.server, "rescue", {}, expect=200)
        answer = self.nova("POST", self.path, {"metadata": {"c": "3"}}, expect=409)
        self.assertIn("Cannot 'update metadata' instance", answer.message)

    def test_too_many_items_are_over_the_quota(self):
        many = {f"key{number}": "x" for number in range(129)}
        self.nova("PUT", self.path, {"metadata": many}, expect=403)


class TagTest(harness.ComputeTestCase):
    def test_tags_are_added_replaced_and_removed(self):
        path = f"/servers/{self.create()}/tags"
        self.nova("PUT", f"{path}/a", expect=201)
        self.nova("PUT", f"{path}/a", expect=204)
        self.nova("GET", f"{path}/a", expect=204)
        self.nova("PUT", path, {"tags": ["c", "b"]}, expect=200)
        self.assertEqual(["b", "c"], self.nova("GET", path).json["tags"])
        self.nova("DELETE", f"{path}/a", expect=404)
        self.nova("DELETE", path, expect=204)
        self.assertEqual([], self.nova("GET", path).json["tags"])

    def test_a_tag_with_a_comma_is_refused(self):
        self.nova("PUT", f"/servers/{self.create()}/tags", {"tags": ["a,b"]}, expect=400)


class InterfaceTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create(networks="none")
        self.path = f"/servers/{self.server}/os-interface"

    def attach(self, expect=200, **wanted):
        return self.nova("POST", self.path, {"interfaceAttachment": wanted}, expect=expect)

    def port(self, port_id):
        return self.call("GET", f"/network/v2.0/ports/{port_id}", token=self.demo)

    def test_a_port_of_a_network_is_made_and_removed(self):
        port_id = self.attach(net_id=self.network_id).json["interfaceAttachment"]["port_id"]
        self.assertEqual(self.server, self.port(port_id).json["port"]["device_id"])
        self.assertEqual(1, len(self.show(self.server)["addresses"]["private"]))
        self.nova("DELETE", f"{self.path}/{port_id}", expect=202)
        self.assertEqual(404, self.port(port_id).status)
        self.assertEqual({}, self.show(self.server)["addresses"])

    def test_a_given_port_is_bound_and_freed(self):
        made = self.call(
            "POST", "/network/v2.0/ports", {"port": {"network_id": self.network_id}}, self.demo
        )
        port_id = made.json["port"]["id"]
        self.attach(port_id=port_id)
        listed = self.nova("GET", self.path).json["interfaceAttachments"]
        self.assertEqual(
            [(port_id, "ACTIVE")], [(one["port_id"], one["port_state"]) for one in listed]
        )
        self.nova("DELETE", f"{self.path}/{port_id}", expect=202)
        self.assertEqual("", self.port(port_id).json["port"]["device_id"])

    def test_unknown_ports_and_networks_are_refused(self):
        self.attach(port_id="nope", expect=404)
        self.attach(net_id="nope", expect=400)

    def test_an_address_in_use_is_a_conflict(self):
        entry = {"net_id": self.network_id, "fixed_ips": [{"ip_address": "10.0.7.7"}]}
        self.attach(**entry)
        answer = self.attach(**entry, expect=409)
        self.assertEqual("Fixed IP 10.0.7.7 is already in use.", answer.message)

    def test_detaching_what_is_not_attached_is_accepted_and_does_nothing(self):
        self.attach(net_id=self.network_id)
        self.nova("DELETE", f"{self.path}/nope", expect=202)
        self.assertEqual(1, len(self.nova("GET", self.path).json["interfaceAttachments"]))

    def test_a_suspended_server_keeps_its_interfaces(self):
        self.act_and_wait(self.server, "suspend")
        answer = self.attach(net_id=self.network_id, expect=409)
        self.assertIn("Cannot 'attach_interface' instance", answer.message)

    def test_a_floating_ip_is_shown_as_soon_as_it_is_there(self):
        port_id = self.attach(net_id=self.network_id).json["interfaceAttachment"]["port_id"]
        self.show(self.server)
        public = self._named("network/v2.0/networks", "networks", "public")
        wanted = {"floating_network_id": public, "port_id": port_id}
        made = self.call("POST", "/network/v2.0/floatingips", {"floatingip": wanted}, self.demo)
        addresses = self.show(self.server)["addresses"]["private"]
        self.assertEqual(
            ["fixed", "floating"], [address["OS-EXT-IPS:type"] for address in addresses]
        )
        self.assertEqual(made.json["floatingip"]["floating_ip_address"], addresses[1]["addr"])


class VolumeTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create()
        self.path = f"/servers/{self.server}/os-volume_attachments"

    def test_a_volume_is_attached_once_and_detached(self):
        wanted = {"volumeAttachment": {"volumeId": "v1"}}
        answer = self.nova("POST", self.path, wanted, expect=200)
        self.assertEqual("/dev/vdb", answer.json["volumeAttachment"]["device"])
        answer = self.nova("POST", self.path, wanted, expect=400)
        self.assertIn("already attached", answer.message)
        listed = self.nova("GET", self.path).json["volumeAttachments"]
        self.assertEqual(["v1"], [one["volumeId"] for one in listed])
        self.nova("DELETE", f"{self.path}/v1", expect=202)
        self.nova("DELETE", f"{self.path}/v1", expect=404)


class ActionListTest(harness.ComputeTestCase):
    def test_what_was_done_is_listed_newest_first_also_after_the_end(self):
        server = self.create()
        self.act_and_wait(server, "os-stop")
        self.nova("DELETE", f"/servers/{server}", expect=204)
        self.pass_time(1)
        path = f"/servers/{server}/os-instance-actions"
        listed = self.nova("GET", path, expect=200).json["instanceActions"]
        self.assertEqual(["delete", "stop", "create"], [one["action"] for one in listed])
        shown = self.nova("GET", f"{path}/{listed[1]['request_id']}", expect=200)
        self.assertEqual("Success", shown.json["instanceAction"]["events"][0]["result"])

    def test_console_output_is_cut_to_its_length(self):
        server = self.create()
        answer = self.act(server, "os-getConsoleOutput", {"length": 1}, expect=200)
        self.assertIn("login", answer.json["output"])
        self.assertNotIn("\n", answer.json["output"])
