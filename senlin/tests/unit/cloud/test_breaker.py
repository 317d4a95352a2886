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

from senlin.cloud import breaker
from senlin.cloud import errors
from senlin.cloud import memory
from senlin.tests.unit import base


class Clock:
    now = 100.0

    def monotonic(self):
        return self.now


class TestBreaker(base.TestCase):
    def setUp(self):
        super().setUp()
        self.clock = Clock()
        self.breaker = breaker.Breaker("compute", self.clock, threshold=3, pause=5.0)

    def fail(self, times):
        for _ in range(times):
            self.breaker.before()
            self.breaker.failure()

    def test_stays_closed_below_the_threshold(self):
        self.fail(2)
        self.breaker.success()
        self.fail(2)

        self.breaker.before()

    def test_opens_and_says_when_to_come_back(self):
        self.fail(3)
        self.clock.now += 1

        error = self.assertRaises(errors.CloudError, self.breaker.before)

        self.assertTrue(error.retryable)
        self.assertFalse(error.outcome_unknown)
        self.assertEqual(4.0, error.retry_after)

    def test_lets_one_probe_through_after_the_pause(self):
        self.fail(3)
        self.clock.now += 5

        self.breaker.before()

        self.assertRaises(errors.CloudError, self.breaker.before)

    def test_probe_that_succeeds_closes_it(self):
        self.fail(3)
        self.clock.now += 5
        self.breaker.before()
        self.breaker.success()

        self.breaker.before()
        self.assertFalse(self.breaker.is_open)

    def test_probe_that_fails_keeps_it_open(self):
        self.fail(3)
        self.clock.now += 5
        self.breaker.before()
        self.breaker.failure()

        self.assertRaises(errors.CloudError, self.breaker.before)

    def test_probe_that_never_comes_back_is_followed_by_another(self):
        self.fail(3)
        self.clock.now += 5
        self.breaker.before()
        self.clock.now += 5

        self.breaker.before()


class TestMemory(base.TestCase):
    def setUp(self):
        super().setUp()
        self.clock = Clock()
        self.loads = []

    def load(self):
        self.loads.append(1)
        return len(self.loads)

    def test_asks_once_while_the_answer_is_good(self):
        kept = memory.Memory(self.clock, ttl=60)

        self.assertEqual([1, 1], [kept.get("a", self.load), kept.get("a", self.load)])

    def test_asks_again_when_it_is_old(self):
        kept = memory.Memory(self.clock, ttl=60)
        kept.get("a", self.load)
        self.clock.now += 60

        self.assertEqual(2, kept.get("a", self.load))

    def test_failures_are_not_kept(self):
        kept = memory.Memory(self.clock, ttl=60)
        self.assertRaises(ZeroDivisionError, kept.get, "a", lambda: 1 / 0)

        self.assertEqual(1, kept.get("a", self.load))

    def test_keeps_a_bounded_number(self):
        kept = memory.Memory(self.clock, ttl=60, size=2)
        for key in ("a", "b", "c"):
            kept.get(key, self.load)

        self.assertEqual(3, kept.get("c", self.load))
        self.assertEqual(4, kept.get("a", self.load))

    def test_dropped_answer_is_asked_for_again(self):
        kept = memory.Memory(self.clock, ttl=60)
        kept.get("a", self.load)
        kept.drop("a")

        self.assertEqual(2, kept.get("a", self.load))
