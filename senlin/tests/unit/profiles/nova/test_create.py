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

import ddt

from senlin.cloud import errors
from senlin.common import consts
from senlin.profiles import base as profiles
from senlin.tests.unit.profiles.nova import driver
from senlin.tests.unit.profiles.nova import fake_cloud

NIC_WITH_PORT = {
    "network": "private",
    "subnet": "sub",
    "security_groups": ["web"],
    "floating_network": "public",
}


@ddt.ddt
class TestCreate(driver.ProcedureTestCase):
    def refuse_lists(self, number, refusal):
        """Have the cloud refuse so many of the next lists of servers."""
        answer = self.cloud.compute.servers_named
        refusals = [errors.CloudError("No.", **refusal) for _ in range(number)]

        def servers_named(name):
            if refusals:
                raise refusals.pop()
            return answer(name)

        self.cloud.compute.servers_named = servers_named

    def test_plain_server_costs_one_changing_call(self):
        one = self.driver(driver.server_profile(networks=[{"network": "private"}]))

        one.run("create")

        self.assertEqual(["create_server"], self.cloud.calls)
        self.assertEqual("server-1", one.node.physical_id)
        placement = {"zone": "az1", "zone_chosen_by": "compute"}
        self.assertEqual({"placement": placement}, one.node.data)

    def test_physical_id_is_saved_with_the_answer_of_the_call(self):
        one = self.driver()

        one.run("create")

        self.assertEqual("server-1", one.answers[0].node["physical_id"])

    def test_member_server_bears_the_marks_and_the_users_metadata(self):
        a_node = driver.node(cluster_id="c1", index=3)
        one = self.driver(driver.server_profile(metadata={"tier": 2}), a_node)

        one.run("create")

        expected = {
            "tier": "2",
            "cluster_node_id": driver.NODE_ID,
            "cluster_id": "c1",
            "cluster_node_index": "3",
        }
        self.assertEqual(expected, self.cloud.compute.all["server-1"]["metadata"])

    def test_spec_becomes_the_request(self):
        profile = driver.server_profile(
            name="web",
            admin_pass="pw",
            auto_disk_config=False,
            config_drive=True,
            key_name="key",
            security_groups=["default"],
            user_data="#!/bin/sh",
            scheduler_hints={"different_host": "x"},
            personality=[{"path": "/etc/x", "contents": "eA=="}],
            networks=[{"network": "private", "fixed_ip": "10.0.0.9"}],
        )
        data = {"placement": {"zone": "az2", "servergroup": "group-1"}}

        self.driver(profile, driver.node(data=data)).run("create")

        body, hints = self.cloud.compute.bodies[0]
        self.assertEqual({"different_host": "x", "group": "group-1"}, hints)
        expected = {
            "name": "web",
            "flavorRef": "1",
            "imageRef": "image-1",
            "metadata": {"cluster_node_id": driver.NODE_ID},
            "OS-DCF:diskConfig": "MANUAL",
            "networks": [{"uuid": "net-1", "fixed_ip": "10.0.0.9"}],
            "availability_zone": "az2",
            "adminPass": "pw",
            "config_drive": True,
            "key_name": "key",
            "personality": [{"path": "/etc/x", "contents": "eA=="}],
            "security_groups": [{"name": "default"}],
            "user_data": "IyEvYmluL3No",
        }
        self.assertEqual(expected, body)

    def test_a_zone_of_a_policy_is_kept_as_it_is(self):
        data = {"placement": {"zone": "az2"}}
        one = self.driver(a_node=driver.node(data=data))

        one.run("create")

        self.assertEqual(data, one.node.data)

    def test_block_devices_name_their_volume_type_and_leave_nulls_out(self):
        device = {
            "source_type": "image",
            "destination_type": "volume",
            "uuid": "cirros",
            "volume_size": "5",
            "boot_index": 0,
            "volume_type": "vt-1",
        }
        profile = driver.server_profile(image=None, block_device_mapping_v2=[device])

        self.driver(profile).run("create")

        body, _ = self.cloud.compute.bodies[0]
        expected = {**device, "uuid": "image-1", "volume_size": 5, "volume_type": "fast"}
        self.assertEqual([expected], body["block_device_mapping_v2"])
        self.assertNotIn("imageRef", body)

    def test_volume_in_use_is_refused(self):
        self.cloud.block_storage.all["v1"] = {"id": "v1", "status": "in-use"}
        device = {
            "source_type": "volume",
            "destination_type": "volume",
            "uuid": "v1",
            "volume_size": 1,
        }
        one = self.driver(driver.server_profile(block_device_mapping_v2=[device]))

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual("The volume 'v1' is in-use.", error.message)

    def test_port_and_floating_address_are_recorded_one_after_the_other(self):
        one = self.driver(driver.server_profile(networks=[NIC_WITH_PORT]))

        one.run("create")

        self.assertEqual(["create_port", "create_floating_ip", "create_server"], self.cloud.calls)
        (record,) = one.node.data["internal_ports"]
        self.assertEqual("port-1", record["id"])
        self.assertTrue(record["remove"])
        self.assertEqual(["sg-2"], record["security_group_ids"])
        self.assertEqual("fip-2", record["floating"]["id"])
        self.assertTrue(record["floating"]["remove"])
        body, _ = self.cloud.compute.bodies[0]
        self.assertEqual([{"port": "port-1"}], body["networks"])

    def test_killed_anywhere_there_is_one_server_and_one_port(self):
        profile = driver.server_profile(networks=[NIC_WITH_PORT, {"network": "private"}])

        def scenario(cloud):
            self.created(profile, cloud)

        def expected(cloud):
            self.assertEqual(1, len(cloud.compute.all))
            self.assertEqual(1, len(cloud.network.all_ports))
            self.assertEqual(1, len(cloud.network.all_floating))

        self.assert_same_end_when_killed(scenario, expected)

    def test_lost_reply_is_found_by_the_mark(self):
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)

        one = self.created()

        self.assertEqual("server-1", one.node.physical_id)
        self.assertEqual(1, len(self.cloud.compute.all))

    def test_lost_request_is_sent_again(self):
        self.cloud.fail("create_server", outcome_unknown=True, retryable=True)

        one = self.created()

        self.assertEqual(["server-1"], list(self.cloud.compute.existing()))
        self.assertEqual("server-1", one.node.physical_id)

    def test_request_that_arrives_late_is_found_when_the_next_one_is_refused(self):
        self.cloud.fail("create_server", outcome_unknown=True, retryable=True)
        real, asked = self.cloud.compute.create_server, []

        def create(body, hints=None):
            asked.append(body)
            if len(asked) == 2:
                real(body, hints)
                raise errors.CloudError("No.", status=409, reason=consts.ReasonClass.CONFLICT)
            return real(body, hints)

        one = self.driver()
        self.cloud.compute.create_server = create
        one.run("create")

        self.assertEqual([one.node.physical_id], list(self.cloud.compute.existing()))

    @ddt.data(
        {"status": 409, "reason": consts.ReasonClass.CONFLICT},
        {"status": 500, "reason": consts.ReasonClass.UNAVAILABLE, "retryable": True},
    )
    def test_lost_reply_is_found_although_looks_are_refused(self, refusal):
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)
        self.refuse_lists(4, refusal)

        one = self.created()

        self.assertEqual("server-1", one.node.physical_id)
        self.assertEqual(1, len(self.cloud.compute.all))

    def test_looks_that_are_always_refused_end_some_time(self):
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)
        self.refuse_lists(99, {"status": 403, "reason": consts.ReasonClass.AUTH})

        self.assertRaises(errors.CloudError, self.created)

    @ddt.data(0, 2)
    def test_request_that_arrives_late_leaves_no_second_server(self, refused):
        self.cloud.fail("create_server", outcome_unknown=True, retryable=True)
        profile = driver.server_profile()
        real = self.cloud.compute.create_server

        def create_twice(body, hints=None):
            first = real(body, hints)
            real(body, hints)
            self.refuse_lists(refused, {"status": 409, "reason": consts.ReasonClass.CONFLICT})
            return first

        self.cloud.compute.create_server = create_twice
        one = self.created(profile)

        self.assertEqual([one.node.physical_id], list(self.cloud.compute.existing()))

    def test_of_two_servers_with_the_mark_the_oldest_is_kept(self):
        self.created()
        self.created()
        one = self.driver()
        self.cloud.kill_at = self.cloud.changes + 1
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)

        one.run("create")

        self.assertEqual("server-1", one.node.physical_id)
        self.assertEqual(["server-1"], list(self.cloud.compute.existing()))

    def test_lost_reply_of_a_port_makes_no_second_port(self):
        self.cloud.fail("create_port", happens=True, outcome_unknown=True, retryable=True)

        self.created(driver.server_profile(networks=[NIC_WITH_PORT]))

        self.assertEqual(1, len(self.cloud.network.all_ports))

    def test_no_valid_host_is_a_retryable_lack_of_capacity(self):
        self.cloud.compute.outcomes.append("ERROR")
        one = self.driver(driver.server_profile(networks=[NIC_WITH_PORT]))

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual(consts.ReasonClass.CAPACITY, error.reason)
        self.assertEqual("No valid host was found.", error.message)
        self.assertTrue(error.retryable)
        self.assertEqual({"physical_id": "server-1"}, error.node)
        self.assertEqual({}, self.cloud.compute.existing())
        self.assertEqual({}, self.cloud.network.all_ports)
        self.assertEqual({}, self.cloud.network.all_floating)

    def test_the_reason_of_a_failed_build_is_waited_for(self):
        self.cloud.compute.outcomes.append("ERROR")
        self.cloud.compute.looks_without_fault = 2
        one = self.driver()

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual(consts.ReasonClass.CAPACITY, error.reason)

    def test_a_failed_build_without_a_reason_is_given_up_after_a_while(self):
        self.cloud.compute.outcomes.append("ERROR")
        self.cloud.compute.looks_without_fault = 100
        one = self.driver()

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual("The compute service gives no reason.", error.message)
        self.assertLess(one.now, 1030)

    def test_build_that_fails_is_worth_another_try_unless_a_user_has_to_act(self):
        for fault, retryable in (
            ("Build of instance aborted: odd", True),
            ("Failed to allocate the network(s)", True),
            ("Image is corrupt", False),
            ("Quota exceeded", False),
        ):
            cloud = fake_cloud.FakeCloud()
            cloud.compute.outcomes.append("ERROR")
            cloud.compute.fault = fault
            one = self.driver(cloud=cloud)

            error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

            self.assertEqual(retryable, error.retryable, fault)

    def test_a_quota_that_nova_found_full_afterwards_is_asked_of_again_at_some_other_time(self):
        ends = set()
        self.cloud.compute.fault = (
            "Quota exceeded for cores,instances: Requested 1, 1, but already used 2, 2 of 2, 2 "
            "cores,instances"
        )
        for _ in range(8):
            self.cloud.compute.outcomes.append("ERROR")
            one = self.driver()
            error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")
            self.assertEqual(consts.ReasonClass.QUOTA, error.reason)
            self.assertTrue(error.retryable)
            ends.add(one.now)

        self.assertEqual({}, self.cloud.compute.existing())
        self.assertEqual(8, len(ends))
        self.assertLess(max(ends) - min(ends), 20)

    def test_a_port_that_cannot_be_deleted_does_not_hide_why_the_build_failed(self):
        self.cloud.compute.outcomes.append("ERROR")
        self.cloud.fail("delete_port", status=403)
        one = self.driver(driver.server_profile(networks=[NIC_WITH_PORT]))

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual("No valid host was found.", error.message)
        self.assertEqual(1, len(one.node.data["internal_ports"]))

    def test_a_failed_server_that_cannot_be_deleted_stays_the_nodes(self):
        self.cloud.compute.outcomes.append("ERROR")
        self.cloud.fail("delete_server", status=409)
        one = self.driver()

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        # Another try would put a second server in its place.
        self.assertFalse(error.retryable)
        self.assertEqual({"physical_id": "server-1"}, error.node)

    def test_a_failed_server_that_does_not_go_in_time_stays_the_nodes(self):
        self.config(default_nova_timeout=10)
        self.cloud.compute.outcomes.append("ERROR")
        self.cloud.compute.delete_server = lambda *_args, **_options: True
        one = self.driver()

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertFalse(error.retryable)
        self.assertEqual({"physical_id": "server-1"}, error.node)

    def test_failed_build_leaves_nothing_wherever_it_is_killed(self):
        profile = driver.server_profile(networks=[NIC_WITH_PORT])

        def scenario(cloud):
            cloud.compute.outcomes.append("ERROR")
            one = self.driver(profile, cloud=cloud)
            self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        def expected(cloud):
            self.assertEqual({}, cloud.compute.existing())
            self.assertEqual({}, cloud.network.all_ports)
            self.assertEqual({}, cloud.network.all_floating)

        self.assert_same_end_when_killed(scenario, expected)

    def test_server_that_never_becomes_active_is_deleted_at_the_deadline(self):
        self.config(default_nova_timeout=10)
        self.cloud.compute.outcomes.append("BUILD")
        one = self.driver()

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual(consts.ReasonClass.TIMEOUT, error.reason)
        self.assertEqual({}, self.cloud.compute.existing())

    def test_refused_request_takes_the_ports_away(self):
        self.cloud.fail(
            "create_server", 403, message="Quota exceeded", reason=consts.ReasonClass.QUOTA
        )
        one = self.driver(driver.server_profile(networks=[NIC_WITH_PORT]))

        error = self.assertRaises(profiles.ProcedureFailed, one.run, "create")

        self.assertEqual(consts.ReasonClass.QUOTA, error.reason)
        self.assertFalse(error.retryable)
        self.assertEqual({}, self.cloud.network.all_ports)

    def test_names_are_looked_up_anew_after_a_refusal(self):
        self.cloud.fail("create_server", 400, message="Can not find requested image")

        self.assertRaises(profiles.ProcedureFailed, self.driver().run, "create")

        self.assertEqual([("flavor", "m1.tiny"), ("image", "cirros")], self.cloud.forgotten)

    def test_retryable_refusal_goes_to_the_engine_as_it_is(self):
        self.cloud.fail("create_server", 503, retryable=True, retry_after=3)
        one = self.driver()

        error = self.assertRaises(fake_cloud.errors.CloudError, one.run, "create")

        self.assertEqual(3, error.retry_after)

    def test_server_of_an_earlier_failed_try_is_not_taken_for_the_new_one(self):
        old = self.created()
        a_node = driver.node(physical_id=old.node.physical_id)
        self.cloud.fail("create_server", happens=True, outcome_unknown=True, retryable=True)

        one = self.created(a_node=a_node)

        self.assertEqual("server-2", one.node.physical_id)
        self.assertEqual(["server-2"], list(self.cloud.compute.existing()))
