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

"""Flavors, images, networks, key pairs, zones and groups: what specs call by name."""

import uuid

from senlin.tests.conformance import base

KINDS = ("flavor", "image", "network", "subnet", "security_group", "key_pair")


class LookUpTest(base.TestCase):
    def test_things_are_found_by_name_and_by_id(self):
        names = {
            "flavor": self.settings.flavor,
            "image": self.settings.image,
            "network": self.settings.network,
            "security_group": "default",
        }
        for kind, name in names.items():
            found = self.cloud.look_up(kind, name)
            self.assertEqual(name, found["name"])
            self.assertEqual(found["id"], self.cloud.look_up(kind, found["id"])["id"])

    def test_a_subnet_is_found_by_the_id_that_its_network_tells(self):
        subnet = self.network()["subnets"][0]
        self.assertEqual(self.network()["id"], self.cloud.look_up("subnet", subnet)["network_id"])

    def test_what_does_not_exist_is_not_found(self):
        for kind in KINDS:
            for unknown in ("no-such-thing", str(uuid.uuid4())):
                self.assertTrue(self.refused(404, self.cloud.look_up, kind, unknown).is_not_found)

    def test_names_with_signs_are_not_found_either(self):
        for kind in KINDS:
            self.refused(404, self.cloud.look_up, kind, "no such/thing?&#é")

    def test_a_security_group_of_the_project_comes_before_those_of_others(self):
        group = self.cloud.look_up("security_group", "default")
        self.assertEqual(self.cloud.project, group["project_id"])

    def test_a_key_pair_is_the_users_own(self):
        made = self.cloud.compute.post("/os-keypairs", {"keypair": {"name": self.name}}, "2.9")
        self.addCleanup(self.cloud.compute.delete, f"/os-keypairs/{self.name}", "2.9")
        self.assertEqual(
            made["keypair"]["fingerprint"], self.cloud.compute.key_pair(self.name)["fingerprint"]
        )
        self.assertIsNone(self.other.compute.key_pair(self.name))

    def test_a_flavor_shows_its_size(self):
        flavor = self.cloud.look_up("flavor", self.settings.flavor)
        for name in ("ram", "vcpus", "disk", "OS-FLV-DISABLED:disabled"):
            self.assertIn(name, flavor)

    def test_an_image_shows_whether_it_can_be_used(self):
        image = self.cloud.look_up("image", self.settings.image)
        self.assertEqual("active", image["status"])
        for name in ("min_disk", "min_ram", "size", "visibility", "owner"):
            self.assertIn(name, image)

    @base.needs("zones")
    def test_there_are_zones_to_spread_over(self):
        self.assertGreaterEqual(len(self.cloud.zones()), 2)

    def test_a_server_stands_in_the_zone_it_was_asked_for(self):
        for zone in self.cloud.zones():
            server = self.create_active(availability_zone=zone)
            self.assertEqual(zone, server["OS-EXT-AZ:availability_zone"])


class ServerGroupTest(base.TestCase):
    VERSION = "2.64"

    def make_group(self, policy):
        """A server group, which goes when the test ends; gives its JSON."""
        body = {"server_group": {"name": self.name, "policy": policy}}
        group = self.cloud.compute.post("/os-server-groups", body, self.VERSION)["server_group"]
        self.addCleanup(self.cloud.compute.delete, f"/os-server-groups/{group['id']}", self.VERSION)
        return group

    def members(self, group):
        path = f"/os-server-groups/{group['id']}"
        return self.cloud.compute.get(path, None, self.VERSION)["server_group"]["members"]

    def test_a_server_made_with_a_hint_is_a_member_while_it_lives(self):
        group = self.make_group("soft-anti-affinity")
        self.assertEqual("soft-anti-affinity", group["policy"])
        server_id = self.create(hints={"group": group["id"]})
        self.reaches(server_id, "ACTIVE")
        self.assertEqual([server_id], self.members(group))
        self.remove(server_id)
        self.assertEqual([], self.members(group))

    def test_unknown_policies_are_refused_and_deleted_groups_are_gone(self):
        self.refused(400, self.make_group, "no-such-policy")
        path = f"/os-server-groups/{uuid.uuid4()}"
        self.assertFalse(self.cloud.compute.delete(path, self.VERSION))
