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

"""senlin.policy.scaling as arithmetic (profiles and policies contract, 9.1)."""

import datetime
import random

import ddt
import hypothesis
from hypothesis import strategies

from senlin.common import exception
from senlin.policies import base as policies
from senlin.policies import pipeline
from senlin.policies import plan
from senlin.policies import scaling
from senlin.tests.unit import base

OUT, IN = "CLUSTER_SCALE_OUT", "CLUSTER_SCALE_IN"
NOW = 1_700_000_000.0


def policy(event=OUT, **adjustment):
    spec = {
        "type": "senlin.policy.scaling",
        "version": "1.0",
        "properties": {"event": event, "adjustment": adjustment},
    }
    return scaling.ScalingPolicy("sp", spec)


def request(action=OUT, current=5, low=0, high=-1, changed=0, **inputs):
    return pipeline.PolicyRequest(
        action=action,
        cluster={"id": "c", "min_size": low, "max_size": high, "desired_capacity": current},
        members=[{"id": str(n)} for n in range(current)],
        inputs=inputs,
        now=NOW,
        random=random.Random(1),
        max_nodes_per_cluster=1000,
        changed=changed,
    )


def binding(last_op=None, **columns):
    moment = last_op and datetime.datetime.fromtimestamp(last_op, datetime.UTC)
    row = {"id": "b", "policy_id": "p", "priority": 100, "enabled": True, "last_op": moment}
    return {**row, **columns}


def decide(item, asked, **columns):
    return item.decide(asked, binding(**columns), plan.Plan())


@ddt.ddt
class ScalingSpecTest(base.TestCase):
    @ddt.data({"number": 0}, {"number": -1}, {"min_step": -1}, {"cooldown": -1}, {"number": 1.5})
    def test_nonsense_is_refused(self, adjustment):
        self.assertRaises(exception.InvalidSpec, policy, **adjustment)

    def test_a_bad_type_is_named_with_the_good_ones(self):
        error = self.assertRaises(exception.InvalidSpec, policy, type="blah")
        self.assertIn(
            "'blah' must be one of the allowed values: EXACT_CAPACITY, CHANGE_IN_CAPACITY, "
            "CHANGE_IN_PERCENTAGE",
            error.message,
        )

    def test_without_adjustment_it_is_by_one(self):
        spec = {"type": "t", "version": "1.0", "properties": {"event": OUT}}
        self.assertEqual(1, decide(scaling.ScalingPolicy("sp", spec), request()).grow)


@ddt.ddt
class ScalingDecisionTest(base.TestCase):
    @ddt.data(
        (OUT, {"type": "EXACT_CAPACITY", "number": 8}, 5, 3),
        (IN, {"type": "EXACT_CAPACITY", "number": 2}, 5, 3),
        (OUT, {"number": 2}, 5, 2),
        (IN, {"number": 2.0}, 5, 2),
        (OUT, {"type": "CHANGE_IN_PERCENTAGE", "number": 19}, 10, 1),
        (OUT, {"type": "CHANGE_IN_PERCENTAGE", "number": 1, "min_step": 2}, 10, 2),
    )
    @ddt.unpack
    def test_counts(self, event, adjustment, current, expected):
        made = decide(policy(event, **adjustment), request(event, current))
        self.assertEqual(expected, made.grow if event == OUT else made.shrink)

    def test_the_count_of_the_request_wins(self):
        self.assertEqual(4, decide(policy(number=2), request(count="4")).grow)

    @ddt.data("abc", 0, -1, True, 2.0)
    def test_a_count_that_is_none_is_refused(self, count):
        self.assertRaises(policies.PolicyRefuses, decide, policy(), request(count=count))

    def test_an_exact_size_that_is_reached_is_refused(self):
        item = policy(type="EXACT_CAPACITY", number=5)
        self.assertRaises(policies.PolicyRefuses, decide, item, request(current=5))

    def test_another_event_is_left_alone(self):
        self.assertEqual(plan.Plan(), decide(policy(IN), request(OUT)))

    def test_the_refusal_names_the_policy_and_the_limit(self):
        bound = [pipeline.Bound(policy(IN, number=3), binding())]
        error = self.assertRaises(
            pipeline.PolicyRefusal, pipeline.decide, bound, request(IN, 2), plan.Plan()
        )
        self.assertEqual(
            "Policy check failure: Failed policy 'sp': The target capacity (-1) is less than "
            "the cluster's min_size (0).",
            str(error),
        )

    @hypothesis.given(
        strategies.sampled_from([IN, OUT]),
        strategies.integers(0, 40),
        strategies.integers(0, 40),
        strategies.integers(0, 40),
        strategies.integers(1, 100),
    )
    def test_best_effort_never_leaves_the_limits(self, event, current, low, room, number):
        high = low + room
        hypothesis.assume(low <= current <= high)
        made = decide(
            policy(event, number=number, best_effort=True), request(event, current, low, high)
        )
        target = current + made.grow if event == OUT else current - made.shrink
        self.assertTrue(low <= target <= high)
        self.assertTrue(abs(target - current) <= number)

    @hypothesis.given(strategies.integers(1, 500), strategies.integers(1, 500))
    def test_a_percentage_is_truncated_and_raised_to_the_step(self, number, current):
        expected = max(3, number * current // 100)
        hypothesis.assume(current + expected <= 1000)
        item = policy(type="CHANGE_IN_PERCENTAGE", number=number, min_step=3)
        self.assertEqual(expected, decide(item, request(current=current)).grow)


class CooldownTest(base.TestCase):
    def test_it_lasts_so_many_seconds(self):
        item = policy(cooldown=60)
        self.assertTrue(item.is_cooling(OUT, binding(NOW - 59), NOW))
        self.assertFalse(item.is_cooling(OUT, binding(NOW - 60), NOW))
        self.assertFalse(item.is_cooling(IN, binding(NOW), NOW))
        self.assertFalse(item.is_cooling(OUT, binding(), NOW))

    def test_an_action_within_it_is_refused(self):
        self.assertRaises(
            policies.PolicyRefuses, decide, policy(cooldown=60), request(), last_op=NOW - 1
        )

    def test_it_begins_with_a_change_only(self):
        item = policy(cooldown=60)
        self.assertEqual({}, item.conclude(request(), binding(), False))
        columns = item.conclude(request(changed=1), binding(), False)
        self.assertEqual(NOW, columns["last_op"].timestamp())
