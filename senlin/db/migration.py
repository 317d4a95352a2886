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

"""Bringing the schema up to date, in two halves.

*Expand* adds what new code needs while old code still runs; *contract*
removes what nobody uses any more, when all processes are new and data have been
moved (``senlin.db.online``). A revision lives in the folder of its half, and a test
refuses in each what belongs to the other.
"""

import os
import pathlib

import alembic.command
import alembic.config
import alembic.runtime.migration
import alembic.script
import alembic.script.revision
import alembic.util

from senlin.db import facade
from senlin.db import online

EXPAND = "expand@head"
CONTRACT = "contract@head"

_HERE = pathlib.Path(__file__).parent / "migrations"

#: Where revisions are looked for.
LOCATIONS = [_HERE / "versions" / part for part in ("initial", "expand", "contract")]


def sync():
    """Expand, move data, contract: for a service that is stopped, or a new database.

    :raises senlin.db.online.Incomplete: if data could not be moved.
    """
    expand()
    online.complete()
    contract()


def expand():
    """Add what the present code needs; safe while older code runs."""
    _upgrade(EXPAND)


def contract():
    """Remove what only older code used; data have been moved before."""
    _upgrade(CONTRACT)


def version():
    """The revisions that the database is at, joined by a comma; '' for none."""
    with facade.engine().connect() as connection:
        context = alembic.runtime.migration.MigrationContext.configure(connection)
        return ",".join(sorted(context.get_current_heads()))


def is_current():
    """Whether the database has all revisions of the present code."""
    return set(filter(None, version().split(","))) == set(script().get_heads())


def is_expanded():
    """Whether the present code can run on the database, contracted or not.

    A revision that is unknown is a newer release's, which has expanded before.
    """
    scripts = script()
    done = set()
    for head in filter(None, version().split(",")):
        try:
            done.update(item.revision for item in scripts.iterate_revisions(head, "base"))
        except (alembic.util.CommandError, alembic.script.revision.RevisionError):
            return True
    return scripts.get_revision(EXPAND).revision in done


def script():
    """The revisions that there are, as alembic's ``ScriptDirectory``."""
    return alembic.script.ScriptDirectory.from_config(configuration())


def configuration():
    """Alembic's configuration, made in place of an ``alembic.ini``."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, LOCATIONS)))
    return config


def _upgrade(target):
    config = configuration()
    with facade.engine().connect() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, target)
