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


"""Build info, events, services and policies (API contract, section 3)."""

import datetime
import uuid

import ddt

from senlin.db import models
from senlin.tests.unit.api import base


class BuildInfoTest(base.ApiTestCase):
    def test_both_revisions_are_shown(self):
        self.assertEqual(
            {"build_info": {"api": {"revision": "1.0"}, "engine": {"revision": "1.0"}}},
            self.get("/v1/build-info?x=ignored").json,
        )


@ddt.ddt
class EventTest(base.ApiTestCase):
    def test_an_event_has_all_keys_and_its_levels_name(self):
        row = self.insert("event", level=30, oname="c", otype="CLUSTER", status="end")
        shown = self.get(f"/v1/events/{row['id']}").json["event"]
        self.assertEqual(
            {
                "id",
                "timestamp",
                "oid",
                "oname",
                "otype",
                "cluster_id",
                "level",
                "action",
                "status",
                "status_reason",
                "user",
                "project",
                "meta_data",
            },
            set(shown),
        )
        self.assertEqual("WARN", shown["level"])
        self.assertEqual("2026-01-02T03:04:05Z", shown["timestamp"])
        self.assertEqual([shown], self.get("/v1/events").json["events"])

    def test_filters(self):
        cluster = self.insert("cluster", name="c")
        row = self.insert(
            "event",
            level=40,
            oname="o",
            otype="NODE",
            cluster_id=cluster["id"],
            action="NODE_CHECK",
        )
        self.insert("event")
        for query in (
            "level=ERROR",
            "level=ERROR&level=CRITICAL",
            "oname=o",
            "otype=NODE",
            "cluster_id=c",
            "action=NODE_CHECK",
            f"oid={row['oid']}",
        ):
            found = self.get(f"/v1/events?{query}").json["events"]
            self.assertEqual([row["id"]], [event["id"] for event in found], query)

    @ddt.data("cluster_id=unknown", "level=DEBUG", "otype=node")
    def test_filters_that_fit_nothing(self, query):
        self.insert("event", otype="NODE")
        self.assertEqual([], self.get(f"/v1/events?{query}").json["events"])

    @ddt.data("level=20", "level=info", "level=WARNING")
    def test_levels_are_names(self, query):
        self.get(f"/v1/events?{query}", status=400)

    def test_an_unknown_event(self):
        response = self.get("/v1/events/nothing", status=404)
        self.assert_not_found(response, "event", "nothing")


class ServiceTest(base.ApiTestCase):
    roles = "admin"

    def insert_service(self, age, **values):
        seen = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
        return self.insert(
            models.Service.__table__,
            **{
                "host": "h",
                "binary": "senlin-engine",
                "topic": "senlin-engine",
                "updated_at": seen,
                **values,
            },
        )

    def test_a_silent_service_is_down(self):
        self.insert_service(5, host="a")
        self.insert_service(120, host="b", disabled=True, disabled_reason="maintenance")
        shown = self.get("/v1/services", version="1.7").json["services"]
        self.assertEqual(
            {
                "id",
                "host",
                "binary",
                "topic",
                "disabled_reason",
                "status",
                "state",
                "updated_at",
            },
            set(shown[0]),
        )
        self.assertEqual(
            [("up", "enabled", None), ("down", "disabled", "maintenance")],
            [(s["state"], s["status"], s["disabled_reason"]) for s in shown],
        )

    def test_a_service_that_was_never_seen_is_down(self):
        self.insert_service(0, updated_at=None, created_at=None)
        self.assertEqual("down", self.get("/v1/services").json["services"][0]["state"])


@ddt.ddt
class PolicyTest(base.ApiTestCase):
    def test_a_policy_has_all_keys(self):
        row = self.insert("policy", name="p")
        shown = self.get("/v1/policies/p").json["policy"]
        self.assertEqual(
            {
                "id",
                "name",
                "type",
                "user",
                "project",
                "domain",
                "spec",
                "data",
                "created_at",
                "updated_at",
            },
            set(shown),
        )
        self.assertEqual(row["id"], shown["id"])
        self.assertEqual([shown], self.get("/v1/policies").json["policies"])

    @ddt.data(
        ({}, "Request body missing 'policy' key."),
        ({"policy": {"name": "p"}}, "'spec' is a required property"),
        ({"policy": {"spec": {}}}, "'name' is a required property"),
        (
            {"policy": {"name": "p", "spec": {}, "boo": 1}},
            "Additional properties are not allowed ('boo' was unexpected)",
        ),
        (
            {"policy": {"name": "p", "spec": {}, "cooldown": 1}},
            "Additional properties are not allowed ('cooldown' was unexpected)",
        ),
    )
    @ddt.unpack
    def test_a_create_is_refused(self, body, message):
        self.assert_invalid(self.post("/v1/policies", body, status=400), message)

    @ddt.data("/v1/policies", "/v1/policies/validate")
    def test_an_unknown_type(self, path):
        name = "senlin.policy.bogus-1.0"
        error = base.not_found("policy_type", name)
        self.engine.answers.update(policy_create=error, policy_validate=error)
        policy = {"spec": {"type": "senlin.policy.bogus", "version": "1.0", "properties": {}}}
        if path == "/v1/policies":
            policy["name"] = "p"
        response = self.post(path, {"policy": policy}, version="1.2", status=404)
        self.assert_not_found(response, "policy_type", name)

    @ddt.data(
        ({}, "Malformed request data, missing 'policy' key in request body."),
        ({"policy": {}}, "'name' is a required property"),
        (
            {"policy": {"name": "p", "spec": {}}},
            "Additional properties are not allowed ('spec' was unexpected)",
        ),
    )
    @ddt.unpack
    def test_an_update_of_an_unknown_policy_is_refused_first(self, body, message):
        response = self.patch(f"/v1/policies/{uuid.uuid4()}", body, status=400)
        self.assert_invalid(response, message)

    def test_the_engine_is_asked_to_rename_and_to_delete(self):
        self.engine.answers["policy_update"] = self.row("policy", name="n")
        shown = self.patch("/v1/policies/p", {"policy": {"name": "n"}}).json["policy"]
        self.assertEqual("n", shown["name"])
        self.delete("/v1/policies/p", status=204)
        self.assertIn("policy_delete", [call[0] for call in self.engine.calls])

    def test_a_validation_takes_a_spec_only(self):
        response = self.post("/v1/policies/validate", {}, version="1.2", status=400)
        self.assert_invalid(response, "Request body missing 'policy' key.")
        response = self.post("/v1/policies/validate", {"policy": {}}, version="1.2", status=400)
        self.assert_invalid(response, "'spec' is a required property")


class PolicyTypeTest(base.ApiTestCase):
    def test_shapes_follow_the_version(self):
        status = {"1.0": [{"status": "SUPPORTED", "since": "2016.04"}]}
        entry = {"name": "senlin.policy.deletion", "version": "1.0", "support_status": status}
        self.engine.answers["policy_type_list"] = [entry]
        self.assertEqual(
            {"policy_types": [{"name": "senlin.policy.deletion-1.0"}]},
            self.get("/v1/policy-types", version="1.4").json,
        )
        self.assertEqual(
            {"policy_types": [entry]}, self.get("/v1/policy-types", version="1.5").json
        )

    def test_an_unknown_type(self):
        self.engine.answers["policy_type_get"] = base.not_found("policy_type", "x-1")
        response = self.get("/v1/policy-types/x-1", status=404)
        self.assert_not_found(response, "policy_type", "x-1")
