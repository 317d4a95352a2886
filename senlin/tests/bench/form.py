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
"""The daemon form on this machine, and counters of all that takes part in it."""

import collections
import dataclasses
import threading
import time

import fixtures
import requests

from senlin.tests import waiting
from senlin.tests.bench import processes
from senlin.tests.scenario import deployment
from senlin.tests.scenario import servers

_PATIENCE = 900.0
_POLL_SECONDS = 0.2
_FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
_STATEMENTS = ("Com_select", "Com_insert", "Com_update", "Com_delete")

#: As installed, but for limits that would be in the way.
_OPTIONS = {
    "DEFAULT": {"max_nodes_per_cluster": "100000", "max_clusters_per_project": "100000"},
    "engine": {"heartbeat_interval": "3", "lease": "10", "scan_interval": "10"},
}


class Servers(fixtures.Fixture):
    """MariaDB and RabbitMQ, shared by the deployments of a run.

    MariaDB writes its log at each commit but leaves it to the kernel when it
    gets to the disk: the disk is not what is measured.
    """

    def _setUp(self):
        settings = ("--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=256M")
        self.database = self.useFixture(servers.MariaDB(*settings))
        self.broker = self.useFixture(servers.RabbitMQ())

    def status(self):
        """The database's own counters."""
        rows = self.database.execute("SHOW GLOBAL STATUS")
        return {row[0]: int(row[1]) for row in rows if row[1].lstrip("-").isdigit()}


@dataclasses.dataclass(frozen=True, slots=True)
class Counters:
    """What was counted so far; differences are what something has cost."""

    time: float
    statements: int
    questions: int
    bytes: int
    cpu: collections.Counter

    def __sub__(self, other):
        cpu = {role: self.cpu[role] - other.cpu[role] for role in self.cpu}
        return Counters(
            self.time - other.time,
            self.statements - other.statements,
            self.questions - other.questions,
            self.bytes - other.bytes,
            collections.Counter(cpu),
        )


class Form(deployment.Deployment):
    """APIs and engines with their database, broker and cloud.

    :param directory: for files; empty.
    :param servers: what :class:`Servers` gives.
    :param apis: API processes; ``engines``: engine workers.
    :param active_delay: seconds for which the cloud builds a server.
    """

    def __init__(self, directory, servers, apis=2, engines=2, active_delay=0.2):
        options = {name: dict(values) for name, values in _OPTIONS.items()}
        options["engine"]["workers"] = str(engines)
        # One process serves without a launcher beside it.
        options["senlin_api"] = {"workers": str(apis if apis > 1 else 0)}
        super().__init__(
            directory,
            servers.database.url,
            servers.broker.url,
            engines=1,
            apis=1,
            options=options,
        )
        self._servers = servers
        self._workers = engines
        self._active_delay = active_delay

    def _setUp(self):
        super()._setUp()
        self.wait_for_workers()
        self.set_knobs(active_delay=self._active_delay)
        self.profile = self.new_profile()
        self._http = requests.Session()
        self._http.headers["X-Auth-Token"] = self.cloud.auth_token

    def wait_for_workers(self):
        """Return when all engine workers have said that they live."""
        self.wait_until(lambda: self.count("service") >= self._workers)

    @property
    def token(self):
        """The token of the project's member."""
        return self.cloud.auth_token

    def costs(self):
        """{role: Cost} of all that runs, the servers and the cloud included."""
        return {role: processes.cost(pid) for role, pid in self._pids().items()}

    def daemons_pss(self):
        """{role: MiB} of the service's own daemons."""
        costs = self.costs()
        return {role: costs[role].pss for role in ("api", "engine")}

    def counters(self):
        """Everything that was counted so far."""
        status = self._servers.status()
        return Counters(
            time=time.monotonic(),
            statements=sum(status[name] for name in _STATEMENTS),
            questions=status["Questions"],
            bytes=status["Bytes_received"] + status["Bytes_sent"],
            cpu=collections.Counter({role: c.cpu for role, c in self.costs().items()}),
        )

    def run(self, action_id):
        """Wait for an action's end."""
        pause = threading.Event()
        end = time.monotonic() + _PATIENCE
        while True:
            answer = self._http.get(f"{self.url}/v1/actions/{action_id}", timeout=60)
            answer.raise_for_status()
            action = answer.json()["action"]
            if action["status"] in _FINAL:
                break
            if time.monotonic() > end:
                raise AssertionError(f"{action['action']} is still {action['status']}.")
            pause.wait(_POLL_SECONDS)
        if action["status"] != "SUCCEEDED":
            raise AssertionError(f"{action['action']}: {action['status_reason']}")

    def new_clusters(self, number, nodes):
        """The ids of so many clusters, asked for at once, when all of them are ACTIVE."""
        made = {
            self.clustering.create_cluster(
                name=f"bench-{index}", profile_id=self.profile.id, desired_capacity=nodes
            ).id
            for index in range(number)
        }
        self.wait_until(lambda: self._active(made) == number)
        return made

    def wait_until(self, reached):
        """Return when ``reached()`` is true."""
        waiting.until(reached, str(reached), _PATIENCE, every=_POLL_SECONDS)

    def _active(self, ids):
        statuses = [one.status for one in self.clustering.clusters() if one.id in ids]
        if "ERROR" in statuses:
            raise AssertionError("A cluster is not what was asked for.")
        return statuses.count("ACTIVE")

    def _pids(self):
        return {
            "api": self.apis[0].pid,
            "engine": self.engines[0].pid,
            "sandbox": self.sandbox.pid,
            "mariadb": self._servers.database.pid,
            "rabbitmq": self._servers.broker.pid,
        }
