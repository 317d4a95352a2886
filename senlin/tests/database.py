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

"""A database of its own for each test that asks for one.

SQLite files by default. ``SENLIN_TEST_DATABASE`` names another server, as a
SQLAlchemy URL of a user who may make databases; ``tools/test database`` runs
the tests against MariaDB and PostgreSQL that way.
"""

import os
import secrets

import fixtures
import sqlalchemy as sa

from senlin.db import facade
from senlin.db import models

ENVIRONMENT = "SENLIN_TEST_DATABASE"


class Database(fixtures.Fixture):
    """An empty database with all tables, behind ``senlin.db.facade``.

    :param with_tables: False = without any table.
    :ivar url: where it is, as text with the password.
    """

    def __init__(self, with_tables=True):
        super().__init__()
        self._with_tables = with_tables

    def _setUp(self):
        server = os.environ.get(ENVIRONMENT)
        self.url = self._on_server(sa.make_url(server)) if server else self._in_file()
        facade.configure(self.url)
        self.addCleanup(facade.dispose)
        if self._with_tables:
            models.Base.metadata.create_all(facade.engine())

    def _in_file(self):
        directory = self.useFixture(fixtures.TempDir())
        return f"sqlite:///{directory.join('senlin.db')}"

    def _on_server(self, url):
        name = f"senlin_test_{secrets.token_hex(6)}"
        self._execute(url, f"CREATE DATABASE {name}")
        self.addCleanup(self._execute, url, f"DROP DATABASE {name}")
        return url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, url, statement):
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(statement))
        engine.dispose()
