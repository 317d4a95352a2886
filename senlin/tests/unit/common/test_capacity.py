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

import random

import hypothesis
from hypothesis import strategies

from senlin.common import capacity
from senlin.common import consts
from senlin.tests.unit import base

EXACT = consts.Adjustment.EXACT_CAPACITY
CHANGE = consts.Adjustment.CHANGE_IN_CAPACITY
PERCENTAGE = consts.Adjustment.CHANGE_IN_PERCENTAGE

sizes = strategies.integers(0, 1000)
bounds = strategies.one_of(strategies.none(), strategies.integers(-1, 1200))
numbers = strategies.one_of(
    strategies.integers(-2000, 2000),
    strategies.floats(-2000, 2000, allow_nan=False, allow_infinity=False),
)


def a_cluster(min_size=0, max_size=-1, desired=0):
    return {"min_size": min_size, "max_size": max_size, "desired_capacity": desired}


clusters = strategies.builds(
    a_cluster, strategies.integers(0, 20), strategies.integers(-1, 40), strategies.integers(0, 40)
)


class TestTarget(base.TestCase):
    def test_an_exact_capacity_is_what_was_asked_for(self):
        self.assertEqual(7, capacity.target(3, EXACT, 7))

    def test_a_change_is_added(self):
        self.assertEqual([5, 1], [capacity.target(3, CHANGE, n) for n in (2, -2)])

    def test_without_adjustment_the_size_stays(self):
        self.assertEqual(3, capacity.target(3))

    def test_fractions_of_plain_numbers_are_dropped_toward_zero(self):
        self.assertEqual(
            [2, 4, 2],
            [capacity.target(3, *x) for x in ((EXACT, 2.9), (CHANGE, 1.9), (CHANGE, -1.9))],
        )

    def test_the_examples_of_the_contract(self):
        for current, number, min_step, expected in (
            (3, 30, None, 4),
            (10, -5, None, 9),
            (10, -15, None, 9),
            (10, -19, None, 9),
            (10, 19, None, 11),
            (10, 5, 3, 13),
            (10, -5, 3, 7),
        ):
            self.assertEqual(expected, capacity.target(current, PERCENTAGE, number, min_step))

    def test_the_smallest_step_has_the_sign_of_the_number(self):
        self.assertEqual(2, capacity.target(0, PERCENTAGE, 1, 2))
        self.assertEqual(-2, capacity.target(0, PERCENTAGE, -1, 2))

    def test_no_change_is_no_change_whatever_the_smallest_step(self):
        self.assertEqual(10, capacity.target(10, PERCENTAGE, 0, 2))

    def test_percentages_are_computed_in_decimal(self):
        # In binary, 0.29 * 100 is 28.999999999999996.
        self.assertEqual(129, capacity.target(100, PERCENTAGE, 29))
        self.assertEqual(1029, capacity.target(1000, PERCENTAGE, 2.9))

    @hypothesis.given(sizes, numbers)
    def test_a_percentage_moves_toward_its_sign_and_never_too_far(self, current, number):
        change = capacity.target(current, PERCENTAGE, number) - current
        self.assertGreaterEqual(change * number, 0)
        self.assertLessEqual(abs(change), max(1, abs(number) * current / 100 + 1e-6))
        if current and number:
            self.assertNotEqual(0, change)

    @hypothesis.given(sizes, numbers, strategies.integers(0, 50))
    def test_a_step_is_at_least_the_smallest_step(self, current, number, min_step):
        change = capacity.target(current, PERCENTAGE, number, min_step) - current
        if number:
            self.assertGreaterEqual(abs(change), min_step)
        else:
            self.assertEqual(0, change)

    @hypothesis.given(sizes, numbers, strategies.integers(0, 50))
    def test_shrinking_mirrors_growing(self, current, number, min_step):
        up = capacity.target(current, PERCENTAGE, number, min_step) - current
        down = capacity.target(current, PERCENTAGE, -number, min_step) - current
        self.assertEqual(up, -down)


class TestCheck(base.TestCase):
    def check(self, expected, limit=1000, **sizes):
        self.assertEqual(expected, capacity.check(limit, **sizes))

    def test_new_sizes_have_to_fit_each_other(self):
        self.check(
            "The target capacity (2) is less than the specified min_size (5).",
            desired=2,
            min_size=5,
            max_size=3,
        )
        self.check(
            "The target capacity (4) is greater than the specified max_size (3).",
            desired=4,
            max_size=3,
        )
        self.check(
            "The specified min_size (20) is greater than the specified max_size (10).",
            min_size=20,
            max_size=10,
        )

    def test_a_strict_target_has_to_fit_the_cluster(self):
        self.check(
            "The target capacity (1) is less than the cluster's min_size (2).",
            desired=1,
            cluster=a_cluster(2, 5, 3),
        )
        self.check(
            "The target capacity (6) is greater than the cluster's max_size (5).",
            desired=6,
            cluster=a_cluster(2, 5, 3),
        )

    def test_a_target_that_need_not_be_met_need_not_fit(self):
        self.check(None, desired=6, cluster=a_cluster(2, 5, 3), strict=False)
        self.check(None, desired=1, cluster=a_cluster(2, 5, 3), strict=False)

    def test_new_bounds_have_to_fit_the_other_bound_of_the_cluster(self):
        for strict in (True, False):
            self.check(
                "The specified min_size (6) is greater than the current max_size (5) of the "
                "cluster.",
                min_size=6,
                cluster=a_cluster(2, 5, 3),
                strict=strict,
            )
            self.check(
                "The specified max_size (1) is less than the current min_size (2) of the cluster.",
                max_size=1,
                cluster=a_cluster(2, 5, 3),
                strict=strict,
            )

    def test_strict_bounds_have_to_fit_the_size_of_the_cluster(self):
        self.check(
            "The specified min_size (4) is greater than the current desired_capacity (3) of the "
            "cluster.",
            min_size=4,
            cluster=a_cluster(2, 5, 3),
        )
        self.check(
            "The specified max_size (2) is less than the current desired_capacity (3) of the "
            "cluster.",
            max_size=2,
            cluster=a_cluster(2, 5, 3),
        )
        self.check(None, min_size=4, cluster=a_cluster(2, 5, 3), strict=False)
        self.check(None, max_size=2, cluster=a_cluster(2, 5, 3), strict=False)

    def test_nothing_exceeds_the_global_maximum(self):
        self.assertIn("(11)", capacity.check(10, desired=11))
        self.assertIn("(10)", capacity.check(10, desired=11, strict=False))
        self.assertIn("(11)", capacity.check(10, max_size=11))

    def test_minus_one_is_no_maximum(self):
        self.check(None, desired=900, max_size=-1)
        self.check(None, desired=900, cluster=a_cluster(max_size=-1))
        self.check(None, min_size=900, max_size=-1)

    def test_a_maximum_of_zero_is_one(self):
        self.check(
            "The target capacity (1) is greater than the specified max_size (0).",
            desired=1,
            max_size=0,
        )

    def test_a_fresh_cluster_accepts_twenty_with_new_bounds(self):
        self.check(None, desired=20, min_size=5, max_size=20, cluster=a_cluster())

    @hypothesis.given(sizes, bounds, bounds, clusters)
    def test_what_is_accepted_strictly_is_within_all_bounds(self, desired, lower, upper, cluster):
        if capacity.check(1000, desired, lower, upper, cluster) is None:
            self.assertLessEqual(desired, 1000)
            self.assertGreaterEqual(desired, cluster["min_size"] if lower is None else lower)
            effective = cluster["max_size"] if upper is None else upper
            self.assertTrue(effective < 0 or desired <= effective)

    @hypothesis.given(sizes, bounds, bounds, clusters)
    def test_strict_refuses_whatever_best_effort_refuses(self, desired, lower, upper, cluster):
        if capacity.check(1000, desired, lower, upper, cluster, strict=False):
            self.assertIsNotNone(capacity.check(1000, desired, lower, upper, cluster))

    @hypothesis.given(sizes, bounds, bounds, clusters, strategies.booleans())
    def test_every_refusal_is_one_sentence(self, desired, lower, upper, cluster, strict):
        text = capacity.check(1000, desired, lower, upper, cluster, strict)
        if text is not None:
            self.assertRegex(text, r"^The [^.]*\.$")


class TestTruncate(base.TestCase):
    def test_best_effort_stops_at_the_bounds_of_the_cluster(self):
        cluster = a_cluster(2, 5, 3)
        self.assertEqual([2, 3, 5], [capacity.truncate(n, cluster) for n in (-9, 3, 9)])

    def test_new_bounds_replace_those_of_the_cluster(self):
        cluster = a_cluster(2, 5, 3)
        self.assertEqual(4, capacity.truncate(0, cluster, min_size=4))
        self.assertEqual(8, capacity.truncate(9, cluster, max_size=8))
        self.assertEqual(9, capacity.truncate(9, cluster, max_size=-1))

    @hypothesis.given(strategies.integers(-2000, 2000), bounds, bounds, clusters)
    def test_the_result_is_within_bounds_that_make_sense(self, desired, lower, upper, cluster):
        least = cluster["min_size"] if lower is None else lower
        most = cluster["max_size"] if upper is None else upper
        hypothesis.assume(most <= 0 or least <= most)
        result = capacity.truncate(desired, cluster, lower, upper)
        self.assertGreaterEqual(result, least)
        self.assertTrue(most <= 0 or result <= most)
        self.assertEqual(result, capacity.truncate(result, cluster, lower, upper))

    @hypothesis.given(strategies.integers(-2000, 2000), clusters)
    def test_what_was_truncated_is_accepted(self, desired, cluster):
        hypothesis.assume(not 0 <= cluster["max_size"] <= cluster["min_size"])
        target = capacity.truncate(min(desired, 1000), cluster)
        self.assertIsNone(capacity.check(1000, target, cluster=cluster))


class TestSelectVictims(base.TestCase):
    def node(self, id_, status="ACTIVE", tainted=False, created=True):
        return {
            "id": id_,
            "status": status,
            "tainted": tainted,
            "created_at": 1 if created else None,
        }

    def test_the_sick_go_first_then_those_never_created(self):
        nodes = [
            self.node("good"),
            self.node("unborn", "INIT", created=False),
            self.node("tainted", tainted=True),
            self.node("warning", "WARNING"),
            self.node("error", "ERROR", created=False),
        ]
        self.assertEqual(
            ["tainted", "warning", "error", "unborn", "good"], capacity.select_victims(nodes, 5)
        )

    def test_no_more_than_there_are(self):
        self.assertEqual(["a"], capacity.select_victims([self.node("a")], 3))

    def test_no_more_than_asked_for(self):
        nodes = [self.node("a"), self.node("b")]
        self.assertEqual([], capacity.select_victims(nodes, 0))
        self.assertEqual([], capacity.select_victims(nodes, -1))

    def test_the_good_are_chosen_by_chance(self):
        nodes = [self.node(str(n)) for n in range(50)]
        chosen = {
            tuple(capacity.select_victims(nodes, 5, random.Random(seed))) for seed in range(5)
        }
        self.assertGreater(len(chosen), 1)
        once, again = (capacity.select_victims(nodes, 5, random.Random(3)) for _ in range(2))
        self.assertEqual(once, again)
