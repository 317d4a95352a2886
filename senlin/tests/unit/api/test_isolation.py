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


"""What others own does not exist, and who may do what."""

import uuid

import ddt

from senlin.tests.unit.api import base

_SHOWN = {
    "cluster": "clusters",
    "node": "nodes",
    "profile": "profiles",
    "policy": "policies",
    "receiver": "receivers",
    "action": "actions",
    "event": "events",
}


@ddt.ddt
class IdentityTest(base.ApiTestCase):
    @ddt.data(*_SHOWN.items())
    @ddt.unpack
    def test_an_object_of_another_project_is_not_found(self, kind, collection):
        row = self.insert(kind, project=base.OTHER_PROJECT)
        for identity in (row["id"], row.get("name", row["id"]), row["id"][:8]):
            response = self.get(f"/v1/{collection}/{identity}", status=404)
            self.assert_not_found(response, kind, identity)

    @ddt.data(*_SHOWN.items())
    @ddt.unpack
    def test_an_unknown_object_is_not_found(self, kind, collection):
        identity = str(uuid.uuid4())
        response = self.get(f"/v1/{collection}/{identity}", status=404)
        self.assert_not_found(response, kind, identity)

    @ddt.data(*_SHOWN.items())
    @ddt.unpack
    def test_an_object_is_found_by_id_and_by_short_id(self, kind, collection):
        row = self.insert(kind)
        for identity in (row["id"], row["id"][:8]):
            response = self.get(f"/v1/{collection}/{identity}?unknown=ignored")
            self.assertEqual([kind], list(response.json))
            self.assertEqual(row["id"], response.json[kind]["id"])

    @ddt.data(*[item for item in _SHOWN.items() if item[0] != "event"])
    @ddt.unpack
    def test_an_object_is_found_by_name(self, kind, collection):
        row = self.insert(kind, name="the-name")
        response = self.get(f"/v1/{collection}/the-name")
        self.assertEqual(row["id"], response.json[kind]["id"])

    @ddt.data(*[item for item in _SHOWN.items() if item[0] != "event"])
    @ddt.unpack
    def test_two_objects_of_one_name_are_ambiguous(self, kind, collection):
        self.insert(kind, name="twice")
        self.insert(kind, name="twice")
        response = self.get(f"/v1/{collection}/twice", status=400)
        self.assert_refused(
            response,
            400,
            "Multiple results found matching the query criteria 'twice'. Please be more specific.",
            "MultipleChoices",
        )

    def test_a_name_that_looks_like_an_id_is_found_when_no_id_is(self):
        name = str(uuid.uuid4())
        row = self.insert("cluster", name=name)
        self.assertEqual(row["id"], self.get(f"/v1/clusters/{name}").json["cluster"]["id"])

    def test_wildcards_in_an_identity_match_nothing(self):
        self.insert("cluster")
        for identity in ("%25", "_", "%5C"):
            self.get(f"/v1/clusters/{identity}", status=404)


@ddt.ddt
class AdminTest(base.ApiTestCase):
    roles = "admin"

    @ddt.data(*_SHOWN.items())
    @ddt.unpack
    def test_an_administrator_sees_objects_of_all_projects(self, kind, collection):
        row = self.insert(kind, project=base.OTHER_PROJECT)
        response = self.get(f"/v1/{collection}/{row['id']}")
        self.assertEqual(base.OTHER_PROJECT, response.json[kind]["project"])


_READS = [
    *(f"/v1/{collection}" for collection in _SHOWN.values()),
    "/v1/build-info",
    "/v1/profile-types",
    "/v1/policy-types",
]
_WRITES = [
    ("POST", "/v1/profiles", {"profile": {"name": "a", "spec": {}}}),
    ("POST", "/v1/profiles/validate", {"profile": {"spec": {}}}),
    ("PATCH", "/v1/profiles/x", {"profile": {"name": "b"}}),
    ("DELETE", "/v1/profiles/x", None),
    ("POST", "/v1/policies", {"policy": {"name": "a", "spec": {}}}),
    ("POST", "/v1/policies/validate", {"policy": {"spec": {}}}),
    ("PATCH", "/v1/policies/x", {"policy": {"name": "b"}}),
    ("DELETE", "/v1/policies/x", None),
    ("POST", "/v1/clusters", {"cluster": {"name": "a", "profile_id": "p"}}),
    ("PATCH", "/v1/clusters/x", {"cluster": {"name": "b"}}),
    ("DELETE", "/v1/clusters/x", None),
    ("POST", "/v1/clusters/x/actions", {"check": {}}),
    ("POST", "/v1/clusters/x/ops", {"reboot": {}}),
    ("POST", "/v1/nodes", {"node": {"name": "a", "profile_id": "p"}}),
    ("PATCH", "/v1/nodes/x", {"node": {"name": "b"}}),
    ("DELETE", "/v1/nodes/x", None),
    ("POST", "/v1/nodes/x/actions", {"check": {}}),
    ("POST", "/v1/nodes/x/ops", {"reboot": {}}),
    ("POST", "/v1/nodes/adopt", {"identity": "i", "type": "t-1"}),
    ("POST", "/v1/nodes/adopt-preview", {"identity": "i", "type": "t-1"}),
    ("POST", "/v1/receivers", {"receiver": {"name": "a", "type": "message"}}),
    ("PATCH", "/v1/receivers/x", {"receiver": {"name": "b"}}),
    ("DELETE", "/v1/receivers/x", None),
    ("POST", "/v1/receivers/x/notify", None),
    ("PATCH", "/v1/actions/x", {"action": {"status": "CANCELLED"}}),
]


class _RoleTestCase(base.ApiTestCase):
    def assert_forbidden(self, response):
        self.assert_refused(
            response, 403, "You are not authorized to complete this operation.", "Forbidden"
        )
        self.assertEqual([], self.engine.calls)


@ddt.ddt
class ReaderTest(_RoleTestCase):
    roles = "reader"

    def setUp(self):
        super().setUp()
        self.engine.answers.update(profile_type_list=[], policy_type_list=[])

    @ddt.data(*_READS)
    def test_a_reader_may_read(self, path):
        self.get(path)

    @ddt.data(*_WRITES)
    @ddt.unpack
    def test_a_reader_may_not_write(self, method, path, body):
        response = self.send(method, path, body, version="1.14", status=403)
        self.assert_forbidden(response)

    @ddt.data(*[write for write in _WRITES if write[2] is not None])
    @ddt.unpack
    def test_the_rule_is_asked_before_the_envelope_is_checked(self, method, path, body):
        self.send(method, path, {"wrong": 1, "keys": 2}, version="1.14", status=403)


@ddt.ddt
class StrangerTest(_RoleTestCase):
    roles = "somebody"

    @ddt.data(*_READS)
    def test_a_user_without_a_role_of_ours_may_not_read(self, path):
        self.assert_forbidden(self.get(path, status=403))


@ddt.ddt
class MemberTest(_RoleTestCase):
    @ddt.data("1.0", "1.14")
    def test_nobody_creates_actions(self, version):
        response = self.post("/v1/actions", {"action": {}}, version=version, status=403)
        self.assert_forbidden(response)

    def test_services_are_for_administrators(self):
        self.assert_forbidden(self.get("/v1/services", status=403))


class AdminActionTest(_RoleTestCase):
    roles = "admin"

    def test_not_even_an_administrator_creates_actions(self):
        self.assert_forbidden(self.post("/v1/actions", {"action": {}}, status=403))
