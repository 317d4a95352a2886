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

"""A release after this one, as far as tests of upgrades need it.

Its engines understand more. It gives each node a nickname: *expand* adds the column,
an online migration fills it from the name, and *contract* has the database insist on it.
"""

import pathlib

import fixtures
import sqlalchemy as sa

from senlin.db import migration
from senlin.db import models
from senlin.db import online
from senlin.rpc import versions

RELEASE = "21.0"
RPC_VERSION = "1.1"
EXPAND_REVISION = "next.1_expand"
CONTRACT_REVISION = "next.1_contract"

_EXPAND = """
from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = "{parent}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("node", sa.Column("nickname", sa.String(255), nullable=True))
"""

_CONTRACT = """
from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = "{parent}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("node") as table:
        table.alter_column("nickname", existing_type=sa.String(255), nullable=False)
"""

#: The table as the next release sees it, as far as it differs.
nodes = sa.Table(
    models.Node.__tablename__,
    sa.MetaData(),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255)),
    sa.Column("nickname", sa.String(255)),
)

_UNNAMED = nodes.c.nickname.is_(None)


def count_unnamed(conn):
    """How many nodes have no nickname yet."""
    return conn.execute(sa.select(sa.func.count()).select_from(nodes).where(_UNNAMED)).scalar()


def give_nicknames(conn, limit):
    """Give some nodes a nickname; gives how many."""
    query = sa.select(nodes.c.id).where(_UNNAMED).limit(limit).with_for_update(skip_locked=True)
    ids = conn.execute(query).scalars().all()
    values = {"nickname": nodes.c.name}
    conn.execute(sa.update(nodes).where(nodes.c.id.in_(ids)).values(values))
    return len(ids)


NICKNAMES = online.Migration("Give nodes nicknames", count_unnamed, give_nicknames)


class NextRelease(fixtures.Fixture):
    """Makes this process one of the next release, as far as upgrades go."""

    def _setUp(self):
        place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        script = migration.script()
        for text, revision, half in (
            (_EXPAND, EXPAND_REVISION, migration.EXPAND),
            (_CONTRACT, CONTRACT_REVISION, migration.CONTRACT),
        ):
            parent = script.get_revision(half).revision
            path = place / f"{half.partition('@')[0]}.py"
            path.write_text(text.format(revision=revision, parent=parent))
        locations = [*migration.LOCATIONS, place]
        self.useFixture(fixtures.MockPatchObject(migration, "LOCATIONS", locations))
        self.useFixture(fixtures.MockPatchObject(online, "MIGRATIONS", (NICKNAMES,)))
        known = {**versions.RELEASES, RELEASE: RPC_VERSION}
        for name, value in (
            ("RELEASES", known),
            ("RELEASE", RELEASE),
            ("CURRENT", RPC_VERSION),
        ):
            self.useFixture(fixtures.MockPatchObject(versions, name, value))
