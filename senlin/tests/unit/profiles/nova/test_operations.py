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

import os

from senlin.cloud import errors
from senlin.common import consts
from senlin.common import exception
from senlin.common import secrets
from senlin.profiles import base as profiles
from senlin.profiles.nova import operations
from senlin.tests.unit.profiles.nova import driver
from senlin.tests.unit.profiles.nova import fake_cloud

#: Operation -> (status before, status after, what the node's data remember).
TRANSITIONS = {
    "reboot": ("ACTIVE", "ACTIVE", None),
    "rebuild": ("ACTIVE", "ACTIVE", None),
    "pause": ("ACTIVE", "PAUSED", "PAUSED"),
    "unpause": ("PAUSED", "ACTIVE", None),
    "suspend": ("ACTIVE", "SUSPENDED", "SUSPENDED"),
    "resume": ("SUSPENDED", "ACTIVE", None),
    "start": ("SHUTOFF", "ACTIVE", None),
    "stop": ("ACTIVE", "SHUTOFF", "SHUTOFF"),
    "rescue": ("ACTIVE", "RESCUE", "RESCUE"),
    "unrescue": ("RESCUE", "ACTIVE", None),
    "evacuate": ("ACTIVE", "ACTIVE", None),
}


class TestOperations(driver.ProcedureTestCase):
    def prepared(self, status="ACTIVE", cloud=None):
        one = self.created(cloud=cloud)
        one.cloud.compute.all["server-1"]["status"] = status
        return one

    def operate(self, one, operation, **params):
        return one.run("operate", {"operation": operation, "params": params})

    def test_every_published_operation_is_implemented(self):
        self.assertEqual(sorted(driver.server_profile().OPERATIONS), sorted(operations.IMPLEMENTED))

    def test_each_operation_leads_to_its_state(self):
        for operation, (before, after, power) in TRANSITIONS.items():
            cloud = type(self.cloud)()
            one = self.prepared(before, cloud)

            self.operate(one, operation)

            self.assertEqual(after, cloud.compute.all["server-1"]["status"], operation)
            self.assertEqual(power, one.node.data.get("power"), operation)

    def test_each_operation_survives_being_killed(self):
        for operation, (before, after, power) in TRANSITIONS.items():
            cloud = type(self.cloud)()
            one = self.prepared(before, cloud)
            cloud.kill_at = cloud.changes + 1

            self.operate(one, operation)

            self.assertIsNone(cloud.kill_at)
            self.assertEqual(after, cloud.compute.all["server-1"]["status"], operation)
            self.assertEqual(power, one.node.data.get("power"), operation)

    def test_lock_and_unlock_are_done_with_the_call(self):
        one = self.prepared()

        self.operate(one, "lock")
        self.assertTrue(self.cloud.compute.all["server-1"]["locked"])

        self.operate(one, "unlock")
        self.assertFalse(self.cloud.compute.all["server-1"]["locked"])

    def test_rescue_uses_the_image_of_image_ref(self):
        one = self.prepared()

        self.operate(one, "rescue", image_ref="cirros")

        self.assertEqual(
            {"rescue": {"rescue_image_ref": "image-1"}}, self.cloud.compute.bodies[-1][0]
        )

    def test_evacuate_to_a_host(self):
        one = self.prepared()

        self.operate(one, "evacuate", host="compute2", force="yes")

        self.assertEqual(
            {"evacuate": {"host": "compute2", "force": True}}, self.cloud.compute.bodies[-1][0]
        )
        self.assertEqual("2.29", self.cloud.compute.microversions[-1])

    def test_refused_operation_fails_with_the_clouds_words(self):
        one = self.prepared("SHUTOFF")

        error = self.assertRaises(profiles.ProcedureFailed, self.operate, one, "pause")

        self.assertEqual(consts.ReasonClass.CONFLICT, error.reason)
        self.assertIn("Cannot do it while it is SHUTOFF", error.message)

    def test_locked_server_makes_a_reboot_fail_though_it_is_active(self):
        one = self.prepared()
        self.cloud.fail(
            "reboot", 409, message="Instance is locked", reason=consts.ReasonClass.CONFLICT
        )

        error = self.assertRaises(profiles.ProcedureFailed, self.operate, one, "reboot")

        self.assertIn("Instance is locked", error.message)

    def test_conflict_after_a_lost_reply_is_waited_for(self):
        one = self.prepared()
        self.cloud.kill_at = self.cloud.changes + 1
        self.cloud.fail(
            "reboot",
            409,
            happens=True,
            message="Cannot 'reboot' while it is in task_state rebooting_hard",
            reason=consts.ReasonClass.CONFLICT,
        )
        self.cloud.faults.insert(0, fake_cloud.Fault("reboot", fake_cloud.Killed(), True))

        self.operate(one, "reboot")

        self.assertEqual(2, self.cloud.calls.count("reboot"))

    def test_lost_request_goes_to_the_engine_to_be_sent_again(self):
        one = self.prepared()
        self.cloud.fail("os-stop", outcome_unknown=True, retryable=True)

        self.assertRaises(errors.CloudError, self.operate, one, "stop")

    def test_operation_that_does_nothing_fails_after_a_while(self):
        one = self.prepared()
        self.cloud.compute.stuck.add("server-1")

        error = self.assertRaises(profiles.ProcedureFailed, self.operate, one, "pause")

        self.assertIn("the server stays ACTIVE", error.message)

    def test_operation_that_breaks_the_server_fails_with_its_fault(self):
        one = self.prepared()
        real = self.cloud.compute.tick

        def broken():
            real()
            self.cloud.compute.all["server-1"].update(
                {"status": "ERROR", "fault": {"message": "disk full"}}
            )

        self.cloud.compute.tick = broken
        error = self.assertRaises(profiles.ProcedureFailed, self.operate, one, "stop")

        self.assertEqual("Operation stop: disk full", error.message)

    def test_node_without_server_is_refused(self):
        error = self.assertRaises(profiles.ProcedureFailed, self.operate, self.driver(), "reboot")

        self.assertEqual(consts.ReasonClass.INVALID, error.reason)


class TestCheckOperation(driver.ProcedureTestCase):
    def check(self, operation, params=None):
        return driver.server_profile().check_operation(operation, params)

    def refused(self, operation, params=None):
        return self.assertRaises(exception.BadRequest, self.check, operation, params).message

    def test_default_is_filled_in(self):
        self.assertEqual({"type": "SOFT"}, self.check("reboot"))

    def test_unknown_operation(self):
        self.assertEqual(
            "The requested operation 'dance' is not supported by the profile type "
            "'os.nova.server-1.0'.",
            self.refused("dance"),
        )

    def test_value_that_is_not_allowed(self):
        self.assertEqual(
            "'Unknown' must be one of the allowed values: SOFT, HARD.",
            self.refused("reboot", {"type": "Unknown"}),
        )

    def test_unknown_parameter(self):
        self.assertEqual("Unrecognizable parameter 'x'.", self.refused("reboot", {"x": 1}))

    def test_parameter_for_an_operation_without_any(self):
        self.assertEqual("Unrecognizable parameter 'x'.", self.refused("pause", {"x": 1}))

    def test_params_that_are_no_map(self):
        self.assertEqual("The params provided is not a map.", self.refused("reboot", ["x"]))

    def test_wrong_type(self):
        self.assertIn("is not a string", self.refused("reboot", {"type": {}}))

    def test_change_password_needs_the_password(self):
        self.assertEqual(
            "Required parameter 'admin_pass' not provided.", self.refused("change_password")
        )

    def test_force_of_evacuate_is_a_boolean(self):
        self.assertIn("not a boolean", self.refused("evacuate", {"host": "h", "force": "maybe"}))


class TestChangePassword(driver.ProcedureTestCase):
    def setUp(self):
        super().setUp()
        path = self.create_tempfiles([("key", "")])[0]
        os.unlink(path)
        secrets.create_key_file(path)
        self.config(secrets_key_file=path)

    def test_password_is_sealed_until_it_is_sent(self):
        one = self.created()
        params = one.profile.check_operation("change_password", {"admin_pass": "hush"})

        one.run("operate", {"operation": "change_password", "params": params})

        self.assertNotIn("hush", str(params))
        self.assertEqual("hush", self.cloud.compute.all["server-1"]["_password"])
