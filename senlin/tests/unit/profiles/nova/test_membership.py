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


class TestMembership(driver.ProcedureTestCase):
    def test_join_keeps_the_users_keys(self):
        one = self.created(driver.server_profile(metadata={"a": "b"}))
        one.node = driver.node(physical_id="server-1", cluster_id="c1", index=7)

        one.run("join")

        expected = {
            "a": "b",
            "cluster_node_id": driver.NODE_ID,
            "cluster_id": "c1",
            "cluster_node_index": "7",
        }
        self.assertEqual(expected, self.cloud.compute.all["server-1"]["metadata"])

    def test_leave_takes_the_marks_of_membership_only(self):
        a_node = driver.node(cluster_id="c1", index=7)
        one = self.created(driver.server_profile(metadata={"a": "b"}), a_node=a_node)

        one.run("leave")

        expected = {"a": "b", "cluster_node_id": driver.NODE_ID}
        self.assertEqual(expected, self.cloud.compute.all["server-1"]["metadata"])
