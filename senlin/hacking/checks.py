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

"""Rules of this project that flake8 checks; HACKING.rst lists them.

Numbers S301 to S399. A rule looks at one logical line of one file, and takes
the file's place in the tree from its name.
"""

import re

from hacking import core

_SLEEP = re.compile(r"\b(time|eventlet)\.sleep\(|^from time import .*\bsleep\b")
_OPTION = re.compile(r"\bcfg\.(?!SubCommandOpt)\w*Opt\(")


def _imports(package):
    return re.compile(rf"^(?:import|from)\s+{package}(?:\.|\s|,|$)")


_SQL = (_imports("sqlalchemy"), _imports("alembic"), _imports("oslo_db"))
_CLOUD = (_imports("openstack"), _imports("keystoneauth1"))
_EVENTLET = (_imports("eventlet"), _imports("greenlet"))
# Registering the database library's options is configuration, not SQL.
_SQL_OPTIONS = re.compile(r"^from oslo_db import options\b")


def _inside(filename, *places):
    path = filename.replace("\\", "/").removeprefix("./")
    return any(path.startswith(place) or f"/{place}" in path for place in places)


def _matches(line, patterns):
    return any(pattern.search(line) for pattern in patterns)


@core.flake8ext
def no_sleep(logical_line, filename):
    """Wait for something that can be woken, such as Event.wait(timeout).

    Okay: stop.wait(3)
    S301: time.sleep(3)
    """
    if _inside(filename, "senlin/tests/", "tools/"):
        return
    if _SLEEP.search(logical_line):
        yield 0, "S301: a sleep cannot be stopped; wait on an Event with a timeout"


@core.flake8ext
def sql_only_in_db(logical_line, filename):
    """Only senlin/db knows SQL.

    S302: import sqlalchemy as sa
    """
    if _inside(filename, "senlin/db/", "senlin/tests/") or _SQL_OPTIONS.search(logical_line):
        return
    if _matches(logical_line, _SQL):
        yield 0, "S302: only senlin/db imports SQLAlchemy, alembic and oslo.db"


@core.flake8ext
def sdk_only_in_cloud(logical_line, filename):
    """Only senlin/cloud talks to other services.

    The command line is a client, and senlin.direct makes one.

    S303: import openstack
    """
    if _inside(filename, "senlin/cloud/", "senlin/osc/", "senlin/direct.py", "senlin/tests/"):
        return
    if _matches(logical_line, _CLOUD):
        yield 0, "S303: only senlin/cloud imports openstacksdk and keystoneauth"


@core.flake8ext
def options_only_in_conf(logical_line, filename):
    """Options are declared where operators and the documentation look for them.

    S304: cfg.IntOpt("threads")
    """
    if _inside(filename, "senlin/conf/", "senlin/tests/", "senlin/common/concurrency.py"):
        return
    if _OPTION.search(logical_line):
        yield 0, "S304: options are declared under senlin/conf"


@core.flake8ext
def eventlet_only_in_concurrency(logical_line, filename):
    """The rest of the tree does not know which kind of threads it runs on.

    S305: import eventlet
    """
    if _inside(filename, "senlin/common/concurrency.py"):
        return
    if _matches(logical_line, _EVENTLET):
        yield 0, "S305: only senlin/common/concurrency.py imports eventlet"
