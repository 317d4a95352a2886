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

"""What is refused at once, what fails later, and how one can tell why."""

import uuid

from senlin.common import consts
from senlin.profiles.nova import servers
from senlin.tests.conformance import base

Reason = consts.ReasonClass


class RefusalTest(base.TestCase):
    def refuses(self, status, **changes):
        """A creation that is refused at once; gives the error."""
        error = self.refused(status, self.cloud.compute.create_server, self.body(**changes))
        self.assertFalse(error.outcome_unknown)
        self.assertEqual([], self.cloud.compute.servers_named(self.name))
        return error

    def test_unknown_flavors_and_images_are_refused(self):
        self.assertIn("lavor", self.refuses(400, flavorRef="no-such-flavor").message)
        error = self.refuses(400, imageRef=str(uuid.uuid4()))
        self.assertEqual("Can not find requested image", error.message)

    def test_unknown_networks_and_ports_are_refused(self):
        unknown = str(uuid.uuid4())
        self.assertIn(unknown, self.refuses(400, networks=[{"uuid": unknown}]).message)
        self.assertIn(unknown, self.refuses(400, networks=[{"port": unknown}]).message)

    def test_an_unknown_key_pair_zone_or_security_group_is_refused(self):
        self.assertIn("key_name", self.refuses(400, key_name="no-such-key").message)
        error = self.refuses(400, availability_zone="no-such-zone")
        self.assertIn("availability zone", error.message)
        error = self.refuses(400, security_groups=[{"name": "no-such-group"}])
        self.assertIn("no-such-group", error.message)

    def test_an_unknown_server_group_is_refused(self):
        hints = {"group": str(uuid.uuid4())}
        self.refused(400, self.cloud.compute.create_server, self.body(), hints)

    def test_a_body_that_breaks_the_schema_is_refused_with_the_path(self):
        self.assertIn("name", self.refuses(400, name=None).message)
        error = self.refuses(400, metadata={"a": 1})
        self.assertIn("attribute a. Value: 1. 1 is not of type 'string'", error.message)
        self.refuses(400, no_such_key="x")
        self.refuses(400, user_data="not base64!")

    def test_an_address_in_use_is_refused(self):
        port = self.cloud.network.create_port({"network_id": self.network()["id"]})
        self.addCleanup(self.cloud.network.delete_port, port["id"])
        address = port["fixed_ips"][0]["ip_address"]
        error = self.refuses(400, networks=[{"uuid": self.network()["id"], "fixed_ip": address}])
        self.assertIn(f"{address} is already in use", error.message)

    def test_files_are_refused_where_the_microversion_has_none(self):
        body = self.body(personality=[{"path": "/etc/motd", "contents": "aGVsbG8="}])
        self.refused(400, self.cloud.compute.post, "/servers", {"server": body}, "2.67")

    def test_an_unknown_microversion_is_refused(self):
        self.refused(406, self.cloud.compute.get, "/servers", None, "2.9999")


class QuotaTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.project = self.other.project or base.request_of(self.settings.other).project_id

    def limit(self, **quota):
        """Give the other project a quota until the test ends."""
        path = f"/os-quota-sets/{self.project}"
        before = self.admin.compute.get(path).json()["quota_set"]
        old = {name: before[name] for name in quota}
        self.addCleanup(self.set_quota, path, old)
        self.set_quota(path, quota)

    def set_quota(self, path, quota):
        answer = self.admin.compute.put(path, json={"quota_set": quota})
        self.assertEqual(200, answer.status_code, answer.text)

    @base.needs("quotas")
    def test_more_servers_than_the_quota_are_refused_at_once(self):
        for name in ("instances", "cores", "ram"):
            self.limit(**{name: 0})
            error = self.refused(403, self.other.compute.create_server, self.body())
            self.assertEqual(Reason.QUOTA, error.reason)
            self.assertIn(f"Quota exceeded for {name}", error.message)
            self.assertFalse(error.retryable)
            self.doCleanups()

    @base.needs("quotas")
    def test_more_metadata_than_the_quota_is_refused(self):
        self.limit(metadata_items=1)
        body = self.body(metadata={"a": "1", "b": "2"})
        error = self.refused(403, self.other.compute.create_server, body)
        self.assertIn("metadata items", error.message)


class FailingBuildTest(base.TestCase):
    def fails(self, server_id):
        """Wait until a server is in ERROR; gives its JSON."""
        return self.becomes("the build fails", lambda: self._failed(server_id))

    def _failed(self, server_id):
        server = self.cloud.compute.server(server_id)
        # Nova shows the fault a moment after the status.
        return server if server["status"] == "ERROR" and "fault" in server else None

    def test_what_fits_nowhere_fails_later_for_want_of_a_host(self):
        flavor = self.admin.compute.create_flavor(
            name=self.name, ram=64, vcpus=100_000, disk=1, is_public=True
        )
        self.addCleanup(self.admin.compute.delete_flavor, flavor)
        server = self.fails(self.create(flavorRef=flavor.id))
        self.assertEqual("error", server["OS-EXT-STS:vm_state"])
        self.assertIsNone(server["OS-EXT-STS:task_state"])
        self.assertEqual("", server["hostId"])
        self.assertEqual({}, server["addresses"])
        self.assertEqual(500, server["fault"]["code"])
        self.assertRegex(server["fault"]["message"], "^No valid host was found")
        self.assertRegex(server["fault"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(Reason.CAPACITY, servers.fault_reason(server))

    @base.needs("faults")
    def test_a_hypervisor_that_fails_everywhere_ends_in_error(self):
        server = self.fails(self.create(metadata={"bench.fail": "spawn"}))
        self.assertIn(f"Build of instance {server['id']} aborted", servers.fault_of(server))
        self.assertEqual("", server["hostId"])
        self.assertEqual({}, server["addresses"])

    def test_an_address_outside_of_the_network_fails_later(self):
        entry = {"uuid": self.network()["id"], "fixed_ip": "203.0.113.77"}
        server = self.fails(self.create(networks=[entry]))
        self.assertIn("203.0.113.77 is not a valid ip address", servers.fault_of(server))
        self.assertEqual(Reason.NETWORK, servers.fault_reason(server))

    @base.needs("faults")
    def test_a_server_that_failed_to_build_holds_no_port(self):
        server = self.fails(self.create(metadata={"bench.fail": "spawn"}))
        self.assertEqual([], self.cloud.network.ports(device_id=server["id"]))

    @base.needs("faults")
    def test_a_list_shows_why_a_build_failed(self):
        server_id = self.create(metadata={"bench.fail": "spawn"})
        self.fails(server_id)
        (listed,) = self.cloud.compute.servers_named(self.name)
        self.assertIn("message", listed["fault"])
