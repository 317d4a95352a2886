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


"""Nodes (API contract, 3.8 and 8.4)."""

import uuid

import ddt

from senlin.common import exception
from senlin.tests.unit.api import base

KEYS = {
    "id",
    "name",
    "cluster_id",
    "physical_id",
    "profile_id",
    "profile_name",
    "user",
    "project",
    "domain",
    "index",
    "role",
    "init_at",
    "created_at",
    "updated_at",
    "status",
    "status_reason",
    "data",
    "metadata",
    "dependents",
}


@ddt.ddt
class NodeReadTest(base.ApiTestCase):
    def test_tainted_is_shown_from_1_13(self):
        self.insert("node", name="n", tainted=True)
        for path, key in (("/v1/nodes/n", "node"), ("/v1/nodes", "nodes")):
            for version, keys in (("1.12", KEYS), ("1.13", KEYS | {"tainted"})):
                shown = self.get(path, version=version).json[key]
                shown = shown[0] if key == "nodes" else shown
                self.assertEqual(keys, set(shown))

    def test_an_orphan(self):
        self.insert("node", name="n")
        shown = self.get("/v1/nodes/n").json["node"]
        self.assertEqual(
            ("", -1, None), (shown["cluster_id"], shown["index"], shown["physical_id"])
        )

    def test_details_are_asked_for_a_node_with_a_resource(self):
        row = self.insert("node", name="n", physical_id="server")
        self.engine.answers["node_details"] = {"status": "ACTIVE"}
        shown = self.get("/v1/nodes/n?show_details=True&other=ignored").json["node"]
        self.assertEqual({"status": "ACTIVE"}, shown["details"])
        self.assertEqual([("node_details", {"node_id": row["id"]})], self.engine.calls)

    def test_there_are_no_details_without_a_resource_or_when_not_asked_for(self):
        self.insert("node", name="n")
        self.insert("node", name="m", physical_id="server")
        for path in ("n?show_details=True", "m", "m?show_details=false", "m?show_details="):
            self.assertNotIn("details", self.get(f"/v1/nodes/{path}").json["node"])
        self.assertEqual([], self.engine.calls)

    def test_a_bad_word_for_show_details(self):
        response = self.get("/v1/nodes/n?show_details=yes", status=400)
        self.assert_invalid(response, "Invalid value 'yes' specified for 'show_details'")

    def test_a_list_of_the_members_of_a_cluster(self):
        cluster = self.insert("cluster", name="c")
        member = self.insert("node", cluster_id=cluster["id"])
        orphan = self.insert("node")
        for query, rows in (
            ("cluster_id=c", [member]),
            (f"cluster_id={cluster['id'][:8]}", [member]),
            ("cluster_id=", [member, orphan]),
            ("show_details=True", [member, orphan]),
        ):
            shown = self.get(f"/v1/nodes?{query}").json["nodes"]
            self.assertEqual([row["id"] for row in rows], [node["id"] for node in shown])

    def test_a_list_is_filtered_by_status(self):
        well, ill = self.insert("node"), self.insert("node", status="ERROR")
        for query, rows in (
            ("status=ERROR", [ill]),
            ("status=ERROR&status=ACTIVE", [well, ill]),
            ("status=INIT", []),
        ):
            shown = self.get(f"/v1/nodes?{query}").json["nodes"]
            self.assertEqual([row["id"] for row in rows], [node["id"] for node in shown], query)

    def test_a_list_of_the_members_of_an_unknown_cluster(self):
        response = self.get("/v1/nodes?cluster_id=fake", status=400)
        self.assert_refused(response, 400, "Cannot find the given cluster: fake.", "BadRequest")

    def test_a_list_of_the_members_of_a_foreign_cluster(self):
        self.insert("cluster", name="c", project=base.OTHER_PROJECT)
        response = self.get("/v1/nodes?cluster_id=c", status=400)
        self.assert_refused(response, 400, "Cannot find the given cluster: c.", "BadRequest")


@ddt.ddt
class NodeCreateTest(base.ApiTestCase):
    def create(self, status=202, version="1.13", **values):
        self.engine.answers["node_create"] = {"node": self.node_row(), "action": "the-action"}
        body = {"node": {"name": "n", "profile_id": "p", **values}}
        return self.post("/v1/nodes", body, version=version, status=status)

    def test_it_answers_the_node_and_the_action(self):
        response = self.create()
        self.assertEqual(KEYS | {"tainted"}, set(response.json["node"]))
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual(KEYS, set(self.create(version="1.0").json["node"]))

    @ddt.data({}, {"cluster_id": None, "role": None, "metadata": None}, {"cluster_id": ""})
    def test_nulls_are_defaults(self, values):
        self.create(**values)
        self.assertEqual(
            [
                (
                    "node_create",
                    {
                        "name": "n",
                        "profile_id": "p",
                        "cluster_id": "",
                        "role": "",
                        "metadata": {},
                    },
                )
            ],
            self.engine.calls,
        )

    @ddt.data(
        ({"bad": {}}, "Request body missing 'node' key."),
        ({"node": {"profile_id": "p"}}, "'name' is a required property"),
        ({"node": {"name": "n"}}, "'profile_id' is a required property"),
        (
            {"node": {"name": "n", "profile_id": "p", "boo": 1}},
            "Additional properties are not allowed ('boo' was unexpected)",
        ),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.post("/v1/nodes", body, status=400), message)

    @ddt.data(
        "The specified profile 'p' could not be found.",
        "The specified cluster 'c' could not be found.",
        "Node and cluster have different profile type, operation aborted.",
    )
    def test_the_engines_texts_pass(self, text):
        self.engine.answers["node_create"] = exception.BadRequest(text)
        response = self.post("/v1/nodes", {"node": {"name": "n", "profile_id": "p"}}, status=400)
        self.assert_refused(response, 400, text, "BadRequest")

    def test_a_role_has_to_fit(self):
        self.create(status=400, role="r" * 65)


@ddt.ddt
class NodeUpdateTest(base.ApiTestCase):
    def update(self, body, version="1.13", status=202):
        row = self.node_row(status="ACTIVE")
        self.engine.answers["node_update"] = {"node": row, "action": "the-action"}
        return self.patch("/v1/nodes/n", body, version=version, status=status)

    @ddt.data(
        ({"name": "x", "role": "r"}, {"name": "x", "role": "r"}),
        ({"name": None, "role": None, "profile_id": None, "metadata": {}}, {"metadata": {}}),
        ({"name": "", "role": ""}, {"role": ""}),
        ({"tainted": False}, {"tainted": False}),
        ({}, {}),
    )
    @ddt.unpack
    def test_what_is_given_and_not_null_changes(self, given, changes):
        response = self.update({"node": given})
        self.assertEqual(KEYS | {"tainted"}, set(response.json["node"]))
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual(
            [("node_update", {"identity": "n", "changes": changes})], self.engine.calls
        )

    def test_tainted_is_dropped_below_its_version(self):
        self.update({"node": {"name": "x", "tainted": True}}, version="1.12")
        self.assertEqual({"name": "x"}, self.engine.calls[0][1]["changes"])

    def test_tainted_is_checked_at_every_version(self):
        for version in ("1.0", "1.13"):
            self.update({"node": {"tainted": "maybe"}}, version=version, status=400)

    def test_a_missing_wrapper(self):
        response = self.update({}, status=400)
        self.assert_invalid(response, "Malformed request data, missing 'node' key in request body.")

    @ddt.data("cluster_id", "status", "boo")
    def test_other_fields_are_refused(self, field):
        response = self.update({"node": {field: "x"}}, status=400)
        self.assert_invalid(
            response, f"Additional properties are not allowed ('{field}' was unexpected)"
        )


@ddt.ddt
class NodeDeleteTest(base.ApiTestCase):
    @ddt.data(
        ("1.8", "", None, False),
        ("1.8", "", {"force": True}, True),
        ("1.8", "", {"force": "True"}, True),
        ("1.8", "", {"force": "false"}, False),
        ("1.8", "", {"force": None}, False),
        ("1.8", "", {}, False),
        ("1.8", "?force=true", None, True),
        ("1.7", "", {"force": True}, False),
    )
    @ddt.unpack
    def test_force(self, version, query, body, force):
        self.engine.answers["node_delete"] = {"action": "the-action"}
        response = self.delete(f"/v1/nodes/n{query}", body, version=version, status=202)
        self.assertEqual(b"", response.body)
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual([("node_delete", {"identity": "n", "force": force})], self.engine.calls)

    @ddt.data("perhaps", 1, [])
    def test_a_force_that_is_none(self, force):
        self.delete("/v1/nodes/n", {"force": force}, version="1.8", status=400)


@ddt.ddt
class NodeActionTest(base.ApiTestCase):
    def act(self, body, status=202):
        return self.post("/v1/nodes/node_id/actions", body, status=status)

    @ddt.data(
        (None, "No action specified."),
        ({}, "No action specified."),
        ({"check": {}, "recover": {}}, "Multiple actions specified."),
        ({"bogus": {}}, "Unrecognized action 'bogus' specified"),
        ({"check": []}, "The params provided is not a map."),
        ({"recover": None}, "The params provided is not a map."),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.act(body, status=400), message)

    @ddt.data("check", "recover")
    def test_parameters_are_passed_on(self, verb):
        self.engine.answers[f"node_{verb}"] = {"action": "the-action"}
        response = self.act({verb: {"any": "thing"}})
        self.assertEqual({"action": "the-action"}, response.json)
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual(
            [(f"node_{verb}", {"identity": "node_id", "params": {"any": "thing"}})],
            self.engine.calls,
        )


@ddt.ddt
class NodeOperationTest(base.ApiTestCase):
    def operate(self, body, status=202):
        return self.post("/v1/nodes/n/ops", body, version="1.4", status=status)

    @ddt.data(
        (None, "No operation specified."),
        ({}, "No operation specified."),
        ({"a": {}, "b": {}}, "Multiple operations specified."),
        ({"a": []}, "The params provided is not a map."),
        ({"a": "x"}, "The params provided is not a map."),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.operate(body, status=400), message)

    @ddt.data(({"type": "SOFT"}, {"type": "SOFT"}), ({}, {}), (None, {}))
    @ddt.unpack
    def test_the_value_is_the_map_of_parameters(self, value, params):
        self.operate({"reboot": value})
        self.assertEqual(
            [("node_op", {"identity": "n", "operation": "reboot", "params": params})],
            self.engine.calls,
        )

    @ddt.data(
        "The requested operation 'dance' is not supported by the profile type "
        "'os.nova.server-1.0'.",
        "'Unknown' must be one of the allowed values: SOFT, HARD.",
    )
    def test_the_engines_texts_pass(self, text):
        self.engine.answers["node_op"] = exception.BadRequest(text)
        self.assert_refused(self.operate({"dance": {}}, 400), 400, text, "BadRequest")


@ddt.ddt
class AdoptTest(base.ApiTestCase):
    def test_it_answers_the_node_without_an_action(self):
        row = self.node_row(status="ACTIVE", physical_id="server")
        self.engine.answers["node_adopt"] = {"node": row}
        body = {"identity": "server", "type": "os.nova.server-1.0", "role": "r"}
        response = self.post("/v1/nodes/adopt", body, version="1.7", status=200)
        self.assertEqual(KEYS, set(response.json["node"]))
        self.assertNotIn("Location", response.headers)
        self.assertEqual(
            [
                (
                    "node_adopt",
                    {
                        **body,
                        "name": None,
                        "metadata": {},
                        "overrides": None,
                        "snapshot": False,
                    },
                )
            ],
            self.engine.calls,
        )

    def test_a_preview(self):
        preview = {"type": "os.nova.server", "version": "1.0", "properties": {"flavor": "1"}}
        self.engine.answers["node_adopt_preview"] = preview
        body = {
            "identity": "server",
            "type": "os.nova.server-1.0",
            "overrides": None,
            "snapshot": None,
        }
        response = self.post("/v1/nodes/adopt-preview", body, version="1.7", status=200)
        self.assertEqual({"node_profile": {"node_preview": preview}}, response.json)

    @ddt.data("adopt", "adopt-preview")
    def test_missing_fields(self, call):
        response = self.post(f"/v1/nodes/{call}", {"type": "t-1"}, version="1.7", status=400)
        self.assert_invalid(response, "'identity' is a required property")
        response = self.post(f"/v1/nodes/{call}", {}, version="1.7", status=400)
        self.assert_invalid(response, "'identity' is a required property")
        self.post(f"/v1/nodes/{call}", version="1.7", status=400)

    @ddt.data(("adopt", 0), ("adopt", 256), ("adopt-preview", 0), ("adopt-preview", 256))
    @ddt.unpack
    def test_an_identity_that_no_cloud_has(self, call, length):
        body = {"identity": "i" * length, "type": "t-1"}
        response = self.post(f"/v1/nodes/{call}", body, version="1.7", status=400)
        self.assertIn("identity", response.json["error"]["message"])
        self.assertEqual([], self.engine.calls)

    @ddt.data("name", "role", "metadata")
    def test_a_preview_takes_no_more(self, field):
        body = {"identity": "i", "type": "t-1", field: None}
        response = self.post("/v1/nodes/adopt-preview", body, version="1.7", status=400)
        self.assertIn("Additional properties", response.json["error"]["message"])

    def test_adopt_is_an_identity_for_a_get(self):
        self.assert_not_found(self.get("/v1/nodes/adopt", status=404), "node", "adopt")


class AmbiguousTest(base.ApiTestCase):
    def test_a_profile_that_is_ambiguous_for_the_engine(self):
        self.engine.answers["node_update"] = exception.MultipleChoices(identity="p")
        response = self.patch(
            f"/v1/nodes/{uuid.uuid4()}", {"node": {"profile_id": "p"}}, status=400
        )
        self.assert_refused(
            response,
            400,
            "Multiple results found matching the query criteria 'p'. Please be more specific.",
            "MultipleChoices",
        )
