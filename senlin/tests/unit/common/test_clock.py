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

import time

from senlin.common import clock
from senlin.tests.unit import base


class SystemClockTest(base.TestCase):
    def test_time_is_the_hosts(self):
        before = time.time()
        told = clock.SystemClock().time()
        self.assertTrue(before <= told <= time.time())

    def test_monotonic_is_the_hosts(self):
        before = time.monotonic()
        told = clock.SystemClock().monotonic()
        self.assertTrue(before <= told <= time.monotonic())
