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

"""How many calls went to which service: the figures behind metrics and budgets."""

import collections
import threading

_lock = threading.Lock()
_counts = collections.Counter()
_seconds = collections.Counter()
_errors = collections.Counter()


def record(service, method, seconds, failed=False):
    """Count one request that was sent."""
    key = (service, method)
    with _lock:
        _counts[key] += 1
        _seconds[key] += seconds
        if failed:
            _errors[key] += 1


def counts():
    """Requests sent by this process: (service, method) -> number."""
    with _lock:
        return collections.Counter(_counts)


def failures():
    """Requests that failed: (service, method) -> number."""
    with _lock:
        return collections.Counter(_errors)


def seconds():
    """Time spent in requests: (service, method) -> seconds."""
    with _lock:
        return collections.Counter(_seconds)


def reset():
    """Start counting anew; for tests and benchmarks."""
    with _lock:
        for counter in (_counts, _seconds, _errors):
            counter.clear()
