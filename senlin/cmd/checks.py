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

"""What ``senlin-status upgrade check`` looks at; nothing is changed.

Each function gives an ``oslo_upgradecheck`` result: FAILURE for what keeps this release
from working, WARNING for what is to be done later or may be meant so.
"""

import time

from oslo_upgradecheck import upgradecheck

from senlin.common import exception
from senlin.common import secrets
from senlin.conf import CONF
from senlin.db import facade
from senlin.db import maintenance
from senlin.db import migration
from senlin.db import online
from senlin.rpc import transport
from senlin.rpc import versions

_ENGINE = "senlin-engine"
#: How many heartbeats a lease has to have room for.
_BEATS = 3


def schema():
    """Whether the database has what this release needs."""
    if not migration.is_expanded():
        return _failure(
            f"The schema is at {migration.version() or 'no revision'}, which is not what this "
            "release needs; run 'senlin-manage db expand' or, with the service stopped, "
            "'senlin-manage db sync'."
        )
    if not migration.is_current():
        return _warning("When all processes are of this release, run 'senlin-manage db contract'.")
    return _success()


def data():
    """Whether data are where this release has them."""
    if not migration.is_expanded():
        return _warning("It can be seen when the schema has been expanded.")
    left = online.remaining()
    if not left:
        return _success()
    names = ", ".join(f"{name} ({number} rows)" for name, number in left.items())
    return _failure(f"Run 'senlin-manage db online_data_migrations': {names}.")


def secrets_key():
    """Whether sealed values can be read and written."""
    try:
        secrets.unseal(secrets.seal("test"))
    except exception.SenlinError as error:
        return _failure(
            f"{error} Run 'senlin-manage secrets create-key' or set [DEFAULT] secrets_key_file."
        )
    return _success()


def releases():
    """Whether what the APIs send is understood by all engines that run."""
    pin = CONF.upgrade_levels.engine
    try:
        cap = versions.cap(pin)
    except ValueError as error:
        return _failure(f"[upgrade_levels] engine: {error}")
    if not migration.is_expanded():
        return _warning("Which engines run can be seen when the schema has been expanded.")
    running = _running_releases()
    strangers = sorted(str(name) for name in running if name not in versions.RELEASES)
    if strangers:
        return _warning(
            f"There are engines of other releases than this one knows: {', '.join(strangers)}."
        )
    oldest = min(running, key=_version_number, default=versions.RELEASE)
    if versions.highest(cap, versions.RELEASES[oldest]) != versions.RELEASES[oldest]:
        return _warning(
            f"There are engines of release {oldest}: until they are replaced, set "
            f"[upgrade_levels] engine = {oldest} for the APIs."
        )
    if pin is not None and oldest == versions.RELEASE:
        return _warning(
            "All engines are of this release: [upgrade_levels] engine can be taken out."
        )
    return _success()


def configuration():
    """Whether the options fit together."""
    problems = []
    if not CONF.authentication.auth_url or not CONF.authentication.service_password:
        problems.append(
            "[authentication] auth_url and service_password are needed to talk to other services."
        )
    if CONF.engine.lease < _BEATS * CONF.engine.heartbeat_interval:
        problems.append(
            f"[engine] lease should be at least {_BEATS} times heartbeat_interval: an engine "
            "that is only slow would be taken for dead."
        )
    if facade.engine().dialect.name == "sqlite":
        problems.append("[database] connection names SQLite, which serves one process only.")
    transport.register_opts(CONF)
    if (CONF.transport_url or "rabbit://").startswith(("kombu+memory", "fake")):
        problems.append("[DEFAULT] transport_url names a bus that ends with its process.")
    return _warning(" ".join(problems)) if problems else _success()


def _running_releases():
    now = time.time()
    return {
        row.release
        for row in facade.read(maintenance.services)
        if row.binary == _ENGINE and maintenance.is_up(row, now, CONF.service_down_time)
    }


def _version_number(release):
    return [int(part) for part in versions.RELEASES[release].split(".")]


def _success():
    return upgradecheck.Result(upgradecheck.Code.SUCCESS)


def _warning(text):
    return upgradecheck.Result(upgradecheck.Code.WARNING, text)


def _failure(text):
    return upgradecheck.Result(upgradecheck.Code.FAILURE, text)
