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

import queue
import threading

from senlin.common import turns
from senlin.tests.unit import base

_SECONDS = 10
#: Seconds of a clock that stands still.
_LONG = 1000.0


class TurnsTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.now = 0.0
        self.asked = threading.Semaphore(0)

    def make(self, size=10, at_once=1, patience=1.0):
        """A queue, and its virtual clock, which tells whenever it is asked."""

        def clock():
            self.asked.release()
            return self.now

        return turns.Turns(size, at_once, patience, clock)

    def other(self, made):
        """What another thread takes, which is one item."""
        taken = queue.SimpleQueue()
        thread = threading.Thread(target=lambda: taken.put(made.get()), daemon=True)
        thread.start()
        return taken

    def test_items_come_in_their_order(self):
        made = self.make()
        for item in "abc":
            made.put(item, timeout=0)
        self.assertEqual(["a", "b", "c"], [made.get() for _ in range(3)])

    def test_one_item_too_many_is_refused(self):
        made = self.make(size=1)
        made.put("a", timeout=0)
        self.assertRaises(queue.Full, made.put, "b", timeout=0)
        self.assertEqual(1, made.qsize())

    def test_who_waits_for_an_item_gets_it(self):
        made = self.make()
        taken = self.other(made)
        made.put("a", timeout=0)
        self.assertEqual("a", taken.get(timeout=_SECONDS))

    def test_without_a_turn_nothing_is_taken(self):
        made = self.make(patience=_LONG)
        made.put("a", timeout=0)
        self.assertEqual("a", made.get())
        made.put("b", timeout=0)
        taken = self.other(made)
        # The first taker asks for the time once; the other one twice: whether that turn
        # has run out, and when it will.
        for _ in range(3):
            self.assertTrue(self.asked.acquire(timeout=_SECONDS))
        self.assertTrue(taken.empty())
        self.assertEqual("b", made.get())

    def test_a_turn_that_is_passed_on_is_taken(self):
        made = self.make(patience=_LONG)
        made.put("a", timeout=0)
        made.get()
        taken = self.other(made)
        made.put("b", timeout=0)
        turns.pass_on()
        self.assertEqual("b", taken.get(timeout=_SECONDS))

    def test_a_turn_is_passed_on_once(self):
        made = self.make(at_once=2, patience=_LONG)
        for item in "ab":
            made.put(item, timeout=0)
        made.get()
        taken = self.other(made)
        self.assertEqual("b", taken.get(timeout=_SECONDS))
        turns.pass_on()
        turns.pass_on()
        # One of the two turns is left to the other thread.
        self.assertEqual(1, len(made._turns))

    def test_threads_without_such_a_queue_may_pass_on_what_they_have_not(self):
        thread = threading.Thread(target=turns.pass_on)
        thread.start()
        thread.join(_SECONDS)
        self.assertFalse(thread.is_alive())

    def test_a_turn_that_has_lasted_too_long_is_lost(self):
        made = self.make(patience=1.0)
        made.put("a", timeout=0)
        made.get()
        taken = self.other(made)
        self.now = 1.5
        made.put("b", timeout=0)
        self.assertEqual("b", taken.get(timeout=_SECONDS))

    def test_a_turn_that_runs_out_is_noticed_without_another_item(self):
        made = turns.Turns(10, 1, patience=0.01)
        made.put("a", timeout=0)
        made.get()
        made.put("b", timeout=0)
        self.assertEqual("b", self.other(made).get(timeout=_SECONDS))

    def test_all_threads_are_told_of_the_end(self):
        made = self.make(size=1, patience=_LONG)
        made.put("a", timeout=0)
        made.get()
        taken = [self.other(made) for _ in range(3)]
        for _ in taken:
            made.put("end")
        self.assertEqual(["end"] * 3, [one.get(timeout=_SECONDS) for one in taken])

    def test_each_item_is_taken_once_whatever_threads_do(self):
        made = turns.Turns(1000, 2, patience=0.001)
        taken = queue.SimpleQueue()

        def work():
            while (item := made.get()) is not None:
                if item % 3 == 0:
                    turns.pass_on()
                taken.put(item)

        workers = [threading.Thread(target=work, daemon=True) for _ in range(6)]
        for worker in workers:
            worker.start()
        for item in range(500):
            made.put(item, timeout=0)
        items = sorted(taken.get(timeout=_SECONDS) for _ in range(500))
        self.assertEqual(list(range(500)), items)
        for _ in workers:
            made.put(None)
        for worker in workers:
            worker.join(_SECONDS)
        self.assertFalse(any(worker.is_alive() for worker in workers))
