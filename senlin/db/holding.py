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

"""Rows that nobody else can change until the transaction ends."""

import sqlalchemy as sa

from senlin.db import lookup


def hold(conn, kind, id_):
    """An object's row as it is now, held for a change; None if it is gone.

    Has to be a transaction's first statement: on MySQL all later reads show
    the moment of the first plain read, and that must not lie before the lock.
    """
    table = lookup.table(kind)
    row = conn.execute(sa.select(table).where(table.c.id == id_).with_for_update()).first()
    return None if row is None else dict(row._mapping)


def change(conn, kind, id_, values):
    """Change columns of an object that is held."""
    table = lookup.table(kind)
    conn.execute(sa.update(table).where(table.c.id == id_).values(values))
