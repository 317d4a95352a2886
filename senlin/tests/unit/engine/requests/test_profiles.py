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

from senlin.cloud import errors
from senlin.common import exception
from senlin.tests.unit.engine.requests import base


class TestProfileCreate(base.RequestTestCase):
    def test_the_spec_is_kept_as_it_was_sent(self):
        spec = {"type": "os.thing", "version": 1.0, "properties": {"flavor": "big"}}
        row = self.ask("profile_create", name="p", spec=spec, metadata={"k": "v"})
        stored = self.row("profile", row["id"])
        self.assertEqual(spec, stored["spec"])
        self.assertEqual(
            ("p", "os.thing-1.0", {"k": "v"}), (row["name"], row["type"], row["meta_data"])
        )

    def test_it_belongs_to_the_requester(self):
        row = self.make_profile()
        self.assertEqual(("u1", "p1", "default"), (row["user"], row["project"], row["domain"]))

    def test_moments_travel_as_text(self):
        self.assertEqual("2023-11-14T22:13:20.250000Z", self.make_profile()["created_at"])

    def test_an_unregistered_type_is_not_found(self):
        message = self.refused(
            exception.ResourceNotFound,
            "profile_create",
            name="p",
            spec={"type": "senlin.profile.bogus", "version": "1.0", "properties": {}},
        )
        self.assertEqual("The profile_type 'senlin.profile.bogus-1.0' could not be found.", message)

    def test_an_unknown_property_is_named(self):
        message = self.refused(
            exception.InvalidSpec, "profile_create", name="test-profile", spec=base.a_spec(bogus=1)
        )
        self.assertEqual(
            "Failed in creating profile test-profile: Unrecognizable spec item 'bogus'", message
        )

    def test_the_cloud_is_asked_as_the_requester(self):
        message = self.refused(
            exception.InvalidSpec, "profile_create", name="p", spec=base.a_spec(flavor="huge")
        )
        self.assertIn("The specified flavor 'huge' could not be found", message)
        self.assertEqual([("u1", "p1")], self.pool.owners)
        self.assertEqual([("u1", "p1")], self.pool.trusted)

    def test_a_spec_without_version_is_the_users_mistake(self):
        for spec in ({"type": "os.thing"}, {"version": "1.0"}, {}):
            self.refused(exception.InvalidSpec, "profile_create", name="p", spec=spec)

    def test_a_cloud_that_is_out_of_order_is_not_the_users_mistake(self):
        for failure, error in (
            (errors.CloudError("down", status=503, retryable=True), exception.ServiceUnavailable),
            (errors.CloudError("no", status=403, reason="auth"), exception.SenlinError),
        ):
            self.pool.trust_failure = failure
            raised = self.assertRaises(error, self.make_profile)
            self.assertGreaterEqual(raised.http_code, 500)

    def test_a_taken_name_is_refused_if_the_operator_wants_that(self):
        self.make_profile("same")
        self.make_profile("same")
        self.config(name_unique=True)
        self.refused(exception.BadRequest, "profile_create", name="same", spec=base.a_spec())
        self.make_profile("same", context=base.a_context(project="p2"))


class TestProfileValidate(base.RequestTestCase):
    def test_nothing_is_stored(self):
        result = self.ask("profile_validate", spec=base.a_spec(flavor="big"))
        self.assertEqual("os.thing-1.0", result["type"])
        self.assertEqual(base.a_spec(flavor="big"), result["spec"])

    def test_errors_have_no_prefix(self):
        message = self.refused(exception.InvalidSpec, "profile_validate", spec=base.a_spec(bogus=1))
        self.assertEqual("Unrecognizable spec item 'bogus'", message)


class TestProfileUpdate(base.RequestTestCase):
    def test_name_and_metadata_change(self):
        row = self.make_profile()
        changed = self.ask("profile_update", identity=row["id"], name="new", metadata={"a": 1})
        self.assertEqual(("new", {"a": 1}), (changed["name"], changed["meta_data"]))
        self.assertEqual("new", self.row("profile", row["id"])["name"])
        self.assertIsNotNone(changed["updated_at"])

    def test_the_same_values_are_no_update(self):
        row = self.make_profile("p")
        message = self.refused(
            exception.BadRequest, "profile_update", identity="p", name="p", metadata={}
        )
        self.assertEqual("No property needs an update.", message)
        self.assertIsNone(self.row("profile", row["id"])["updated_at"])

    def test_other_projects_profiles_do_not_exist(self):
        row = self.make_profile()
        self.refused(
            exception.ResourceNotFound,
            "profile_update",
            base.a_context(project="p2"),
            identity=row["id"],
            name="mine",
        )


class TestProfileDelete(base.RequestTestCase):
    def test_an_unused_profile_goes(self):
        row = self.make_profile()
        self.ask("profile_delete", identity=row["id"])
        self.assertIsNone(self.row("profile", row["id"]))

    def test_a_used_profile_stays(self):
        row = self.make_profile()
        self.make_cluster(row)
        message = self.refused(exception.ResourceInUse, "profile_delete", identity="prof")
        self.assertEqual(
            f"The profile '{row['id']}' cannot be deleted: still referenced by some clusters "
            "and/or nodes.",
            message,
        )

    def test_a_profile_of_a_node_stays(self):
        row = self.make_profile()
        self.make_node(row)
        self.refused(exception.ResourceInUse, "profile_delete", identity=row["id"])

    def test_an_ambiguous_name_is_refused(self):
        self.make_profile("same")
        self.make_profile("same")
        message = self.refused(exception.MultipleChoices, "profile_delete", identity="same")
        self.assertEqual(
            "Multiple results found matching the query criteria 'same'. Please be more specific.",
            message,
        )
