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
import contextlib
import os
import pathlib
import signal
import subprocess
import sys

import fixtures
import openstack
import requests
import sqlalchemy as sa

from senlin.cmd import statedir
from senlin.common import concurrency
from senlin.common import ports
from senlin.tests import database
from senlin.tests import waiting
from senlin.tests.functional import programs

READY_SECONDS = 120
STOP_SECONDS = 90


class Daemon(fixtures.Fixture):
    """A process group of the service.

    :param module: the module to run, and words for it.
    :param configs: its configuration files; a later one wins.
    :param green: run it on eventlet instead of native threads.
    """

    def __init__(self, module, configs, name, green=False):
        super().__init__()
        self._green = green
        self._module = module
        self._configs = configs
        self.name = name
        self._process = None

    def _setUp(self):
        self.addCleanup(self.kill)
        self.start()

    def start(self):
        """Start it, again after an end."""
        place = self._configs[0].parent
        command = [sys.executable, "-m", *self._module.split()]
        for config in self._configs:
            command += ["--config-file", str(config)]
        with open(place / f"{self.name}.out", "a") as target:
            self._process = subprocess.Popen(
                [*command, "--log-file", str(place / f"{self.name}.log")],
                stdout=target,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, concurrency.ENVIRONMENT: "false" if self._green else "true"},
            )

    def become(self, module):
        """Be another program from the next start on."""
        self._module = module

    def kill(self):
        """End it and its workers at once, as a power failure would."""
        if self._process is not None:
            # Workers may outlive the launcher that a test has killed.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self, seconds=STOP_SECONDS):
        """Ask it to drain and end; gives its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def signal(self, number):
        """Send a signal to its first process, the launcher if it has workers."""
        self._process.send_signal(number)

    @property
    def pid(self):
        """Of its first process."""
        return self._process.pid

    def pids(self):
        """Of all its living processes, the first one and its workers."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(int(path.name)) == self._process.pid:
                    found.append(int(path.name))
        return sorted(found)


def altered(alteration, what):
    """The module and words that run a daemon of a kind with something changed."""
    return f"senlin.tests.scenario.altered {alteration} {what}"


class Deployment(programs.Client):
    """APIs, engines and a sandbox cloud on a database and a broker.

    :param database_server: SQLAlchemy URL of a user who may make databases.
    :param transport_url: of the broker.
    :param engines: how many engine daemons.
    :param apis: how many API daemons; the catalogue names the first.
    :param green: run the engines on eventlet.
    :param options: {section: {option: value}}, over what ``_settings`` says.
    :param alteration: what is changed about the daemons, see ``altered``.
    :ivar engines, apis: the daemons, which can be killed and started again.
    :ivar urls: where each API answers; ``url`` is the first.
    """

    def __init__(
        self,
        directory,
        database_server,
        transport_url,
        engines=2,
        apis=1,
        green=False,
        options=None,
        alteration=None,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self._server = sa.make_url(database_server)
        self._transport_url = transport_url
        self._number = engines
        self._apis = apis
        self._green = green
        self._options = options or {}
        self._alteration = alteration
        self.engines = []
        self.apis = []

    def _setUp(self):
        self.database_url = database.create(self._server, self.addCleanup)
        numbers = self._ports()
        self.urls = [f"http://127.0.0.1:{port}" for port in numbers]
        self.url = self.urls[0]
        self._start_cloud()
        self.config = self._write("senlin.conf", self._settings(), self._options)
        for words in (["secrets", "create-key"], ["db", "sync"]):
            self.manage(*words)
        for number in range(self._number):
            self.engines.append(self._daemon("engine", number, {}, green=self._green))
        for number, port in enumerate(numbers):
            own = {"senlin_api": {"bind_host": "127.0.0.1", "bind_port": str(port)}}
            self.apis.append(self._daemon("api", number, own))
        self.cloud = self._connect_member()
        self.wait_until_ready()
        self.clustering = self.cloud.clustering

    def _ports(self):
        """Where the APIs answer."""
        return [ports.free() for _ in range(self._apis)]

    def _start_cloud(self):
        place = self.directory / "cloud"
        place.mkdir()
        self.sandbox = self.useFixture(programs.Sandbox(place, "--clustering-url", self.url))
        self.sandbox_url = self.sandbox.url

    def _connect_member(self):
        return self.connect("demo", "demo")

    def _identity(self):
        """The address of the identity service, and the service user's password."""
        return f"{self.sandbox_url}/identity/v3", statedir.PASSWORD

    def _daemon(self, what, number, settings, green=False):
        name = f"{what}{number}"
        configs = [self.config, self._write(f"{name}.conf", settings)]
        module = f"senlin.cmd.{what}"
        if self._alteration:
            module = altered(self._alteration, what)
        return self.useFixture(Daemon(module, configs, name, green=green))

    def manage(self, *words):
        """Run senlin-manage; gives what it writes."""
        command = [sys.executable, "-m", "senlin.cmd.manage", "--config-file", str(self.config)]
        done = subprocess.run(
            command + list(words), check=True, timeout=120, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

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

    def _settings(self):
        """What all daemons read."""
        identity, password = self._identity()
        service = {
            "username": "clustering",
            "password": password,
            "project_name": "service",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        }
        return {
            "DEFAULT": {
                "default_region_name": statedir.REGION,
                "transport_url": self._transport_url,
                "secrets_key_file": str(self.directory / "secrets.key"),
            },
            "oslo_concurrency": {"lock_path": str(self.directory / "locks")},
            "database": {"connection": self.database_url},
            "engine": {"heartbeat_interval": "1", "lease": "5", "scan_interval": "2"},
            "authentication": {
                "auth_url": identity,
                "service_username": "clustering",
                "service_password": password,
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

    def _write(self, name, *settings):
        parser = configparser.ConfigParser(interpolation=None, default_section="(none)")
        for part in settings:
            parser.read_dict(part)
        path = self.directory / name
        with open(path, "w") as target:
            parser.write(target)
        return path

    def wait_until_ready(self):
        """Return when all APIs answer and all engines have said that they live."""
        waiting.until(self._is_ready, "the deployment is ready", READY_SECONDS)

    def _is_ready(self):
        try:
            for url in self.urls:
                requests.get(url, timeout=5)
        except requests.exceptions.RequestException:
            return False
        return self.count("service") >= self._number
