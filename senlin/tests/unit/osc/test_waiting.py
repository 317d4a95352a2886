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

"""Waiting for actions."""

import io

from keystoneauth1 import exceptions as ksa_exceptions
from openstack import exceptions as sdk_exceptions
from openstack.clustering.v1 import action as sdk_action
from osc_lib import exceptions
import requests

from senlin.osc import waiting
from senlin.tests.unit import base


class _Client:
    """Gives the prepared answers one after the other, and then the last one again."""

    def __init__(self, *answers):
        self._answers = list(answers)

    def get_action(self, action_id):
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, reason = answer
        return sdk_action.Action(
            id=action_id,
            name="cluster_create_1234",
            action="CLUSTER_CREATE",
            status=status,
            status_reason=reason,
        )


def _http_error(code):
    response = requests.Response()
    response.status_code = code
    return sdk_exceptions.HttpException("no", response=response)


class WaitingTestCase(base.TestCase):
    def setUp(self):
        super().setUp()
        self.now = 0.0
        self.pauses = []

    def _pause(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def _waiter(self, *answers, timeout=600, progress=None):
        return waiting.ActionWaiter(
            _Client(*answers), timeout, progress, clock=lambda: self.now, pause=self._pause
        )

    def test_a_succeeded_action_is_given_back_without_a_pause(self):
        found = self._waiter(("SUCCEEDED", "ok")).wait("a1")
        self.assertEqual("SUCCEEDED", found.status)
        self.assertEqual([], self.pauses)

    def test_pauses_between_polls_grow_up_to_a_limit(self):
        answers = [("RUNNING", "")] * 12 + [("SUCCEEDED", "")]
        self._waiter(*answers).wait("a1")
        self.assertEqual([0.5, 0.75, 1.125], self.pauses[:3])
        self.assertEqual(waiting.LARGEST_INTERVAL, self.pauses[-1])

    def test_a_failed_action_raises_with_its_status_reason(self):
        waiter = self._waiter(("RUNNING", ""), ("FAILED", "No valid host was found."))
        error = self.assertRaises(exceptions.CommandError, waiter.wait, "a1")
        self.assertEqual("CLUSTER_CREATE a1 FAILED: No valid host was found.", str(error))

    def test_a_cancelled_action_raises(self):
        waiter = self._waiter(("CANCELLED", None))
        error = self.assertRaises(exceptions.CommandError, waiter.wait, "a1")
        self.assertIn("CANCELLED: the service gave no reason", str(error))

    def test_waiting_ends_at_the_deadline_and_names_the_last_status(self):
        waiter = self._waiter(("WAITING", ""), timeout=20)
        error = self.assertRaises(exceptions.CommandError, waiter.wait, "a1")
        self.assertIn("Action a1 is still WAITING after 20 seconds", str(error))
        self.assertEqual(20, self.now)

    def test_a_service_that_is_briefly_away_does_not_end_the_waiting(self):
        lost = ksa_exceptions.ConnectFailure("refused")
        found = self._waiter(lost, _http_error(503), ("SUCCEEDED", "")).wait("a1")
        self.assertEqual("SUCCEEDED", found.status)

    def test_a_service_that_stays_away_ends_the_waiting(self):
        waiter = self._waiter(_http_error(503))
        self.assertRaises(sdk_exceptions.HttpException, waiter.wait, "a1")
        self.assertEqual(waiting.TOLERATED_ERRORS, len(self.pauses))

    def test_an_action_that_is_gone_ends_the_waiting_at_once(self):
        waiter = self._waiter(_http_error(404))
        self.assertRaises(sdk_exceptions.HttpException, waiter.wait, "a1")
        self.assertEqual([], self.pauses)

    def test_progress_is_printed_only_when_something_changed(self):
        stream = io.StringIO()
        answers = [("READY", "")] * 3 + [("RUNNING", "2 of 3")] * 2 + [("SUCCEEDED", "done")]
        self._waiter(*answers, progress=waiting.Progress(stream)).wait("a1")
        self.assertEqual(
            [
                "cluster_create_1234 READY",
                "cluster_create_1234 RUNNING: 2 of 3",
                "cluster_create_1234 SUCCEEDED: done",
            ],
            stream.getvalue().splitlines(),
        )
