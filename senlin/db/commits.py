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

"""Saving what steps did: many of them in one transaction, all fenced.

Group commit: saving results one by one costs ten times as much as a few dozen
together. A result whose action is no longer owned under the same fence is
dropped whole: somebody else has taken over.
"""

import dataclasses

import sqlalchemy as sa

from senlin.common import consts
from senlin.common import timestamps
from senlin.db import bulk
from senlin.db import locks
from senlin.db import models

_actions = models.Action.__table__
_nodes = models.Node.__table__
_clusters = models.Cluster.__table__
_bindings = models.ClusterPolicy.__table__
_receivers = models.Receiver.__table__
_events = models.Event.__table__

_FINAL = [str(status) for status in consts.FINAL_ACTION_STATUSES]

# Built once, since every group of results needs them.
_LOCK_CLAIMS = (
    sa.select(
        _actions.c.id,
        _actions.c.owner,
        _actions.c.fence,
        _actions.c.control,
        _actions.c.pending,
    )
    .where(_actions.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_actions.c.id)
    .with_for_update()
)
_COUNT_OFF = (
    sa.update(_actions)
    .where(_actions.c.id == sa.bindparam("parent"))
    .values(pending=_actions.c.pending - sa.bindparam("ended"))
)
_WAKE_PARENT = (
    sa.update(_actions)
    .where(
        _actions.c.id == sa.bindparam("parent"),
        _actions.c.pending <= 0,
        _actions.c.status.not_in(_FINAL),
    )
    .values(run_at=sa.bindparam("now"))
)


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What came of a commit.

    ``lost``: ids of actions whose claim was no longer ours; nothing of theirs
    was written. ``new_work``: somebody may have something to run now. ``strays``:
    what the lost ones have made in the cloud, as ``senlin.db.changes.Made``.
    """

    lost: frozenset
    new_work: bool
    strays: tuple = ()


def save(conn, owner, results, now):
    """Write the results of steps that ``owner`` ran; see the module's text.

    :param results: list of ``senlin.db.changes.StepResult``, at most one per
        action.
    :param now: epoch seconds.
    :returns: Saved.
    """
    current = _lock_claims(conn, [result.action_id for result in results])
    live = [r for r in results if _is_mine(current.get(r.action_id), owner, r.fence)]
    lost = frozenset(r.action_id for r in results) - {r.action_id for r in live}
    strays = tuple(r.changes.made for r in results if r.action_id in lost and r.changes.made)
    if not live:
        return Saved(lost, False, strays)
    _write_objects(conn, live)
    new_work = _write_actions(conn, live, current, now)
    new_work |= _finish(conn, [r for r in live if r.final], now)
    new_work |= _cancel_children(conn, [r for r in live if r.changes.cancel_children], now)
    _evaluate_clusters(conn, live, now)
    _delete_clusters(conn, live)
    bulk.insert(conn, _events, [event for r in live for event in r.changes.events])
    return Saved(lost, new_work, strays)


def _lock_claims(conn, ids):
    return {row.id: row for row in conn.execute(_LOCK_CLAIMS, {"ids": ids})}


def _is_mine(row, owner, fence):
    return row is not None and row.owner == owner and row.fence == fence


def _write_objects(conn, results):
    inserts = [row for r in results for row in r.changes.insert_nodes]
    bulk.insert(conn, _nodes, inserts)
    bulk.insert(conn, _actions, [row for r in results for row in r.changes.insert_actions])
    for table, name in ((_nodes, "nodes"), (_clusters, "clusters"), (_bindings, "bindings")):
        merged = {}
        for result in results:
            for row_id, values in getattr(result.changes, name).items():
                merged.setdefault(row_id, {}).update(values)
        bulk.update(conn, table, merged)
    bulk.insert(conn, _bindings, [row for r in results for row in r.changes.insert_bindings])
    for table, name in ((_nodes, "delete_nodes"), (_bindings, "delete_bindings")):
        ids = [row_id for r in results for row_id in getattr(r.changes, name)]
        for chunk in bulk.chunks(sorted(ids)):
            conn.execute(sa.delete(table).where(table.c.id.in_(chunk)))


def _write_actions(conn, results, current, now):
    new_work = False
    updates = {}
    moment = timestamps.from_epoch(now)
    for result in results:
        row = current[result.action_id]
        values = dict(result.changes.action)
        children = len(result.changes.insert_actions)
        values.update(owner=None, status=result.status, step_fence=result.fence, updated_at=moment)
        if _has_news(result, row):
            values.pop("control", None)
        if result.final:
            values.update(run_at=None, end_time=now, observing=False)
        else:
            values["run_at"] = _next_run(result, row, children, now)
            new_work |= values["run_at"] is not None and values["run_at"] <= now
        if children:
            values["pending"] = row.pending + children
            new_work = True
        updates[result.action_id] = values
    bulk.update(conn, _actions, updates)
    return new_work


def _has_news(result, row):
    """Whether a signal came while the step ran: it is seen at this boundary."""
    return row.control is not None and row.control != result.signal


def _next_run(result, row, new_children, now):
    if _has_news(result, row):
        return now
    if result.wait_children and row.pending + new_children <= 0:
        return now
    times = [t for t in (result.run_at, result.deadline) if t is not None]
    return min(times, default=None)


def _finish(conn, results, now):
    """End actions: drop their locks, count them off at their parents."""
    if not results:
        return False
    woken = False
    for chunk in bulk.chunks([r.action_id for r in results]):
        woken |= locks.release(conn, chunk, now)
    parents = {}
    for result in results:
        if result.parent_id:
            parents[result.parent_id] = parents.get(result.parent_id, 0) + 1
    for parent_id, ended in sorted(parents.items()):
        conn.execute(_COUNT_OFF, {"parent": parent_id, "ended": ended})
        # Not in the same statement: MySQL would see the new count in it.
        woken |= conn.execute(_WAKE_PARENT, {"parent": parent_id, "now": now}).rowcount > 0
    return woken


def _cancel_children(conn, results, now):
    if not results:
        return False
    return (
        conn.execute(
            sa.update(_actions)
            .where(
                _actions.c.parent_id.in_([r.action_id for r in results]),
                _actions.c.status.not_in(_FINAL),
            )
            .values(control=consts.Control.CANCEL, run_at=now)
        ).rowcount
        > 0
    )


def _evaluate_clusters(conn, results, now):
    """Derive the statuses of clusters from their members (engine contract, 3.4)."""
    wanted = {}
    for result in results:
        for cluster_id, evaluation in result.changes.evaluate.items():
            wanted.setdefault(cluster_id, []).append(evaluation)
    if not wanted:
        return
    ids = sorted(wanted)
    rows = conn.execute(
        sa.select(_clusters)
        .where(_clusters.c.id.in_(ids))
        .order_by(_clusters.c.id)
        .with_for_update()
    ).mappings()
    clusters = {row["id"]: dict(row) for row in rows}
    counts = conn.execute(
        sa.select(_nodes.c.cluster_id, sa.func.count().label("number"))
        .where(_nodes.c.cluster_id.in_(ids), _nodes.c.status == consts.NodeStatus.ACTIVE)
        .group_by(_nodes.c.cluster_id)
    )
    active = {row.cluster_id: row.number for row in counts}
    updates = {}
    for cluster_id, cluster in clusters.items():
        values = {}
        for evaluation in wanted[cluster_id]:
            values.update(evaluation.values)
        desired = values.get("desired_capacity", cluster["desired_capacity"])
        desired += sum(evaluation.desired_change for evaluation in wanted[cluster_id])
        values["desired_capacity"] = max(0, desired)
        operation = wanted[cluster_id][-1].operation
        values["status"], values["status_reason"] = derive_status(
            {**cluster, **values}, active.get(cluster_id, 0), operation
        )
        values["updated_at"] = timestamps.from_epoch(now)
        updates[cluster_id] = values
    bulk.update(conn, _clusters, updates)


def derive_status(cluster, active, operation):
    """A cluster's (status, reason) from the number of its ACTIVE members."""
    low, high = cluster["min_size"], cluster["max_size"]
    desired = cluster["desired_capacity"]
    if active < low:
        return (
            consts.ClusterStatus.ERROR,
            f"{operation}: number of active nodes ({active}) is below min_size ({low}).",
        )
    if active < desired:
        return (
            consts.ClusterStatus.WARNING,
            f"{operation}: number of active nodes ({active}) is below "
            f"desired_capacity ({desired}).",
        )
    if high < 0 or active <= high:
        return (
            consts.ClusterStatus.ACTIVE,
            f"{operation}: number of active nodes is equal or above desired_capacity ({desired}).",
        )
    return (
        consts.ClusterStatus.WARNING,
        f"{operation}: number of active nodes ({active}) is above max_size ({high}).",
    )


def _delete_clusters(conn, results):
    ids = [r.changes.delete_cluster for r in results if r.changes.delete_cluster]
    if not ids:
        return
    for table in (_bindings, _receivers):
        conn.execute(sa.delete(table).where(table.c.cluster_id.in_(ids)))
    conn.execute(sa.delete(_clusters).where(_clusters.c.id.in_(ids)))
