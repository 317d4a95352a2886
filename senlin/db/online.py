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

"""Moving data while the service runs, between *expand* and *contract*.

A migration that needs more than a new column (filling it from an old one, say) is
listed here. ``senlin-manage db online_data_migrations`` runs what is listed, a few rows
in each transaction, so that nobody waits for it and it may be stopped at any moment
and started again. *Contract* is refused while rows are left.
"""

import collections.abc
import dataclasses

from oslo_log import log as logging

from senlin.common import exception
from senlin.db import facade

LOG = logging.getLogger(__name__)

#: Rows moved in one transaction.
BATCH = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Migration:
    """Something to be done to each row of a kind, once.

    :ivar name: what it does, in a few words.
    :ivar remaining: called with a connection; gives how many rows are left.
    :ivar migrate: called with a connection and a number of rows; changes so many of
        those that are left, at most, and gives how many it changed. It must work on
        the schema between *expand* and *contract*, while the service changes rows too:
        it locks what it reads.
    """

    name: str
    remaining: collections.abc.Callable
    migrate: collections.abc.Callable


#: In the order in which they are run. A release drops the migrations of the release
#: before: its *contract* has made sure that they are done.
MIGRATIONS = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """What came of one migration.

    :ivar migrated: rows changed by this run.
    :ivar remaining: rows that are left; None if even that could not be found out.
    :ivar failed: whether it ended with an error, which is in the log.
    """

    name: str
    migrated: int
    remaining: int | None
    failed: bool = False


class Incomplete(Exception):
    """Rows are left that could not be migrated; the text names the migrations."""


def run(max_count=None):
    """Run all migrations, one after the other.

    A failure ends that migration; the others go on.

    :param max_count: the most rows to change in all; None = all there are.
    :returns: a Progress for each migration.
    """
    results = []
    left = max_count
    for migration in MIGRATIONS:
        result = _run_one(migration, left)
        results.append(result)
        if left is not None:
            left -= result.migrated
    return results


def complete():
    """Run all migrations to their end.

    :raises Incomplete: if one failed.
    """
    failed = [result.name for result in run() if result.failed]
    if failed:
        raise Incomplete(f"Data could not be moved: {', '.join(failed)}.")


def remaining():
    """How many rows are left: {name of a migration: number}, without those done."""
    numbers = {migration.name: facade.read(migration.remaining) for migration in MIGRATIONS}
    return {name: number for name, number in numbers.items() if number}


def _run_one(migration, limit):
    migrated = 0
    try:
        while limit is None or migrated < limit:
            batch = BATCH if limit is None else min(BATCH, limit - migrated)
            count = facade.write(migration.migrate, batch)
            migrated += count
            if count == 0:
                break
        return Progress(migration.name, migrated, facade.read(migration.remaining))
    except exception.DatabaseUnavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever a migration stumbles over
        LOG.exception("The migration '%s' failed", migration.name)
        return Progress(migration.name, migrated, _count(migration), failed=True)


def _count(migration):
    try:
        return facade.read(migration.remaining)
    except Exception:  # noqa: BLE001 - it failed already; that is what is reported
        LOG.exception("What is left of the migration '%s' cannot be counted", migration.name)
        return None
