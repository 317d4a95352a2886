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

"""Notifications of what happens to servers."""

from senlin.sandbox import cloud
from senlin.tests.unit.sandbox import harness as sandbox_harness
from senlin.tests.unit.sandbox.compute import harness


class NoticesTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.cloud.close()
        self.sent = []
        self.cloud = cloud.Cloud(clock=self.clock, notifier=self.receive)
        self.addCleanup(self.cloud.close)
        self.cloud.open(sandbox_harness.BASE_URL)
        self.compute = next(one for one in self.cloud.services if one.name == "compute")
        self.demo, self.admin = self.token("demo"), self.token("admin")

    def receive(self, publisher_id, event_type, payload, priority):
        self.sent.append((publisher_id, event_type, payload, priority))

    def types(self, prefix):
        """Give the types sent so far that begin with the prefix."""
        return [sent[1] for sent in self.sent if sent[1].startswith(prefix)]

    def test_a_servers_life_is_told_in_both_formats(self):
        server_id = self.create()
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.pass_time(1)
        told = [
            "create.start", "create.end", "delete.start",
            "shutdown.start", "shutdown.end", "delete.end",
        ]  # fmt: skip
        self.assertEqual([f"instance.{name}" for name in told], self.types("instance."))
        self.assertEqual(
            [f"compute.instance.{name}" for name in told], self.types("compute.instance.")
        )

    def test_power_off_is_told_with_the_servers_metadata(self):
        server_id = self.create(metadata={"cluster_id": "c1"})
        self.act_and_wait(server_id, "os-stop")
        by_type = {sent[1]: sent for sent in self.sent}
        publisher, _, payload, priority = by_type["compute.instance.power_off.end"]
        self.assertEqual((f"compute.{self.host_of(server_id)}", "info"), (publisher, priority))
        self.assertEqual("stopped", payload["state"])
        self.assertEqual(
            (server_id, {"cluster_id": "c1"}), (payload["instance_id"], payload["metadata"])
        )
        publisher, _, payload, _ = by_type["instance.power_off.end"]
        self.assertEqual(f"nova-compute:{self.host_of(server_id)}", publisher)
        self.assertEqual("InstanceActionPayload", payload["nova_object.name"])
        data = payload["nova_object.data"]
        self.assertEqual(
            (server_id, "stopped", "shutdown"), (data["uuid"], data["state"], data["power_state"])
        )

    def test_a_failed_build_is_told_as_an_error(self):
        self.create(metadata={"bench.fail": "spawn"})
        _, name, payload, priority = self.sent[-1]
        self.assertEqual(("instance.create.error", "error"), (name, priority))
        fault = payload["nova_object.data"]["fault"]["nova_object.data"]
        self.assertIn("aborted: asked to fail", fault["exception_message"])

    def test_a_new_server_is_told_with_its_tags_and_the_last_word_has_no_addresses(self):
        server_id = self.create()
        _, name, payload, _ = self.sent[-1]
        self.assertEqual(
            ("instance.create.end", "InstanceCreatePayload"), (name, payload["nova_object.name"])
        )
        self.assertEqual([], payload["nova_object.data"]["tags"])
        self.assertEqual(1, len(payload["nova_object.data"]["ip_addresses"]))
        self.compute.vanish(server_id)
        self.compute.settle()
        _, name, payload, _ = self.sent[-1]
        self.assertEqual(
            ("instance.delete.end", []), (name, payload["nova_object.data"]["ip_addresses"])
        )

    def test_a_vanished_server_is_told(self):
        server_id = self.create()
        self.compute.vanish(server_id)
        self.compute.settle()
        self.assertEqual("instance.delete.end", self.types("instance.")[-1])

    def test_a_notifier_that_fails_does_no_harm(self):
        self.sent = None
        self.assertEqual("ACTIVE", self.status(self.create()))
