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
import re

from alembic import autogenerate
from alembic.runtime import migration as alembic_migration

from senlin.db import facade
from senlin.db import migration
from senlin.db import models
from senlin.tests import database
from senlin.tests.unit import base

_REMOVALS = re.compile(r"op\.(drop_\w+|rename_\w+)|\.drop_\w+\(")


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

    def test_contract_expands_first(self):
        migration.contract()
        self.assertTrue(migration.is_current())

    def test_the_migrated_schema_equals_the_models(self):
        migration.sync()
        with facade.engine().connect() as connection:
            context = alembic_migration.MigrationContext.configure(connection)
            differences = autogenerate.compare_metadata(context, models.Base.metadata)
        self.assertEqual([], differences)


class RevisionTest(base.TestCase):
    def test_revisions_that_expand_remove_nothing(self):
        folder = pathlib.Path(migration.__file__).parent / "migrations/versions/expand"
        revisions = list(folder.glob("*.py"))
        self.assertNotEqual([], revisions)
        for path in revisions:
            self.assertIsNone(_REMOVALS.search(path.read_text()), path.name)
