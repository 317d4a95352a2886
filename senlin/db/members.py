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

"""Queries and reservations about the members of a cluster."""

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import models

_nodes = models.Node.__table__
_clusters = models.Cluster.__table__
_actions = models.Action.__table__


def count(conn, cluster_id):
    """How many nodes a cluster has, of any status."""
    query = sa.select(sa.func.count()).where(_nodes.c.cluster_id == cluster_id)
    return conn.execute(query).scalar_one()


def admit_arrival(conn, cluster_id, node_id, problem):
    """Let a new member in, if there is room; it counts from now on.

    Members that wait to be let in themselves (INIT) do not count, so that of
    two which compete for one place exactly one gets it.

    :param problem: called with (cluster row, size with the new member); gives
        a sentence to refuse it, or None.
    :returns: that sentence, or None if the member is in.
    """
    cluster = _lock_cluster(conn, cluster_id)
    others = _count_others(conn, cluster_id, node_id, consts.NodeStatus.INIT)
    refusal = problem(cluster, others + 1)
    if refusal is None:
        _set_status(conn, node_id, consts.NodeStatus.CREATING)
    return refusal


def admit_departure(conn, cluster_id, node_id, problem):
    """Let a member go, if enough stay; it does not count from now on.

    :param problem: as for :func:`admit_arrival`, with the size without it.
    """
    cluster = _lock_cluster(conn, cluster_id)
    others = _count_others(conn, cluster_id, node_id, consts.NodeStatus.DELETING)
    refusal = problem(cluster, others)
    if refusal is None:
        _set_status(conn, node_id, consts.NodeStatus.DELETING)
    return refusal


def _lock_cluster(conn, cluster_id):
    query = sa.select(_clusters).where(_clusters.c.id == cluster_id).with_for_update()
    return dict(conn.execute(query).mappings().one())


def _count_others(conn, cluster_id, node_id, not_counted):
    query = sa.select(sa.func.count()).where(
        _nodes.c.cluster_id == cluster_id,
        _nodes.c.id != node_id,
        _nodes.c.status != not_counted,
    )
    return conn.execute(query).scalar_one()


def _set_status(conn, node_id, status):
    conn.execute(sa.update(_nodes).where(_nodes.c.id == node_id).values(status=str(status)))


def listing(conn, cluster_id):
    """The members' rows, by index."""
    query = (
        sa.select(_nodes)
        .where(_nodes.c.cluster_id == cluster_id)
        .order_by(_nodes.c.index, _nodes.c.id)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def reserve_indexes(conn, cluster_id, number):
    """Take ``number`` consecutive indexes of a cluster; returns the first.

    Indexes are never given out twice; those of a reservation that is not used
    are skipped.
    """
    mine = _clusters.c.id == cluster_id
    conn.execute(
        sa.update(_clusters).where(mine).values(next_index=_clusters.c.next_index + number)
    )
    after = conn.execute(sa.select(_clusters.c.next_index).where(mine)).scalar_one()
    return after - number


def forget_checks(conn, cluster_id):
    """Delete a cluster's ended CLUSTER_CHECK actions (API contract, 3.6.7)."""
    conn.execute(
        sa.delete(_actions).where(
            _actions.c.target == cluster_id,
            _actions.c.action == consts.ClusterAction.CHECK,
            _actions.c.status.in_([consts.ActionStatus.SUCCEEDED, consts.ActionStatus.FAILED]),
        )
    )


def children(conn, action_id):
    """How an action's children ended: list of (status, reason class, reason, target)."""
    query = (
        sa.select(
            _actions.c.id,
            _actions.c.status,
            _actions.c.status_reason,
            _actions.c.target,
            _actions.c.action,
            _actions.c.data,
        )
        .where(_actions.c.parent_id == action_id)
        .order_by(_actions.c.created_at, _actions.c.id)
    )
    return [dict(row) for row in conn.execute(query).mappings()]
