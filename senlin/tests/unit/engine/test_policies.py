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

"""Policies at work: bindings, cool-downs, deletion flags and lifecycle hooks."""

import dataclasses

from senlin.cloud import webhooks
from senlin.common import timestamps
from senlin.db import bindings
from senlin.db import bulk
from senlin.db import clusters
from senlin.db import facade
from senlin.db import lookup
from senlin.policies import registry
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

_HOOKS = {"type": "webhook", "params": {"url": "http://example.com/go"}, "timeout": 100}


class _PoliciesTestCase(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()
        self.types = registry.Registry()
        self.told = []
        self.world.services = dataclasses.replace(
            self.world.services,
            bindings=lambda id_: self.types.bound(facade.read(bindings.enabled, id_)),
            notify=lambda url, document: self.told.append((url, document)),
        )
        self.cluster = self.world.new_cluster(3)

    def policy(self, kind, name="p", version="1.0", **properties):
        row = {
            "id": f"policy-{name}",
            "name": name,
            "type": f"senlin.policy.{kind}-{version}",
            "spec": {
                "type": f"senlin.policy.{kind}",
                "version": version,
                "properties": properties,
            },
            "data": {},
            "created_at": timestamps.from_epoch(self.world.clock.now),
            "updated_at": None,
            **world.OWNER,
        }
        facade.write(bulk.insert, lookup.table("policy"), [row])
        return row

    def act(self, action, target=None, **inputs):
        cluster_id = self.cluster["id"]
        action_id = self.world.submit(action, target or cluster_id, cluster_id, inputs)
        self.world.run()
        return self.world.get("action", action_id)

    def attach(self, *args, **properties):
        row = self.policy(*args, **properties)
        return self.act("CLUSTER_ATTACH_POLICY", policy_id=row["id"], enabled=True)

    def bound(self):
        return [b for b, _ in facade.read(bindings.of_cluster, self.cluster["id"])]

    def shape(self):
        return self.world.get("cluster", self.cluster["id"])["desired_capacity"], len(
            [n for n in self.world.rows("node") if n["cluster_id"] == self.cluster["id"]]
        )


class BindingTest(_PoliciesTestCase):
    def test_the_same_policy_again_changes_nothing(self):
        self.attach("deletion")
        again = self.act("CLUSTER_ATTACH_POLICY", policy_id="policy-p", enabled=False)
        self.assertEqual("SUCCEEDED", again["status"])
        self.assertEqual([(True, 400)], [(b["enabled"], b["priority"]) for b in self.bound()])

    def test_another_projects_policy_is_not_found(self):
        row = self.policy("deletion")
        with facade.writer() as conn:
            conn.execute(lookup.table("policy").update().values(project="strangers"))
        ended = self.act("CLUSTER_ATTACH_POLICY", policy_id=row["id"], enabled=True)
        self.assertEqual("FAILED", ended["status"])
        self.assertEqual([], self.bound())

    def test_enabled_must_be_true_or_false(self):
        row = self.policy("deletion")
        ended = self.act("CLUSTER_ATTACH_POLICY", policy_id=row["id"], enabled="no")
        self.assertEqual("FAILED", ended["status"])
        self.assertIn("'enabled' must be true or false", ended["status_reason"])

    def test_another_version_of_a_singleton_type_is_refused(self):
        self.attach("deletion")
        second = self.attach("deletion", "q", "1.1")
        self.assertEqual("FAILED", second["status"])
        self.assertIn("senlin.policy.deletion", second["status_reason"])
        self.assertEqual(1, len(self.bound()))
        self.assertEqual("ACTIVE", self.world.get("cluster", self.cluster["id"])["status"])

    def test_two_scaling_policies_may_be_attached(self):
        for name in ("a", "b"):
            self.attach("scaling", name, event="CLUSTER_SCALE_OUT")
        self.assertEqual(2, len(self.bound()))

    def test_a_policy_is_disabled_and_detached(self):
        self.attach("deletion")
        self.act("CLUSTER_UPDATE_POLICY", policy_id="policy-p", enabled=False)
        self.assertEqual([False], [b["enabled"] for b in self.bound()])
        self.act("CLUSTER_DETACH_POLICY", policy_id="policy-p")
        self.assertEqual([], self.bound())
        self.assertEqual(
            "FAILED", self.act("CLUSTER_DETACH_POLICY", policy_id="policy-p")["status"]
        )

    def test_a_deleted_cluster_takes_its_bindings_along(self):
        self.attach("deletion")
        self.act("CLUSTER_DELETE")
        self.assertEqual([], self.bound())


class ScalingTest(_PoliciesTestCase):
    def test_the_count_is_the_policys_and_the_cooldown_begins(self):
        self.attach("scaling", event="CLUSTER_SCALE_OUT", adjustment={"number": 2, "cooldown": 60})
        self.assertEqual("SUCCEEDED", self.act("CLUSTER_SCALE_OUT")["status"])
        self.assertEqual((5, 5), self.shape())
        self.assertIsNotNone(self.bound()[0]["last_op"])
        second = self.act("CLUSTER_SCALE_OUT")
        self.assertEqual("FAILED", second["status"])
        self.assertIn("cooldown is still in progress", second["status_reason"])

    def test_an_action_that_changes_nothing_begins_no_cooldown(self):
        self.attach("scaling", event="CLUSTER_SCALE_IN", adjustment={"number": 4})
        self.assertEqual("FAILED", self.act("CLUSTER_SCALE_IN")["status"])
        self.assertIsNone(self.bound()[0]["last_op"])


class DeletionTest(_PoliciesTestCase):
    def test_the_desired_capacity_stays_if_the_policy_says_so(self):
        self.attach("deletion", reduce_desired_capacity=False)
        for action, inputs in (
            ("CLUSTER_SCALE_IN", {"count": 1}),
            (
                "CLUSTER_RESIZE",
                {"adjustment_type": "EXACT_CAPACITY", "number": 1, "strict": True},
            ),
        ):
            self.assertEqual("SUCCEEDED", self.act(action, **inputs)["status"])
        self.assertEqual((3, 1), self.shape())

    def test_victims_live_on_if_the_policy_says_so(self):
        self.attach("deletion", destroy_after_deletion=False)
        self.act("CLUSTER_SCALE_IN", count=2)
        self.assertEqual((1, 1), self.shape())
        self.assertEqual(3, len(self.world.cloud.machines))

    def test_a_user_waits_for_the_grace_period_too(self):
        self.attach("deletion", grace_period=500, reduce_desired_capacity=False)
        began = self.world.clock.now
        node = self.world.rows("node")[0]
        self.assertEqual("SUCCEEDED", self.act("NODE_DELETE", node["id"])["status"])
        self.assertTrue(self.world.clock.now >= began + 500)
        self.assertEqual((3, 2), self.shape())


class HookTest(_PoliciesTestCase):
    def setUp(self):
        super().setUp()
        self.attach("deletion", hooks=_HOOKS)

    def waiting(self):
        status = "WAITING_LIFECYCLE_COMPLETION"
        return [a for a in self.world.rows("action") if a["status"] == status]

    def scale_in(self):
        self.world.submit("CLUSTER_SCALE_IN", self.cluster["id"], inputs={"count": 1})
        self.world.run(until=self.waiting)
        return self.waiting()[0]

    def test_a_child_waits_until_it_is_completed(self):
        child, began = self.scale_in(), self.world.clock.now
        self.assertEqual("Derived Action with Lifecycle Hook", child["cause"])
        node = self.world.get("node", child["target"])
        self.assertEqual("ACTIVE", node["status"])
        message = {
            "lifecycle_action_token": child["id"],
            "node_id": node["id"],
            "resource_id": node["physical_id"],
            "lifecycle_transition_type": "termination",
        }
        self.assertEqual([("http://example.com/go", message)], self.told)
        facade.write(clusters.complete_lifecycle, child["id"], self.world.clock.now)
        self.world.run()
        self.assertTrue(self.world.clock.now < began + 100)
        self.assertEqual((2, 2), self.shape())

    def test_a_go_ahead_does_not_undo_a_cancel(self):
        child = self.scale_in()
        self.world.cancel(child["id"])
        facade.write(clusters.complete_lifecycle, child["id"], self.world.clock.now)
        self.world.run()
        self.assertEqual("CANCELLED", self.world.get("action", child["id"])["status"])

    def test_it_goes_on_when_the_time_is_over(self):
        self.scale_in()
        began = self.world.clock.now
        self.world.run()
        self.assertTrue(self.world.clock.now >= began + 100)
        self.assertEqual((2, 2), self.shape())

    def test_a_go_ahead_that_comes_while_the_url_is_told_is_not_lost(self):
        def answer(url, document):
            token = document["lifecycle_action_token"]
            facade.write(clusters.complete_lifecycle, token, self.world.clock.now)

        self.world.services = dataclasses.replace(self.world.services, notify=answer)
        began = self.world.clock.now
        self.act("CLUSTER_SCALE_IN", count=1)
        self.assertTrue(self.world.clock.now < began + 100)
        self.assertEqual((2, 2), self.shape())

    def test_a_url_that_cannot_be_told_is_tried_three_times(self):
        tried = []

        def refuse(url, document):
            tried.append(url)
            raise webhooks.NotDelivered("The answer was 500.")

        self.world.services = dataclasses.replace(self.world.services, notify=refuse)
        self.act("CLUSTER_SCALE_IN", count=1)
        self.assertEqual(3, len(tried))
        self.assertEqual((2, 2), self.shape())

    def test_a_cancelled_wait_leaves_the_node_as_it_was(self):
        child = self.scale_in()
        self.world.cancel(child["parent_id"])
        self.world.run()
        self.assertEqual("ACTIVE", self.world.get("node", child["target"])["status"])
        self.assertEqual("CANCELLED", self.world.get("action", child["id"])["status"])

    def test_a_users_own_deletion_waits_as_well(self):
        node = self.world.rows("node")[0]
        self.act("NODE_DELETE", node["id"])
        self.assertEqual(1, len(self.told))
        self.assertEqual((2, 2), self.shape())
