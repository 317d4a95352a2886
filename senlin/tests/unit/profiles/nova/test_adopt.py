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

from senlin.cloud import errors
from senlin.tests.unit.profiles.nova import driver


class TestAdopt(driver.ProcedureTestCase):
    def test_existing_server_becomes_properties(self):
        self.created(driver.server_profile(metadata={"a": "b"}))

        found = driver.server_profile().adopt(self.cloud, "node-1", {"flavor": "m1.tiny"})

        expected = {
            "auto_disk_config": True,
            "availability_zone": "az1",
            "flavor": "m1.tiny",
            "image": "image-1",
            "metadata": {"a": "b"},
            "name": "node-1",
            "networks": [],
        }
        self.assertEqual(expected, found)

    def test_snapshot_becomes_the_image(self):
        self.created()

        found = driver.server_profile().adopt(self.cloud, "node-1", snapshot=True)

        self.assertEqual("snapshot-1", found["image"])

    def test_unknown_server(self):
        error = self.assertRaises(
            errors.CloudError, driver.server_profile().adopt, self.cloud, "nothing"
        )

        self.assertEqual(404, error.status)
