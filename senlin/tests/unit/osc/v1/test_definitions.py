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

"""Commands for profiles, policies, their types, bindings and receivers."""

import fixtures

from senlin.tests.unit.osc import base

SPEC = {"type": "os.nova.server", "version": 1.0, "properties": {"flavor": "m1"}}
PROFILE = {"id": "p1", "name": "small", "type": "os.nova.server-1.0", "spec": SPEC}
RECEIVER = {
    "id": "r1",
    "name": "hook",
    "type": "webhook",
    "channel": {"alarm_url": "http://x/y"},
    "params": {},
}


class _DefinitionTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        folder = self.useFixture(fixtures.TempDir())
        self.spec_file = folder.join("spec.yaml")
        with open(self.spec_file, "w", encoding="utf-8") as stream:
            stream.write("type: os.nova.server\nversion: 1.0\nproperties: {flavor: m1}\n")


class ProfileTestCase(_DefinitionTestCase):
    def test_a_profile_is_created_from_its_file(self):
        self.serve("POST", "/profiles", status_code=201, json={"profile": PROFILE})
        shown = self.run_json(
            "cluster profile create small --metadata a=1", "--spec-file", self.spec_file
        )
        self.assertEqual(
            {"profile": {"name": "small", "spec": SPEC, "metadata": {"a": "1"}}},
            self.last_body("POST"),
        )
        self.assertEqual(SPEC, shown["spec"])

    def test_a_missing_file_is_named_and_nothing_is_sent(self):
        message = self.refusal("cluster profile create small --spec-file /nonexistent.yaml")
        self.assertIn("'/nonexistent.yaml': No such file", message)
        self.assertEqual([], self.requests())

    def test_a_spec_is_validated_without_a_name(self):
        self.serve("POST", "/profiles/validate", json={"profile": PROFILE})
        self.run_command("cluster profile validate", "--spec-file", self.spec_file)
        self.assertEqual({"profile": {"spec": SPEC}}, self.last_body("POST"))

    def test_profiles_are_listed_shown_changed_and_deleted(self):
        self.serve("GET", "/profiles", json={"profiles": [PROFILE]})
        self.serve("GET", "/profiles/small", json={"profile": PROFILE})
        self.serve("PATCH", "/profiles/small", json={"profile": PROFILE})
        self.serve("DELETE", "/profiles/small", status_code=204)
        self.assertEqual("p1", self.run_json("cluster profile list")[0]["id"])
        self.assertEqual("p1", self.run_json("cluster profile show small")["id"])
        self.run_command("cluster profile update small --name tiny")
        self.assertEqual({"profile": {"name": "tiny"}}, self.last_body("PATCH"))
        self.run_command("cluster profile delete small --force")
        self.assertEqual(1, len(self.requests("DELETE")))

    def test_a_profile_in_use_is_an_error_with_the_reason(self):
        self.serve(
            "DELETE", "/profiles/small", status_code=409, json=base.error_body(409, "in use")
        )
        self.assertEqual(
            "1 of 1 profiles failed to delete", self.refusal("cluster profile delete small")
        )


class PolicyTestCase(_DefinitionTestCase):
    def test_a_policy_is_created_and_validated_from_its_file(self):
        self.serve("POST", "/policies", status_code=201, json={"policy": PROFILE})
        self.serve("POST", "/policies/validate", json={"policy": PROFILE})
        self.run_command("cluster policy create p", "--spec-file", self.spec_file)
        self.assertEqual({"policy": {"name": "p", "spec": SPEC}}, self.last_body("POST"))
        self.run_command("cluster policy validate", "--spec-file", self.spec_file)
        self.assertEqual({"policy": {"spec": SPEC}}, self.last_body("POST"))

    def test_policies_are_listed_shown_changed_and_deleted(self):
        self.serve("GET", "/policies", json={"policies": [PROFILE]})
        self.serve("GET", "/policies/small", json={"policy": PROFILE})
        self.serve("PATCH", "/policies/small", json={"policy": PROFILE})
        self.serve("DELETE", "/policies/small", status_code=204)
        self.assertEqual("p1", self.run_json("cluster policy list")[0]["id"])
        self.assertEqual("p1", self.run_json("cluster policy show small")["id"])
        self.run_command("cluster policy update small --name tiny")
        self.assertEqual({"policy": {"name": "tiny"}}, self.last_body("PATCH"))
        self.run_command("cluster policy delete small")
        self.assertEqual(1, len(self.requests("DELETE")))


class TypeTestCase(base.CommandTestCase):
    def test_each_version_of_a_type_has_a_row(self):
        status = [{"status": "SUPPORTED", "since": "2016.04"}]
        self.serve(
            "GET",
            "/profile-types",
            json={
                "profile_types": [
                    {"name": "os.nova.server", "support_status": {"1.1": status}},
                    {"name": "os.nova.server", "support_status": {"1.0": status}},
                ]
            },
        )
        self.assertEqual(
            ["1.0", "1.1"], [row["version"] for row in self.run_json("cluster profile type list")]
        )

    def test_old_microversions_have_the_version_in_the_name(self):
        self.serve(
            "GET", "/policy-types", json={"policy_types": [{"name": "senlin.policy.batch-1.0"}]}
        )
        self.assertEqual(
            [{"name": "senlin.policy.batch", "version": "1.0", "support_status": ""}],
            self.run_json("cluster policy type list"),
        )

    def test_a_schema_stays_structured(self):
        schema = {"flavor": {"type": "String"}}
        for kind in ("profile", "policy"):
            self.serve(
                "GET",
                f"/{kind}-types/t-1.0",
                json={f"{kind}_type": {"name": "t-1.0", "schema": schema}},
            )
            shown = self.run_json(f"cluster {kind} type show t-1.0")
            self.assertEqual(schema, shown["schema"])

    def test_operations_of_a_type_are_shown(self):
        operations = {"reboot": {"description": "Reboot", "parameters": {}}}
        self.serve("GET", "/profile-types/t-1.0/ops", json={"operations": operations})
        shown = self.run_json("cluster profile type ops t-1.0")
        self.assertEqual(operations, shown["operations"])

    def test_operations_of_an_unknown_type_are_an_error(self):
        self.serve(
            "GET", "/profile-types/t-9/ops", status_code=400, json=base.error_body(400, "No t-9.")
        )
        self.assertEqual("No t-9. (HTTP 400)", self.refusal("cluster profile type ops t-9"))


class BindingTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve("POST", "/clusters/web/actions", json={"action": base.ACTION_ID})

    def test_attaching_says_whether_the_policy_is_enabled(self):
        printed = self.run_command("cluster policy attach web --policy p --enabled false")
        self.assertEqual(
            {"policy_attach": {"policy_id": "p", "enabled": False}}, self.last_body("POST")
        )
        self.assertEqual(f"Request accepted by action: {base.ACTION_ID}\n", printed)

    def test_detaching_and_changing_are_sent(self):
        self.run_command("cluster policy detach web --policy p")
        self.assertEqual({"policy_detach": {"policy_id": "p"}}, self.last_body("POST"))
        for verb in ("update", "set"):
            self.run_command(f"cluster policy binding {verb} web --policy p --enabled yes")
            self.assertEqual(
                {"policy_update": {"policy_id": "p", "enabled": True}}, self.last_body("POST")
            )

    def test_waiting_for_an_attachment_that_fails_ends_in_an_error(self):
        self.serve_action("FAILED", reason="another one is there")
        message = self.refusal("cluster policy attach web --policy p --wait")
        self.assertIn("FAILED: another one is there", message)

    def test_bindings_are_filtered_and_shown(self):
        binding = {"id": "b1", "policy_id": "pid", "policy_name": "p", "enabled": True}
        self.serve("GET", "/clusters/web/policies", json={"cluster_policies": [binding]})
        self.serve("GET", "/clusters/web/policies/p", json={"cluster_policy": binding})
        (row,) = self.run_json("cluster policy binding list web --filters is_enabled=true")
        self.assertEqual({"enabled": ["true"]}, self.requests()[-1].qs)
        self.assertEqual((True, "pid"), (row["is_enabled"], row["policy_id"]))
        shown = self.run_json("cluster policy binding show web --policy p")
        self.assertEqual("p", shown["policy_name"])


class ReceiverTestCase(base.CommandTestCase):
    def test_a_webhook_sends_its_target(self):
        self.serve("POST", "/receivers", status_code=201, json={"receiver": RECEIVER})
        shown = self.run_json(
            "cluster receiver create hook --cluster web --action CLUSTER_SCALE_OUT --params count=1"
        )
        self.assertEqual(
            {
                "receiver": {
                    "name": "hook",
                    "type": "webhook",
                    "cluster_id": "web",
                    "action": "CLUSTER_SCALE_OUT",
                    "params": {"count": "1"},
                }
            },
            self.last_body("POST"),
        )
        self.assertEqual({"alarm_url": "http://x/y"}, shown["channel"])

    def test_a_message_receiver_sends_no_nulls(self):
        self.serve("POST", "/receivers", status_code=201, json={"receiver": RECEIVER})
        self.run_command("cluster receiver create box --type message")
        self.assertEqual({"receiver": {"name": "box", "type": "message"}}, self.last_body("POST"))

    def test_a_webhook_without_a_target_is_refused_before_anything_is_sent(self):
        message = self.refusal("cluster receiver create hook --cluster web")
        self.assertEqual("A webhook receiver needs --action", message)
        self.assertEqual([], self.requests())

    def test_receivers_are_listed_shown_changed_and_deleted(self):
        self.serve("GET", "/receivers", json={"receivers": [RECEIVER]})
        self.serve("GET", "/receivers/hook", json={"receiver": RECEIVER})
        self.serve("PATCH", "/receivers/hook", json={"receiver": RECEIVER})
        self.serve("DELETE", "/receivers/hook", status_code=204)
        self.assertEqual("r1", self.run_json("cluster receiver list --filters user=u")[0]["id"])
        self.assertEqual({"user": ["u"]}, self.requests()[-1].qs)
        self.assertEqual("r1", self.run_json("cluster receiver show hook")["id"])
        self.run_command("cluster receiver update hook --params {}")
        self.assertEqual({"receiver": {"params": {}}}, self.last_body("PATCH"))
        self.run_command("cluster receiver delete hook")
        self.assertEqual(1, len(self.requests("DELETE")))
