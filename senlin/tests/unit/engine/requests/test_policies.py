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

"""Requests on policies and their bindings (API contract, 3.5, 3.6.7, Annex C)."""

import datetime
import uuid

from senlin.common import exception
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit.engine.requests import base


def a_spec(**adjustment):
    return {
        "type": "senlin.policy.scaling",
        "version": "1.0",
        "properties": {"event": "CLUSTER_SCALE_OUT", "adjustment": adjustment},
    }


class _PolicyTestCase(base.RequestTestCase):
    def make_policy(self, name="sp", spec=None):
        return self.ask("policy_create", name=name, spec=spec or a_spec(cooldown=60))

    def bind(self, cluster, policy, **columns):
        row = {
            "id": str(uuid.uuid4()),
            "cluster_id": cluster["id"],
            "policy_id": policy["id"],
            "enabled": True,
            "priority": 100,
            "data": None,
            "last_op": None,
            **columns,
        }
        facade.write(bulk.insert, models.ClusterPolicy.__table__, [row])


class PolicyTest(_PolicyTestCase):
    def test_the_spec_is_kept_as_it_was_sent(self):
        row = self.make_policy()
        self.assertEqual("senlin.policy.scaling-1.0", row["type"])
        self.assertEqual(a_spec(cooldown=60), self.row("policy", row["id"])["spec"])

    def test_a_schema_violation_is_the_users_mistake(self):
        spec = {**a_spec(), "properties": {"bogus": 1}}
        for method, more in (("policy_create", {"name": "p"}), ("policy_validate", {})):
            message = self.refused(exception.InvalidSpec, method, spec=spec, **more)
            self.assertEqual("Unrecognizable spec item 'bogus'", message)

    def test_an_unknown_type_is_not_found(self):
        message = self.refused(
            exception.ResourceNotFound,
            "policy_validate",
            spec={"type": "senlin.policy.bogus", "version": "1.0", "properties": {}},
        )
        self.assertEqual("The policy_type 'senlin.policy.bogus-1.0' could not be found.", message)

    def test_a_spec_without_type_or_version_is_refused(self):
        for spec in ({}, {"type": "t"}, {"version": "1"}, {"type": [], "version": 1}):
            self.refused(exception.InvalidSpec, "policy_create", name="p", spec=spec)

    def test_a_validation_keeps_nothing(self):
        self.assertEqual(
            "senlin.policy.scaling-1.0", self.ask("policy_validate", spec=a_spec())["type"]
        )
        self.refused(exception.ResourceNotFound, "policy_delete", identity="validated_policy")

    def test_it_can_be_renamed(self):
        row = self.make_policy()
        self.ask("policy_update", identity="sp", name="new")
        self.assertEqual("new", self.row("policy", row["id"])["name"])
        message = self.refused(exception.BadRequest, "policy_update", identity="new", name="new")
        self.assertEqual("No property needs an update.", message)

    def test_it_cannot_be_deleted_while_attached(self):
        policy = self.make_policy()
        self.bind(self.make_cluster(), policy)
        message = self.refused(exception.ResourceInUse, "policy_delete", identity="sp")
        self.assertEqual(
            "The policy 'sp' cannot be deleted: still attached to some clusters.", message
        )

    def test_it_can_be_deleted(self):
        row = self.make_policy()
        self.ask("policy_delete", identity=row["id"][:8])
        self.assertIsNone(self.row("policy", row["id"]))


class BindingTest(_PolicyTestCase):
    def test_an_attachment_is_admitted(self):
        cluster, policy = self.make_cluster(), self.make_policy()
        action = self.action(self.ask("cluster_policy_attach", identity="c1", policy_id="sp"))
        self.assertEqual("CLUSTER_ATTACH_POLICY", action["action"])
        self.assertEqual(f"attach_policy_{cluster['id'][:8]}", action["name"])
        self.assertEqual({"policy_id": policy["id"], "enabled": True}, action["inputs"])

    def test_the_cluster_is_looked_up_before_the_policy(self):
        for verb in ("attach", "detach", "update"):
            arguments = {"identity": "c1", "policy_id": "bogus"}
            self.refused(exception.ResourceNotFound, f"cluster_policy_{verb}", **arguments)
        self.make_cluster()
        for verb in ("attach", "detach", "update"):
            message = self.refused(exception.BadRequest, f"cluster_policy_{verb}", **arguments)
            self.assertEqual("The specified policy 'bogus' could not be found.", message)

    def test_what_is_not_attached_cannot_be_changed(self):
        self.make_cluster()
        self.make_policy()
        for verb in ("detach", "update"):
            message = self.refused(
                exception.BadRequest, f"cluster_policy_{verb}", identity="c1", policy_id="sp"
            )
            self.assertEqual(
                "The policy 'sp' is not attached to the specified cluster 'c1'.", message
            )

    def test_what_is_attached_can_be_disabled_and_detached(self):
        policy = self.make_policy()
        self.bind(self.make_cluster(), policy)
        made = self.ask("cluster_policy_update", identity="c1", policy_id="sp", enabled=False)
        self.assertEqual({"policy_id": policy["id"], "enabled": False}, self.action(made)["inputs"])
        self.settle(made["action"])
        made = self.ask("cluster_policy_detach", identity="c1", policy_id="sp")
        self.assertEqual("CLUSTER_DETACH_POLICY", self.action(made)["action"])


class CooldownTest(_PolicyTestCase):
    def setUp(self):
        super().setUp()
        self.cluster, self.policy = self.make_cluster(), self.make_policy()

    def last_op(self, seconds_ago):
        return datetime.datetime.fromtimestamp(base.NOW - seconds_ago, datetime.UTC)

    def test_a_request_within_it_is_refused_and_leaves_nothing(self):
        self.bind(self.cluster, self.policy, last_op=self.last_op(59))
        message = self.refused(exception.ActionCooldown, "cluster_scale_out", identity="c1")
        self.assertIn(self.policy["id"], message)
        # Nothing was admitted that could conflict with this.
        self.ask("cluster_scale_in", identity="c1")

    def test_after_it_requests_are_admitted(self):
        self.bind(self.cluster, self.policy, last_op=self.last_op(60))
        self.ask("cluster_scale_out", identity="c1")

    def test_a_disabled_policy_holds_nothing_back(self):
        self.bind(self.cluster, self.policy, last_op=self.last_op(1), enabled=False)
        self.ask("cluster_scale_out", identity="c1")
