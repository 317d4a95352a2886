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

"""Servers that the tests use, each for as long as a ``with`` lasts, on free ports."""

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

from testing import environment

sys.path.insert(0, str(environment.ROOT))

from senlin.common import ports  # noqa: E402 - it needs nothing but Python


@contextlib.contextmanager
def _pifpaf(*words):
    """Start a server with pifpaf; gives the variables it exports."""
    command = [environment.python, "-m", "pifpaf", "--env-prefix", "SENLIN_PIFPAF", "run", *words]
    # The child tells us its variables, and lives until its input ends.
    command += ["--", "sh", "-c", "env; echo ready; cat"]
    path = os.pathsep.join([environment.variables()["PATH"], "/usr/sbin", "/sbin"])
    with subprocess.Popen(
        command,
        env=environment.variables(
            PATH=path, LANG="C.UTF-8", LC_ALL="C.UTF-8", ERL_CRASH_DUMP="/dev/null"
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        variables = {}
        for line in process.stdout:
            if line == "ready\n":
                break
            name, _, value = line.rstrip("\n").partition("=")
            variables[name] = value
        else:
            raise environment.Broken(f"pifpaf could not start {words[0]}")
        try:
            yield variables
        finally:
            process.stdin.close()
            process.wait(60)


@contextlib.contextmanager
def mysql():
    """A MariaDB; gives its address for SQLAlchemy."""
    with _pifpaf("mysql") as variables:
        plain = variables["SENLIN_PIFPAF_URL"]
        yield plain.replace("mysql://", "mysql+pymysql://", 1) + "&charset=utf8mb4"


@contextlib.contextmanager
def rabbitmq():
    """A RabbitMQ; gives its address for oslo.messaging."""
    # RabbitMQ uses the port 20000 above its own too.
    port = ports.free(20000)
    node = f"senlin-{port}"
    with _pifpaf("rabbitmq", "--port", str(port), "--nodename", node):
        yield f"rabbit://pifpaf:secret@127.0.0.1:{port}/"


@contextlib.contextmanager
def postgresql():
    """A PostgreSQL of an ordinary user, as it wants it; gives its address for SQLAlchemy."""
    programs = _postgresql_programs()
    with tempfile.TemporaryDirectory(prefix="senlin-pg-") as place:
        prefix = []
        if os.geteuid() == 0:
            user = _postgresql_user()
            prefix = ["runuser", "-u", user, "--"]
            shutil.chown(place, user)
        data = f"{place}/data"
        port = ports.free()
        settings = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c max_connections=300"
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            settings += f" -c {name}=off"
        environment.run(*prefix, f"{programs}/initdb", "-A", "trust", "-U", "postgres", "-D", data)
        log = f"{place}/log"
        environment.run(
            *prefix, f"{programs}/pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start"
        )
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            environment.run(
                *prefix, f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"
            )


def _postgresql_programs():
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if not found:
        raise environment.Broken("PostgreSQL is not installed (initdb was not found)")
    return pathlib.Path(found).parent


def _postgresql_user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise environment.Broken("there is no user postgres or nobody to run PostgreSQL as")


#: Databases by name.
DATABASES = {"mysql": mysql, "postgresql": postgresql}
