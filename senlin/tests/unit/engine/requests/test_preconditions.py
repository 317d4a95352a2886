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

"""Requests with keys and conditions: the engine decides in the transaction of the work."""

import json

import ddt
import fixtures

from senlin.common import exception
from senlin.common import secrets
from senlin.db import clusters
from senlin.db import facade
from senlin.db import idempotency
from senlin.db import lookup
from senlin.db import reads
from senlin.db import tags
from senlin.rpc import wire
from senlin.tests.unit.engine.requests import base


def claim():
    """A key, claimed anew at once if nobody answers."""
    return idempotency.claim("id", "f", base.NOW, lease=0, lifetime=1000)


class IdempotencyTest(base.RequestTestCase):
    def setUp(self):
        super().setUp()
        path = self.useFixture(fixtures.TempDir()).join("keys")
        secrets.create_key_file(path)
        self.config(secrets_key_file=path)
        self.make_profile("prof")
        claimed = claim()
        self.context.idempotency = {"id": claimed.id, "token": claimed.token}

    def answer(self):
        """What a repetition of the request gets."""
        return wire.unpack(json.loads(secrets.unseal(claim().answer)))

    def test_what_is_made_comes_with_its_answer(self):
        made = self.ask("cluster_create", name="c", profile_id="prof")
        self.assertEqual(made, self.answer())

    def test_a_lost_claim_makes_nothing(self):
        claim()
        self.refused(exception.IdempotencyKeyInUse, "cluster_create", name="c", profile_id="prof")
        self.assertEqual(0, facade.read(clusters.count, "p1"))
        self.assertEqual(0, self.doorbell.rings)

    def test_a_claim_serves_one_request(self):
        self.ask("cluster_create", name="c", profile_id="prof")
        self.refused(exception.IdempotencyKeyInUse, "cluster_create", name="d", profile_id="prof")
        self.assertEqual(1, facade.read(clusters.count, "p1"))

    def test_a_refusal_is_no_answer(self):
        self.refused(exception.BadRequest, "cluster_create", name="c", profile_id="unknown")
        self.assertIsNone(claim().answer)

    def test_profiles_policies_and_adopted_nodes_are_made_once_too(self):
        lost = {"id": "id", "token": "lost"}
        self.context.idempotency = lost
        for method, arguments in (
            ("profile_create", {"name": "p", "spec": base.a_spec()}),
            ("policy_create", {"name": "p", "spec": _POLICY}),
            ("node_adopt", {"identity": "x", "type": "os.thing-1.0"}),
        ):
            self.refused(exception.IdempotencyKeyInUse, method, **arguments)


_POLICY = {
    "type": "senlin.policy.scaling",
    "version": "1.0",
    "properties": {"event": "CLUSTER_SCALE_IN"},
}


@ddt.ddt
class ConditionTest(base.RequestTestCase):
    def setUp(self):
        super().setUp()
        self.profile = self.make_profile("prof")
        self.cluster = self.make_cluster(self.profile)
        self.node = self.make_node(self.profile)
        self.policy = self.ask("policy_create", name="pol", spec=_POLICY)

    def tag(self, kind):
        identity = getattr(self, kind)["id"]
        return facade.read(
            lambda conn: tags.of(
                kind, reads.with_relations(conn, kind, lookup.get(conn, kind, identity))
            )
        )

    @ddt.data(
        ("cluster", "cluster_update", {"changes": {"name": "new"}}),
        ("cluster", "cluster_delete", {}),
        ("cluster", "cluster_scale_out", {"count": 1}),
        ("node", "node_update", {"changes": {"name": "new"}}),
        ("node", "node_delete", {}),
        ("node", "node_check", {}),
        ("profile", "profile_update", {"name": "new"}),
        ("profile", "profile_delete", {}),
        ("policy", "policy_update", {"name": "new"}),
        ("policy", "policy_delete", {}),
    )
    @ddt.unpack
    def test_a_change_is_made_only_to_what_was_seen(self, kind, method, arguments):
        row = getattr(self, kind)
        seen = self.tag(kind)
        self.change(kind, row["id"], name="changed-meanwhile")
        self.context.if_match = [seen, "another"]
        message = self.refused(
            exception.PreconditionFailed, method, identity=row["id"], **arguments
        )
        self.assertIn(f"The {kind} '{row['id']}' has changed", message)

        if method != "profile_delete":
            self.context.if_match = [self.tag(kind)]
            self.ask(method, identity=row["id"], **arguments)

    def test_an_action_is_cancelled_only_as_it_was_seen(self):
        self.action = self.row("action", self.ask("node_check", identity="n1")["action"])
        seen = self.tag("action")
        self.change("action", self.action["id"], status="RUNNING")
        self.context.if_match = [seen]
        self.refused(exception.PreconditionFailed, "action_cancel", identity=self.action["id"])
        self.context.if_match = [self.tag("action")]
        self.ask("action_cancel", identity=self.action["id"])

    def test_a_new_member_changes_its_cluster(self):
        self.context.if_match = [self.tag("cluster")]
        context = base.a_context()
        self.make_node(self.profile, context=context, name="n2", cluster_id="c1")
        self.refused(exception.PreconditionFailed, "cluster_scale_out", identity="c1", count=1)

    def test_no_tag_at_all_refuses_everything(self):
        self.context.if_match = []
        self.refused(exception.PreconditionFailed, "cluster_delete", identity="c1")
