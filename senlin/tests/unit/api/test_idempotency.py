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

"""A POST with an Idempotency-Key is done once, whoever repeats it (1.16)."""

import json

import ddt
import sqlalchemy as sa

from senlin.common import exception
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit.api import base

_KEYS = models.IdempotencyKey.__table__
PROFILE = {"profile": {"name": "web", "spec": {"type": "t", "version": "1.0"}}}


class IdempotencyTestCase(base.ApiTestCase):
    def setUp(self):
        super().setUp()
        self.seal_secrets()
        self.engine.answers["profile_create"] = self.row("profile", name="web")

    def repeat(self, body=PROFILE, path="/v1/profiles", version="1.16", key="k1", **options):
        """A POST with a key."""
        headers = {"Idempotency-Key": key}
        return self.post(path, body, version=version, **headers, **options)

    def asked(self):
        """How often the engine was asked."""
        return len(self.engine.calls)

    def stored(self):
        """The rows of the table of keys."""
        return facade.read(lambda conn: conn.execute(sa.select(_KEYS)).mappings().all())

    def change(self, **values):
        """Change all rows of the table of keys."""
        facade.write(lambda conn: conn.execute(sa.update(_KEYS).values(**values)))


class RepetitionTest(IdempotencyTestCase):
    def test_a_repetition_is_answered_alike_without_asking_the_engine(self):
        first, second = (self.repeat(status=201) for _ in range(2))
        self.assertEqual(first.body, second.body)
        self.assertEqual(1, self.asked())

    def test_status_and_location_are_repeated_too(self):
        body = {"scale_out": {"count": 1}}
        first, second = (self.repeat(body, "/v1/clusters/c1/actions", status=202) for _ in range(2))
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(first.json, second.json)
        self.assertEqual(1, self.asked())

    def test_the_order_of_the_keys_in_a_body_means_nothing(self):
        profile = PROFILE["profile"]
        self.repeat(status=201)
        self.repeat({"profile": dict(reversed(profile.items()))}, status=201)
        self.assertEqual(1, self.asked())

    def test_refusals_are_repeated(self):
        refusal = exception.ActionConflict(action="a", type="cluster", target="c", actions="b")
        self.engine.answers["cluster_check"] = refusal
        path = "/v1/clusters/c1/actions"
        first, second = (self.repeat({"check": {}}, path, status=409) for _ in range(2))
        self.assertEqual("ActionConflict", second.json["error"]["type"])
        self.assertEqual(first.body, second.body)
        self.assertEqual(1, self.asked())

    def test_failures_are_not_repeated(self):
        good = self.engine.answers["profile_create"]
        self.engine.answers["profile_create"] = exception.ServiceUnavailable()
        self.repeat(status=503)
        self.engine.answers["profile_create"] = good
        self.repeat(status=201)
        self.assertEqual(2, self.asked())

    def test_what_fails_unexpectedly_leaves_the_key_unused(self):
        self.engine.answers["profile_create"] = lambda context, **arguments: 1 / 0
        self.repeat(status=500)
        self.assertEqual([], self.stored())

    def test_a_request_that_says_nothing_sensible_leaves_the_key_unused(self):
        self.repeat({"profile": {"name": "web"}}, status=400)
        self.repeat({"replace_nodes": {"nodes": 1}}, "/v1/clusters/c/actions", status=400)
        self.assertEqual([], self.stored())
        self.repeat(status=201)

    def test_an_answer_that_the_engine_stored_is_not_replaced(self):
        def answer(context, **arguments):
            self.assertEqual(self.stored()[0]["token"], context.idempotency["token"])
            self.assertEqual(self.stored()[0]["id"], context.idempotency["id"])
            self.change(answer="stored by the engine")
            return self.row("profile")

        self.engine.answers["profile_create"] = answer
        self.repeat(status=201)
        self.assertEqual("stored by the engine", self.stored()[0]["answer"])

    def test_what_the_engine_did_for_a_lost_answer_is_not_done_again(self):
        """The engine has committed, and the answer got lost on its way."""
        self.repeat(status=201)
        answer = self.stored()[0]["answer"]
        self.change(answer=None, claimed_until=0.0)

        def answer_lately(context, **arguments):
            self.change(answer=answer)
            return exception.ServiceUnavailable()

        self.engine.answers["profile_create"] = answer_lately
        self.repeat(status=503)
        self.repeat(status=201)
        self.assertEqual(2, self.asked())

    def test_validations_are_repeated_too(self):
        self.engine.answers["policy_validate"] = {"type": "t-1.0", "spec": {}}
        body = {"policy": {"spec": {}}}
        for _ in range(2):
            self.repeat(body, "/v1/policies/validate", status=200)
        self.assertEqual(1, self.asked())


@ddt.ddt
class KeyTest(IdempotencyTestCase):
    @ddt.data(
        {"body": {"profile": {**PROFILE["profile"], "name": "other"}}},
        {"path": "/v1/profiles?x=1"},
        {"path": "/v1/profiles/validate", "body": {"profile": {"spec": {}}}},
    )
    def test_another_request_with_the_same_key_is_refused(self, other):
        self.repeat(status=201)
        response = self.repeat(status=409, **other)
        self.assert_refused(
            response,
            409,
            "The Idempotency-Key was used before, for a different request.",
            "IdempotencyKeyReused",
        )
        self.assertEqual(1, self.asked())

    def test_a_request_at_work_is_not_done_a_second_time(self):
        def answer(context, **arguments):
            again = self.repeat(status=409)
            self.assertEqual("IdempotencyKeyInUse", again.json["error"]["type"])
            self.assertEqual("2", again.headers["Retry-After"])
            return self.row("profile")

        self.engine.answers["profile_create"] = answer
        self.repeat(status=201)
        self.assertEqual(1, self.asked())

    def test_a_request_that_was_abandoned_can_be_taken_up(self):
        self.repeat(status=201)
        self.change(answer=None, claimed_until=0.0)
        self.repeat(status=201)
        self.assertEqual(2, self.asked())

    def test_an_old_key_can_be_used_anew(self):
        self.repeat(status=201)
        self.change(created_at=self.stored()[0]["created_at"] - 86400)
        self.repeat({"profile": {**PROFILE["profile"], "name": "other"}}, status=201)
        self.assertEqual(2, self.asked())

    def test_users_do_not_share_keys(self):
        self.repeat(status=201)
        self.repeat(status=201, **{"X-User-Id": "somebody"})
        self.repeat(status=201, **{"X-Project-Id": "elsewhere"})
        self.assertEqual(3, self.asked())

    @ddt.data("", "a b", "a\tb", "\xe9", "x" * 256)
    def test_a_key_of_other_characters_is_refused(self, key):
        self.assert_invalid(
            self.repeat(key=key, status=400),
            "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
        )

    @ddt.data("x" * 255, '"8e03978e-40d5-43e8-bc93-6894a57f9324"', "~!")
    def test_a_key_may_be_any_visible_characters(self, key):
        self.repeat(key=key, status=201)
        self.repeat(key=key, status=201)
        self.assertEqual(1, self.asked())

    def test_it_means_nothing_before_its_version(self):
        for _ in range(2):
            self.repeat(version="1.15", key="a b", status=201)
        self.assertEqual(2, self.asked())
        self.assertEqual([], self.stored())

    def test_it_means_nothing_for_other_methods(self):
        self.engine.answers["profile_update"] = self.row("profile")
        for _ in range(2):
            self.patch(
                "/v1/profiles/p",
                {"profile": {"name": "new"}},
                version="1.16",
                status=200,
                **{"Idempotency-Key": "k1"},
            )
        self.assertEqual(2, self.asked())

    def test_answers_are_stored_sealed(self):
        # Long texts: short ones may stand in a sealed one by chance.
        key, name = "the-key-of-the-caller", "the-name-of-the-profile"
        self.engine.answers["profile_create"] = self.row("profile", name=name)
        self.repeat(key=key, status=201)
        (row,) = self.stored()
        self.assertNotIn(name, json.dumps({**row}))
        self.assertNotIn(key, json.dumps({**row}))

    def test_old_keys_are_removed(self):
        self.repeat(status=201)
        self.change(created_at=0.0)
        self.build()
        self.repeat(key="k2", status=201)
        (row,) = self.stored()
        self.assertNotEqual(0.0, row["created_at"])


class WebhookTest(IdempotencyTestCase):
    def trigger(self, hook, status=202):
        headers = {"Idempotency-Key": "k1", "OpenStack-API-Version": "clustering 1.16"}
        return self.app.post(f"/v1/webhooks/{hook['id']}/trigger?V=2", headers=headers).json

    def test_a_webhook_is_triggered_once_for_each_of_its_keys(self):
        hooks = [self.insert("receiver"), self.insert("receiver")]
        first = [self.trigger(hook) for hook in hooks]
        self.assertEqual(first, [self.trigger(hook) for hook in hooks])
        self.assertNotEqual(first[0], first[1])
        self.assertEqual(2, self.asked())

    def test_its_keys_are_not_those_of_its_owner(self):
        self.trigger(self.insert("receiver"))
        self.repeat(status=201)
        self.assertEqual(2, self.asked())
