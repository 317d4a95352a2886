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

from senlin.common import consts
from senlin.common import exception
from senlin.profiles import base as profiles
from senlin.tests.unit.profiles.nova import driver


class TestUpdate(driver.ProcedureTestCase):
    def setUp(self):
        super().setUp()
        self.prepare(self.cloud)

    def prepare(self, cloud):
        cloud.things["flavor"]["m1.small"] = {"id": "2"}
        cloud.things["image"]["fedora"] = {"id": "image-2"}

    def updated(self, old=None, new=None, cloud=None, **inputs):
        one = self.created(driver.server_profile(**(old or {})), cloud)
        one.cloud.calls.clear()
        one.run("update", inputs, driver.server_profile(**(new or {})))
        return one

    def larger(self):
        return driver.server_profile(flavor="m1.small")

    def server(self, cloud=None):
        return (cloud or self.cloud).compute.all["server-1"]

    def test_same_spec_costs_nothing(self):
        self.updated()

        self.assertEqual([], self.cloud.calls)

    def test_flavor_is_changed_by_a_resize_and_the_server_runs_again(self):
        self.updated(new={"flavor": "m1.small"})

        self.assertEqual(["os-stop", "resize", "confirmResize", "os-start"], self.cloud.calls)
        self.assertEqual("2", self.server()["flavor"]["id"])
        self.assertEqual("ACTIVE", self.server()["status"])

    def test_resize_keeps_the_disk_config(self):
        self.updated(new={"flavor": "m1.small"})

        bodies = [body["resize"] for body, _ in self.cloud.compute.bodies if "resize" in body]
        self.assertEqual([{"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"}], bodies)

    def test_image_is_changed_by_a_rebuild(self):
        self.updated(new={"image": "fedora", "name": "other"})

        self.assertEqual(["os-stop", "rebuild", "os-start"], self.cloud.calls)
        self.assertEqual("image-2", self.server()["image"]["id"])
        self.assertEqual("other", self.server()["name"])

    def test_stopped_server_stays_off(self):
        one = self.created()
        one.run("operate", {"operation": "stop", "params": {}})
        self.cloud.calls.clear()

        one.run("update", {}, driver.server_profile(flavor="m1.small"))

        self.assertEqual(["resize", "confirmResize"], self.cloud.calls)
        self.assertEqual("SHUTOFF", self.server()["status"])
        self.assertEqual("SHUTOFF", one.node.data["power"])

    def test_server_that_does_not_exist_any_more_is_the_nodes_no_longer(self):
        one = self.created()
        self.cloud.compute.all.clear()

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.run,
            "update",
            {},
            driver.server_profile(flavor="m1.small"),
        )

        self.assertEqual({"physical_id": None}, error.node)

    def test_server_that_is_being_deleted_cannot_be_updated(self):
        one = self.created()
        self.server()["OS-EXT-STS:task_state"] = "deleting"

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.run,
            "update",
            {},
            driver.server_profile(metadata={"a": 1}),
        )

        self.assertEqual(consts.ReasonClass.CONFLICT, error.reason)

    def test_everything_at_once_survives_being_killed(self):
        old = {"networks": [{"network": "private", "subnet": "sub"}], "metadata": {"a": "1"}}
        new = {
            "flavor": "m1.small",
            "image": "fedora",
            "name": "other",
            "metadata": {"b": "2"},
            "networks": [{"network": "public"}, {"network": "public", "subnet": "sub"}],
        }

        def scenario(cloud):
            self.prepare(cloud)
            self.updated(old, new, cloud)

        def expected(cloud):
            server = self.server(cloud)
            self.assertEqual(["server-1"], list(cloud.compute.existing()))
            self.assertEqual("2", server["flavor"]["id"])
            self.assertEqual("image-2", server["image"]["id"])
            self.assertEqual("other", server["name"])
            self.assertEqual("ACTIVE", server["status"])
            self.assertEqual({"b": "2", "cluster_node_id": driver.NODE_ID}, server["metadata"])
            self.assertEqual(["net-2", "net-2"], [one["net_id"] for one in server["_ports"]])
            self.assertEqual(1, len(cloud.network.all_ports))

        self.assert_same_end_when_killed(scenario, expected)

    def test_boot_from_volume_server_can_be_updated(self):
        device = {
            "source_type": "image",
            "destination_type": "volume",
            "uuid": "cirros",
            "volume_size": 1,
            "boot_index": 0,
        }
        spec = {"image": None, "block_device_mapping_v2": [device]}

        self.updated(spec, {**spec, "flavor": "m1.small", "metadata": {"a": "b"}})

        self.assertEqual("2", self.server()["flavor"]["id"])
        self.assertEqual("b", self.server()["metadata"]["a"])

    def test_metadata_of_others_stays(self):
        one = self.created(driver.server_profile(metadata={"a": "1", "b": "2"}))
        self.server()["metadata"]["theirs"] = "x"

        one.run("update", {}, driver.server_profile(metadata={"b": "3"}))

        expected = {"b": "3", "theirs": "x", "cluster_node_id": driver.NODE_ID}
        self.assertEqual(expected, self.server()["metadata"])

    def test_name_of_the_node_renames_the_server(self):
        self.updated(name="renamed")

        self.assertEqual(["update_server"], self.cloud.calls)
        self.assertEqual("renamed", self.server()["name"])

    def test_security_groups_change_on_the_port(self):
        nic = {"network": "private", "subnet": "sub"}
        old = {"networks": [{**nic, "security_groups": ["default"]}]}

        one = self.updated(old, {"networks": [{**nic, "security_groups": ["web"]}]})

        self.assertEqual(["update_port"], self.cloud.calls)
        self.assertEqual(["sg-2"], one.node.data["internal_ports"][0]["security_group_ids"])

    def test_removed_nic_takes_its_port_and_floating_address_away(self):
        nic = {"network": "private", "floating_network": "public"}

        one = self.updated({"networks": [{"network": "private"}, nic]}, {"networks": [nic]})

        self.assertEqual(["detach_interface"], self.cloud.calls)
        self.assertEqual(1, len(self.cloud.network.all_ports))

        one.run("update", {}, driver.server_profile(networks=[{"network": "private"}]))
        self.assertEqual({}, self.cloud.network.all_floating)

    def test_property_that_cannot_change_is_refused(self):
        one = self.created()
        new = driver.server_profile(key_name="key", config_drive=True)

        error = self.assertRaises(exception.InvalidSpec, one.profile.check_update, new)

        self.assertEqual(
            "The properties cannot be updated: 'config_drive', 'key_name'", error.message
        )

    def test_paused_server_gets_no_new_flavor(self):
        one = self.created()
        self.server()["status"] = "PAUSED"

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.run,
            "update",
            {},
            driver.server_profile(flavor="m1.small"),
        )

        self.assertEqual(consts.ReasonClass.CONFLICT, error.reason)

    def test_failed_resize_starts_the_server_again(self):
        one = self.created()
        self.cloud.fail("resize", 403, message="Quota exceeded", reason=consts.ReasonClass.QUOTA)

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.run,
            "update",
            {},
            driver.server_profile(flavor="m1.small"),
        )

        self.assertEqual(consts.ReasonClass.QUOTA, error.reason)
        self.cloud.tick()
        self.assertEqual("ACTIVE", self.server()["status"])

    def test_stop_timeout_is_that_of_the_cluster(self):
        one = self.created()
        self.cloud.compute.all["server-1"]["status"] = "ACTIVE"
        self.cloud.compute.stuck.add("server-1")

        error = self.assertRaises(
            profiles.ProcedureFailed,
            one.run,
            "update",
            {},
            driver.server_profile(flavor="m1.small"),
            {"cluster.stop_timeout_before_update": 4},
        )

        self.assertEqual(consts.ReasonClass.TIMEOUT, error.reason)

    def test_node_without_server_is_refused(self):
        error = self.assertRaises(
            profiles.ProcedureFailed, self.driver().run, "update", {}, driver.server_profile()
        )

        self.assertEqual(consts.ReasonClass.INVALID, error.reason)
