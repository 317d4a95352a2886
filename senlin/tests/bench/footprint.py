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
"""What the daemons need while they do nothing, and how long they take to start."""

import contextlib
import threading
import time

import requests

from senlin.tests.bench import report

_START_SECONDS = 60
_SETTLING_SECONDS = 15
_IDLE = report.Goal(2)


def starts(form):
    """Figures of the time until the API answers and until the engines have work."""
    return [
        report.Figure("start of the API", "time", "s", (_api_start(form),)),
        report.Figure("start of the engines", "time", "s", (_engine_start(form),)),
    ]


def memory(form, what):
    """Figures of the daemons' memory now; shared pages are counted once."""
    parts = form.daemons_pss()
    goal = report.Goal(450) if what == "idle" else None
    return [
        *(report.Figure(what, f"memory {role}", "MiB", (mib,)) for role, mib in parts.items()),
        report.Figure(what, "memory of all daemons", "MiB", (sum(parts.values()),), (), goal),
    ]


def idle(form, clusters, nodes, seconds):
    """Figures of a time in which nothing is asked, with so many clusters of so many nodes."""
    form.new_clusters(clusters, nodes)
    pause = threading.Event()
    pause.wait(_SETTLING_SECONDS)
    before = form.counters()
    pause.wait(seconds)
    cost = form.counters() - before
    what = f"idle with {clusters} x {nodes} nodes"
    daemons = (cost.cpu["api"] + cost.cpu["engine"]) / cost.time
    return [
        report.Figure(what, "CPU of all daemons", "% of a core", (100 * daemons,), (), _IDLE),
        report.Figure(what, "Questions", "/s", (cost.questions / cost.time,)),
        *memory(form, what),
    ]


def _api_start(form):
    daemon = form.apis[0]
    daemon.stop()
    started = time.monotonic()
    daemon.start()
    pause = threading.Event()
    while time.monotonic() < started + _START_SECONDS:
        with contextlib.suppress(requests.exceptions.ConnectionError):
            requests.get(form.url, timeout=5)
            return time.monotonic() - started
        pause.wait(0.02)
    raise AssertionError("The API does not start.")


def _engine_start(form):
    daemon = form.engines[0]
    daemon.stop()
    started = time.monotonic()
    daemon.start()
    form.wait_for_workers()
    return time.monotonic() - started
