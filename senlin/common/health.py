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

"""Is this process fit to work? Named checks, and the page that shows them."""

import http
import json
import threading
import time

from oslo_log import log as logging

LOG = logging.getLogger(__name__)


class Health:
    """Checks by name; as a WSGI application, the page of a health check.

    The page is 200 or 503, with ``{"status": "ok" | "failed", "checks": {name:
    "ok" or what is wrong}}``. It needs no token, so its words tell no secrets.

    :param checks: name -> a callable that gives None or what is wrong, at once.
    """

    def __init__(self, **checks):
        self._checks = checks

    def problems(self):
        """What is wrong, by the name of the check; empty when all is well."""
        found = {name: check() for name, check in self._checks.items()}
        return {name: problem for name, problem in found.items() if problem is not None}

    def __call__(self, environ, start_response):
        problems = self.problems()
        status = http.HTTPStatus.SERVICE_UNAVAILABLE if problems else http.HTTPStatus.OK
        body = json.dumps(
            {
                "status": "failed" if problems else "ok",
                "checks": {name: problems.get(name, "ok") for name in self._checks},
            }
        ).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


class Probe:
    """A check that asks somebody who may not answer, such as a database.

    It asks in a thread of its own, one at a time, so that callers wait for
    ``patience`` seconds at most, however many come. An answer is good for
    ``lifetime`` seconds.

    :param ask: does something that raises when it does not work.
    """

    def __init__(self, ask, patience=3.0, lifetime=2.0):
        self._ask = ask
        self._patience = patience
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._question = None

    def __call__(self):
        with self._lock:
            if self._question is None or self._question.is_stale(self._lifetime):
                self._question = _Question(self._ask)
            question = self._question
        return question.answer(self._patience)


class _Question:
    def __init__(self, ask):
        self._ask = ask
        self._problem = None
        self._began = time.monotonic()
        self._answered = threading.Event()
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def is_stale(self, lifetime):
        return self._answered.is_set() and time.monotonic() - self._began > lifetime

    def answer(self, patience):
        left = self._began + patience - time.monotonic()
        if not self._answered.wait(max(0.0, left)):
            return f"no answer within {patience:g} seconds"
        return self._problem

    def _run(self):
        try:
            self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it does not work
            LOG.warning("A health check failed: %s", error)
            # Only the kind: the text may name hosts and users.
            self._problem = f"does not work ({type(error).__name__})"
        finally:
            self._answered.set()
