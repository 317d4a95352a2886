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

"""Harm done to the sandbox cloud, and undone."""

import random
import threading
import time

from keystoneauth1 import exceptions as ksa
from openstack import exceptions as sdk
import requests

from senlin.tests.chaos import plan as plans

_CONTROL_SECONDS = 30
_CLOUD_ERRORS = (sdk.SDKException, ksa.ClientException)
#: Below the time that passes between an engine's death and the take-over: a call that
#: the cloud begins to carry out only after that is beyond what the engines promise.
_LONGEST_DELAY = 2.5


class CloudFaults:
    """What the sandbox does wrong: by its knobs, or to one server.

    :ivar vanished: ids of servers that it has lost by itself.
    :ivar made: how many servers it had made when it was last counted.
    """

    def __init__(self, stage):
        self._stage = stage
        self._lock = threading.Lock()
        self._rules = []
        self.vanished = set()
        self.made = 0

    def bring(self, fault):
        """Begin a fault; gives a function that ends it."""
        return getattr(self, f"_{fault.kind}")(fault) or _nothing

    def heal(self):
        """Have the cloud work as it should."""
        with self._lock:
            self._rules.clear()
            self._set(rules=[], build_failure_rate=0.0, active_delay=0.2)

    def count(self):
        """Add the calls that made servers since the last count; a restart forgets them."""
        calls = self._ask("GET", "/sandbox/counters").json()["services"].get("compute", {})
        self.made += calls.get("routes", {}).get("POST /servers", 0)
        self._ask("DELETE", "/sandbox/counters")

    def _cloud_kill(self, fault):
        self.count()
        self._stage.deployment.sandbox.kill()
        return self._stage.deployment.sandbox.start

    def _cloud_loses_replies(self, fault):
        call = {"service": "compute", "method": "POST" if fault.lot < 0.7 else "DELETE"}
        return self._rule(kind="drop_reply", rate=fault.rate, **call)

    def _cloud_resets(self, fault):
        return self._rule(kind="reset", rate=fault.rate, **_call(fault))

    def _cloud_refuses(self, fault):
        status = random.Random(fault.lot).choice(plans.REFUSALS)
        return self._rule(kind="error", status=status, rate=fault.rate, **_call(fault))

    def _cloud_limits(self, fault):
        return self._rule(kind="rate_limit", seconds=1.0, rate=fault.rate, **_call(fault))

    def _cloud_delays(self, fault):
        return self._rule(
            kind="delay", seconds=fault.lot * _LONGEST_DELAY, rate=fault.rate, **_call(fault)
        )

    def _cloud_builds_fail(self, fault):
        self._set(build_failure_rate=fault.rate)
        return lambda: self._set(build_failure_rate=0.0)

    def _cloud_builds_slowly(self, fault):
        self._set(active_delay=fault.lot * 15)
        return lambda: self._set(active_delay=0.2)

    def _server_fails(self, fault):
        server = self._some_server(fault)
        if server:
            self._ask("POST", f"/sandbox/servers/{server}/fail")

    def _server_vanishes(self, fault):
        server = self._some_server(fault)
        if server:
            # Noted first: from then on it may be missing.
            self.vanished.add(server)
            self._ask("DELETE", f"/sandbox/servers/{server}")

    def _some_server(self, fault):
        found = sorted(server.id for server in _insist(self._stage.servers, _CLOUD_ERRORS))
        return found[int(fault.lot * len(found))] if found else None

    def _rule(self, **rule):
        with self._lock:
            self._rules.append(rule)
            self._set(rules=self._rules)
        return lambda: self._drop(rule)

    def _drop(self, rule):
        with self._lock:
            self._rules[:] = [other for other in self._rules if other is not rule]
            self._set(rules=self._rules)

    def _set(self, **knobs):
        self._ask("PATCH", "/sandbox/knobs", knobs)

    def _ask(self, method, path, body=None):
        """Ask the sandbox itself; a server that is gone is no error."""
        url = self._stage.deployment.sandbox_url + path
        answer = _insist(
            lambda: requests.request(method, url, json=body, timeout=10),
            requests.exceptions.RequestException,
        )
        if answer.status_code != 404:
            answer.raise_for_status()
        return answer


def _insist(ask, errors):
    """What ``ask()`` gives; the cloud may be away just now by another fault."""
    end = time.monotonic() + _CONTROL_SECONDS
    pause = threading.Event()
    while True:
        try:
            return ask()
        except errors:
            if time.monotonic() > end:
                raise
        pause.wait(0.2)


def _call(fault):
    return random.Random(fault.lot).choice(plans.CALLS)


def _nothing():
    """Nothing is to be undone."""
