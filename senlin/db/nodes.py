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

"""Queries on nodes, for requests."""

from oslo_utils import uuidutils
import sqlalchemy as sa

from senlin.db import bulk
from senlin.db import lookup
from senlin.db import models

_nodes = models.Node.__table__


def insert(conn, row):
    """Insert a whole row."""
    bulk.insert(conn, _nodes, [row])


def member_ids(conn, cluster_id, **equal):
    """Ids of a cluster's members, by index.

    :param equal: column -> value that the members have to have.
    """
    query = sa.select(_nodes.c.id).where(_nodes.c.cluster_id == cluster_id)
    for name, value in equal.items():
        query = query.where(_nodes.c[name] == value)
    return list(conn.execute(query.order_by(_nodes.c.index, _nodes.c.id)).scalars())


def resolve(conn, identities, project=None):
    """The nodes that users mean by ids, names or short ids (API contract, 2.5).

    A handful of statements for any number of ids and names; one more for each
    short id.

    :param project: only look among this project's nodes; None = all.
    :returns: identity -> row, or None if nothing or more than one thing fits.
    """
    identities = list(dict.fromkeys(identities))
    scope = [] if project is None else [_nodes.c.project == project]
    uuids = [identity for identity in identities if uuidutils.is_uuid_like(identity)]
    chosen = {id_: id_ for id_ in _existing(conn, uuids, scope)}
    named = _named(conn, [name for name in identities if name not in chosen], scope)
    for name, (id_, number) in named.items():
        chosen[name] = id_ if number == 1 else None
    for prefix in identities:
        if prefix not in chosen and not uuidutils.is_uuid_like(prefix):
            chosen[prefix] = _by_prefix(conn, prefix, scope)
    rows = _rows(conn, {id_ for id_ in chosen.values() if id_})
    return {identity: rows.get(chosen.get(identity)) for identity in identities}


def _existing(conn, ids, scope):
    found = []
    for chunk in bulk.chunks(ids):
        query = sa.select(_nodes.c.id).where(_nodes.c.id.in_(chunk), *scope)
        found.extend(conn.execute(query).scalars())
    return found


def _named(conn, names, scope):
    found = {}
    for chunk in bulk.chunks(names):
        query = (
            sa.select(_nodes.c.name, sa.func.min(_nodes.c.id), sa.func.count())
            .where(_nodes.c.name.in_(chunk), *scope)
            .group_by(_nodes.c.name)
        )
        found.update({name: (id_, number) for name, id_, number in conn.execute(query)})
    return found


def _by_prefix(conn, prefix, scope):
    query = sa.select(_nodes.c.id).where(lookup.begins_with(_nodes.c.id, prefix), *scope)
    ids = list(conn.execute(query.limit(2)).scalars())
    return ids[0] if len(ids) == 1 else None


def _rows(conn, ids):
    rows = {}
    for chunk in bulk.chunks(sorted(ids)):
        rows.update(lookup.get_many(conn, "node", chunk))
    return rows


def profiles_of_members(conn, cluster_id):
    """Ids of the profiles that a cluster's members have."""
    query = sa.select(_nodes.c.profile_id).where(_nodes.c.cluster_id == cluster_id).distinct()
    return list(conn.execute(query).scalars())


def find_physical(conn, physical_id):
    """The id of the node that stands for an object of the cloud, or None."""
    query = sa.select(_nodes.c.id).where(_nodes.c.physical_id == physical_id).limit(1)
    return conn.execute(query).scalar()
