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

"""What placement says of the compute hosts."""

from senlin.tests.unit.sandbox.compute import harness


class PlacementTest(harness.ComputeTestCase):
    def ask(self, path, token=None, expect=200):
        answer = self.call(
            "GET",
            f"/placement{path}",
            token=token or self.admin,
            headers={"OpenStack-API-Version": "placement 1.39"},
        )
        self.assertEqual(expect, answer.status, answer.body)
        return answer.json

    def provider(self, name):
        (found,) = self.ask(f"/resource_providers?name={name}")["resource_providers"]
        return found["uuid"]

    def test_each_host_is_a_provider(self):
        found = self.ask("/resource_providers")["resource_providers"]
        self.assertEqual(["compute1", "compute2"], [one["name"] for one in found])

    def test_a_server_uses_its_hosts_resources(self):
        server = self.create(availability_zone="az1")
        uuid = self.provider("compute1")
        usages = self.ask(f"/resource_providers/{uuid}/usages")["usages"]
        self.assertEqual({"VCPU": 1, "MEMORY_MB": 64, "DISK_GB": 1}, usages)
        allocations = self.ask(f"/allocations/{server}")["allocations"]
        self.assertEqual(usages, allocations[uuid]["resources"])
        inventory = self.ask(f"/resource_providers/{uuid}/inventories")["inventories"]["VCPU"]
        self.assertEqual(1000, inventory["total"])

    def test_candidates_have_room(self):
        found = self.ask("/allocation_candidates?resources=VCPU:1,MEMORY_MB:512")
        self.assertEqual(2, len(found["allocation_requests"]))
        self.assertEqual(
            {self.provider("compute1"), self.provider("compute2")},
            set(found["provider_summaries"]),
        )
        found = self.ask("/allocation_candidates?resources=VCPU:100000")
        self.assertEqual([], found["allocation_requests"])

    def test_errors_have_placements_form(self):
        error = self.ask("/allocation_candidates?resources=VCPU", expect=400)["errors"][0]
        self.assertEqual((400, "Bad Request"), (error["status"], error["title"]))
        self.assertIn("Badly formed resources parameter", error["detail"])
        self.ask("/resource_providers/nope", expect=404)

    def test_members_may_not_look(self):
        self.ask("/resource_providers", token=self.demo, expect=403)
