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


"""Profiles and the types of profiles (API contract, 3.2, 3.3 and 8.4)."""

import uuid

import ddt

from senlin.common import exception
from senlin.tests.unit.api import base

KEYS = {
    "id",
    "name",
    "type",
    "spec",
    "metadata",
    "user",
    "project",
    "domain",
    "created_at",
    "updated_at",
}
SPEC = {"type": "os.nova.server", "version": 1.0, "properties": {"flavor": "m1"}}


class ProfileTypeTest(base.ApiTestCase):
    def setUp(self):
        super().setUp()
        status = {"1.0": [{"status": "SUPPORTED", "since": "2016.04"}]}
        self.engine.answers["profile_type_list"] = [
            {"name": "os.nova.server", "version": "1.0", "support_status": status}
        ]
        self.engine.answers["profile_type_get"] = {
            "name": "os.nova.server-1.0",
            "schema": {"flavor": {"type": "String"}},
            "support_status": status,
        }

    def test_a_list_below_1_5_has_joined_names_only(self):
        response = self.get("/v1/profile-types", version="1.4")
        self.assertEqual({"profile_types": [{"name": "os.nova.server-1.0"}]}, response.json)

    def test_a_list_from_1_5_has_versions_and_their_support(self):
        response = self.get("/v1/profile-types?x=ignored", version="1.5")
        self.assertEqual(
            [
                {
                    "name": "os.nova.server",
                    "version": "1.0",
                    "support_status": {"1.0": [{"status": "SUPPORTED", "since": "2016.04"}]},
                }
            ],
            response.json["profile_types"],
        )

    def test_a_type_below_1_5_has_name_and_schema(self):
        response = self.get("/v1/profile-types/os.nova.server-1.0", version="1.4")
        self.assertEqual({"name", "schema"}, set(response.json["profile_type"]))
        self.assertEqual("os.nova.server-1.0", response.json["profile_type"]["name"])

    def test_a_type_from_1_5_has_the_support_too(self):
        response = self.get("/v1/profile-types/os.nova.server-1.0", version="1.5")
        self.assertIsNotNone(response.json["profile_type"]["support_status"])

    def test_an_unknown_type(self):
        self.engine.answers["profile_type_get"] = base.not_found("profile_type", "x-1.0")
        response = self.get("/v1/profile-types/x-1.0", status=404)
        self.assert_not_found(response, "profile_type", "x-1.0")

    def test_operations_of_a_type(self):
        self.engine.answers["profile_type_ops"] = {
            "change_password": {"description": "Change it.", "parameters": {"admin_pass": {}}}
        }
        response = self.get("/v1/profile-types/os.nova.server-1.0/ops", version="1.4")
        self.assertEqual(
            {"description", "parameters"}, set(response.json["operations"]["change_password"])
        )


class ProfileReadTest(base.ApiTestCase):
    def test_a_profile_has_all_keys(self):
        row = self.insert("profile", spec=SPEC, meta_data={"a": "b"})
        shown = self.get(f"/v1/profiles/{row['id']}").json["profile"]
        self.assertEqual(KEYS, set(shown))
        self.assertEqual(SPEC, shown["spec"])
        self.assertEqual({"a": "b"}, shown["metadata"])
        self.assertEqual("2026-01-02T03:04:05Z", shown["created_at"])
        self.assertIsNone(shown["updated_at"])
        self.assertEqual([shown], self.get("/v1/profiles").json["profiles"])

    def test_secrets_are_masked_for_others_than_the_user(self):
        spec = {**SPEC, "properties": {"admin_pass": {"__sealed__": "gAAAA"}}}
        row = self.insert("profile", spec=spec, user="somebody else")
        shown = self.get(f"/v1/profiles/{row['id']}").json["profile"]
        self.assertEqual({"admin_pass": "******"}, shown["spec"]["properties"])

    def test_a_list_is_filtered_by_type(self):
        row = self.insert("profile", type="os.heat.stack-1.0")
        self.insert("profile")
        found = self.get("/v1/profiles?type=os.heat.stack-1.0").json["profiles"]
        self.assertEqual([row["id"]], [profile["id"] for profile in found])


@ddt.ddt
class ProfileCreateTest(base.ApiTestCase):
    def test_a_profile_is_created(self):
        self.engine.answers["profile_create"] = self.row("profile", name="web", spec=SPEC)
        response = self.post("/v1/profiles", {"profile": {"name": "web", "spec": SPEC}}, status=201)
        self.assertEqual(KEYS, set(response.json["profile"]))
        self.assertEqual("2026-01-02T03:04:05Z", response.json["profile"]["created_at"])
        self.assertNotIn("Location", response.headers)
        self.assertEqual(
            [("profile_create", {"name": "web", "spec": SPEC, "metadata": {}})],
            self.engine.calls,
        )

    @ddt.data(
        ({}, "Request body missing 'profile' key."),
        ({"profiles": {}}, "Request body missing 'profile' key."),
        ({"profile": {"name": "a"}}, "'spec' is a required property"),
        ({"profile": {"spec": {}}}, "'name' is a required property"),
        ({"profile": {}}, "'name' is a required property"),
        ({"profile": {"boo": 1}}, "'name' is a required property"),
        (
            {"profile": {"name": "a", "spec": {}, "boo": "foo"}},
            "Additional properties are not allowed ('boo' was unexpected)",
        ),
        ({"profile": {"name": None, "spec": {}}}, "Field `name' cannot be None"),
        ({"profile": {"name": "a", "spec": None}}, "Field `spec' cannot be None"),
        ({"profile": []}, "The value of 'profile' is not an object."),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.post("/v1/profiles", body, status=400), message)
        self.assertEqual([], self.engine.calls)

    @ddt.data("", "a" * 256, "a" * 1000, "a b", "a/b", "a:b", "é", "a\n", "'", 1, True, [], {})
    def test_a_name_that_is_none(self, name):
        response = self.post("/v1/profiles", {"profile": {"name": name, "spec": {}}}, status=400)
        self.assertIn("name", response.json["error"]["message"])

    @ddt.data("a", "a" * 255, "-._~", "0", "一龥", "Test_1.2-x~")
    def test_a_name_that_is_one(self, name):
        self.engine.answers["profile_create"] = self.row("profile")
        self.post("/v1/profiles", {"profile": {"name": name, "spec": {}}}, status=201)

    @ddt.data("text", 1, [], '{"type": "x"}')
    def test_a_spec_that_is_no_object(self, spec):
        self.post("/v1/profiles", {"profile": {"name": "a", "spec": spec}}, status=400)

    def test_null_as_wrapped_object_is_malformed(self):
        response = self.post("/v1/profiles", {"profile": None}, status=400)
        self.assertIn("malformed", response.json["error"]["message"])

    def test_the_engines_errors_pass_verbatim(self):
        text = "Failed in creating profile test-profile: Unrecognizable spec item 'bogus'"
        self.engine.answers["profile_create"] = exception.InvalidSpec(text)
        response = self.post(
            "/v1/profiles", {"profile": {"name": "test-profile", "spec": {}}}, status=400
        )
        self.assert_refused(response, 400, text, "InvalidSpec")

    def test_an_unknown_type_is_404(self):
        self.engine.answers["profile_create"] = base.not_found("profile_type", "x.y-1.0")
        response = self.post("/v1/profiles", {"profile": {"name": "a", "spec": {}}}, status=404)
        self.assert_not_found(response, "profile_type", "x.y-1.0")


@ddt.ddt
class ProfileValidateTest(base.ApiTestCase):
    def test_nothing_is_stored_and_the_form_is_a_profiles(self):
        self.engine.answers["profile_validate"] = {"type": "os.nova.server-1.0", "spec": SPEC}
        response = self.post(
            "/v1/profiles/validate", {"profile": {"spec": SPEC}}, version="1.2", status=200
        )
        shown = response.json["profile"]
        self.assertEqual(KEYS, set(shown))
        self.assertEqual("validated_profile", shown["name"])
        self.assertIsNone(shown["id"])
        self.assertEqual(SPEC, shown["spec"])
        self.assertEqual(base.PROJECT, shown["project"])

    def test_a_request_without_type_and_accept_is_understood(self):
        self.engine.answers["profile_validate"] = {"type": "t-1", "spec": SPEC}
        request = self.app.RequestClass.blank("/v1/profiles/validate", method="POST")
        request.headers.update(self.headers(version="1.2"))
        request.body = b'{"profile": {"spec": {}}}'
        request.environ.pop("CONTENT_TYPE", None)
        request.environ.pop("HTTP_ACCEPT", None)
        self.app.do_request(request, status=200)

    @ddt.data(
        ({}, "Request body missing 'profile' key."),
        ({"profile": {}}, "'spec' is a required property"),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        response = self.post("/v1/profiles/validate", body, version="1.2", status=400)
        self.assert_invalid(response, message)

    def test_a_name_is_refused(self):
        response = self.post(
            "/v1/profiles/validate",
            {"profile": {"spec": {}, "name": "a"}},
            version="1.2",
            status=400,
        )
        self.assertIn("Additional properties", response.json["error"]["message"])


@ddt.ddt
class ProfileUpdateTest(base.ApiTestCase):
    def test_new_values_are_shown(self):
        self.engine.answers["profile_update"] = self.row("profile", name="new")
        response = self.patch("/v1/profiles/p", {"profile": {"name": "new"}}, status=200)
        self.assertEqual("new", response.json["profile"]["name"])
        self.assertEqual(
            [("profile_update", {"identity": "p", "name": "new", "metadata": None})],
            self.engine.calls,
        )

    @ddt.data({}, {"profile": None}, {"other": {}})
    def test_a_missing_wrapper_on_an_unknown_profile(self, body):
        response = self.patch(f"/v1/profiles/{uuid.uuid4()}", body, status=400)
        self.assert_invalid(
            response, "Malformed request data, missing 'profile' key in request body."
        )

    def test_nothing_to_change(self):
        self.engine.answers["profile_update"] = exception.BadRequest("No property needs an update.")
        response = self.patch("/v1/profiles/p", {"profile": {}}, status=400)
        self.assert_refused(response, 400, "No property needs an update.", "BadRequest")

    def test_a_spec_is_refused(self):
        response = self.patch("/v1/profiles/p", {"profile": {"spec": {}}}, status=400)
        self.assertIn("Additional properties are not allowed", response.json["error"]["message"])


class ProfileDeleteTest(base.ApiTestCase):
    def test_it_is_gone(self):
        self.engine.answers["profile_delete"] = None
        self.delete("/v1/profiles/p", status=204)
        self.assertEqual([("profile_delete", {"identity": "p"})], self.engine.calls)

    def test_it_is_in_use(self):
        self.engine.answers["profile_delete"] = exception.ResourceInUse(
            type="profile",
            id="ID",
            reason="still referenced by some clusters and/or nodes",
        )
        response = self.delete("/v1/profiles/p", status=409)
        self.assert_refused(
            response,
            409,
            "The profile 'ID' cannot be deleted: still referenced by some clusters and/or nodes.",
            "ResourceInUse",
        )
