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


"""Actions (API contract, 3.10 and 8.4)."""

import uuid

import ddt

from senlin.common import exception
from senlin.tests.unit.api import base

KEYS = {
    "id",
    "name",
    "action",
    "target",
    "cause",
    "owner",
    "interval",
    "start_time",
    "end_time",
    "timeout",
    "status",
    "status_reason",
    "inputs",
    "outputs",
    "data",
    "depends_on",
    "depended_by",
    "created_at",
    "updated_at",
    "user",
    "project",
}


@ddt.ddt
class ActionReadTest(base.ApiTestCase):
    def test_the_cluster_is_shown_from_1_14(self):
        action = self.insert("action", name="a")
        for path, key in ((f"/v1/actions/{action['id']}", "action"), ("/v1/actions", "actions")):
            for version, keys in (("1.13", KEYS), ("1.14", KEYS | {"cluster_id"})):
                shown = self.get(path, version=version).json[key]
                shown = shown[0] if key == "actions" else shown
                self.assertEqual(keys, set(shown))

    def test_times_are_epoch_seconds(self):
        self.insert("action", name="a", start_time=1767323045.1234567, end_time=None)
        shown = self.get("/v1/actions/a").json["action"]
        self.assertEqual(1767323045.123457, shown["start_time"])
        self.assertIsNone(shown["end_time"])
        self.assertEqual(-1, shown["interval"])

    def test_a_parent_waits_for_its_unfinished_children(self):
        parent = self.insert("action", status="WAITING")
        running = self.insert("action", parent_id=parent["id"], status="RUNNING")
        done = self.insert("action", parent_id=parent["id"], status="SUCCEEDED")
        shown = {a["id"]: a for a in self.get("/v1/actions").json["actions"]}
        self.assertEqual([running["id"]], shown[parent["id"]]["depends_on"])
        self.assertEqual([parent["id"]], shown[running["id"]]["depended_by"])
        self.assertEqual([], shown[done["id"]]["depended_by"])
        self.assertEqual([], shown[parent["id"]]["depended_by"])
        one = self.get(f"/v1/actions/{parent['id']}").json["action"]
        self.assertEqual([running["id"]], one["depends_on"])

    def test_a_list_costs_two_queries(self):
        self.get("/v1/actions")
        for _ in range(3):
            parent = self.insert("action", status="WAITING")
            self.insert("action", parent_id=parent["id"], status="RUNNING")
        with self.counted_queries() as queries:
            self.get("/v1/actions")
        self.assertEqual(2, len(queries))

    def test_filters(self):
        target = str(uuid.uuid4())
        row = self.insert("action", action="NODE_CHECK", status="FAILED", target=target)
        self.insert("action")
        for query in (
            "action=NODE_CHECK",
            "action=NODE_CHECK&action=NODE_RECOVER",
            "status=FAILED",
            f"target={target}",
        ):
            found = self.get(f"/v1/actions?{query}").json["actions"]
            self.assertEqual([row["id"]], [action["id"] for action in found], query)

    def test_a_filter_by_cluster_needs_1_14(self):
        cluster = self.insert("cluster", name="c")
        row = self.insert("action", cluster_id=cluster["id"])
        other = self.insert("action")
        for version, query, rows in (
            ("1.14", "cluster_id=c", [row]),
            ("1.14", f"cluster_id={cluster['id']}", [row]),
            ("1.14", "cluster_id=unknown", []),
            ("1.14", "cluster_id=c&cluster_id=unknown", []),
            ("1.13", "cluster_id=unknown", [row, other]),
        ):
            found = self.get(f"/v1/actions?{query}", version=version).json["actions"]
            self.assertEqual([r["id"] for r in rows], [a["id"] for a in found], query)


@ddt.ddt
class ActionUpdateTest(base.ApiTestCase):
    def update(self, identity, body, query="", status=None):
        return self.patch(f"/v1/actions/{identity}{query}", body, version="1.12", status=status)

    @ddt.data(("", False), ("?force=True", True), ("?force=false", False))
    @ddt.unpack
    def test_it_cancels(self, query, force):
        action = self.insert("action")
        self.engine.answers["action_cancel"] = None
        body = {"action": {"status": "CANCELLED", "force": "overwritten"}}
        response = self.update(action["id"], body, query, status=202)
        self.assertEqual(b"", response.body)
        self.assertNotIn("Location", response.headers)
        self.assertNotIn("Content-Type", response.headers)
        self.assertEqual(
            [("action_cancel", {"identity": action["id"], "force": force})], self.engine.calls
        )

    def test_an_unknown_action(self):
        identity = str(uuid.uuid4())
        response = self.update(identity, {"action": {"status": "CANCELLED"}}, status=404)
        self.assert_not_found(response, "action", identity)

    def test_only_the_full_id_counts(self):
        action = self.insert("action", name="the-name")
        for identity in ("the-name", action["id"][:8]):
            self.update(identity, {"action": {"status": "CANCELLED"}}, status=404)

    def test_an_action_of_another_project(self):
        action = self.insert("action", project=base.OTHER_PROJECT)
        response = self.update(action["id"], {"action": {"status": "CANCELLED"}}, status=404)
        self.assert_not_found(response, "action", action["id"])

    def test_a_finished_action(self):
        action = self.insert("action", status="SUCCEEDED")
        self.engine.answers["action_cancel"] = exception.ActionImmutable(
            id=action["id"], actual="SUCCEEDED", expected="READY"
        )
        response = self.update(action["id"], {"action": {"status": "CANCELLED"}}, status=409)
        self.assertEqual("ActionImmutable", response.json["error"]["type"])

    @ddt.data(
        ({}, "Malformed request data, missing 'action' key in request body."),
        ({"action": {}}, "'status' is a required property"),
        ({"action": {"force": True}}, "'status' is a required property"),
        (
            {"action": {"status": "CANCELLED", "boo": 1}},
            "Additional properties are not allowed ('boo' was unexpected)",
        ),
        (
            {"action": {"status": "invalid"}},
            "Value 'invalid' is not acceptable for field 'status'.",
        ),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.update("x", body, status=400), message)

    def test_a_bad_word_for_force(self):
        body = {"action": {"status": "CANCELLED"}}
        self.update("x", body, "?force=perhaps", status=400)
