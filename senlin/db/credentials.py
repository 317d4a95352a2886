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

"""The table of sealed trusts: one for each user and project."""

import datetime

from oslo_db import exception as oslo_db_exception
import sqlalchemy as sa

from senlin.db import facade
from senlin.db import models

_TABLE = models.Credential.__table__


def load(user, project):
    """The sealed credential of an owner, None if there is none."""
    return facade.read(select, user, project)


def save(user, project, sealed):
    """Store an owner's sealed credential, in place of an earlier one."""
    facade.write(upsert, user, project, sealed)


def select(conn, user, project):
    """:func:`load` inside a transaction."""
    query = sa.select(_TABLE.c.cred).where(_TABLE.c.user == user, _TABLE.c.project == project)
    return conn.execute(query).scalar()


def upsert(conn, user, project, sealed):
    """:func:`save` inside a transaction.

    Two processes that insert at once: the second one's transaction fails on
    the key, and as an update it succeeds.
    """
    values = {"cred": sealed, "created_at": datetime.datetime.now(datetime.UTC)}
    mine = (_TABLE.c.user == user, _TABLE.c.project == project)
    if conn.execute(sa.update(_TABLE).where(*mine).values(**values)).rowcount:
        return
    try:
        with conn.begin_nested():
            conn.execute(sa.insert(_TABLE).values(user=user, project=project, **values))
    except oslo_db_exception.DBDuplicateEntry:
        conn.execute(sa.update(_TABLE).where(*mine).values(**values))
