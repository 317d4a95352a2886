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

"""A standalone service as a process of its own, for tests that talk to it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import fixtures
import openstack
import requests
import sqlalchemy as sa
import yaml

from senlin.common import ports
from senlin.tests import database
from senlin.tests import waiting

START_SECONDS = 60
STOP_SECONDS = 60
ACTION_SECONDS = 120
#: A small server of the sandbox cloud.
SERVER_SPEC = {
    "type": "os.nova.server",
    "version": "1.0",
    "properties": {
        "flavor": "m1.tiny",
        "image": "cirros",
        "networks": [{"network": "private"}],
    },
}
_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # A response that breaks its schema is an error, which no test expects.
    "OS_SENLIN_API__RESPONSE_VALIDATION": "error",
}


class Program(fixtures.Fixture):
    """A program of the service, in a process group of its own.

    :param module: such as ``senlin.cmd.standalone``.
    :param directory: its state directory; kept over restarts.
    """

    def __init__(self, module, directory, *words):
        super().__init__()
        self._module = module
        self.directory = pathlib.Path(directory)
        self._words = words
        self._process = None

    def _setUp(self):
        self.addCleanup(self.kill)
        self.start()

    def start(self):
        """Start it, again after an end; returns when it says that it is ready."""
        self._output = self.directory / f"{self._module}.out"
        with open(self._output, "w") as output:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    self._module,
                    "--state-dir",
                    str(self.directory),
                    *self._words,
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **_ENVIRONMENT},
            )

    def line(self, pattern):
        """Wait for a line of output; gives the first group of ``pattern``."""

        def look():
            found = re.search(pattern, self._output.read_text())
            return found or self._process.poll() is not None

        found = waiting.until(look, f"{self._module} is ready", START_SECONDS, every=0.05)
        if found is True:
            raise AssertionError(f"{self._module} has ended: {self._output.read_text()}")
        return found.group(1)

    @property
    def pid(self):
        """The id of its process."""
        return self._process.pid

    def kill(self):
        """End it at once, as a power failure would."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def terminate(self):
        """Ask it to end; gives its exit status."""
        self._process.terminate()
        return self._process.wait(STOP_SECONDS)


class Sandbox(Program):
    """A sandbox cloud that lives on when the service dies; it keeps its port."""

    def __init__(self, directory, *words):
        port = str(ports.free())
        super().__init__("senlin.cmd.sandbox", directory, "--port", port, *words)

    def start(self):
        super().start()
        self.url = self.line(r"(http://127\.0\.0\.1:\d+)")


class Client(fixtures.Fixture):
    """What tests ask of a running service, whatever its form.

    :ivar clustering: openstacksdk's clustering proxy for the project's member.
    :ivar cloud: openstacksdk's connection for the same.
    :ivar sandbox_url: where the sandbox cloud answers.
    """

    def wait(self, action, seconds=ACTION_SECONDS, every=0.1):
        """Wait for the end of an action, given as an object or an id."""
        action_id = getattr(action, "id", action)

        def look():
            found = self.clustering.get_action(action_id)
            return found if found.status in ("SUCCEEDED", "FAILED", "CANCELLED") else None

        return waiting.until(look, f"action {action_id} ends", seconds, every)

    def action_of(self, cluster, name):
        """The last action of that name on a cluster."""
        return [a for a in self.clustering.actions(target_id=cluster.id) if a.action == name][-1]

    def servers(self):
        """The servers in the cloud, as nova shows them."""
        return list(self.cloud.compute.servers())

    def set_knobs(self, **knobs):
        """Change the cloud's behaviour."""
        answer = requests.patch(f"{self.sandbox_url}/sandbox/knobs", json=knobs, timeout=10)
        answer.raise_for_status()

    def new_profile(self, name="p1", **properties):
        """A profile of small servers."""
        spec = {**SERVER_SPEC, "properties": {**SERVER_SPEC["properties"], **properties}}
        return self.clustering.create_profile(name=name, spec=spec)

    def new_cluster(self, profile, size, name="c1", **options):
        """A cluster whose creation has ended."""
        cluster = self.clustering.create_cluster(
            name=name, profile_id=profile.id, desired_capacity=size, **options
        )
        self.wait(self.action_of(cluster, "CLUSTER_CREATE"))
        return self.clustering.get_cluster(cluster.id)


class Standalone(Program, Client):
    """The whole service in one process."""

    def __init__(self, directory, *words, knobs=None, port=0):
        self.knobs = {"active_delay": 0.1, **(knobs or {})}
        super().__init__(
            "senlin.cmd.standalone",
            directory,
            "--port",
            str(port),
            "--sandbox-knobs",
            json.dumps(self.knobs),
            *words,
        )

    def _setUp(self):
        server = os.environ.get(database.ENVIRONMENT)
        if server:
            self.database_url = database.create(sa.make_url(server), self.addCleanup)
            settings = f"[database]\nconnection = {self.database_url}\n"
            (self.directory / "local.conf").write_text(settings)
        else:
            self.database_url = f"sqlite:///{self.directory}/senlin.db"
        super()._setUp()

    def count(self, table):
        """How many rows a table of the service's database has."""
        return database.count(self.database_url, table)

    def start(self):
        super().start()
        self.line(r"(Clients: +source)")
        self.clouds = yaml.safe_load((self.directory / "clouds.yaml").read_text())["clouds"]
        self.sandbox_url = self.clouds["senlin"]["auth"]["auth_url"].split("/identity")[0]
        self.cloud = self.connect("senlin")
        self.clustering = self.cloud.clustering

    def connect(self, name, **options):
        """An openstacksdk connection for one of the clouds in clouds.yaml."""
        entry = dict(self.clouds[name])
        entry.update(options)
        return openstack.connect(**entry)
