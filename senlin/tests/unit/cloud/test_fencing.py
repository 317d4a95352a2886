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

import threading

from senlin.cloud import errors
from senlin.cloud import fencing
from senlin.tests.unit import base


class FencingTest(base.TestCase):
    def test_a_call_is_refused_as_one_that_may_be_made_later(self):
        with fencing.guarded(lambda: False):
            error = self.assertRaises(errors.CloudError, fencing.check, "compute")
        self.assertTrue(error.retryable)
        self.assertFalse(error.outcome_unknown)

    def test_a_call_of_work_that_is_held_is_let_through(self):
        with fencing.guarded(lambda: True):
            fencing.check("compute")

    def test_calls_outside_of_actions_are_let_through(self):
        with fencing.guarded(lambda: False):
            pass
        fencing.check("compute")

    def test_other_threads_are_not_meant(self):
        passed = []
        with fencing.guarded(lambda: False):
            other = threading.Thread(target=lambda: passed.append(fencing.check("compute")))
            other.start()
            other.join()
        self.assertEqual([None], passed)
