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

"""senlin.policy.deletion: who goes first (profiles and policies contract, 9.3)."""

import datetime
import random

import ddt

from senlin.common import exception
from senlin.policies import deletion
from senlin.policies import pipeline
from senlin.policies import plan
from senlin.tests.unit import base


def moment(second):
    return datetime.datetime.fromtimestamp(1_700_000_000 + second, datetime.UTC)


def policy(version="1.1", **properties):
    spec = {"type": "senlin.policy.deletion", "version": version, "properties": properties}
    return deletion.DeletionPolicy("dp", spec)


def member(name, born, profile="new", status="ACTIVE", tainted=False):
    return {
        "id": name,
        "status": status,
        "tainted": tainted,
        "profile_id": profile,
        "created_at": None if born is None else moment(born),
    }


MEMBERS = [
    member("young", 30, profile="old"),
    member("old", 10),
    member("middle", 20),
    member("unborn", None),
    member("sick", 40, status="ERROR"),
    member("tainted", 50, tainted=True),
]


def decide(item, action="CLUSTER_SCALE_IN", decision=None, members=MEMBERS, **inputs):
    asked = pipeline.PolicyRequest(
        action=action,
        cluster={"id": "c", "min_size": 0, "max_size": -1, "desired_capacity": len(members)},
        members=members,
        inputs=inputs,
        now=0.0,
        random=random.Random(1),
        max_nodes_per_cluster=1000,
        target="node1",
        profiles_since={"old": moment(0), "new": moment(5)},
    )
    return item.decide(asked, {"id": "b"}, decision or plan.Plan())


@ddt.ddt
class VictimsTest(base.TestCase):
    @ddt.data(
        ("OLDEST_FIRST", ("old", "middle", "young")),
        ("YOUNGEST_FIRST", ("young", "middle", "old")),
        ("OLDEST_PROFILE_FIRST", ("young", "old", "middle")),
    )
    @ddt.unpack
    def test_the_sick_and_unborn_go_first_then_by_criterion(self, criterion, order):
        made = decide(policy(criteria=criterion), count=6)
        self.assertEqual(("sick", "tainted", "unborn", *order), made.victims)

    def test_at_random_the_sick_still_go_first(self):
        made = decide(policy(), count=4)
        self.assertEqual(("sick", "tainted", "unborn"), made.victims[:3])
        self.assertIn(made.victims[3], {"old", "middle", "young"})

    def test_the_count_of_an_earlier_policy_is_taken(self):
        self.assertEqual(2, len(decide(policy(), decision=plan.Plan(shrink=2), count=5).victims))

    def test_one_goes_if_nobody_says_how_many(self):
        self.assertEqual(("sick",), decide(policy()).victims)

    def test_named_nodes_are_taken_as_they_are(self):
        named = plan.Plan(victims=("old",), destroy=False)
        made = decide(policy(grace_period=5), "CLUSTER_DEL_NODES", named)
        self.assertEqual((("old",), True, 5), (made.victims, made.destroy, made.grace_period))

    def test_a_resize_that_shrinks(self):
        inputs = {"adjustment_type": "EXACT_CAPACITY", "number": 4, "strict": True}
        self.assertEqual(("sick", "tainted"), decide(policy(), "CLUSTER_RESIZE", **inputs).victims)

    @ddt.data({"number": 9}, {"number": "x"}, {"number": 6})
    def test_a_resize_that_does_not_shrink_is_left_alone(self, inputs):
        made = decide(policy(), "CLUSTER_RESIZE", adjustment_type="EXACT_CAPACITY", **inputs)
        self.assertEqual(plan.Plan(), made)

    def test_the_flags_travel_with_the_plan(self):
        made = decide(
            policy(destroy_after_deletion=False, reduce_desired_capacity=False, grace_period=9)
        )
        self.assertEqual((False, False, 9), (made.destroy, made.reduce_desired, made.grace_period))

    def test_a_node_that_a_user_deletes_is_always_destroyed(self):
        made = decide(policy(destroy_after_deletion=False), "NODE_DELETE")
        self.assertEqual((("node1",), True), (made.victims, made.destroy))


@ddt.ddt
class HookSpecTest(base.TestCase):
    def test_a_webhook_is_part_of_the_plan(self):
        hooks = {"type": "webhook", "params": {"url": "https://example.com/x"}, "timeout": 60}
        hook = decide(policy(hooks=hooks)).hook
        self.assertEqual({"url": "https://example.com/x", "timeout": 60}, hook)

    @ddt.data(
        {"type": "zaqar", "params": {"queue": "q"}},
        {"type": "webhook"},
        {"type": "webhook", "params": {"url": "ftp://example.com"}},
        {"type": "webhook", "params": {"url": "http://"}},
        {"type": "webhook", "params": {"url": "http://h"}, "timeout": -1},
    )
    def test_what_cannot_be_honoured_is_refused(self, hooks):
        self.assertRaises(exception.InvalidSpec, policy, hooks=hooks)

    def test_a_negative_grace_period_is_refused(self):
        self.assertRaises(exception.InvalidSpec, policy, grace_period=-1)
