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

"""Whether an engine is at work: what its threads did last, asked of nobody else.

A database that is away shows here too: the heartbeat is a write to it.
"""

from senlin.common import health

#: Rounds that may be missed, and what a slow round may take (seconds).
_ROUNDS = 3
_SLOW_ROUND = 30.0


def checks(registration, dispatcher, server, lease, scan_interval):
    """The health check of a running engine.

    :param server: gives the RequestServer, or None before it was made.
    """

    def heartbeat():
        return _too_old(registration.seconds_since_beat, lease, "the last heartbeat")

    def queue():
        limit = max(_SLOW_ROUND, _ROUNDS * scan_interval)
        return _too_old(dispatcher.seconds_since_look, limit, "the last look at the queue")

    def requests():
        found = server()
        return None if found is not None and found.running else "requests are not taken"

    return health.Health(heartbeat=heartbeat, queue=queue, requests=requests)


def _too_old(age, limit, what):
    if age is None:
        return f"{what} is still to come"
    return f"{what} was {age:.0f} seconds ago" if age > limit else None
