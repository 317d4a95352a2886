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

"""Admission of actions: checks and insertion in one transaction.

The target's row is locked first, so that two requests can never both pass on
the same stale picture (API contract, Annex C; engine contract, section 4).
"""

import uuid

import sqlalchemy as sa

from senlin.common import consts
from senlin.common import exception
from senlin.common import timestamps
from senlin.db import bulk
from senlin.db import locks
from senlin.db import lookup
from senlin.db import models

_actions = models.Action.__table__
_ACTIVE = [str(status) for status in consts.ACTIVE_ACTION_STATUSES]

#: Actions that are always admitted: deletion is an intent, and an operation
#: waits for its turn.
UNCHECKED = (
    consts.ClusterAction.DELETE,
    consts.NodeAction.DELETE,
    consts.NodeAction.OPERATION,
)


def new_action(
    *,
    action,
    target,
    cluster_id,
    name,
    owner,
    timeout,
    now,
    inputs=None,
    data=None,
    cause=consts.Cause.REQUEST,
    request_id=None,
    parent_id=None,
    deadline=None,
    step="start",
    id=None,
):
    """A row of the ``action`` table, ready to be run.

    :param owner: dictionary with user, project and domain.
    :param timeout: seconds; the deadline is ``now + timeout`` or ``deadline``,
        whichever is sooner.
    """
    own_deadline = now + timeout
    return {
        "id": id or str(uuid.uuid4()),
        "name": name,
        "cluster_id": cluster_id or "",
        "target": target,
        "action": str(action),
        "cause": str(cause),
        "user": owner["user"],
        "project": owner["project"],
        "domain": owner["domain"],
        "request_id": request_id,
        "created_at": timestamps.from_epoch(now),
        "updated_at": None,
        "start_time": None,
        "end_time": None,
        "timeout": timeout,
        "status": str(consts.ActionStatus.READY),
        "status_reason": "",
        "control": None,
        "inputs": inputs or {},
        "outputs": {},
        "data": data or {},
        "parent_id": parent_id,
        "pending": 0,
        "step": step,
        "state": {},
        "run_at": now,
        "observing": False,
        "locked": False,
        "owner": None,
        "fence": 0,
        "step_fence": 0,
        "blocked_on": None,
        "deadline": own_deadline if deadline is None else min(own_deadline, deadline),
    }


def submit(conn, row, fresh=False):
    """Check and insert an action made by :func:`new_action`.

    :param fresh: this transaction has made the target: there is nothing to check.
    :raises ResourceIsLocked: if its target is held by a running action.
    :raises ActionConflict: if another action on the target has not ended.
    """
    if not fresh:
        kind = "cluster" if row["action"].startswith("CLUSTER_") else "node"
        _lock_row(conn, kind, row["target"])
        if row["action"] not in UNCHECKED:
            _refuse_conflicts(conn, kind, row)
    bulk.insert(conn, _actions, [row])


def request_cancel(conn, action_id, now):
    """Ask an action to stop at its next step boundary; it is woken to see it.

    A suspended action is set going for that. Its unfinished children are asked
    as well, by itself, once it has seen the signal.

    :returns: whether the action was still unfinished.
    """
    return (
        conn.execute(
            sa.update(_actions)
            .where(_actions.c.id == action_id, _actions.c.status.in_(_ACTIVE))
            .values(
                control=consts.Control.CANCEL,
                run_at=now,
                updated_at=timestamps.from_epoch(now),
            )
        ).rowcount
        > 0
    )


def cancel_for_cluster_delete(conn, cluster_id, now):
    """Ask all that runs on a cluster or on its members to stop."""
    _lock_row(conn, "cluster", cluster_id)
    conn.execute(
        sa.update(_actions)
        .where(
            sa.or_(_actions.c.target == cluster_id, _actions.c.cluster_id == cluster_id),
            _actions.c.status.in_(_ACTIVE),
            _actions.c.parent_id.is_(None),
            _actions.c.action != consts.ClusterAction.DELETE,
        )
        .values(control=consts.Control.CANCEL, run_at=now)
    )


def cancel_for_node_delete(conn, node_id, now):
    """Ask what a user had started on a node to stop."""
    _lock_row(conn, "node", node_id)
    conn.execute(
        sa.update(_actions)
        .where(
            _actions.c.target == node_id,
            _actions.c.status.in_(_ACTIVE),
            _actions.c.parent_id.is_(None),
            _actions.c.action != consts.NodeAction.DELETE,
        )
        .values(control=consts.Control.CANCEL, run_at=now)
    )


def signal(conn, action_id, control, now):
    """Ask an action to suspend or to resume at its next step boundary.

    One that is to be cancelled stays so.
    """
    return (
        conn.execute(
            sa.update(_actions)
            .where(
                _actions.c.id == action_id,
                _actions.c.status.in_(_ACTIVE),
                sa.func.coalesce(_actions.c.control, "") != consts.Control.CANCEL,
            )
            .values(control=str(control), run_at=now)
        ).rowcount
        > 0
    )


def _lock_row(conn, kind, target):
    table = lookup.table(kind)
    conn.execute(sa.select(table.c.id).where(table.c.id == target).with_for_update()).all()


def _refuse_conflicts(conn, kind, row):
    is_locked = locks.cluster_is_locked if kind == "cluster" else locks.node_is_locked
    if is_locked(conn, row["target"]):
        raise exception.ResourceIsLocked(action=row["action"], type=kind, id=row["target"])
    conflicts = (
        conn.execute(
            sa.select(_actions.c.id)
            .where(_actions.c.target == row["target"], _actions.c.status.in_(_ACTIVE))
            .order_by(_actions.c.created_at)
            .limit(10)
        )
        .scalars()
        .all()
    )
    if conflicts:
        raise exception.ActionConflict(
            type=row["action"], target=row["target"], actions=", ".join(conflicts)
        )
