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

from senlin.tests.unit.profiles.nova import driver


class TestDetails(driver.ProcedureTestCase):
    def test_server_is_shown(self):
        one = self.created()

        shown = one.profile.details(self.cloud, ["server-1"])["server-1"]

        self.assertEqual("ACTIVE", shown["status"])
        self.assertEqual("1", shown["flavor"])
        self.assertEqual("image-1", shown["image"])
        self.assertEqual("-", shown["OS-EXT-STS:task_state"])
        self.assertEqual("", shown["security_groups"])
        self.assertEqual(sorted(shown), list(shown))

    def test_missing_server_is_an_error_inside(self):
        shown = driver.server_profile().details(self.cloud, ["x"])["x"]

        self.assertEqual(
            {"Error": {"code": 404, "message": "Instance x could not be found."}}, shown
        )

    def test_trouble_is_an_error_inside(self):
        self.cloud.fail("server", 503, message="down", retryable=True)

        shown = driver.server_profile().details(self.cloud, ["x"])["x"]

        self.assertEqual({"Error": {"code": 503, "message": "down"}}, shown)
