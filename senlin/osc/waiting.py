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

"""Waiting for actions of the service, with progress on standard error."""

import sys
import threading
import time

from keystoneauth1 import exceptions as ksa_exceptions
from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from senlin.osc import options

FIRST_INTERVAL = 0.5
LARGEST_INTERVAL = 10.0
GROWTH = 1.5
#: So many polls in a row may fail (restarting service, network) before giving up.
TOLERATED_ERRORS = 4

DEFAULT_TIMEOUT = 3600


def add_options(parser, purpose):
    """Add ``--wait`` and ``--wait-timeout``; ``purpose`` ends "Wait for ..."."""
    parser.add_argument("--wait", action="store_true", help=f"Wait for {purpose} to complete")
    parser.add_argument(
        "--wait-timeout",
        metavar="<seconds>",
        type=options.positive_number,
        default=DEFAULT_TIMEOUT,
        help=(
            "Longest time to wait, in seconds; the action goes on in the service "
            f"when the time is over (default: {DEFAULT_TIMEOUT})"
        ),
    )


class Progress:
    """Prints each change of an action's status, on standard error."""

    def __init__(self, stream=None):
        self._stream = stream or sys.stderr
        self._seen = {}

    def __call__(self, action):
        state = (action.status, action.status_reason)
        if self._seen.get(action.id) == state:
            return
        self._seen[action.id] = state
        reason = f": {action.status_reason}" if action.status_reason else ""
        print(
            f"{action.name or action.id} {action.status}{reason}",
            file=self._stream,
            flush=True,
        )


class ActionWaiter:
    """Polls actions until they end.

    :param client: the SDK's clustering proxy.
    :param timeout: seconds, for all waits of this object together.
    :param progress: called with the action after each poll.
    """

    def __init__(self, client, timeout, progress=None, clock=time.monotonic, pause=None):
        self._client = client
        self._timeout = timeout
        self._deadline = clock() + timeout
        self._progress = progress
        self._clock = clock
        self._pause = pause or threading.Event().wait

    def wait(self, action_id):
        """Give the action once it has succeeded.

        :raises osc_lib.exceptions.CommandError: when it failed, was cancelled, or
            the time is over.
        """
        interval = FIRST_INTERVAL
        errors = 0
        status = "unknown"
        while True:
            try:
                action = self._client.get_action(action_id)
            except (
                sdk_exceptions.HttpException,
                ksa_exceptions.ConnectFailure,
            ) as error:
                errors += 1
                if errors > TOLERATED_ERRORS or not _is_transient(error):
                    raise
            else:
                errors = 0
                status = action.status
                if self._progress:
                    self._progress(action)
                if status == "SUCCEEDED":
                    return action
                if status in ("FAILED", "CANCELLED"):
                    raise exceptions.CommandError(_failure(action))
            left = self._deadline - self._clock()
            if left <= 0:
                raise exceptions.CommandError(
                    f"Action {action_id} is still {status} after {self._timeout:g} "
                    "seconds; it goes on in the service"
                )
            self._pause(min(interval, left))
            interval = min(interval * GROWTH, LARGEST_INTERVAL)


def _is_transient(error):
    status = getattr(error, "status_code", None)
    return status is None or status in (429, 500, 502, 503, 504)


def _failure(action):
    reason = action.status_reason or "the service gave no reason"
    return f"{action.action or 'Action'} {action.id} {action.status}: {reason}"
