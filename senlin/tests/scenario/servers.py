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

"""Database servers and a broker that tests start, kill and start again.

Unlike pifpaf's, these keep their port and their data over a ``kill -9``.
"""

import atexit
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import threading
import time

import fixtures
import sqlalchemy as sa

from senlin.common import ports

START_SECONDS = 60

_shared = {}


def shared(kind):
    """The server of this kind that a process of tests keeps until it ends.

    For tests that neither stop it nor cut it off.
    """
    if kind not in _shared:
        server = _shared[kind] = kind()
        server.setUp()
        atexit.register(server.cleanUp)
    return _shared[kind]


class Server(fixtures.Fixture):
    """A server with a directory and a port of its own.

    A subclass says how its data are laid (``_initialize``), how it is run
    (``_command``) and when it serves (``_is_ready``).

    :ivar directory: its data and its output, ``server.out``.
    :ivar port: of the loopback address.
    """

    #: Who runs it; None = who runs the tests.
    user = None
    environment = {}

    def _setUp(self):
        # Not in the tests' own temporary directory, which lets no other user in.
        root = os.environ.get("TMPDIR", "/tmp")
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir(rootdir=root)).path)
        if self.user:
            shutil.chown(self.directory, self.user)
        self.port = self._free_port()
        self._process = None
        self._initialize()
        self.addCleanup(self.kill)
        self.start()

    def start(self):
        """Start it, again after an end; returns when it serves."""
        end = time.monotonic() + START_SECONDS
        pause = threading.Event()
        while not self._is_ready():
            if time.monotonic() > end:
                raise AssertionError(f"{self._command()[0]} does not serve: see {self.directory}")
            # What is left of a killed one can be in the way for a moment.
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn(self._command())
            pause.wait(0.1)

    @property
    def pid(self):
        """Of its first process."""
        return self._process.pid

    def kill(self):
        """End it at once, as a power failure would."""
        self._end(signal.SIGKILL)

    def stop(self):
        """Have it end in good order."""
        self._end(signal.SIGTERM)

    def pause(self):
        """Let it hang: connections stay and nothing is answered."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self):
        """Let it go on after a pause."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def _end(self, number):
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)
            self._process.wait(START_SECONDS)

    def _free_port(self):
        return ports.free()

    def _initialize(self):
        """Lay the data of a new server."""

    def _spawn(self, command):
        with open(self.directory / "server.out", "a") as output:
            return subprocess.Popen(command, stdout=output, **self._options())

    def _run(self, *command):
        output = subprocess.PIPE
        done = subprocess.run(
            command, check=False, timeout=START_SECONDS, stdout=output, **self._options()
        )
        if done.returncode:
            text = done.stdout.decode(errors="replace")
            raise AssertionError(f"{command[0]} ended with {done.returncode}:\n{text}")

    def _options(self):
        return {
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            "start_new_session": True,
            "user": self.user,
            "env": {**os.environ, "LANG": "C.UTF-8", **self.environment},
        }

    def _command(self):
        raise NotImplementedError

    def _is_ready(self):
        raise NotImplementedError


class Database(Server):
    """A database server.

    :ivar url: SQLAlchemy URL of a user who may make databases.
    """

    def execute(self, statement, **parameters):
        """The rows that a statement gives, on a connection of its own."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(sa.text(statement), parameters)
            return result.fetchall() if result.returns_rows else []

    def _is_ready(self):
        try:
            self.execute("SELECT 1")
        except sa.exc.OperationalError:
            return False
        return True


class MariaDB(Database):
    """MariaDB; ``settings`` are options such as ``--innodb-flush-log-at-trx-commit=2``."""

    def __init__(self, *settings):
        super().__init__()
        self._settings = settings

    def _setUp(self):
        super()._setUp()
        self.execute("CREATE DATABASE IF NOT EXISTS test")

    @property
    def url(self):
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/?charset=utf8mb4"

    def cut_connections(self):
        """End all sessions but this one; gives how many there were."""
        own = "id <> CONNECTION_ID() AND command <> 'Daemon'"
        rows = self.execute(f"SELECT id FROM information_schema.processlist WHERE {own}")
        for row in rows:
            try:
                self.execute(f"KILL {row.id}")
            except sa.exc.OperationalError as error:
                if "Unknown thread" not in str(error):
                    raise
        return len(rows)

    def questions(self):
        """How many statements clients have sent, commits and pings included."""
        return int(self.execute("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1])

    def _initialize(self):
        (self.directory / "tmp").mkdir()
        self._run(
            "mysql_install_db",
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            f"--user={pwd.getpwuid(os.geteuid()).pw_name}",
            f"--datadir={self.directory}/data",
            # Each that begins deletes the temporary tables of all in its directory.
            f"--tmpdir={self.directory}/tmp",
        )

    def _command(self):
        return [
            _found("mariadbd", "/usr/sbin"),
            "--no-defaults",
            f"--user={pwd.getpwuid(os.geteuid()).pw_name}",
            f"--datadir={self.directory}/data",
            f"--tmpdir={self.directory}/tmp",
            f"--socket={self.directory}/socket",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            "--skip-grant-tables",
            "--skip-name-resolve",
            "--max-connections=300",
            *self._settings,
        ]


class PostgreSQL(Database):
    """PostgreSQL, of an ordinary user: it refuses to run as root."""

    def __init__(self, *settings):
        super().__init__()
        self._settings = settings
        if os.geteuid() == 0:
            self.user = "postgres"

    @property
    def url(self):
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def cut_connections(self):
        """End all sessions but this one; gives how many there were."""
        return len(
            self.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        )

    def stop(self):
        """Have it end its sessions and then itself."""
        self._end(signal.SIGINT)

    def _initialize(self):
        data = str(self.directory / "data")
        self._run(self._program("initdb"), "-A", "trust", "-U", "postgres", "-D", data)

    def _command(self):
        command = [self._program("postgres"), "-D", f"{self.directory}/data", "-p", str(self.port)]
        for setting in (
            f"unix_socket_directories={self.directory}",
            "listen_addresses=127.0.0.1",
            "max_connections=300",
            *self._settings,
        ):
            command += ["-c", setting]
        return command

    @staticmethod
    def _program(name):
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        return _found(name, *[str(path.parent) for path in reversed(versions)])


class RabbitMQ(Server):
    """RabbitMQ with the user ``senlin``.

    :ivar url: a transport URL for oslo.messaging.
    """

    def _setUp(self):
        super()._setUp()
        self._control("add_user", "senlin", "secret")
        self._control("set_permissions", "senlin", ".*", ".*", ".*")

    def start(self):
        """Start it, again after an end; returns when it serves."""
        super().start()
        # It listens some moments before it is up.
        self._control("await_startup")

    @property
    def url(self):
        return f"rabbit://senlin:secret@127.0.0.1:{self.port}/"

    def cut_connections(self):
        """Close all connections of clients."""
        self._control("close_all_connections", "cut by a test")

    def _free_port(self):
        """A port where the one 20000 above is free too: for the nodes' own talk."""
        return ports.free(20000)

    def _initialize(self):
        self.environment = {
            "HOME": str(self.directory),
            "RABBITMQ_NODENAME": f"senlin-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_MNESIA_BASE": str(self.directory),
            "RABBITMQ_LOG_BASE": str(self.directory),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "plugins"),
        }

    def _command(self):
        return [_found("rabbitmq-server", "/usr/lib/rabbitmq/bin", "/usr/sbin")]

    def _is_ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as probe:
                probe.sendall(b"AMQP\x00\x00\x09\x01")
                probe.settimeout(5)
                return bool(probe.recv(1))
        except OSError:
            return False

    def _control(self, *words):
        self._run(_found("rabbitmqctl", "/usr/lib/rabbitmq/bin", "/usr/sbin"), *words)


def _found(name, *places):
    for place in places:
        path = pathlib.Path(place) / name
        if path.exists():
            return str(path)
    found = shutil.which(name)
    if not found:
        raise AssertionError(f"{name} is not installed.")
    return found
