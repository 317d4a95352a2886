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


class TestAdopt(base.RequestTestCase):
    def adopt(self, **options):
        options.setdefault("identity", "s1")
        options.setdefault("type", "os.thing-1.0")
        return self.ask("node_adopt", **options)["node"]

    def test_an_orphan_and_its_profile_are_there_at_once(self):
        node = self.adopt(name="mine", role="web", metadata={"a": 1}, overrides={"flavor": "big"})
        stored = self.row("node", node["id"])
        self.assertEqual(
            ("ACTIVE", "s1", "", -1, "web", {"a": 1}),
            tuple(
                stored[k]
                for k in ("status", "physical_id", "cluster_id", "index", "role", "meta_data")
            ),
        )
        self.assertIsNotNone(stored["created_at"])
        profile = self.row("profile", node["profile_id"])
        self.assertEqual(("prof-mine", "prof-mine"), (profile["name"], node["profile_name"]))
        self.assertEqual(base.a_spec(flavor="big"), profile["spec"])

    def test_a_name_is_made_up_if_none_is_given(self):
        self.assertRegex(self.adopt()["name"], r"^node-\w{8}$")

    def test_a_snapshot_is_taken_only_on_demand(self):
        self.adopt()
        self.assertEqual(0, self.cloud.snapshots)
        self.adopt(identity="s2", snapshot=True)
        self.assertEqual(1, self.cloud.snapshots)

    def test_an_object_belongs_to_one_node(self):
        self.adopt()
        self.assertRaises(exception.BadRequest, self.adopt, snapshot=True)
        self.assertEqual(0, self.cloud.snapshots)

    def test_bad_types_are_the_users_mistake(self):
        error = self.assertRaises(exception.BadRequest, self.adopt, type="os.none-1.0")
        self.assertEqual("The profile_type 'os.none-1.0' could not be found.", error.message)
        self.assertRaises(exception.BadRequest, self.adopt, type="nonsense")

    def test_overrides_have_to_make_a_valid_spec(self):
        self.assertRaises(exception.InvalidSpec, self.adopt, overrides={"bogus": 1})

    def test_an_unknown_object_is_the_users_mistake(self):
        self.cloud.failure = errors.CloudError("There is no 's1'", status=404)
        self.assertRaises(exception.BadRequest, self.adopt)

    def test_a_failing_cloud_is_not(self):
        self.cloud.failure = errors.CloudError("out of order", status=503)
        error = self.assertRaises(exception.ProfileOperationFailed, self.adopt)
        self.assertEqual("503: out of order", error.message)


class TestAdoptPreview(base.RequestTestCase):
    def test_nothing_is_stored_and_no_snapshot_taken(self):
        result = self.ask("node_adopt_preview", identity="s1", type="os.thing-1.0", snapshot=True)
        self.assertEqual(base.a_spec(flavor="small"), result)
        self.assertEqual(0, self.cloud.snapshots)
        self.assertRaises(exception.ResourceNotFound, self.ask, "profile_delete", identity="prof-")
