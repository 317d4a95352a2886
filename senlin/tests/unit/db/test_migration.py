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

"""The schema made by migrations is the one that the code expects."""

import pathlib
import types

from alembic import autogenerate
from alembic import op
from alembic.runtime import migration as alembic_migration
import fixtures
from oslo_db import exception as db_exception
import sqlalchemy as sa

from senlin.db import facade
from senlin.db import migration
from senlin.db import models
from senlin.db import online
from senlin.tests import database
from senlin.tests import releases
from senlin.tests.unit import base
from senlin.tests.unit.db import revisions
from senlin.tests.unit.engine import world


class MigrationTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(database.Database(with_tables=False))

    def test_an_empty_database_has_no_version(self):
        self.assertEqual("", migration.version())
        self.assertFalse(migration.is_current())

    def test_sync_brings_an_empty_database_up_to_date(self):
        migration.sync()
        self.assertTrue(migration.is_current())

    def test_sync_may_be_repeated(self):
        migration.sync()
        migration.sync()
        self.assertTrue(migration.is_current())

    def test_expand_alone_leaves_the_contraction_to_be_done(self):
        migration.expand()
        self.assertFalse(migration.is_current())
        migration.contract()
        self.assertTrue(migration.is_current())

    def test_the_service_can_run_on_an_expanded_database(self):
        self.assertFalse(migration.is_expanded())
        migration.expand()
        self.assertTrue(migration.is_expanded())
        migration.contract()
        self.assertTrue(migration.is_expanded())

    def test_a_database_that_a_newer_release_has_expanded_is_good_enough(self):
        migration.sync()
        with releases.NextRelease():
            migration.expand()
        self.assertTrue(migration.is_expanded())
        self.assertFalse(migration.is_current())

    def test_the_migrated_schema_equals_the_models(self):
        migration.sync()
        with facade.engine().connect() as connection:
            context = alembic_migration.MigrationContext.configure(connection)
            differences = autogenerate.compare_metadata(context, models.Base.metadata)
        self.assertEqual([], differences)


class OnlineMigrationTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(database.Database(with_tables=False))
        migration.sync()
        self.world = world.World()
        self.useFixture(releases.NextRelease())

    def _nodes(self, number):
        for index in range(number):
            self.world.node(name=f"n{index}")

    def _nicknames(self):
        with facade.reader() as conn:
            query = sa.select(releases.nodes.c.nickname)
            return sorted(name for name in conn.execute(query).scalars() if name)

    def test_all_rows_are_moved_in_several_batches(self):
        self.useFixture(fixtures.MockPatchObject(online, "BATCH", 2))
        self._nodes(5)
        migration.expand()
        self.assertEqual({"Give nodes nicknames": 5}, online.remaining())
        (progress,) = online.run()
        self.assertEqual((5, 0, False), (progress.migrated, progress.remaining, progress.failed))
        self.assertEqual([f"n{index}" for index in range(5)], self._nicknames())
        self.assertEqual({}, online.remaining())

    def test_a_limit_leaves_rows_for_the_next_run(self):
        self._nodes(5)
        migration.expand()
        (progress,) = online.run(max_count=3)
        self.assertEqual((3, 2), (progress.migrated, progress.remaining))
        (progress,) = online.run(max_count=3)
        self.assertEqual((2, 0), (progress.migrated, progress.remaining))

    def test_what_was_moved_stays_so_when_a_later_batch_fails(self):
        self.useFixture(fixtures.MockPatchObject(online, "BATCH", 2))
        self._nodes(5)
        migration.expand()
        batches = iter([releases.give_nicknames, _fail])

        def migrate(conn, limit):
            return next(batches)(conn, limit)

        broken = online.Migration("Broken", releases.count_unnamed, migrate)
        with fixtures.MockPatchObject(online, "MIGRATIONS", (broken, releases.NICKNAMES)):
            first, second = online.run()
        self.assertEqual((2, 3, True), (first.migrated, first.remaining, first.failed))
        self.assertEqual((3, 0, False), (second.migrated, second.remaining, second.failed))

    def test_a_migration_that_cannot_even_be_counted_is_reported(self):
        migration.expand()
        broken = online.Migration("Broken", _fail, _fail)
        with fixtures.MockPatchObject(online, "MIGRATIONS", (broken,)):
            (progress,) = online.run()
            self.assertRaises(online.Incomplete, online.complete)
        self.assertEqual((0, None, True), (progress.migrated, progress.remaining, progress.failed))

    def test_sync_moves_data_between_its_halves(self):
        self._nodes(3)
        migration.sync()
        self.assertEqual(["n0", "n1", "n2"], self._nicknames())
        self.assertTrue(migration.is_current())
        self.assertRaises(db_exception.DBError, facade.write, _forget_nicknames)


def _fail(*arguments):
    raise ValueError("broken")


def _forget_nicknames(conn):
    conn.execute(sa.update(releases.nodes).values(nickname=None))


class RevisionTest(base.TestCase):
    """Each revision does what its half of an upgrade is for, and no more."""

    def _modules(self, half):
        script = migration.script()
        folder = migration.LOCATIONS[0].parent / half
        found = [r for r in script.walk_revisions() if pathlib.Path(r.path).parent == folder]
        self.assertNotEqual([], found)
        return found

    def test_revisions_that_expand_only_expand(self):
        for revision in self._modules("expand"):
            operations = revisions.operations_of(revision.module)
            self.assertEqual([], revisions.problems_of_expansion(operations), revision.path)

    def test_revisions_that_contract_only_contract(self):
        for revision in self._modules("contract"):
            operations = revisions.operations_of(revision.module)
            self.assertEqual([], revisions.problems_of_contraction(operations), revision.path)

    def test_a_revision_lives_in_the_folder_of_its_half(self):
        for half in ("expand", "contract"):
            for revision in self._modules(half):
                self.assertEqual({half}, set(revision.branch_labels), revision.path)

    def test_the_revisions_of_the_next_release_in_tests_follow_the_rules(self):
        self.useFixture(releases.NextRelease())
        script = migration.script()
        expansion = revisions.operations_of(script.get_revision(migration.EXPAND).module)
        contraction = revisions.operations_of(script.get_revision(migration.CONTRACT).module)
        self.assertEqual(1, len(expansion))
        self.assertEqual([], revisions.problems_of_expansion(expansion))
        self.assertEqual(1, len(contraction))
        self.assertEqual([], revisions.problems_of_contraction(contraction))
        # The other way round, both would be refused.
        self.assertNotEqual([], revisions.problems_of_expansion(contraction))
        self.assertNotEqual([], revisions.problems_of_contraction(expansion))


_NEEDED = sa.Column("x", sa.Integer, nullable=False)
_OPTIONAL = sa.Column("x", sa.Integer, nullable=True)
_DEFAULTED = sa.Column("x", sa.Integer, nullable=False, server_default="0")


class RuleTest(base.TestCase):
    """The rules that revisions are held to."""

    def _operations(self, upgrade):
        return revisions.operations_of(types.SimpleNamespace(upgrade=upgrade))

    def _assert_expansion(self, upgrade):
        self.assertEqual([], revisions.problems_of_expansion(self._operations(upgrade)))

    def _assert_no_expansion(self, upgrade):
        self.assertEqual(1, len(revisions.problems_of_expansion(self._operations(upgrade))))

    def _assert_no_contraction(self, upgrade):
        self.assertEqual(1, len(revisions.problems_of_contraction(self._operations(upgrade))))

    def test_expand_may_add(self):
        self._assert_expansion(lambda: op.create_table("t", sa.Column("x", sa.Integer)))
        self._assert_expansion(lambda: op.add_column("node", _OPTIONAL))
        self._assert_expansion(lambda: op.add_column("node", _DEFAULTED))
        self._assert_expansion(lambda: op.create_index("i", "node", ["name"]))

    def test_expand_may_constrain_its_own_tables(self):
        def upgrade():
            op.create_table("t")
            op.create_unique_constraint("u", "t", ["x"])
            op.create_index("i", "t", ["x"], unique=True)

        self._assert_expansion(upgrade)

    def test_expand_may_widen(self):
        self._assert_expansion(lambda: op.alter_column("node", "name", nullable=True))
        self._assert_expansion(lambda: op.alter_column("node", "name", type_=sa.Text()))

    def test_expand_may_not_drop(self):
        self._assert_no_expansion(lambda: op.drop_table("node"))
        self._assert_no_expansion(lambda: op.drop_column("node", "name"))
        self._assert_no_expansion(lambda: op.drop_index("i", "node"))
        self._assert_no_expansion(lambda: op.drop_constraint("c", "node"))

    def test_expand_may_not_rename(self):
        self._assert_no_expansion(lambda: op.rename_table("node", "member"))
        self._assert_no_expansion(lambda: op.alter_column("node", "x", new_column_name="y"))

    def test_expand_may_not_ask_for_more_than_the_release_before_gives(self):
        self._assert_no_expansion(lambda: op.add_column("node", _NEEDED))
        self._assert_no_expansion(lambda: op.alter_column("node", "name", nullable=False))
        self._assert_no_expansion(lambda: op.alter_column("node", "x", server_default=None))
        self._assert_no_expansion(lambda: op.create_unique_constraint("u", "node", ["name"]))
        self._assert_no_expansion(lambda: op.create_index("i", "node", ["name"], unique=True))

    def test_expand_may_not_hide_what_it_does(self):
        self._assert_no_expansion(lambda: op.execute("DELETE FROM node"))

    def test_rules_hold_inside_batches_too(self):
        def upgrade():
            with op.batch_alter_table("node") as table:
                table.drop_column("name")

        self._assert_no_expansion(upgrade)

    def test_contract_may_not_add(self):
        self._assert_no_contraction(lambda: op.create_table("t", sa.Column("x", sa.Integer)))
        self._assert_no_contraction(lambda: op.add_column("node", _OPTIONAL))

    def test_contract_may_not_rename_or_hide_what_it_does(self):
        self._assert_no_contraction(lambda: op.rename_table("node", "member"))
        self._assert_no_contraction(lambda: op.alter_column("node", "x", new_column_name="y"))
        self._assert_no_contraction(lambda: op.execute("DELETE FROM node"))
