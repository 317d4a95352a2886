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

"""Finding one object by what a user calls it (API contract, section 2.5).

UUID-like: the id, then a name. Anything else: the name, then a prefix of the
id. Each query fetches two rows at most, which is all it takes to tell none,
one and several apart.
"""

import functools

from oslo_utils import uuidutils
import sqlalchemy as sa

from senlin.common import exception
from senlin.db import models

_ID_LENGTH = 36
_TABLES = {
    "cluster": models.Cluster.__table__,
    "node": models.Node.__table__,
    "profile": models.Profile.__table__,
    "policy": models.Policy.__table__,
    "receiver": models.Receiver.__table__,
    "action": models.Action.__table__,
    "event": models.Event.__table__,
}


def table(kind):
    """The table behind a contract word such as ``cluster``."""
    return _TABLES[kind]


def find(conn, kind, identity, project=None, keep=False):
    """The row that ``identity`` names, as a dictionary.

    :param kind: cluster, node, profile, policy, receiver, action or event.
    :param project: only look among this project's objects; None = all.
    :param keep: nobody can change or delete the row until the transaction ends.
    :raises MultipleChoices: if a name or a prefix fits several.
    :raises ResourceNotFound: if nothing fits.
    """
    tbl, scoped = _TABLES[kind], project is not None
    columns = [name for name in ("id", "name") if name in tbl.c]
    if uuidutils.is_uuid_like(identity):
        queries = [_with_value(kind, name, scoped, keep) for name in columns]
    else:
        queries = [_with_value(kind, name, scoped, keep) for name in columns if name != "id"]
        queries.append(_at_most_two(tbl, begins_with(tbl.c.id, identity), scoped, keep))
    for query in queries:
        found = conn.execute(query, {"wanted": identity, "project": project})
        rows = [dict(row._mapping) for row in found]
        if len(rows) > 1:
            raise exception.MultipleChoices(identity=identity)
        if rows:
            return rows[0]
    raise exception.ResourceNotFound(type=kind, id=identity)


def begins_with(column, text):
    """The condition that an id begins with what a user gave, of whatever length."""
    if len(text) > _ID_LENGTH:
        # No id does; and SQLite fails on patterns of more than 50,000 bytes.
        return sa.false()
    return column.startswith(text, autoescape=True)


def get(conn, kind, id_, project=None):
    """The row with exactly this id, as a dictionary, or None."""
    row = get_many(conn, kind, [id_]).get(id_)
    return row if row and project in (None, row["project"]) else None


def get_many(conn, kind, ids):
    """Rows with these ids, as a dictionary id -> row; absent ones are left out."""
    if not ids:
        return {}
    rows = conn.execute(_by_ids(kind), {"ids": list(ids)})
    return {row.id: dict(row._mapping) for row in rows}


@functools.cache
def _by_ids(kind):
    tbl = _TABLES[kind]
    return sa.select(tbl).where(tbl.c.id.in_(sa.bindparam("ids", expanding=True)))


@functools.cache
def _with_value(kind, name, scoped, keep):
    """Built once, which takes as long as to execute it."""
    tbl = _TABLES[kind]
    return _at_most_two(tbl, tbl.c[name] == sa.bindparam("wanted"), scoped, keep)


def _at_most_two(tbl, condition, scoped, keep):
    query = sa.select(tbl).where(condition).limit(2)
    if keep:
        query = query.with_for_update(read=True)
    return query.where(tbl.c.project == sa.bindparam("project")) if scoped else query
