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

"""senlin-standalone: the whole service in one process, with a cloud to play with.

It serves the API on the loopback address, runs an engine, keeps its data in an
SQLite file and talks to the sandbox, a simulated OpenStack cloud that runs in
the same process or, with ``--sandbox-url``, in one of its own.
"""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import argparse
import json
import sys

from oslo_log import log as logging
import requests

from senlin.cmd import startup
from senlin.cmd import statedir
from senlin.conf import CONF

BINARY = "senlin-standalone"
LOG = logging.getLogger(__name__)


def parse(arguments):
    """The command line as a namespace."""
    parser = argparse.ArgumentParser(prog=BINARY, description=__doc__.splitlines()[0])
    parser.add_argument(
        "--state-dir",
        default="~/.senlin",
        help="where everything is kept; a later start goes on from it (default: %(default)s)",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        help="port of the API; 0 is the last one used, or any free one (default: %(default)s)",
    )
    parser.add_argument(
        "--sandbox-port",
        type=_port,
        default=0,
        help="port of the sandbox cloud; 0 as with --port (default: %(default)s)",
    )
    parser.add_argument(
        "--sandbox-url",
        help="use the sandbox at this URL (a senlin-sandbox process) instead of an own one",
    )
    parser.add_argument(
        "--sandbox-knobs",
        type=_json_object,
        metavar="JSON",
        help="set knobs of the sandbox, such as build times and failures",
    )
    parser.add_argument("--debug", action="store_true", help="log everything")
    return parser.parse_args(arguments)


def _port(text):
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return number


def _json_object(text):
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value


class Standalone:
    """The parts of a standalone service, started and stopped in order.

    :param directory: a :class:`~senlin.cmd.statedir.StateDirectory` that this
        process has acquired.
    :param arguments: what :func:`parse` gave.
    """

    def __init__(self, directory, arguments):
        self._directory = directory
        self._arguments = arguments
        self._running = []
        self.url = None
        self.sandbox_url = None

    def start(self):
        """Start everything; returns when the API answers.

        :raises senlin.cmd.statedir.PortTaken: an address is used by others.
        """
        wanted = {"API": self._arguments.port, "metrics": 0}
        if not self._arguments.sandbox_url:
            wanted["sandbox"] = self._arguments.sandbox_port
        ports = self._directory.choose_ports(**wanted)
        self.url = f"http://{statedir.HOST}:{ports['API']}"
        self._start_logging(ports)
        self._start_sandbox(ports.get("sandbox"))
        self._start_database()
        self._start_engine()
        self._start_api()

    def stop(self):
        """Stop what was started, the last first; every part gets its chance."""
        while self._running:
            name, stop = self._running.pop()
            try:
                stop()
            except Exception:
                # What is left to be stopped holds ports, files and threads.
                LOG.exception("Stopping the %s failed", name)

    def _start_logging(self, ports):
        self.sandbox_url = (
            self._arguments.sandbox_url or f"http://{statedir.HOST}:{ports['sandbox']}"
        ).rstrip("/")
        auth_url = f"{self.sandbox_url}/identity"
        settings = {"engine": {"metrics_port": str(ports["metrics"])}}
        if self._arguments.debug:
            settings["DEFAULT"] = {"debug": "true"}
        words = self._directory.write_configuration(auth_url, ports["API"], settings)
        self._directory.write_client_files(auth_url)
        startup.prepare(BINARY, words)
        startup.prepare_reports()

    def _start_sandbox(self, port):
        from senlin.sandbox import server

        if not self._arguments.sandbox_url:
            sandbox = server.SandboxServer(
                statedir.HOST, port, str(self._directory.path), clustering_url=self.url
            )
            sandbox.start()
            self._running.append(("sandbox", sandbox.stop))
        if self._arguments.sandbox_knobs:
            answer = requests.patch(
                f"{self.sandbox_url}/sandbox/knobs", json=self._arguments.sandbox_knobs, timeout=10
            )
            if answer.status_code != requests.codes.ok:
                raise ValueError(f"The sandbox refused the knobs: {answer.text}")

    def _start_database(self):
        from senlin.common import secrets
        from senlin.db import facade
        from senlin.db import migration

        secrets.create_key_file(CONF.secrets_key_file)
        facade.configure()
        self._running.append(("database", facade.dispose))
        migration.sync()

    def _start_engine(self):
        from senlin.engine.service import EngineService

        engine = EngineService(CONF.host, BINARY, only_one=True)
        engine.start()
        self._running.append(("engine", lambda: engine.stop(deadline=CONF.engine.drain_timeout)))

    def _start_api(self):
        from senlin.api import app
        from senlin.wsgi import server

        api = server.Server(app.build_application(CONF), CONF.senlin_api)
        api.start()
        self._running.append(("API", api.stop))


def main(arguments=None):
    """Run senlin-standalone until SIGTERM or SIGINT; gives the exit status."""
    arguments = parse(arguments)
    signals = startup.Signals()
    directory = statedir.StateDirectory(arguments.state_dir)
    try:
        directory.acquire()
    except statedir.InUse as error:
        print(f"{BINARY}: {error}", file=sys.stderr)
        return 1
    standalone = Standalone(directory, arguments)
    try:
        standalone.start()
    except Exception as error:  # noqa: BLE001 - whatever it is, the user is told where to look
        LOG.exception("The service cannot start")
        print(f"{BINARY}: {error} (see {directory.file('senlin.log')})", file=sys.stderr)
        standalone.stop()
        directory.release()
        return 1
    print(f"Clustering service: {standalone.url}")
    print(f"Sandbox cloud:      {standalone.sandbox_url}/identity/v3")
    print(f"Clients:            source {directory.file('openrc')}", flush=True)
    LOG.info("Ready: %s", standalone.url)
    signals.wait_for_end()
    standalone.stop()
    directory.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
