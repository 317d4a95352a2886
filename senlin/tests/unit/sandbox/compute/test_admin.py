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

"""Hypervisors, services, zones and aggregates."""

from senlin.tests.unit.sandbox.compute import harness


class HypervisorTest(harness.ComputeTestCase):
    def list(self, query="", version=harness.NEWEST, path="/detail"):
        answer = self.nova(
            "GET", f"/os-hypervisors{path}{query}", token=self.admin, version=version, expect=200
        )
        return answer.json["hypervisors"]

    def test_members_may_not_look(self):
        self.nova("GET", "/os-hypervisors", expect=403)

    def test_a_failed_host_is_down(self):
        self.cloud.knobs.update({"down_zones": ["az2"]})
        states = {one["hypervisor_hostname"]: one["state"] for one in self.list()}
        self.assertEqual({"compute1": "up", "compute2": "down"}, states)

    def test_a_hypervisor_is_found_by_pattern_with_its_servers(self):
        server = self.create(availability_zone="az2")
        (found,) = self.list("?hypervisor_hostname_pattern=pute2&with_servers=true", path="")
        self.assertEqual([server], [one["uuid"] for one in found["servers"]])
        shown = self.nova("GET", f"/os-hypervisors/{found['id']}", token=self.admin, expect=200)
        self.assertEqual("compute2", shown.json["hypervisor"]["hypervisor_hostname"])

    def test_resources_are_shown_before_2_88(self):
        self.create(availability_zone="az1")
        old = self.list(version="2.52")[0]
        self.assertEqual((1, 1, 64), (old["id"], old["running_vms"], old["memory_mb_used"]))
        self.assertNotIn("vcpus", self.list()[0])

    def test_an_unknown_hypervisor_is_not_found(self):
        self.nova("GET", "/os-hypervisors/nope", token=self.admin, expect=404)


class ServiceTest(harness.ComputeTestCase):
    def services(self):
        answer = self.nova("GET", "/os-services", token=self.admin, expect=200)
        return {one["host"]: one for one in answer.json["services"]}

    def change(self, host, **wanted):
        service = self.services()[host]["id"]
        self.nova("PUT", f"/os-services/{service}", wanted, self.admin, expect=200)

    def test_a_disabled_host_gets_no_servers(self):
        self.change("compute1", status="disabled", disabled_reason="broken")
        self.assertEqual("broken", self.services()["compute1"]["disabled_reason"])
        hosts = {self.host_of(self.create(f"web{number}")) for number in range(2)}
        self.assertEqual({"compute2"}, hosts)

    def test_a_zone_without_a_host_in_service_is_not_available(self):
        self.change("compute1", status="disabled")
        zones = self.nova("GET", "/os-availability-zone").json["availabilityZoneInfo"]
        available = {zone["zoneName"]: zone["zoneState"]["available"] for zone in zones}
        self.assertEqual({"az1": False, "az2": True}, available)
        body = self.body(availability_zone="az1")
        self.nova("POST", "/servers", body, expect=400)

    def test_a_host_forced_down_is_down(self):
        self.change("compute1", forced_down=True)
        self.assertEqual("down", self.services()["compute1"]["state"])

    def test_the_old_way_names_the_host_in_the_body(self):
        wanted = {"host": "compute1", "binary": "nova-compute"}
        self.nova("PUT", "/os-services/disable", wanted, self.admin, version="2.52", expect=200)
        self.assertEqual("disabled", self.services()["compute1"]["status"])


class ZoneTest(harness.ComputeTestCase):
    def test_members_see_zones_without_hosts(self):
        zones = self.nova("GET", "/os-availability-zone").json["availabilityZoneInfo"]
        self.assertEqual(["az1", "az2"], [zone["zoneName"] for zone in zones])
        self.assertIsNone(zones[0]["hosts"])
        self.nova("GET", "/os-availability-zone/detail", expect=403)

    def test_administrators_see_the_hosts_and_the_internal_zone(self):
        answer = self.nova("GET", "/os-availability-zone/detail", token=self.admin, expect=200)
        zones = {zone["zoneName"]: zone for zone in answer.json["availabilityZoneInfo"]}
        self.assertEqual({"internal", "az1", "az2"}, set(zones))
        self.assertIn("compute1", zones["az1"]["hosts"])


class AggregateTest(harness.ComputeTestCase):
    def act(self, number, action, argument, expect=200):
        path = f"/os-aggregates/{number}/action"
        return self.nova("POST", path, {action: argument}, self.admin, expect=expect)

    def test_a_host_outside_of_every_zone_is_in_nova(self):
        self.act(1, "remove_host", {"host": "compute1"})
        zones = self.nova("GET", "/os-availability-zone").json["availabilityZoneInfo"]
        self.assertEqual(["az2", "nova"], [zone["zoneName"] for zone in zones])

    def test_a_host_is_in_one_zone_only(self):
        self.act(1, "add_host", {"host": "compute2"}, expect=409)

    def test_an_aggregate_makes_a_zone(self):
        wanted = {"aggregate": {"name": "new", "availability_zone": "az3"}}
        made = self.nova("POST", "/os-aggregates", wanted, self.admin, expect=200)
        number = made.json["aggregate"]["id"]
        self.act(2, "remove_host", {"host": "compute2"})
        self.act(number, "add_host", {"host": "compute2"})
        server = self.create(availability_zone="az3")
        self.assertEqual("compute2", self.host_of(server))
        self.nova("DELETE", f"/os-aggregates/{number}", token=self.admin, expect=400)
        self.nova("DELETE", "/os-aggregates/2", token=self.admin, expect=200)


class UsageTest(harness.ComputeTestCase):
    def test_a_projects_hours_are_summed(self):
        self.create()
        self.pass_time(3600)
        project = self.cloud.identity.project_id("demo")
        self.demo = self.token("demo")
        usage = self.nova("GET", f"/os-simple-tenant-usage/{project}", expect=200)
        self.assertAlmostEqual(1.0, usage.json["tenant_usage"]["total_hours"], 2)
