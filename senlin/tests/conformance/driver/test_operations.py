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

"""What a server can be asked for, and when it refuses."""

from senlin.tests.conformance import base


class OperationsTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create_active()["id"]

    def ask(self, action, status):
        """Ask for something and wait for what it leads to."""
        body = action if isinstance(action, dict) else {action: None}
        self.cloud.compute.action(self.server, body)
        return self.reaches(self.server, status)

    def refuses(self, action):
        body = action if isinstance(action, dict) else {action: None}
        error = self.refused(409, self.cloud.compute.action, self.server, body)
        self.assertEqual("conflict", error.reason)
        return error

    def test_stop_and_start(self):
        self.refuses("os-start")
        server = self.ask("os-stop", "SHUTOFF")
        self.assertEqual(4, server["OS-EXT-STS:power_state"])
        error = self.refuses("os-stop")
        self.assertIn("while it is in vm_state stopped", error.message)
        self.ask("os-start", "ACTIVE")

    def test_pause_and_unpause(self):
        self.refuses("unpause")
        self.ask("pause", "PAUSED")
        self.refuses("pause")
        self.ask("unpause", "ACTIVE")

    def test_suspend_and_resume(self):
        self.refuses("resume")
        self.ask("suspend", "SUSPENDED")
        self.refuses("suspend")
        self.ask("resume", "ACTIVE")

    def test_rescue_and_unrescue(self):
        self.refuses("unrescue")
        self.ask({"rescue": None}, "RESCUE")
        self.refuses({"rescue": None})
        self.ask("unrescue", "ACTIVE")

    def test_reboots(self):
        for kind in ("SOFT", "HARD"):
            self.ask({"reboot": {"type": kind}}, "ACTIVE")

    def test_a_stopped_server_is_rebooted_hard_only(self):
        self.ask("os-stop", "SHUTOFF")
        self.refuses({"reboot": {"type": "SOFT"}})
        self.ask({"reboot": {"type": "HARD"}}, "ACTIVE")

    def test_a_rebuild_keeps_the_id_and_the_addresses(self):
        before = self.cloud.compute.server(self.server)
        body = {"rebuild": {"imageRef": before["image"]["id"], "name": f"{self.name}-b"}}
        answer = self.cloud.compute.action(self.server, body)
        self.assertEqual("REBUILD", answer["server"]["status"])
        after = self.reaches(self.server, "ACTIVE")
        self.assertEqual(f"{self.name}-b", after["name"])
        self.assertEqual(before["addresses"], after["addresses"])

    def test_a_rebuild_from_an_unknown_image_is_refused(self):
        body = {"rebuild": {"imageRef": "3f3b2c5e-0000-4000-8000-000000000000"}}
        self.refused(400, self.cloud.compute.action, self.server, body)

    def test_a_locked_server_serves_its_project_all_the_same(self):
        self.cloud.compute.action(self.server, {"lock": None})
        self.assertIs(True, self.cloud.compute.server(self.server)["locked"])
        error = self.refuses("os-stop")
        self.assertIn("locked", error.message)
        self.refused(409, self.cloud.compute.delete_server, self.server)
        self.cloud.compute.action(self.server, {"unlock": None})
        self.ask("os-stop", "SHUTOFF")

    def test_a_password_can_be_changed(self):
        self.ask({"changePassword": {"adminPass": "right-horse"}}, "ACTIVE")

    def test_an_image_can_be_taken(self):
        answer = self.cloud.compute.create_image(
            self.server, {"createImage": {"name": self.name, "metadata": {}}}
        )
        self.addCleanup(self.admin.image.delete_image, answer, ignore_missing=True)
        self.becomes(
            "the image is there",
            lambda: self.cloud.image.get(f"/images/{answer}")["status"] == "active",
        )
        self.reaches(self.server, "ACTIVE")

    def test_a_member_may_not_evacuate(self):
        error = self.refused(403, self.cloud.compute.action, self.server, {"evacuate": {}}, "2.14")
        self.assertEqual("auth", error.reason)

    def test_an_unknown_action_is_refused(self):
        self.refused(400, self.cloud.compute.action, self.server, {"no-such-thing": None})


class ResizeTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.create_active()["id"]
        self.larger = self.cloud.look_up("flavor", self.settings.larger)["id"]

    def resize(self):
        self.cloud.compute.action(self.server, {"resize": {"flavorRef": self.larger}})
        return self.reaches(self.server, "VERIFY_RESIZE")

    @base.needs("migration")
    def test_a_resize_waits_for_its_confirmation(self):
        self.assertEqual(self.larger, self.resize()["flavor"]["id"])
        self.cloud.compute.action(self.server, {"confirmResize": None})
        server = self.reaches(self.server, "ACTIVE")
        self.assertEqual(self.larger, server["flavor"]["id"])

    @base.needs("migration")
    def test_a_resize_can_be_taken_back(self):
        before = self.cloud.compute.server(self.server)["flavor"]["id"]
        self.resize()
        self.cloud.compute.action(self.server, {"revertResize": None})
        self.assertEqual(before, self.reaches(self.server, "ACTIVE")["flavor"]["id"])

    def test_there_is_nothing_to_confirm_or_to_take_back(self):
        for action in ("confirmResize", "revertResize"):
            self.refused(409, self.cloud.compute.action, self.server, {action: None})

    def test_a_resize_to_the_same_or_an_unknown_flavor_is_refused(self):
        same = self.cloud.compute.server(self.server)["flavor"]["id"]
        for flavor in (same, "no-such-flavor"):
            body = {"resize": {"flavorRef": flavor}}
            self.refused(400, self.cloud.compute.action, self.server, body)
