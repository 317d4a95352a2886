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

"""A circuit breaker: a service that is down is asked once in a while, not always."""

import threading

from senlin.cloud import errors


class Breaker:
    """Fails calls at once after a row of failures, until a probe succeeds.

    :param name: what it protects, for the error's text.
    :param clock: gives ``monotonic()``.
    :param threshold: failures in a row that open it.
    :param pause: seconds between probes while it is open.
    """

    def __init__(self, name, clock, threshold=10, pause=5.0):
        self._name = name
        self._clock = clock
        self._threshold = threshold
        self._pause = pause
        self._lock = threading.Lock()
        self._failures = 0
        self._probe_at = None

    @property
    def is_open(self):
        """Whether calls are refused now."""
        return self._probe_at is not None

    def before(self):
        """To be called before each call.

        :raises CloudError: retryable, when the service is taken for down. One
            caller is let through as a probe when the pause is over.
        """
        if self._probe_at is None:
            return
        with self._lock:
            if self._probe_at is None:
                return
            left = self._probe_at - self._clock.monotonic()
            if left <= 0:
                self._probe_at += self._pause - left
                return
        raise errors.CloudError(
            f"The {self._name} service has failed {self._failures} times in a row; "
            "it will be tried again in a moment.",
            reason=errors.ReasonClass.UNAVAILABLE,
            service=self._name,
            retryable=True,
            retry_after=left,
        )

    def success(self):
        """The service answered."""
        if self._failures or self._probe_at is not None:
            with self._lock:
                self._failures = 0
                self._probe_at = None

    def failure(self):
        """The service could not be reached or answered with a 5xx."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._threshold:
                self._probe_at = self._clock.monotonic() + self._pause
