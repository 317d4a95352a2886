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

"""The ``db`` commands of senlin-manage: the schema, and data on the move."""

import prettytable

from senlin.cmd import refusal
from senlin.db import migration
from senlin.db import online

#: Exit statuses of ``online_data_migrations``, those of other OpenStack services.
ALL_DONE = 0
MORE_TO_DO = 1
FAILED = 2

#: Exit statuses of ``check``: what is to be run next.
CURRENT = 0
NEEDS_EXPAND = 2
NEEDS_MIGRATIONS = 3
NEEDS_CONTRACT = 4


def sync():
    """Do all that an upgrade needs; for a service that is stopped, or a new database."""
    try:
        migration.sync()
    except online.Incomplete as error:
        raise refusal.Refusal(
            f"{error} The log tells more; nothing of the old schema was removed."
        ) from error


def expand():
    """Add what the new release needs."""
    migration.expand()


def contract():
    """Remove what only the old release needed, unless data would be lost."""
    if not migration.is_expanded():
        raise refusal.Refusal("Run 'senlin-manage db expand' first.")
    left = online.remaining()
    if left:
        names = ", ".join(f"{name} ({number} rows)" for name, number in left.items())
        raise refusal.Refusal(
            f"Data are still to be moved: {names}. Run 'senlin-manage db "
            "online_data_migrations' first."
        )
    migration.contract()


def version():
    """Print the schema's revisions."""
    print(migration.version())


def check():
    """Say what is to be run next; gives an exit status for scripts."""
    if not migration.is_expanded():
        print("Run 'senlin-manage db expand' before processes of this release are started.")
        return NEEDS_EXPAND
    if online.remaining():
        print("Run 'senlin-manage db online_data_migrations'.")
        return NEEDS_MIGRATIONS
    if not migration.is_current():
        print("Run 'senlin-manage db contract' when all processes are of this release.")
        return NEEDS_CONTRACT
    print("The schema is what this release needs.")
    return CURRENT


def migrate_data(max_count):
    """Move data, at most ``max_count`` rows; gives the exit status."""
    if not migration.is_expanded():
        raise refusal.Refusal("Run 'senlin-manage db expand' first.")
    results = online.run(max_count)
    table = prettytable.PrettyTable(["Migration", "Migrated", "Remaining"])
    for result in results:
        left = "unknown" if result.remaining is None else result.remaining
        table.add_row([result.name, result.migrated, left])
    print(table)
    if any(result.failed for result in results):
        return FAILED
    return MORE_TO_DO if any(result.remaining for result in results) else ALL_DONE
