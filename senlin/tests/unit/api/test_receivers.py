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

"""Receivers (API contract, 3.9)."""

import ddt

from senlin.tests.unit.api import base


@ddt.ddt
class ReceiverTest(base.ApiTestCase):
    def test_a_receiver_has_all_keys_and_no_secret(self):
        self.insert(
            "receiver",
            name="r",
            actor={"trust_id": "secret"},
            channel={"alarm_url": "http://x", "subscription": "secret"},
            params={"count": "1"},
        )
        response = self.get("/v1/receivers/r")
        shown = response.json["receiver"]
        self.assertEqual(
            {
                "id",
                "name",
                "type",
                "user",
                "project",
                "domain",
                "created_at",
                "updated_at",
                "cluster_id",
                "action",
                "actor",
                "params",
                "channel",
            },
            set(shown),
        )
        self.assertNotIn("secret", response.text)
        self.assertEqual({"alarm_url": "http://x"}, shown["channel"])
        self.assertEqual({"count": "1"}, shown["params"])

    def test_filters(self):
        row = self.insert("receiver", cluster_id="the-cluster", action="CLUSTER_SCALE_IN")
        self.insert("receiver")
        for query in ("cluster_id=the-cluster", "action=CLUSTER_SCALE_IN"):
            found = self.get(f"/v1/receivers?{query}").json["receivers"]
            self.assertEqual([row["id"]], [receiver["id"] for receiver in found], query)

    def test_the_user_filter_needs_1_4(self):
        self.insert("receiver")
        for version, count in (("1.3", 1), ("1.4", 0)):
            found = self.get("/v1/receivers?user=nobody", version=version).json["receivers"]
            self.assertEqual(count, len(found))

    @ddt.data(
        {"receive": {}},
        {"receiver": {"name": "r", "type": "bogus"}},
        {"receiver": {"name": "r" * 256, "type": "message"}},
        {"receiver": {"name": "r", "type": "webhook", "cluster_id": "c", "action": "FLY"}},
        {"receiver": {"name": "r", "type": "webhook", "cluster_id": "c"}},
        {"receiver": {"name": "r", "type": "webhook", "action": "CLUSTER_SCALE_IN"}},
        {
            "receiver": {
                "name": "r",
                "type": "webhook",
                "cluster_id": "c",
                "action": "CLUSTER_CREATE",
            }
        },
    )
    def test_a_create_is_refused(self, body):
        self.post("/v1/receivers", body, status=400)

    def test_a_webhook_is_made_by_the_engine(self):
        row = self.row("receiver", name="r", actor={"user": "secret"}, params={"count": "1"})
        row["channel"] = {"alarm_url": "http://x"}
        self.engine.answers["receiver_create"] = row
        given = {"name": "r", "type": "webhook", "cluster_id": "c", "action": "CLUSTER_RESIZE"}
        body = {"receiver": {**given, "params": {"count": "1"}, "actor": {"ignored": 1}}}
        response = self.post("/v1/receivers", body, status=201)
        self.assertEqual(row["id"], response.json["receiver"]["id"])
        self.assertEqual({}, response.json["receiver"]["actor"])
        self.assertNotIn("Location", response.headers)
        self.assertEqual(
            [("receiver_create", {**given, "params": {"count": "1"}})], self.engine.calls
        )

    def test_receivers_of_type_message_are_not_supported(self):
        body = {"name": "r", "type": "message", "cluster_id": None, "action": None}
        response = self.post("/v1/receivers", {"receiver": body}, status=400)
        self.assert_refused(
            response, 400, "Receivers of type 'message' are not supported.", "BadRequest"
        )

    def test_an_update_is_checked(self):
        self.insert("receiver", name="r")
        response = self.patch("/v1/receivers/r", {}, status=400)
        self.assert_invalid(
            response, "Malformed request data, missing 'receiver' key in request body."
        )
        response = self.patch("/v1/receivers/r", {"receiver": {"type": "message"}}, status=400)
        self.assertIn("Additional properties", response.json["error"]["message"])

    def test_an_update(self):
        self.engine.answers["receiver_update"] = self.row("receiver", name="n")
        response = self.patch("/v1/receivers/r", {"receiver": {"name": "n", "params": {}}})
        self.assertEqual("n", response.json["receiver"]["name"])
        self.assertEqual(
            [("receiver_update", {"identity": "r", "name": "n", "params": {}})], self.engine.calls
        )

    def test_a_deletion(self):
        self.delete("/v1/receivers/r", status=204)
        self.assertEqual([("receiver_delete", {"identity": "r"})], self.engine.calls)

    def test_an_unknown_receiver(self):
        error = base.not_found("receiver", "x")
        self.engine.answers.update(receiver_update=error, receiver_delete=error)
        body = {"receiver": {"name": "n"}}
        for response in (
            self.patch("/v1/receivers/x", body, status=404),
            self.delete("/v1/receivers/x", status=404),
            self.post("/v1/receivers/x/notify", status=404),
        ):
            self.assert_not_found(response, "receiver", "x")

    def test_a_webhook_takes_no_messages(self):
        self.insert("receiver", name="r", type="webhook")
        self.post("/v1/receivers/r/notify", status=400)
