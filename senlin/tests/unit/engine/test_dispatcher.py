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

"""Claims whose answers are lost."""

import dataclasses
import queue
import types

import fixtures

from senlin.common import exception
from senlin.db import claims
from senlin.engine import dispatcher
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

SECONDS = 10


class _Executor:
    """Keeps what it is given, for the test to look at."""

    def __init__(self):
        self.submitted = queue.SimpleQueue()

    def submit(self, function, *arguments):
        self.submitted.put(arguments)


class UnheardClaimTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MockPatchObject(dispatcher, "_ERROR_PAUSE", 0.01))
        self.world = world.World()
        self.executor = _Executor()
        self.lost = []
        # How many claims are answered before one is not.
        self.heard = 0
        self.dispatcher = dispatcher.Dispatcher(
            dataclasses.replace(self.world.services, write=self._write),
            lambda: "engine1",
            self.executor,
            None,
            batch=64,
            capacity=128,
            threads=4,
            scan_interval=0.05,
        )
        self.addCleanup(self._stop)

    def _stop(self):
        self.dispatcher.done([row["id"] for row in self.world.rows("action")])
        self.dispatcher.stop_claiming(SECONDS)

    def _write(self, function, *arguments):
        """Write, and lose the answer to one claim that took something."""
        result = self.world.services.write(function, *arguments)
        if function is claims.claim and result[0]:
            if self.heard == 0 and not self.lost:
                self.lost += result[0]
                raise exception.OutcomeUnknown()
            self.heard -= 1
        return result

    def test_what_was_claimed_unheard_is_claimed_again(self):
        action = self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.dispatcher.start()
        ((claimed,),) = self.executor.submitted.get(timeout=SECONDS)
        self.assertEqual(action, claimed.action["id"])
        self.assertEqual(action, self.lost[0].action["id"])
        self.assertTrue(claimed.restarted)

    def test_what_is_in_hand_is_not_given_back(self):
        self.heard = 1
        mine = self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.dispatcher.start()
        ((claimed,),) = self.executor.submitted.get(timeout=SECONDS)
        other = self.world.submit("NODE_CREATE", self.world.node()["id"])
        ((again,),) = self.executor.submitted.get(timeout=SECONDS)
        self.assertEqual([mine, other], [claimed.action["id"], again.action["id"]])
        self.assertEqual(claimed.action["fence"], self.world.get("action", mine)["fence"])


def _clock(test):
    """A clock that shows the ``now`` of a test."""
    return types.SimpleNamespace(monotonic=lambda: test.now, time=lambda: test.now)


def _dispatcher(services, **options):
    return dispatcher.Dispatcher(
        services,
        lambda: "engine1",
        _Executor(),
        None,
        batch=64,
        capacity=128,
        threads=4,
        scan_interval=10,
        **options,
    )


class BreathTest(base.TestCase):
    """Between two claims time passes, in which more becomes due."""

    def setUp(self):
        super().setUp()
        self.now = 100.0
        self.answer = ([], False)
        services = types.SimpleNamespace(
            clock=_clock(self), write=self._claim, read=lambda _: (None, None)
        )
        self.crowd_ends = 0.0
        self.dispatcher = _dispatcher(services, crowded_at=lambda: min(self.now, self.crowd_ends))
        self.dispatcher._stopping = types.SimpleNamespace(wait=self._pass, is_set=lambda: False)

    def _claim(self, _function, _owner, _now, _limit, observing, _statuses):
        self.now += 0 if observing else self.seconds
        return self.answer

    def _pass(self, seconds):
        self.now += seconds

    def _wait_after(self, seconds=0.0):
        """How long the next claim waits after one that took so many seconds."""
        self.seconds = seconds
        self.dispatcher._cycle()
        began = self.now
        self.dispatcher._breathe()
        return round(self.now - began, 6)

    def test_the_wait_is_five_times_as_long_as_the_claim_took(self):
        self.assertEqual(0.02, self._wait_after(0.004))

    def test_the_wait_has_a_bound(self):
        self.assertEqual(0.2, self._wait_after(3.0))

    def test_there_is_none_while_more_is_due(self):
        self.answer = ([], True)
        self.assertEqual(0, self._wait_after(0.004))

    def test_there_is_none_after_a_pause(self):
        self._wait_after(0.004)
        self.now += 1
        began = self.now
        self.dispatcher._breathe()
        self.assertEqual(began, self.now)

    def test_while_several_users_wait_it_lasts_until_they_are_answered(self):
        self.crowd_ends = 101.0
        self.assertAlmostEqual(1.45, self._wait_after(), delta=0.16)

    def test_and_two_seconds_at_most(self):
        self.crowd_ends = 1000.0
        self.assertAlmostEqual(2.15, self._wait_after(), delta=0.16)

    def test_work_has_its_own_time_then_and_more_each_time(self):
        self.crowd_ends = 1000.0
        for own_time in (0.5, 1.0, 2.0, 2.0):
            self._wait_after()
            self.now += own_time - 0.01
            self.assertEqual(0, self._wait_after())
            self.now += 0.02

    def test_a_new_crowd_is_let_go_first_again(self):
        self.crowd_ends = 1000.0
        for _ in range(3):
            self._wait_after()
            self.now += 3
        self.crowd_ends = self.now - 1
        self._wait_after()
        self.crowd_ends = 2000.0
        self._wait_after()
        self.now += 0.51
        self.assertAlmostEqual(2.15, self._wait_after(), delta=0.16)


class LookTest(base.TestCase):
    """How often the cloud is looked at depends on how long that takes."""

    def setUp(self):
        super().setUp()
        self.now = 100.0
        self.looks = 0
        profile = types.SimpleNamespace(region=None, observe=self._observe)
        services = types.SimpleNamespace(
            clock=_clock(self),
            write=self._claim,
            read=lambda _: (None, None),
            profile=lambda _: profile,
            cloud=lambda *_: None,
        )
        self.dispatcher = _dispatcher(services)

    def _claim(self, _function, _owner, _now, _limit, observing, _statuses):
        self.looks += observing
        return [], False

    def _observe(self, _cloud, _ids, _seconds):
        self.now += self.seconds
        return {}

    def _look(self, seconds):
        self.seconds = seconds
        node = {"profile_id": "p", "user": "u", "project": "p", "physical_id": "m"}
        item = types.SimpleNamespace(node=node, action={"start_time": self.now})
        self.dispatcher._observe([item])

    def _looks_after(self, seconds):
        """Whether there is a look some seconds after the last."""
        before = self.looks
        self.now += seconds
        self.dispatcher._cycle()
        self.now -= seconds
        return self.looks > before

    def test_it_pauses_five_times_as_long_while_there_is_other_work(self):
        self.dispatcher._in_hand.add("action")
        self._look(0.3)
        self.assertFalse(self._looks_after(1.4))
        self.assertTrue(self._looks_after(1.6))

    def test_it_pauses_twice_as_long_while_there_is_none(self):
        self._look(0.3)
        self.assertFalse(self._looks_after(0.5))
        self.assertTrue(self._looks_after(0.7))

    def test_two_seconds_are_the_longest_pause(self):
        self._look(30)
        self.assertFalse(self._looks_after(1.9))
        self.assertTrue(self._looks_after(2.1))
