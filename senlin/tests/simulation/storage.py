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

"""A database in memory behind ``senlin.db.facade``, whose transactions can go wrong.

The functions of the facade run as they are, with their retries; only the connection
and the moments before and after a transaction are the simulation's.
"""

import contextlib
import functools
from unittest import mock

from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception
import sqlalchemy as sa

from senlin.db import claims
from senlin.db import facade
from senlin.db import locks
from senlin.db import models

#: Traps that transactions know: undone and to be repeated, not begun at all, and
#: done without the client hearing of it.
DEADLOCK = "deadlock"
UNREACHABLE = "unreachable"
UNKNOWN = "unknown"


_text = functools.cache(sa.text)


class _Transaction:
    """Passes for a connection of its own; its commit may go wrong."""

    def __init__(self, connection, scheduler, fate):
        self._connection = connection
        self._scheduler = scheduler
        self._fate = fate
        self.execute = connection.execute

    def commit(self):
        """Save, or not, and have the client hear of it, or not."""
        if self._fate == DEADLOCK:
            self._connection.rollback()
            raise db_exception.DBDeadlock()
        self._connection.commit()
        if self._scheduler.point("db.end") == UNKNOWN:
            raise db_exception.DBConnectionError()


class Storage:
    """One connection to a database, which is emptied for each schedule.

    :param url: of an empty database; None = SQLite in memory, which is fast.
    :ivar scheduler: of the schedule that runs now.
    :ivar caught: what safety nets found that should never have come to them.
    """

    def __init__(self, threads, url=None):
        self.scheduler = None
        self.caught = []
        self._threads = threads
        engine = sa.create_engine(url or "sqlite://", poolclass=sa.StaticPool)
        models.Base.metadata.create_all(engine)
        self._connection = engine.connect()
        # Looking at the books takes a tenth of the time this way.
        self._raw = None if url else self._connection.connection.dbapi_connection
        self._tables = [table.name for table in models.Base.metadata.sorted_tables]

    @contextlib.contextmanager
    def installed(self):
        """Put it in the place of the real database."""
        claim, wake = claims.claim, locks.wake_forgotten
        with contextlib.ExitStack() as stack:
            for target, name, replacement in (
                (facade, "engine", lambda: self),
                (claims, "claim", self._claim_if_due(claim)),
                (locks, "wake_forgotten", self._noted(wake)),
                (oslo_db_api, "time", self._threads),
            ):
                stack.enter_context(mock.patch.object(target, name, replacement))
            yield self

    def close(self):
        """Let go of the connection."""
        self._connection.close()
        self._connection.engine.dispose()

    def empty(self):
        """Delete all rows."""
        self.caught.clear()
        self._connection.rollback()
        for table in self._tables:
            self._connection.execute(sa.text(f"DELETE FROM {table}"))
        self._connection.commit()

    @contextlib.contextmanager
    def connect(self):
        """What passes for a connection; used instead of SQLAlchemy's."""
        fate = self.scheduler.point("db.begin")
        if fate == UNREACHABLE:
            raise db_exception.DBConnectionError()
        try:
            yield _Transaction(self._connection, self.scheduler, fate)
        finally:
            self._connection.rollback()

    def rows(self, table, where="1 = 1", **values):
        """Rows as they are in the database, outside of all that is simulated."""
        return [dict(row) for row in self._ask(f"SELECT * FROM {table} WHERE {where}", values)]

    def count(self, table, where="1 = 1", **values):
        """The number of rows."""
        return self._ask(f"SELECT count(*) AS n FROM {table} WHERE {where}", values)[0]["n"]

    def _ask(self, query, values):
        if self._raw is not None:
            cursor = self._raw.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor]
        in_transaction = self._connection.in_transaction()
        found = self._connection.execute(_text(query), values).mappings().all()
        if not in_transaction:
            self._connection.rollback()
        return found

    def _claim_if_due(self, claim):
        """Most claims find nothing: this is known sooner without building the statement."""

        def quick(conn, owner, now, limit, observing, entry_statuses):
            due = "observing = :observing AND run_at <= :now AND owner IS NULL"
            if not self.count("action", due, observing=observing, now=now):
                return [], False
            return claim(conn, owner, now, limit, observing, entry_statuses)

        return quick

    def _noted(self, wake_forgotten):
        def wake(conn, now):
            number = wake_forgotten(conn, now)
            if number:
                self.caught.append(f"{number} actions waited for locks that nobody held.")
            return number

        return wake
