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

"""A cloud that was killed goes on where it was."""

import fixtures

from senlin.sandbox import cloud
from senlin.tests.unit.sandbox import harness as sandbox_harness
from senlin.tests.unit.sandbox.compute import harness


class RestartTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.cloud.close()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.open()

    def open(self):
        """Start a cloud from the journal, as a new process would."""
        self.cloud = cloud.Cloud(self.directory, clock=self.clock)
        self.addCleanup(self.cloud.close)
        self.cloud.open(sandbox_harness.BASE_URL)
        self.compute = next(one for one in self.cloud.services if one.name == "compute")
        self.demo, self.admin = self.token("demo"), self.token("admin")

    def kill(self):
        """End the cloud without a word to compute about it."""
        self.cloud.store.close()
        self.cloud.close()

    def test_servers_and_their_order_outlive_a_restart(self):
        ids = [self.create(f"web{number}") for number in range(3)]
        shown = self.show(ids[1])
        self.kill()
        self.open()
        self.assertEqual(["web2", "web1", "web0"], self.names())
        self.assertEqual(shown, self.show(ids[1]))

    def test_a_build_under_way_goes_on(self):
        server_id = self.build(metadata={"bench.delay": "60"})
        self.kill()
        self.open()
        self.assertEqual("BUILD", self.status(server_id))
        self.pass_time(61)
        self.assertEqual("ACTIVE", self.status(server_id))

    def test_a_deletion_under_way_goes_on(self):
        server_id = self.create(metadata={"bench.destroy": "60"})
        self.nova("DELETE", f"/servers/{server_id}", expect=204)
        self.kill()
        self.open()
        self.pass_time(61)
        self.assertEqual("GONE", self.status(server_id))

    def test_a_resize_can_be_reverted_after_a_restart(self):
        server_id = self.create()
        self.act_and_wait(server_id, "resize", {"flavorRef": "2"})
        self.kill()
        self.open()
        self.assertEqual("ACTIVE", self.act_and_wait(server_id, "revertResize"))
        self.assertEqual("m1.nano", self.show(server_id)["flavor"]["original_name"])

    def test_used_quota_is_counted_again(self):
        self.create()
        self.kill()
        self.open()
        limits = self.nova("GET", "/limits").json["limits"]["absolute"]
        self.assertEqual(
            (1, 1, 64),
            tuple(map(limits.get, ("totalInstancesUsed", "totalCoresUsed", "totalRAMUsed"))),
        )
