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
from senlin.profiles.nova import servers
from senlin.tests.unit.profiles.nova import driver


class TestObserve(driver.ProcedureTestCase):
    def fleet(self, count):
        for number in range(count):
            a_node = driver.node(name=f"n{number}", id=f"id-{number}")
            self.created(a_node=a_node)
        self.cloud.reads.clear()
        return sorted(self.cloud.compute.all)

    def test_few_are_read_one_by_one(self):
        ids = self.fleet(2)

        seen = servers.observe(self.cloud, [*ids, "other"])

        self.assertEqual({"server": 3}, dict(self.cloud.reads))
        self.assertEqual("ACTIVE", seen[ids[0]]["status"])
        self.assertIs(profiles.GONE, seen["other"])

    def test_many_are_listed_at_once(self):
        ids = self.fleet(6)

        seen = servers.observe(self.cloud, ids)

        self.assertEqual({"servers": 1}, dict(self.cloud.reads))
        self.assertEqual(set(ids), set(seen))

    def test_many_deleted_ones_are_shown_by_a_second_list(self):
        ids = self.fleet(8)
        for one in ids[:6]:
            self.cloud.compute.all[one]["status"] = "DELETED"

        seen = servers.observe(self.cloud, ids)

        self.assertEqual({"servers": 2}, dict(self.cloud.reads))
        self.assertEqual(6, sum(one is profiles.GONE for one in seen.values()))

    def test_empty_list_alone_proves_nothing(self):
        ids = self.fleet(6)
        self.cloud.compute.servers = lambda **filters: []

        seen = servers.observe(self.cloud, ids)

        self.assertEqual(6, self.cloud.reads["server"])
        self.assertNotIn(profiles.GONE, seen.values())


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

    def test_node_without_server_fails(self):
        self.assertRaises(profiles.ProcedureFailed, self.driver().run, "check")


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
        error = self.assertRaises(Exception, driver.server_profile().adopt, self.cloud, "nothing")

        self.assertEqual(404, error.status)
