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
"""Reads and writes of the API under load, beside a controller that does one select."""

import contextlib
import subprocess
import sys
import threading

import requests

from senlin.common import ports
from senlin.tests import waiting
from senlin.tests.bench import reference
from senlin.tests.bench import report
from senlin.tests.bench import traffic

_MEMBERS = 10
_CLUSTERS = 100
_NODES = 1000
_START_SECONDS = 30

_GOALS = {
    ("GET one cluster", 8, "answers"): report.Goal(400, at_least=True),
    ("GET 1,000 nodes", 1, "median time"): report.Goal(200),
    ("POST a node", 8, "answers"): report.Goal(150, at_least=True),
}


def reads(form, clients, seconds):
    """Figures of reads, each by so many clients.

    :param form: with one API process.
    :param clients: numbers of clients at once.
    """
    cluster = form.new_cluster(form.profile, _MEMBERS, name="small")
    form.new_cluster(form.profile, _NODES, name="large")
    form.new_clusters(_CLUSTERS - 2, 0)
    paths = {
        "GET one cluster": f"/v1/clusters/{cluster.id}",
        "GET 100 clusters": f"/v1/clusters?limit={_CLUSTERS}",
        "GET 1,000 nodes": f"/v1/nodes?limit={_NODES}",
    }
    figures = []
    with _select(form, cluster.id) as bare_url:
        for number in clients:
            bare = traffic.measure("GET", bare_url, {}, clients=number, seconds=seconds)
            for what, path in paths.items():
                before = form.counters()
                seen = traffic.measure(
                    "GET", form.url + path, _headers(form), clients=number, seconds=seconds
                )
                figures += _figures(what, number, seen, bare, form.counters() - before)
    return figures


def writes(form, clients, seconds):
    """Figures of the creation of nodes, by so many clients.

    The engines make the nodes meanwhile, as they would in life.
    """
    probe = form.new_cluster(form.profile, 0, name="probe")
    body = {"node": {"name": "bench", "profile_id": form.profile.id}}
    figures = []
    with _select(form, probe.id) as bare_url:
        for number in clients:
            bare = traffic.measure("GET", bare_url, {}, clients=number, seconds=seconds)
            before = form.counters()
            seen = traffic.measure(
                "POST",
                f"{form.url}/v1/nodes",
                _headers(form),
                clients=number,
                seconds=seconds,
                body=body,
                expected=202,
            )
            cost = form.counters() - before
            figures += _figures("POST a node", number, seen, bare, cost)
            _settle(form)
    return figures


def _figures(what, clients, seen, bare, cost):
    answers = seen.answers
    title = f"{what}, {clients} client" + ("s" if clients > 1 else "")
    rows = [
        ("answers", "/s", seen.rate, bare.rate),
        ("median time", "ms", seen.median, bare.median),
        ("99th percentile", "ms", seen.p99, bare.p99),
        ("Questions", "/answer", cost.questions / answers, None),
        ("CPU api", "ms/answer", 1000 * cost.cpu["api"] / answers, None),
        ("other statuses", "", sum(seen.unexpected.values()), None),
        ("load's own CPU", "of a core", seen.cpu, None),
    ]
    return [
        report.Figure(
            title,
            name,
            unit,
            (value,),
            () if compared is None else (compared,),
            _GOALS.get((what, clients, name)),
        )
        for name, unit, value, compared in rows
    ]


def _headers(form):
    return {"X-Auth-Token": form.token, "OpenStack-API-Version": "clustering 1.14"}


def _settle(form):
    """Wait until the engines have made what was asked for."""
    pause = threading.Event()
    while form.count("action WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED')"):
        pause.wait(0.5)


@contextlib.contextmanager
def _select(form, cluster_id):
    """The address of the reference, which serves as long as the context lasts."""
    port = ports.free()
    command = [sys.executable, "-m", reference.__name__, "select"]
    process = subprocess.Popen([*command, form.database_url, cluster_id, str(port)])
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url):
    waiting.until(lambda: _answers(url), "the reference answers", _START_SECONDS)


def _answers(url):
    with contextlib.suppress(requests.exceptions.ConnectionError):
        requests.get(url, timeout=5).raise_for_status()
        return True
    return False
