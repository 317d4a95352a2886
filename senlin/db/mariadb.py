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

"""MariaDB and MySQL over PyMySQL, without what goes without saying.

The pool of SQLAlchemy asks for a sign of life before each transaction, and rolls
back after each, also after a commit. A short transaction costs twice as many
round trips with that as without.
"""

import time

import pymysql
from pymysql import connections
import sqlalchemy as sa

#: Seconds for which an answer is a sign of life. What breaks in them, the next
#: statement finds out, and its transaction is run again.
_TRUST_SECONDS = 2.0


class Connection(connections.Connection):
    """A connection that keeps quiet when it knows the answer."""

    _answered_at = float("-inf")
    _asked = True

    def query(self, sql, unbuffered=False):
        """Send a statement, which may begin a transaction."""
        self._asked = True
        result = super().query(sql, unbuffered)
        self._answered_at = time.monotonic()
        return result

    def begin(self):
        """Begin a transaction."""
        self._asked = True
        super().begin()

    def commit(self):
        """End the transaction."""
        super().commit()
        self._ended()

    def rollback(self):
        """Undo the transaction, if there is one: something was asked since the last."""
        if self._asked and not self.get_autocommit():
            super().rollback()
            self._ended()

    def ping(self, reconnect=False):
        """Ask for a sign of life, unless there was one a moment ago."""
        if time.monotonic() - self._answered_at > _TRUST_SECONDS:
            super().ping(reconnect)
            self._answered_at = time.monotonic()

    def _ended(self):
        self._asked = False
        self._answered_at = time.monotonic()


def set_autocommit(connection, wanted):
    """Make each statement a transaction of its own, or not.

    A connection stays as it is until somebody needs it otherwise: a process that
    mostly reads, or mostly writes, seldom has to tell the server.

    :raises sqlalchemy.exc.InvalidatePoolError: it is broken, and so are those that are
        no younger; the pool makes others.
    """
    if connection.get_autocommit() != wanted:
        try:
            connection.autocommit(wanted)
        except pymysql.err.Error as error:
            raise sa.exc.InvalidatePoolError() from error


def use_for(engine):
    """Have an engine make its connections of this class from now on."""
    sa.event.listen(engine, "do_connect", _connect)


def _connect(_dialect, _record, arguments, options):
    return Connection(*arguments, **options)
