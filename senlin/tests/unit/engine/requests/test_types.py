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

from senlin.common import exception
from senlin.tests.unit.engine.requests import base


class TestTypes(base.RequestTestCase):
    def test_each_type_and_version_is_listed(self):
        status = {"1.0": [{"status": "SUPPORTED", "since": "2026.11"}]}
        self.assertEqual(
            [
                {"name": "os.other", "version": "1.0", "support_status": status},
                {"name": "os.thing", "version": "1.0", "support_status": status},
            ],
            self.ask("profile_type_list"),
        )

    def test_a_type_shows_its_schema(self):
        shown = self.ask("profile_type_get", type_name="os.thing-1.0")
        self.assertEqual("os.thing-1.0", shown["name"])
        self.assertEqual(
            {"type": "String", "description": "size", "required": False, "updatable": True},
            shown["schema"]["flavor"],
        )
        self.assertIn("1.0", shown["support_status"])

    def test_a_type_shows_its_operations(self):
        shown = self.ask("profile_type_ops", type_name="os.thing-1.0")
        self.assertEqual({"description": "stop its clock", "parameters": {}}, shown["pause"])
        self.assertIn("type", shown["reboot"]["parameters"])

    def test_unknown_types_are_told_so(self):
        text = "The profile_type 'x-1' could not be found."
        self.assertEqual(
            text, self.refused(exception.ResourceNotFound, "profile_type_get", type_name="x-1")
        )
        self.assertEqual(
            text, self.refused(exception.BadRequest, "profile_type_ops", type_name="x-1")
        )
        self.assertEqual(
            "The policy_type 'x-1' could not be found.",
            self.refused(exception.ResourceNotFound, "policy_type_get", type_name="x-1"),
        )

    def test_policy_types_are_listed_and_shown(self):
        found = {(t["name"], t["version"]) for t in self.ask("policy_type_list")}
        self.assertIn(("senlin.policy.scaling", "1.0"), found)
        shown = self.ask("policy_type_get", type_name="senlin.policy.deletion-1.1")
        self.assertEqual("RANDOM", shown["schema"]["criteria"]["default"])
        self.assertEqual(["1.0", "1.1"], sorted(shown["support_status"]))
