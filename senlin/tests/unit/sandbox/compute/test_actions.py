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

"""Every action of a server, allowed and forbidden."""

from senlin.tests.unit.sandbox.compute import harness


class StateActionTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create()

    def assert_refused(self, action, argument=None, why="", token=None, status=409):
        answer = self.act(self.server, action, argument, token, expect=status)
        self.assertIn(why, answer.message)

    def test_a_stopped_server_can_be_started_but_not_stopped(self):
        self.assertEqual("SHUTOFF", self.act_and_wait(self.server, "os-stop"))
        self.assert_refused(
            "os-stop",
            why=f"Cannot 'stop' instance {self.server} while it is in vm_state stopped",
        )
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "os-start"))

    def test_an_action_during_another_is_refused_for_the_task_state(self):
        self.cloud.knobs.update({"operation_delay": 10})
        self.act(self.server, "os-stop")
        self.assert_refused("pause", why="while it is in task_state powering-off")

    def test_a_building_server_cannot_be_stopped(self):
        self.server = self.build("other")
        self.assert_refused("os-stop", why="while it is in vm_state building")

    def test_a_soft_reboot_needs_a_running_server_and_a_hard_one_does_not(self):
        self.cloud.knobs.update({"operation_delay": 10})
        self.act(self.server, "reboot", {"type": "SOFT"})
        self.assertEqual("REBOOT", self.status(self.server))
        self.act(self.server, "reboot", {"type": "HARD"})
        self.assertEqual("HARD_REBOOT", self.status(self.server))
        self.cloud.knobs.update({"operation_delay": 0})
        self.pass_time(11)
        self.act_and_wait(self.server, "os-stop")
        self.assert_refused("reboot", {"type": "SOFT"}, "Cannot 'reboot' instance")
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "reboot", {"type": "HARD"}))

    def test_pause_and_unpause(self):
        self.assertEqual("PAUSED", self.act_and_wait(self.server, "pause"))
        self.assert_refused("suspend", why="vm_state paused")
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "unpause"))

    def test_suspend_and_resume(self):
        self.assertEqual("SUSPENDED", self.act_and_wait(self.server, "suspend"))
        self.assert_refused("os-stop", why="vm_state suspended")
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "resume"))

    def test_rescue_and_unrescue(self):
        self.assertEqual("RESCUE", self.act_and_wait(self.server, "rescue", {}, expect=200))
        self.assert_refused("os-stop", why="vm_state rescued")
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "unrescue"))

    def test_shelve_leaves_the_host_and_unshelve_finds_one(self):
        self.assertEqual("SHELVED_OFFLOADED", self.act_and_wait(self.server, "shelve"))
        self.assertIsNone(self.host_of(self.server))
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "unshelve"))
        self.assertIsNotNone(self.host_of(self.server))

    def test_a_password_change_shows_itself_while_it_goes_on(self):
        self.act(self.server, "changePassword", {"adminPass": "new"})
        self.cloud.knobs.update({"operation_delay": 10})
        self.act(self.server, "changePassword", {"adminPass": "newer"})
        self.assertEqual("PASSWORD", self.status(self.server))

    def test_a_locked_server_is_its_owners_only_to_unlock(self):
        self.act(self.server, "lock", {"locked_reason": "hands off"})
        shown = self.show(self.server)
        self.assertEqual((True, "hands off"), (shown["locked"], shown["locked_reason"]))
        self.assert_refused("os-stop", why=f"Instance {self.server} is locked")
        self.nova("DELETE", f"/servers/{self.server}", expect=409)
        self.act(self.server, "unlock")
        self.assertEqual("SHUTOFF", self.act_and_wait(self.server, "os-stop"))

    def test_an_administrator_may_act_on_a_locked_server(self):
        self.act(self.server, "lock")
        self.assertEqual("SHUTOFF", self.act_and_wait(self.server, "os-stop", token=self.admin))

    def test_only_an_administrator_resets_the_state(self):
        self.assert_refused("os-resetState", {"state": "error"}, "Policy doesn't allow", status=403)
        self.act(self.server, "os-resetState", {"state": "error"}, self.admin)
        self.assertEqual("ERROR", self.status(self.server))

    def test_restore_is_refused_unless_the_server_is_soft_deleted(self):
        self.assert_refused("restore", why="Cannot 'restore' instance")

    def test_force_delete_deletes(self):
        self.assertEqual("GONE", self.act_and_wait(self.server, "forceDelete"))

    def test_an_unknown_action_and_two_at_once_are_bad_requests(self):
        self.assert_refused("dance", why="There is no such action: dance", status=400)
        answer = self.nova(
            "POST", f"/servers/{self.server}/action", {"pause": None, "lock": None}, expect=400
        )
        self.assertIn("exactly one action", answer.message)

    def test_an_image_is_made_of_a_server(self):
        answer = self.act(self.server, "createImage", {"name": "snap", "metadata": {"a": "b"}})
        image = self.call("GET", f"/image/v2/images/{answer.json['image_id']}", token=self.demo)
        self.assertEqual(
            ("snap", "active", "b"), tuple(map(image.json.get, ("name", "status", "a")))
        )

    def test_before_2_45_the_image_is_named_by_a_header(self):
        answer = self.act(self.server, "createImage", {"name": "snap"}, version="2.44")
        self.assertEqual(b"", answer.body)
        self.assertIn("/images/", answer.headers["Location"])

    def test_a_security_group_is_put_on_the_ports_and_taken_off(self):
        self.call(
            "POST",
            "/network/v2.0/security-groups",
            {"security_group": {"name": "web"}},
            self.demo,
        )
        self.act(self.server, "addSecurityGroup", {"name": "web"})
        names = [group["name"] for group in self.show(self.server)["security_groups"]]
        self.assertEqual(["default", "web"], names)
        ports = self.call(
            "GET", f"/network/v2.0/ports?device_id={self.server}", token=self.demo
        ).json["ports"]
        self.assertEqual(2, len(ports[0]["security_groups"]))
        self.act(self.server, "removeSecurityGroup", {"name": "web"})
        names = [group["name"] for group in self.show(self.server)["security_groups"]]
        self.assertEqual(["default"], names)
        self.assert_refused("addSecurityGroup", {"name": "nope"}, "nope not found", status=404)

    def test_a_reader_may_look_but_not_act(self):
        reader = self.token("reader", "demo")
        self.assertEqual("web", self.show(self.server, reader)["name"])
        self.assert_refused("os-stop", why="Policy doesn't allow", token=reader, status=403)

    def test_another_project_does_not_see_the_server(self):
        self.assert_refused(
            "os-stop", why="could not be found", token=self.token("alt"), status=404
        )


class RebuildTest(harness.ComputeTestCase):
    def test_a_rebuild_takes_a_new_image_and_name(self):
        server = self.create()
        wanted = {"imageRef": self.other_image_id, "name": "new", "adminPass": "pw"}
        answer = self.act(server, "rebuild", wanted)
        self.assertEqual(
            ("REBUILD", "pw"), (answer.json["server"]["status"], answer.json["server"]["adminPass"])
        )
        self.pass_time(1)
        shown = self.show(server)
        self.assertEqual(
            ("ACTIVE", "new", self.other_image_id),
            (shown["status"], shown["name"], shown["image"]["id"]),
        )

    def test_a_stopped_server_stays_stopped(self):
        server = self.create()
        self.act_and_wait(server, "os-stop")
        self.assertEqual(
            "SHUTOFF", self.act_and_wait(server, "rebuild", {"imageRef": self.image_id})
        )

    def test_a_failed_server_is_mended(self):
        server = self.create()
        self.act(server, "os-resetState", {"state": "error"}, self.admin)
        self.assertEqual(
            "ACTIVE", self.act_and_wait(server, "rebuild", {"imageRef": self.image_id})
        )

    def test_a_server_that_must_fail_fails_again(self):
        server = self.create(metadata={"bench.fail": "spawn"})
        self.assertEqual("ERROR", self.act_and_wait(server, "rebuild", {"imageRef": self.image_id}))

    def test_an_unknown_image_is_a_bad_request(self):
        answer = self.act(self.create(), "rebuild", {"imageRef": "nope"}, expect=400)
        self.assertEqual("Can not find requested image", answer.message)


class MoveTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create(availability_zone=None)

    def test_a_confirmed_resize_keeps_the_new_flavor(self):
        self.assertEqual(
            "VERIFY_RESIZE", self.act_and_wait(self.server, "resize", {"flavorRef": "2"})
        )
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "confirmResize", expect=204))
        self.assertEqual("m1.micro", self.show(self.server)["flavor"]["original_name"])

    def test_a_reverted_resize_has_the_old_flavor_and_host(self):
        host = self.host_of(self.server)
        self.act_and_wait(self.server, "resize", {"flavorRef": "2"})
        self.assertEqual("ACTIVE", self.act_and_wait(self.server, "revertResize"))
        self.assertEqual("m1.nano", self.show(self.server)["flavor"]["original_name"])
        self.assertEqual(host, self.host_of(self.server))

    def test_a_stopped_server_is_stopped_after_its_resize(self):
        self.act_and_wait(self.server, "os-stop")
        self.act_and_wait(self.server, "resize", {"flavorRef": "2"})
        self.assertEqual("SHUTOFF", self.act_and_wait(self.server, "confirmResize", expect=204))

    def test_a_resize_to_the_same_flavor_is_refused(self):
        answer = self.act(self.server, "resize", {"flavorRef": "1"}, expect=400)
        self.assertEqual("When resizing, instances must change flavor!", answer.message)

    def test_confirming_without_a_resize_is_a_conflict(self):
        answer = self.act(self.server, "confirmResize", expect=409)
        self.assertIn("Cannot 'confirmResize' instance", answer.message)

    def test_a_cold_migration_goes_to_another_host(self):
        before = self.host_of(self.server)
        self.assertEqual(
            "VERIFY_RESIZE", self.act_and_wait(self.server, "migrate", token=self.admin)
        )
        self.act_and_wait(self.server, "confirmResize", expect=204)
        self.assertNotEqual(before, self.host_of(self.server))

    def test_a_live_migration_goes_to_another_host_without_a_stop(self):
        before = self.host_of(self.server)
        wanted = {"host": None, "block_migration": "auto"}
        self.assertEqual(
            "ACTIVE", self.act_and_wait(self.server, "os-migrateLive", wanted, self.admin)
        )
        self.assertNotEqual(before, self.host_of(self.server))

    def test_only_servers_of_dead_hosts_are_evacuated(self):
        before = self.host_of(self.server)
        answer = self.act(self.server, "evacuate", {}, self.admin, expect=400)
        self.assertEqual(f"Compute service of {before} is still in use.", answer.message)
        self.cloud.knobs.update({"down_hosts": [before]})
        self.act_and_wait(self.server, "evacuate", {}, self.admin, expect=200)
        self.assertNotEqual(before, self.host_of(self.server))

    def test_members_may_not_move_servers_between_hosts(self):
        self.act(self.server, "migrate", expect=403)
        self.act(self.server, "evacuate", {}, expect=403)

    def test_every_move_is_listed(self):
        self.act_and_wait(self.server, "resize", {"flavorRef": "2"})
        self.act_and_wait(self.server, "revertResize")
        self.act_and_wait(self.server, "migrate", token=self.admin)
        listed = self.nova("GET", "/os-migrations", token=self.admin, expect=200).json["migrations"]
        self.assertEqual(
            [("migration", "finished"), ("resize", "reverted")],
            [(one["migration_type"], one["status"]) for one in listed],
        )
