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

"""kombu's in-memory transport, with readers that sleep until a message comes.

The original looks for messages in a loop, and oslo.messaging has it do so without
a pause: each of the three listening threads of a process would spin for ever.
"""

import queue
import threading
import time

import kombu.transport
from kombu.transport import memory

_LONGEST_WAIT = 60.0


class _Arrivals:
    """Counts messages, and lets readers wait for the next one."""

    def __init__(self):
        self._condition = threading.Condition()
        self.count = 0

    def note(self):
        """A message came."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen, seconds):
        """Return when more than ``seen`` messages came, or after ``seconds``."""
        with self._condition:
            self._condition.wait_for(lambda: self.count != seen, seconds)


_arrivals = _Arrivals()


class Channel(memory.Channel):
    """Tells waiting readers of each message."""

    def _put(self, queue, message, **kwargs):
        super()._put(queue, message, **kwargs)
        _arrivals.note()

    def _put_fanout(self, exchange, message, routing_key=None, **kwargs):
        super()._put_fanout(exchange, message, routing_key, **kwargs)
        _arrivals.note()


class Transport(memory.Transport):
    """The in-memory transport, without its loop."""

    Channel = Channel

    def drain_events(self, connection, timeout=None):
        """Deliver one message; raises ``TimeoutError`` if none came in time."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            # Counted before the look, so that a message between the look and
            # the wait is not slept over.
            seen = _arrivals.count
            try:
                self.cycle.get(self._deliver, timeout=timeout)
                return
            except queue.Empty:
                left = _LONGEST_WAIT if end is None else end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            _arrivals.wait(seen, left)


def install():
    """Have kombu use this transport for ``memory``."""
    kombu.transport.TRANSPORT_ALIASES["memory"] = f"{__name__}:{Transport.__name__}"
