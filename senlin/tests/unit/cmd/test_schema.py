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

import fixtures

from senlin.cmd import refusal
from senlin.cmd import schema
from senlin.db import migration
from senlin.db import online
from senlin.tests import database
from senlin.tests import releases
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class SchemaTest(base.TestCase):
    """The upgrade of a database with five nodes to the next release."""

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database(with_tables=False))
        migration.sync()
        for _ in range(5):
            world.World().node()
        self.useFixture(releases.NextRelease())
        self.output = self.useFixture(fixtures.StringStream("stdout")).stream
        self.useFixture(fixtures.MonkeyPatch("sys.stdout", self.output))

    def _break_migration(self):
        broken = online.Migration("Broken", releases.count_unnamed, _fail)
        self.useFixture(fixtures.MockPatchObject(online, "MIGRATIONS", (broken,)))

    def test_check_leads_through_the_upgrade(self):
        self.assertEqual(schema.NEEDS_EXPAND, schema.check())
        schema.expand()
        self.assertEqual(schema.NEEDS_MIGRATIONS, schema.check())
        schema.migrate_data(None)
        self.assertEqual(schema.NEEDS_CONTRACT, schema.check())
        schema.contract()
        self.assertEqual(schema.CURRENT, schema.check())

    def test_the_exit_status_says_whether_there_is_more_to_do(self):
        schema.expand()
        self.assertEqual(schema.MORE_TO_DO, schema.migrate_data(3))
        self.assertEqual(schema.ALL_DONE, schema.migrate_data(3))
        self.assertEqual(schema.ALL_DONE, schema.migrate_data(3))

    def test_a_failed_migration_has_an_exit_status_of_its_own(self):
        schema.expand()
        self._break_migration()
        self.assertEqual(schema.FAILED, schema.migrate_data(None))

    def test_contract_is_refused_while_data_are_to_be_moved(self):
        schema.expand()
        error = self.assertRaises(refusal.Refusal, schema.contract)
        self.assertIn("Give nodes nicknames (5 rows)", str(error))
        self.assertFalse(migration.is_current())

    def test_contract_and_migrations_are_refused_before_expand(self):
        self.assertRaises(refusal.Refusal, schema.contract)
        self.assertRaises(refusal.Refusal, schema.migrate_data, None)

    def test_sync_does_all_of_it(self):
        schema.sync()
        self.assertEqual(schema.CURRENT, schema.check())

    def test_sync_does_not_contract_when_data_could_not_be_moved(self):
        self._break_migration()
        self.assertRaises(refusal.Refusal, schema.sync)
        self.assertFalse(migration.is_current())


def _fail(*arguments):
    raise ValueError("broken")
