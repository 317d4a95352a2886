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

from senlin.engine import health
from senlin.tests.unit import base

LEASE = 10.0
SCAN = 10.0


class Part:
    """An engine's part, as far as the health check looks at it."""

    seconds_since_beat = 1.0
    seconds_since_look = 1.0
    running = True


class HealthTest(base.TestCase):
    def problems(self, server=True, **values):
        part = Part()
        for name, value in values.items():
            setattr(part, name, value)
        found = health.checks(part, part, lambda: part if server else None, LEASE, SCAN)
        return found.problems()

    def test_an_engine_at_work_is_fit(self):
        self.assertEqual({}, self.problems())

    def test_an_engine_that_the_others_take_for_dead_is_not(self):
        found = self.problems(seconds_since_beat=11)
        self.assertEqual({"heartbeat": "the last heartbeat was 11 seconds ago"}, found)

    def test_an_engine_that_does_not_look_at_the_queue_is_not(self):
        self.assertEqual({}, self.problems(seconds_since_look=29))
        found = self.problems(seconds_since_look=31)
        self.assertEqual({"queue": "the last look at the queue was 31 seconds ago"}, found)

    def test_an_engine_that_has_not_begun_is_not(self):
        found = self.problems(seconds_since_look=None, seconds_since_beat=None, server=False)
        self.assertEqual({"heartbeat", "queue", "requests"}, set(found))

    def test_an_engine_that_takes_no_requests_is_not(self):
        self.assertEqual({"requests": "requests are not taken"}, self.problems(running=False))
