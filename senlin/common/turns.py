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

"""A queue from which few threads take at once, and more only while those wait.

The interpreter lets one thread compute at a time, and changes threads whenever one
reads or writes. Many threads with a request each lose a quarter of their time to
that; two, of which one computes while the other's statement is with the database,
next to none. So a thread takes an item only when it has one of few turns, and keeps
it while it works. Who waits for somebody else, such as the engine or a slow client,
passes its turn on, and who works for long has lost it: then another takes the next
item, up to all threads there are.
"""

import collections
import queue
import threading
import time

#: Seconds that a turn lasts at most: longer than a request that waits for nobody.
_PATIENCE = 0.025

_here = threading.local()


def pass_on():
    """Let another thread have the turn of this one, which is about to wait.

    It goes on without, until it takes the next item. Nothing for other threads.
    """
    turns = getattr(_here, "turns", None)
    if turns is not None:
        turns.end()


class Turns:
    """A queue with the methods of ``queue.Queue`` that cheroot's pool of threads calls.

    :param size: items that may wait.
    :param at_once: turns there are.
    :param patience: seconds that a turn lasts at most.
    :param clock: tells seconds.
    """

    def __init__(self, size, at_once, patience=_PATIENCE, clock=time.monotonic):
        self._size = size
        self._at_once = at_once
        self._patience = patience
        self._clock = clock
        self._items = collections.deque()
        self._changed = threading.Condition()
        # Thread -> when its turn began.
        self._turns = {}
        # Whether one of those without a turn looks out for one that runs out.
        self._watched = False
        self._is_ending = False

    def qsize(self):
        """How many items wait."""
        return len(self._items)

    def put(self, item, block=True, timeout=None):
        """Add an item, without waiting.

        :param block: whatever it is.
        :param timeout: None from a pool that stops. What it puts tells its threads, each
            of them, to end: no item is refused, and no turn is needed any more.
        :raises queue.Full: as many items wait as may.
        """
        with self._changed:
            if timeout is None:
                self._is_ending = True
            elif len(self._items) >= self._size:
                raise queue.Full
            self._items.append(item)
            if not self._watched or self._has_turn():
                self._changed.notify()

    def get(self):
        """The oldest item, once there is one and the calling thread has a turn.

        This ends the turn that the thread had.
        """
        _here.turns = self
        thread = threading.get_ident()
        with self._changed:
            self._turns.pop(thread, None)
            while not (self._items and self._has_turn()):
                self._wait()
            self._turns[thread] = self._clock()
            item = self._items.popleft()
            if self._items and not self._watched:
                self._changed.notify()
            return item

    def end(self):
        """End the turn of the calling thread, if it has one."""
        with self._changed:
            if self._turns.pop(threading.get_ident(), None) is not None and self._items:
                self._changed.notify()

    def _has_turn(self):
        if self._is_ending or len(self._turns) < self._at_once:
            return True
        lost = self._clock() - self._patience
        self._turns = {thread: began for thread, began in self._turns.items() if began > lost}
        return len(self._turns) < self._at_once

    def _wait(self):
        if self._watched or not self._items:
            self._changed.wait()
            return
        self._watched = True
        try:
            oldest = min(self._turns.values())
            self._changed.wait(max(0.0, oldest + self._patience - self._clock()))
        finally:
            self._watched = False
