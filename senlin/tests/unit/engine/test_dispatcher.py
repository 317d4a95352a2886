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


class BreathTest(base.TestCase):
    """Between two claims time passes, in which more becomes due."""

    def setUp(self):
        super().setUp()
        self.now = 100.0
        self.waits = []
        self.waiting = 0
        self.answer = ([], False)
        clock = types.SimpleNamespace(monotonic=lambda: self.now, time=lambda: self.now)
        self.dispatcher = dispatcher.Dispatcher(
            types.SimpleNamespace(clock=clock, write=self._claim, read=lambda _: (None, None)),
            lambda: "engine1",
            _Executor(),
            None,
            batch=64,
            capacity=128,
            threads=4,
            scan_interval=10,
            requests=lambda: self.waiting,
        )
        self.dispatcher._stopping = types.SimpleNamespace(wait=self.waits.append)

    def _claim(self, _function, _owner, _now, _limit, observing, _statuses):
        self.now += 0 if observing else self.seconds
        return self.answer

    def _wait_after(self, seconds):
        self.seconds = seconds
        self.dispatcher._cycle()
        self.dispatcher._breathe()
        return round(self.waits[-1], 6)

    def test_the_wait_is_five_times_as_long_as_the_claim_took(self):
        self.assertEqual(0.02, self._wait_after(0.004))

    def test_the_wait_has_a_bound(self):
        self.assertEqual(0.2, self._wait_after(3.0))

    def test_there_is_none_while_more_is_due(self):
        self.answer = ([], True)

        self.assertEqual(0, self._wait_after(0.004))

    def test_it_is_longer_while_several_users_wait(self):
        for waiting, waits in ((1, [0.02]), (2, [0.02, 0.5])):
            self.waits.clear()
            self.waiting = waiting
            self._wait_after(0.004)
            self.assertEqual(waits, [round(seconds, 6) for seconds in self.waits])

    def test_there_is_none_after_a_pause(self):
        self._wait_after(0.004)
        self.now += 1
        self.dispatcher._breathe()

        self.assertEqual(0, self.waits[-1])
