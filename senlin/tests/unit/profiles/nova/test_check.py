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

from senlin.profiles import base as profiles
from senlin.tests.unit.profiles.nova import driver


class TestCheck(driver.ProcedureTestCase):
    def checked(self, status=None, data=None):
        one = self.created()
        if status:
            self.cloud.compute.all["server-1"]["status"] = status
        if data:
            one.node.data.update(data)
        return one.run("check")

    def test_active_server_is_healthy(self):
        self.assertTrue(self.checked().healthy)

    def test_server_stopped_on_request_is_healthy(self):
        self.assertTrue(self.checked("SHUTOFF", {"power": "SHUTOFF"}).healthy)

    def test_server_that_stopped_by_itself_is_not(self):
        answer = self.checked("SHUTOFF")

        self.assertFalse(answer.healthy)
        self.assertEqual("The server server-1 is SHUTOFF, not ACTIVE.", answer.reason)

    def test_error_is_told_with_its_fault(self):
        self.assertIn("is in ERROR", self.checked("ERROR").reason)

    def test_missing_server_clears_the_physical_id(self):
        answer = self.checked("DELETED")

        self.assertFalse(answer.healthy)
        self.assertEqual({"physical_id": None}, answer.node)

    def test_server_that_is_being_deleted_is_not_healthy(self):
        one = self.created()
        self.cloud.compute.all["server-1"]["OS-EXT-STS:task_state"] = "deleting"

        answer = one.run("check")

        self.assertEqual("The server server-1 is being deleted.", answer.reason)
        self.assertEqual({}, answer.node)

    def test_node_without_server_fails(self):
        self.assertRaises(profiles.ProcedureFailed, self.driver().run, "check")
