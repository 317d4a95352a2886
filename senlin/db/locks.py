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

"""Locks of clusters and nodes: granted in the claim, gone with the action.

Which locks an action needs is said here and nowhere else (engine contract,
section 6): every CLUSTER_* action holds its cluster alone; a NODE_* action that
a user asked for shares its cluster with others of the kind; every NODE_* action
holds its node. The children of a cluster action are covered by their parent's
lock.
"""

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import bulk
from senlin.db import models

CLUSTER_SCOPE = "CLUSTER"
NODE_SCOPE = "NODE"

_clusters = models.Cluster.__table__
_cluster_locks = models.ClusterLock.__table__
_node_locks = models.NodeLock.__table__
_actions = models.Action.__table__


# Built once, since each claim and each end of an action sends them.
_IDS = sa.bindparam("ids", expanding=True)
_HOLD_CLUSTERS = (
    sa.select(_clusters.c.id)
    .where(_clusters.c.id.in_(_IDS))
    .order_by(_clusters.c.id)
    .with_for_update()
)
_CLUSTERS_HELD = (
    sa.select(_cluster_locks).where(_cluster_locks.c.cluster_id.in_(_IDS)).with_for_update()
)
_NODES_HELD = (
    sa.select(_node_locks.c.node_id).where(_node_locks.c.node_id.in_(_IDS)).with_for_update()
)
_RELEASES = [
    (
        sa.select(table.c[column]).where(table.c.action_id.in_(_IDS)),
        sa.delete(table).where(table.c.action_id.in_(_IDS)),
    )
    for table, column in ((_cluster_locks, "cluster_id"), (_node_locks, "node_id"))
]
_WAKE = (
    sa.update(_actions)
    .where(_actions.c.blocked_on.in_(_IDS))
    .values(run_at=sa.bindparam("now"), blocked_on=None)
)


def needed_cluster_scope(action):
    """The scope in which an action holds its cluster, or None."""
    if action["action"].startswith("CLUSTER_"):
        return CLUSTER_SCOPE
    if action["cluster_id"] and action["cause"] == consts.Cause.REQUEST:
        return NODE_SCOPE
    return None


def cluster_of(action):
    """The id of the cluster that an action locks."""
    if action["action"].startswith("CLUSTER_"):
        return action["target"]
    return action["cluster_id"]


def grant(conn, actions):
    """Give locks to those actions that can have all of theirs.

    The clusters' rows and the lock rows in the way are held until the end of
    the transaction, so that a release cannot slip in between the look and the
    decision to wait.

    :param actions: rows that hold no lock yet, in order of precedence.
    :returns: (granted, blocked): ids, and id -> id of the object in the way.
    """
    clusters = {cluster_of(a) for a in actions if needed_cluster_scope(a)}
    nodes = {a["target"] for a in actions if a["action"].startswith("NODE_")}
    held_clusters = _held_clusters(conn, clusters)
    held_nodes = _held_nodes(conn, nodes)
    granted, blocked, cluster_rows, node_rows = [], {}, [], []
    for action in actions:
        scope, cluster_id = needed_cluster_scope(action), cluster_of(action)
        is_node = action["action"].startswith("NODE_")
        if scope and not _compatible(held_clusters.get(cluster_id, ()), scope):
            blocked[action["id"]] = cluster_id
        elif is_node and action["target"] in held_nodes:
            blocked[action["id"]] = action["target"]
        else:
            granted.append(action["id"])
            if scope:
                held_clusters.setdefault(cluster_id, []).append(scope)
                cluster_rows.append(
                    {"cluster_id": cluster_id, "action_id": action["id"], "scope": scope}
                )
            if is_node:
                held_nodes.add(action["target"])
                node_rows.append({"node_id": action["target"], "action_id": action["id"]})
    if cluster_rows:
        bulk.insert(conn, _cluster_locks, cluster_rows)
    if node_rows:
        bulk.insert(conn, _node_locks, sorted(node_rows, key=lambda row: row["node_id"]))
    return granted, blocked


def release(conn, action_ids, now):
    """Drop all locks of these actions and wake those who wait for them.

    :returns: whether somebody was waiting.
    """
    targets = []
    holders = {"ids": list(action_ids)}
    for select, delete in _RELEASES:
        rows = conn.execute(select, holders).scalars().all()
        if rows:
            targets.extend(rows)
            conn.execute(delete, holders)
    woken = 0
    for chunk in bulk.chunks(targets):
        woken += conn.execute(_WAKE, {"ids": chunk, "now": now}).rowcount
    return woken > 0


def wake_forgotten(conn, now):
    """Wake actions that wait for a lock which nobody holds.

    A safety net that the slow scan pulls; returns how many were found.
    """
    free = sa.and_(
        _actions.c.blocked_on.is_not(None),
        ~sa.exists().where(_cluster_locks.c.cluster_id == _actions.c.blocked_on),
        ~sa.exists().where(_node_locks.c.node_id == _actions.c.blocked_on),
    )
    return conn.execute(
        sa.update(_actions).where(free).values(run_at=now, blocked_on=None)
    ).rowcount


def cluster_is_locked(conn, cluster_id):
    """Whether any action holds the cluster, alone or with others."""
    query = sa.select(_cluster_locks.c.action_id).where(_cluster_locks.c.cluster_id == cluster_id)
    return conn.execute(query.limit(1)).first() is not None


def node_is_locked(conn, node_id):
    """Whether an action holds the node."""
    query = sa.select(_node_locks.c.action_id).where(_node_locks.c.node_id == node_id)
    return conn.execute(query.limit(1)).first() is not None


def _compatible(held_scopes, scope):
    if scope == CLUSTER_SCOPE:
        return not held_scopes
    return CLUSTER_SCOPE not in held_scopes


def _held_clusters(conn, cluster_ids):
    if not cluster_ids:
        return {}
    ids = {"ids": sorted(cluster_ids)}
    conn.execute(_HOLD_CLUSTERS, ids).all()
    held = {}
    for row in conn.execute(_CLUSTERS_HELD, ids):
        held.setdefault(row.cluster_id, []).append(row.scope)
    return held


def _held_nodes(conn, node_ids):
    if not node_ids:
        return set()
    return set(conn.execute(_NODES_HELD, {"ids": sorted(node_ids)}).scalars())
