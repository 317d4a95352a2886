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

"""A small memory of answers, so that a thousand servers cost one look-up."""

import collections
import threading

_STRIPES = 32


class Memory:
    """Values that stay good for a while; bounded, shared by threads.

    Threads that ask for the same key at once wait for the first one's answer
    instead of asking the service too. Failures are not remembered.

    :param clock: gives ``monotonic()``.
    :param ttl: seconds for which a value stays good.
    :param size: how many values are kept; the oldest go first.
    """

    def __init__(self, clock, ttl=60.0, size=4096):
        self._clock = clock
        self._ttl = ttl
        self._size = size
        self._lock = threading.Lock()
        self._values = collections.OrderedDict()
        self._loading = [threading.Lock() for _ in range(_STRIPES)]

    def get(self, key, load):
        """The value under ``key``, from ``load()`` if it is not known or too old."""
        found, value = self._look(key)
        if found:
            return value
        with self._loading[hash(key) % _STRIPES]:
            found, value = self._look(key)
            if found:
                return value
            value = load()
            self._put(key, value)
            return value

    def drop(self, key):
        """Forget what is under ``key``."""
        with self._lock:
            self._values.pop(key, None)

    def _look(self, key):
        with self._lock:
            entry = self._values.get(key)
        if entry is None or self._clock.monotonic() >= entry[0]:
            return False, None
        return True, entry[1]

    def _put(self, key, value):
        with self._lock:
            self._values[key] = (self._clock.monotonic() + self._ttl, value)
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
