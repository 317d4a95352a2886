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

"""The production form on one machine: API and engines as processes of their own."""

import configparser
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import fixtures
import openstack
import requests
import sqlalchemy as sa

from senlin.cmd import statedir
from senlin.common import concurrency
from senlin.tests import database
from senlin.tests.functional import programs

READY_SECONDS = 60


class Daemon(fixtures.Fixture):
    """A process group of the service that reads one configuration file.

    :param green: run it on eventlet instead of native threads.
    """

    def __init__(self, module, config, name, green=False):
        super().__init__()
        self._green = green
        self._module = module
        self._config = config
        self._name = name
        self._process = None

    def _setUp(self):
        self.addCleanup(self.kill)
        self.start()

    def start(self):
        """Start it, again after an end."""
        output = self._config.parent / f"{self._name}.out"
        with open(output, "a") as target:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    self._module,
                    "--config-file",
                    str(self._config),
                    "--log-file",
                    str(self._config.parent / f"{self._name}.log"),
                ],
                stdout=target,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, concurrency.ENVIRONMENT: "false" if self._green else "true"},
            )

    def kill(self):
        """End it and its workers at once, as a power failure would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Deployment(programs.Client):
    """One API, several engines and a sandbox cloud on a database and a broker.

    :param database_server: SQLAlchemy URL of a user who may make databases.
    :param transport_url: of the broker.
    :param green: run the engines on eventlet.
    """

    def __init__(self, directory, database_server, transport_url, engines=2, green=False):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self._server = sa.make_url(database_server)
        self._transport_url = transport_url
        self._number = engines
        self._green = green
        self.engines = []

    def _setUp(self):
        self.database_url = database.create(self._server, self.addCleanup)
        port = programs.free_port()
        self.url = f"http://127.0.0.1:{port}"
        place = self.directory / "cloud"
        place.mkdir()
        sandbox = self.useFixture(programs.Sandbox(place, "--clustering-url", self.url))
        self.sandbox_url = sandbox.url
        config = self._write_configuration(port)
        for words in (["secrets", "create-key"], ["db", "sync"]):
            self._manage(config, *words)
        for number in range(self._number):
            self.engines.append(
                self.useFixture(
                    Daemon("senlin.cmd.engine", config, f"engine{number}", green=self._green)
                )
            )
        self.useFixture(Daemon("senlin.cmd.api", config, "api"))
        self.cloud = self.connect("demo", "demo")
        self._wait_until_ready()
        self.clustering = self.cloud.clustering

    def _manage(self, config, *words):
        command = [sys.executable, "-m", "senlin.cmd.manage", "--config-file", str(config)]
        subprocess.run(command + list(words), check=True, timeout=120, stdout=subprocess.DEVNULL)

    def connect(self, user, project):
        """An openstacksdk connection for one of the sandbox's users."""
        return openstack.connect(
            auth={
                "auth_url": f"{self.sandbox_url}/identity/v3",
                "username": user,
                "password": statedir.PASSWORD,
                "project_name": project,
                "user_domain_name": "Default",
                "project_domain_name": "Default",
            },
            region_name=statedir.REGION,
        )

    def count(self, table):
        """How many rows a table of the service's database has."""
        return database.count(self.database_url, table)

    def _write_configuration(self, port):
        identity = f"{self.sandbox_url}/identity/v3"
        service = {
            "username": "clustering",
            "password": statedir.PASSWORD,
            "project_name": "service",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        }
        parser = configparser.ConfigParser(interpolation=None, default_section="(none)")
        parser.read_dict(
            {
                "DEFAULT": {
                    "default_region_name": statedir.REGION,
                    "transport_url": self._transport_url,
                    "secrets_key_file": str(self.directory / "secrets.key"),
                },
                "oslo_concurrency": {"lock_path": str(self.directory / "locks")},
                "database": {"connection": self.database_url},
                "senlin_api": {"bind_host": "127.0.0.1", "bind_port": str(port)},
                "engine": {"heartbeat_interval": "1", "lease": "5", "scan_interval": "2"},
                "authentication": {
                    "auth_url": identity,
                    "service_username": "clustering",
                    "service_password": statedir.PASSWORD,
                    "service_project_name": "service",
                },
                "keystone_authtoken": {
                    "www_authenticate_uri": identity,
                    "auth_type": "password",
                    "auth_url": identity,
                    "region_name": statedir.REGION,
                    **service,
                },
            }
        )
        path = self.directory / "senlin.conf"
        with open(path, "w") as target:
            parser.write(target)
        return path

    def _wait_until_ready(self):
        pause = threading.Event()
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                requests.get(self.url, timeout=5)
                if self.count("service") >= self._number:
                    return
            except requests.exceptions.ConnectionError:
                pass
            pause.wait(0.2)
        raise AssertionError("The deployment is not ready.")
