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

"""PostgreSQL over psycopg 3, which has words of its own for a server that is away.

oslo.db knows those of psycopg 2; it keeps what it knows where this adds to it.
"""

from oslo_db import exception as db_exception
from oslo_db.sqlalchemy import exc_filters
import sqlalchemy as sa

#: Whether there is no server, or one that is only starting or has no room.
_NOT_REACHED = r".*\(psycopg\.\w+\) connection failed: "


@exc_filters.filters("postgresql", sa.exc.OperationalError, _NOT_REACHED)
def not_reached(error, match, engine_name, is_disconnect):
    """Called by oslo.db for errors with such a text."""
    raise db_exception.DBConnectionError(error)


def set_autocommit(connection, wanted):
    """Make each statement a transaction of its own, or not; no round trip.

    :raises sqlalchemy.exc.InvalidatePoolError: it is broken, and so are those that are
        no younger; the pool makes others.
    """
    if connection.autocommit == wanted:
        return
    if connection.closed:
        raise sa.exc.InvalidatePoolError()
    connection.autocommit = wanted
