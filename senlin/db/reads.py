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


"""What the API shows: objects with what belongs to them, in few queries.

A list costs one query for its page, one more for a marker, and one for related
things, however many rows there are.
"""

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import bulk
from senlin.db import listing
from senlin.db import lookup
from senlin.db import models

_CLUSTER = models.Cluster.__table__
_NODE = models.Node.__table__
_PROFILE = models.Profile.__table__
_POLICY = models.Policy.__table__
_BINDING = models.ClusterPolicy.__table__
_ACTION = models.Action.__table__
_EVENT = models.Event.__table__
_SERVICE = models.Service.__table__

_BY_INIT = (("init_at", False),)
_BY_CREATION = (("created_at", False),)
_DEFAULT_SORTS = {
    "cluster": _BY_INIT,
    "node": _BY_INIT,
    "profile": _BY_CREATION,
    "policy": _BY_CREATION,
    "receiver": (("name", False),),
    "action": _BY_CREATION,
    "event": (("timestamp", False),),
}

_FINAL = tuple(status.value for status in consts.FINAL_ACTION_STATUSES)

#: Values in one IN list: all databases take more.
_CHUNK = 10000


def _among(column, name="keys"):
    return column.in_(sa.bindparam(name, expanding=True))


# Statements are built once, which takes as long as to execute them.

_PROFILE_NAMES = sa.select(_PROFILE.c.id, _PROFILE.c.name).where(_among(_PROFILE.c.id))

_UNFINISHED_CHILDREN = (
    sa.select(_ACTION.c.parent_id, _ACTION.c.id)
    .where(_among(_ACTION.c.parent_id), _ACTION.c.status.not_in(_FINAL))
    .order_by(_ACTION.c.created_at, _ACTION.c.id)
)

_NAME, _MEMBER, _ATTACHED = range(3)


def _part(what, key, position, tie, value, among):
    number = sa.literal_column(str(what))
    return sa.select(number, key, position, tie, value).where(_among(key, among))


#: (what it is, whose, two things to sort by, value) of all that is shown with clusters.
_OF_CLUSTERS = sa.union_all(
    _part(_NAME, _PROFILE.c.id, sa.literal_column("0"), _PROFILE.c.id, _PROFILE.c.name, "profiles"),
    _part(_MEMBER, _NODE.c.cluster_id, _NODE.c.index, _NODE.c.id, _NODE.c.id, "clusters"),
    _part(
        _ATTACHED,
        _BINDING.c.cluster_id,
        sa.literal_column("0"),
        _BINDING.c.id,
        _BINDING.c.policy_id,
        "clusters",
    ),
)


def page(conn, kind, *, page, project=None, filters=None, terms=()):
    """One page of the rows of a kind, as they are in the table."""
    return listing.rows(
        conn,
        lookup.table(kind),
        page=page,
        default_sort=_DEFAULT_SORTS[kind],
        project=project,
        filters=filters,
        terms=terms,
    )


def clusters(conn, **wanted):
    """A page of clusters with ``profile_name``, ``nodes`` and ``policies``."""
    rows = page(conn, "cluster", **wanted)
    _add_cluster_relations(conn, rows)
    return rows


def cluster(conn, identity, project=None):
    """One cluster as :func:`clusters` gives it."""
    row = lookup.find(conn, "cluster", identity, project)
    _add_cluster_relations(conn, [row])
    return row


def with_relations(conn, kind, row):
    """An object's row with what is shown besides its columns."""
    row = dict(row)
    add = _RELATIONS.get(kind)
    if add is not None:
        add(conn, [row])
    return row


def nodes(conn, **wanted):
    """A page of nodes with ``profile_name``."""
    rows = page(conn, "node", **wanted)
    _add_profile_names(conn, rows)
    return rows


def node(conn, identity, project=None):
    """One node as :func:`nodes` gives it."""
    row = lookup.find(conn, "node", identity, project)
    _add_profile_names(conn, [row])
    return row


def actions(conn, **wanted):
    """A page of actions with ``depends_on`` and ``depended_by``."""
    rows = page(conn, "action", **wanted)
    _add_dependencies(conn, rows)
    return rows


def action(conn, identity, project=None):
    """One action as :func:`actions` gives it."""
    row = lookup.find(conn, "action", identity, project)
    _add_dependencies(conn, [row])
    return row


def bindings(conn, cluster_identity, *, project=None, filters=None, sort=()):
    """The policies of a cluster: binding rows with the names of both ends.

    :param filters: may hold ``enabled``, ``policy_name`` and ``policy_type``.
    :param sort: pairs of key and descending; the only key is ``enabled``.
    """
    row = lookup.find(conn, "cluster", cluster_identity, project)
    query = _binding_query(row)
    columns = {
        "enabled": _BINDING.c.enabled,
        "policy_name": _POLICY.c.name,
        "policy_type": _POLICY.c.type,
    }
    for name, value in (filters or {}).items():
        query = query.where(columns[name] == value)
    for _, descending in sort:
        enabled = _BINDING.c.enabled
        query = query.order_by(enabled.desc() if descending else enabled.asc())
    query = query.order_by(_BINDING.c.id)
    return [dict(found) for found in conn.execute(query).mappings()]


def binding(conn, cluster_identity, policy_identity, project=None):
    """The binding of a policy to a cluster, or None if it is not attached.

    :raises ResourceNotFound: there is no such cluster, or no such policy.
    :raises MultipleChoices: one of the two identities fits several.
    """
    row = lookup.find(conn, "cluster", cluster_identity, project)
    policy = lookup.find(conn, "policy", policy_identity, project)
    query = _binding_query(row).where(_BINDING.c.policy_id == policy["id"])
    found = conn.execute(query).mappings().first()
    return None if found is None else dict(found)


def services(conn):
    """All services, by host and binary."""
    query = sa.select(_SERVICE).order_by(_SERVICE.c.host, _SERVICE.c.binary, _SERVICE.c.id)
    return [dict(row) for row in conn.execute(query).mappings()]


def _binding_query(cluster_row):
    return (
        sa.select(
            _BINDING,
            sa.literal(cluster_row["name"]).label("cluster_name"),
            _POLICY.c.name.label("policy_name"),
            _POLICY.c.type.label("policy_type"),
        )
        .join(_POLICY, _POLICY.c.id == _BINDING.c.policy_id)
        .where(_BINDING.c.cluster_id == cluster_row["id"])
    )


def _add_cluster_relations(conn, rows):
    for chunk in bulk.chunks(rows, _CHUNK):
        found = {}
        wanted = {
            "clusters": [row["id"] for row in chunk],
            "profiles": list({row["profile_id"] for row in chunk}),
        }
        # The database would need a temporary table to sort several selects as one.
        for what, key, _, _, value in sorted(map(tuple, conn.execute(_OF_CLUSTERS, wanted))):
            found.setdefault((what, key), []).append(value)
        for row in chunk:
            row["profile_name"] = found.get((_NAME, row["profile_id"]), [""])[0]
            row["nodes"] = found.get((_MEMBER, row["id"]), [])
            row["policies"] = found.get((_ATTACHED, row["id"]), [])


def _add_profile_names(conn, rows):
    names = _grouped(conn, _PROFILE_NAMES, {row["profile_id"] for row in rows})
    for row in rows:
        row["profile_name"] = names.get(row["profile_id"], [""])[0]


def _add_dependencies(conn, rows):
    children = _grouped(conn, _UNFINISHED_CHILDREN, [row["id"] for row in rows])
    for row in rows:
        waited_for = row["parent_id"] and row["status"] not in _FINAL
        row["depends_on"] = children.get(row["id"], [])
        row["depended_by"] = [row["parent_id"]] if waited_for else []


_RELATIONS = {
    "cluster": _add_cluster_relations,
    "node": _add_profile_names,
    "action": _add_dependencies,
}


def _grouped(conn, statement, keys):
    """The rows (key, value) of a statement for these ``keys``, as key -> values."""
    groups = {}
    for chunk in bulk.chunks(keys, _CHUNK):
        for key, value in conn.execute(statement, {"keys": chunk}):
            groups.setdefault(key, []).append(value)
    return groups
