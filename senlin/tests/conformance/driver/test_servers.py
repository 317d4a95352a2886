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

"""Servers: how they come, what they show and how they go."""

import uuid

from senlin.tests.conformance import base

#: Everything that Nova shows of a server at the microversion of reading, 2.9.
SHOWN = {
    "id", "name", "status", "created", "updated", "tenant_id", "user_id", "metadata", "hostId",
    "image", "flavor", "addresses", "accessIPv4", "accessIPv6", "links", "progress", "locked",
    "config_drive", "key_name", "security_groups", "OS-DCF:diskConfig",
    "OS-EXT-AZ:availability_zone", "OS-EXT-STS:task_state", "OS-EXT-STS:vm_state",
    "OS-EXT-STS:power_state", "OS-SRV-USG:launched_at", "OS-SRV-USG:terminated_at",
    "os-extended-volumes:volumes_attached",
}  # fmt: skip


class CreationTest(base.TestCase):
    def test_the_answer_to_a_creation_has_the_id_and_the_password(self):
        answer = self.cloud.compute.create_server(self.body())
        self.addCleanup(self.remove, answer["id"])
        self.assertEqual(
            {"id", "links", "OS-DCF:diskConfig", "security_groups", "adminPass"}, set(answer)
        )

    def test_an_active_server_shows_all_that_the_driver_reads(self):
        server = self.create_active(metadata={"a": "1"})
        self.assertEqual(SHOWN, set(server))
        self.assertEqual({"a": "1"}, server["metadata"])
        self.assertEqual("active", server["OS-EXT-STS:vm_state"])
        self.assertEqual(1, server["OS-EXT-STS:power_state"])
        self.assertEqual(0, server["progress"])
        self.assertIs(False, server["locked"])
        self.assertEqual([], server["os-extended-volumes:volumes_attached"])
        self.assertEqual([{"name": "default"}], server["security_groups"])
        self.assertEqual("", server["config_drive"])
        self.assertIsNone(server["key_name"])
        self.assertEqual({"id", "links"}, set(server["flavor"]))
        self.assertEqual({"id", "links"}, set(server["image"]))
        self.assertRegex(server["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(server["OS-SRV-USG:launched_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.0+$")
        self.assertIn(server["OS-EXT-AZ:availability_zone"], self.cloud.zones())

    def test_an_active_server_has_an_address_of_its_network(self):
        server = self.create_active()
        ((label, addresses),) = server["addresses"].items()
        self.assertEqual(self.settings.network, label)
        (address,) = addresses
        self.assertEqual(
            {"addr", "version", "OS-EXT-IPS:type", "OS-EXT-IPS-MAC:mac_addr"}, set(address)
        )
        self.assertEqual(("fixed", 4), (address["OS-EXT-IPS:type"], address["version"]))

    @base.needs("faults")
    def test_a_server_is_in_build_until_it_is_active(self):
        server_id = self.create(metadata={"bench.delay": "3"})
        server = self.cloud.compute.server(server_id)
        self.assertEqual("BUILD", server["status"])
        self.assertEqual("building", server["OS-EXT-STS:vm_state"])
        self.assertEqual(0, server["OS-EXT-STS:power_state"])
        self.assertNotIn("fault", server)
        self.assertIsNone(server["OS-SRV-USG:launched_at"])
        seen = set()

        def arrives():
            server = self.cloud.compute.server(server_id)
            seen.add(server["OS-EXT-STS:task_state"])
            return server["status"] == "ACTIVE"

        self.becomes("the server is active", arrives)
        self.assertIn("spawning", seen)
        self.assertLessEqual(
            seen, {None, "scheduling", "networking", "block_device_mapping", "spawning"}
        )

    def test_user_data_a_zone_and_a_disk_config_are_taken(self):
        zone = self.cloud.zones()[0]
        server = self.create_active(
            user_data="IyEvYmluL3NoCg==",
            availability_zone=zone,
            config_drive=True,
            adminPass="right-horse",
            **{"OS-DCF:diskConfig": "MANUAL"},
        )
        self.assertEqual(zone, server["OS-EXT-AZ:availability_zone"])
        self.assertEqual("MANUAL", server["OS-DCF:diskConfig"])
        self.assertEqual("True", server["config_drive"])

    def test_files_are_taken_where_the_microversion_has_them(self):
        self.create_active(personality=[{"path": "/etc/motd", "contents": "aGVsbG8="}])

    def test_two_servers_may_have_one_name(self):
        self.assertNotEqual(self.create(), self.create())


class DeletionTest(base.TestCase):
    def test_a_deleted_server_is_not_found_any_more(self):
        server = self.create_active()
        self.remove(server["id"])
        self.assertIsNone(self.cloud.compute.server(server["id"]))
        self.assertFalse(self.cloud.compute.delete_server(server["id"]))

    @base.needs("faults")
    def test_a_server_on_its_way_out_is_still_shown_and_may_be_deleted_again(self):
        server_id = self.create_active(metadata={"bench.destroy": "3"})["id"]
        self.cloud.compute.delete_server(server_id)
        server = self.becomes(
            "the server is being deleted",
            lambda: self._deleting(self.cloud.compute.server(server_id)),
        )
        self.assertEqual("ACTIVE", server["status"])
        self.assertTrue(self.cloud.compute.delete_server(server_id))
        self.becomes("the server goes", lambda: self.cloud.compute.server(server_id) is None)

    def _deleting(self, server):
        return server if server["OS-EXT-STS:task_state"] == "deleting" else None

    def test_a_server_can_be_deleted_while_it_is_built(self):
        server_id = self.create(metadata={"bench.delay": "2"})
        self.assertTrue(self.cloud.compute.delete_server(server_id))
        self.becomes("the server goes", lambda: self.cloud.compute.server(server_id) is None)

    def test_a_server_can_be_deleted_by_force(self):
        server = self.create_active()
        self.assertTrue(self.cloud.compute.delete_server(server["id"], force=True))
        self.becomes("the server goes", lambda: self.cloud.compute.server(server["id"]) is None)

    def test_what_never_was_is_not_there_to_be_shown_or_deleted(self):
        for unknown in (str(uuid.uuid4()), "no-such-server"):
            self.assertIsNone(self.cloud.compute.server(unknown))
            self.assertFalse(self.cloud.compute.delete_server(unknown))
            self.assertFalse(self.cloud.compute.delete_server(unknown, force=True))

    def test_a_server_of_another_project_is_not_there(self):
        # Before it has a host, Nova knows it and refuses to show it.
        server_id = self.create_active()["id"]
        self.assertIsNone(self.other.compute.server(server_id))
        self.assertFalse(self.other.compute.delete_server(server_id))
        error = self.refused(404, self.other.compute.action, server_id, {"os-stop": None})
        self.assertTrue(error.is_not_found)


class MetadataTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create_active(metadata={"a": "1", "b": "2"})["id"]

    def metadata(self):
        return self.cloud.compute.server(self.server)["metadata"]

    def test_keys_are_merged_replaced_and_taken_away(self):
        compute = self.cloud.compute
        answer = compute.merge_metadata(self.server, {"b": "3", "c": "4"})
        self.assertEqual({"metadata": {"a": "1", "b": "3", "c": "4"}}, answer)
        self.assertEqual({"a": "1", "b": "3", "c": "4"}, self.metadata())
        compute.replace_metadata(self.server, {"d": "5", "e": "6"})
        self.assertEqual({"d": "5", "e": "6"}, self.metadata())
        self.assertTrue(compute.delete_metadata(self.server, "d"))
        self.assertFalse(compute.delete_metadata(self.server, "d"))
        self.assertEqual({"e": "6"}, self.metadata())

    def test_a_change_of_metadata_does_not_lose_the_status(self):
        self.cloud.compute.merge_metadata(self.server, {"x": "1"})
        self.assertEqual("ACTIVE", self.cloud.compute.server(self.server)["status"])

    def test_values_that_are_no_short_texts_are_refused(self):
        for value in (1, None, "x" * 256):
            self.refused(400, self.cloud.compute.merge_metadata, self.server, {"a": value})
        self.refused(400, self.cloud.compute.merge_metadata, self.server, {"x" * 256: "1"})


class RenameTest(base.TestCase):
    def test_a_server_can_be_renamed(self):
        server = self.create_active()
        answer = self.cloud.compute.update_server(server["id"], {"name": f"{self.name}-b"})
        self.assertEqual(f"{self.name}-b", answer["server"]["name"])
        self.assertEqual(f"{self.name}-b", self.cloud.compute.server(server["id"])["name"])

    def test_names_are_not_empty_and_have_at_most_255_characters(self):
        server = self.create_active()
        for name in ("", "x" * 256):
            self.refused(400, self.cloud.compute.update_server, server["id"], {"name": name})
        self.cloud.compute.update_server(server["id"], {"name": "x" * 255})
