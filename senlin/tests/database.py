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

"""An empty database for each test that asks for one.

SQLite files by default. ``SENLIN_TEST_DATABASE`` names another server, as a
SQLAlchemy URL of a user who may make databases; ``tools/test mysql postgresql``
runs the tests that way.
"""

import atexit
import os
import secrets

import fixtures
import sqlalchemy as sa

from senlin.db import facade
from senlin.db import models

ENVIRONMENT = "SENLIN_TEST_DATABASE"


class Database(fixtures.Fixture):
    """An empty database, behind ``senlin.db.facade``.

    On a server, making tables takes seconds: the tests of a process share one
    database there, which is emptied after each of them.

    :param with_tables: False = a new one without any table.
    :ivar url: where it is, as text with the password.
    """

    _shared = {}

    def __init__(self, with_tables=True):
        super().__init__()
        self._with_tables = with_tables

    def _setUp(self):
        server = os.environ.get(ENVIRONMENT)
        if not server:
            directory = self.useFixture(fixtures.TempDir())
            self._open(f"sqlite:///{directory.join('senlin.db')}", with_tables=self._with_tables)
        elif self._with_tables:
            self._open_shared(sa.make_url(server))
        else:
            self._open(create(sa.make_url(server), self.addCleanup), with_tables=False)

    def _open(self, url, with_tables):
        self.url = url
        facade.configure(url)
        self.addCleanup(facade.dispose)
        if with_tables:
            models.Base.metadata.create_all(facade.engine())

    def _open_shared(self, server):
        known = self._shared.get(server)
        if known is None:
            known = self._shared[server] = create(server, atexit.register)
        self._open(known, with_tables=True)
        self.addCleanup(self._empty)

    def _empty(self):
        with facade.engine().begin() as connection:
            for table in models.Base.metadata.sorted_tables:
                connection.execute(table.delete())


def count(url, table):
    """How many rows a table has, seen on a connection of its own."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()


def create(server, at_end):
    """Make a database on a server; gives its URL.

    :param at_end: is told how to drop it, such as ``addCleanup``.
    """
    name = f"senlin_test_{secrets.token_hex(6)}"
    _execute(server, f"CREATE DATABASE {name}")
    at_end(_execute, server, f"DROP DATABASE {name}")
    return server.set(database=name).render_as_string(hide_password=False)


def _execute(server, statement):
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    if engine.dialect.name == "postgresql" and statement.startswith("DROP"):
        # Of a program that was killed, connections may be left for a moment.
        statement += " WITH (FORCE)"
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
