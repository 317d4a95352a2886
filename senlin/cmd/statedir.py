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

"""The directory in which a standalone service keeps everything it knows.

========================  ====================================================
``senlin.conf``           the configuration, written anew at each start
``local.conf``            the operator's own settings, read after it
``senlin.db``             the database (SQLite)
``ports.json``            the ports, so that a later start has the same
``secrets.key``           the key by which secrets in the database are sealed
``cloud.journal``         the sandbox cloud
``clouds.yaml``           the clouds ``senlin``, ``senlin-admin``,
                          ``senlin-reader`` and ``senlin-other``
``openrc``                points clients of the shell that reads it here
``senlin.log``            the log
``senlin.pid``            the process, while it runs
``lock``                  held by that process
========================  ====================================================
"""

import configparser
import fcntl
import json
import os
import pathlib
import shlex
import socket

import yaml

from senlin.common import ports

HOST = "127.0.0.1"
REGION = "RegionOne"
PASSWORD = "secret"

# cloud in clouds.yaml -> (user, project)
CLOUDS = {
    "senlin": ("demo", "demo"),
    "senlin-admin": ("admin", "admin"),
    "senlin-reader": ("reader", "demo"),
    "senlin-other": ("alt", "alt"),
}


class InUse(Exception):
    """Another process runs on this directory."""


class PortTaken(Exception):
    """A port that this directory needs is used by something else."""


class StateDirectory:
    """Paths in a state directory, and what is written there.

    :param path: is made if it does not exist; nobody else may read it.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path).expanduser().resolve()
        self._lock = None

    def file(self, name):
        """The path of a file in the directory."""
        return self.path / name

    def acquire(self):
        """Take the directory for this process, and say so in its pid file.

        :raises InUse: another process has it.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(self.file("lock"), "a")  # noqa: SIM115 - held until release
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise InUse(f"Another service runs on {self.path} (process {self.pid()}).") from None
        self._lock = lock
        self._write("senlin.pid", f"{os.getpid()}\n")

    def release(self):
        """Give the directory back."""
        if self._lock is not None:
            self.file("senlin.pid").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def pid(self):
        """The process of the pid file, or None."""
        try:
            return int(self.file("senlin.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def choose_ports(self, **wanted):
        """The ports by name: as asked for, else as last time, else any free ones.

        :param wanted: a port number by name; 0 leaves the choice open.
        :raises PortTaken: a port is used by something else.
        """
        remembered = {}
        if self.file("ports.json").exists():
            remembered = json.loads(self.file("ports.json").read_text())
        chosen = {}
        probes = []
        try:
            for name, number in wanted.items():
                probe = _listen(name, number or remembered.get(name) or ports.free())
                probes.append(probe)
                chosen[name] = probe.getsockname()[1]
        finally:
            for probe in probes:
                probe.close()
        self._write("ports.json", json.dumps(chosen) + "\n")
        return chosen

    def write_configuration(self, auth_url, api_port, settings=None):
        """Write senlin.conf.

        :param auth_url: of the cloud's identity service, without ``/v3``.
        :param settings: further settings, as {group: {option: text}}.
        :returns: the words that make a program of the service read it.
        """
        parser = configparser.ConfigParser(interpolation=None, default_section="(none)")
        parser.optionxform = str
        parser.read_dict(self._settings(auth_url, api_port))
        for group, values in (settings or {}).items():
            parser.read_dict({group: values})
        with open(self.file("senlin.conf"), "w", opener=_private) as target:
            target.write("# Written anew at each start; own settings belong in local.conf.\n")
            parser.write(target)
        words = ["--config-file", str(self.file("senlin.conf"))]
        if self.file("local.conf").exists():
            words += ["--config-file", str(self.file("local.conf"))]
        return words

    def _settings(self, auth_url, api_port):
        identity = f"{auth_url}/v3"
        return {
            "DEFAULT": {
                "host": "standalone",
                "default_region_name": REGION,
                # In-process messaging: the API and the engine share a process.
                "transport_url": "kombu+memory:///",
                "log_file": str(self.file("senlin.log")),
                "use_stderr": "false",
                "secrets_key_file": str(self.file("secrets.key")),
            },
            "oslo_messaging_rabbit": {"heartbeat_timeout_threshold": "0"},
            "oslo_messaging_notifications": {"driver": "noop"},
            "oslo_concurrency": {"lock_path": str(self.path / "locks")},
            "database": {"connection": f"sqlite:///{self.file('senlin.db')}"},
            "senlin_api": {"bind_host": HOST, "bind_port": str(api_port)},
            "receiver": {"host": HOST, "port": str(api_port)},
            "authentication": {
                "auth_url": identity,
                "service_username": "clustering",
                "service_password": PASSWORD,
                "service_project_name": "service",
            },
            "keystone_authtoken": {
                "www_authenticate_uri": identity,
                "auth_type": "password",
                "auth_url": identity,
                "username": "clustering",
                "password": PASSWORD,
                "user_domain_name": "Default",
                "project_name": "service",
                "project_domain_name": "Default",
                "region_name": REGION,
            },
        }

    def write_client_files(self, auth_url):
        """Write clouds.yaml and openrc.

        :param auth_url: of the cloud's identity service, without ``/v3``.
        """
        clouds = {
            name: {
                "auth": {
                    "auth_url": f"{auth_url}/v3",
                    "username": user,
                    "password": PASSWORD,
                    "project_name": project,
                    "user_domain_name": "Default",
                    "project_domain_name": "Default",
                },
                "region_name": REGION,
                "identity_api_version": "3",
                "interface": "public",
            }
            for name, (user, project) in CLOUDS.items()
        }
        self._write("clouds.yaml", yaml.safe_dump({"clouds": clouds}, sort_keys=False))
        path = shlex.quote(str(self.file("clouds.yaml")))
        self._write(
            "openrc",
            "# Usage: source openrc [cloud]; clouds.yaml lists the clouds.\n"
            "unset ${!OS_@}\n"
            f"export OS_CLIENT_CONFIG_FILE={path}\n"
            'export OS_CLOUD="${1:-senlin}"\n',
        )

    def _write(self, name, text):
        with open(self.file(name), "w", opener=_private) as target:
            target.write(text)


def _private(path, flags):
    return os.open(path, flags, 0o600)


def _listen(name, port):
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((HOST, port))
    except OSError as error:
        probe.close()
        raise PortTaken(f"Port {port}, wanted for the {name}, cannot be used: {error}") from None
    return probe
