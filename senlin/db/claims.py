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

"""Taking actions off the queue: the ``action`` table is the queue.

A claim locks due rows (skipping those that another engine is at), grants their
locks, and makes them this engine's under a new fence. All in one transaction,
in a number of statements that does not depend on how many rows there are.
"""

import collections
import dataclasses
import itertools

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import locks
from senlin.db import lookup
from senlin.db import models

_actions = models.Action.__table__
_nodes = models.Node.__table__
_services = models.Service.__table__

_CANDIDATE = (
    "id",
    "project",
    "action",
    "cause",
    "target",
    "cluster_id",
    "locked",
    "control",
    "deadline",
)

# Statements that each cycle of each engine sends are built once: building one costs
# more than executing it on a small table.
_IDS = sa.bindparam("ids", expanding=True)
# Equality: MariaDB finds no index for IS TRUE and IS FALSE, and would read all actions
# that there are.
_DUE = {
    observing: sa.select(*[_actions.c[name] for name in _CANDIDATE])
    .where(
        _actions.c.observing == observing,
        _actions.c.run_at <= sa.bindparam("now"),
        _actions.c.owner.is_(None),
    )
    .order_by(_actions.c.run_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    for observing in (False, True)
}
_NEXT_DUE = {
    observing: sa.select(_actions.c.run_at)
    .where(
        _actions.c.observing == observing,
        _actions.c.run_at.is_not(None),
        _actions.c.owner.is_(None),
    )
    .order_by(_actions.c.run_at)
    .limit(1)
    for observing in (False, True)
}
_TAKE = (
    sa.update(_actions)
    .where(_actions.c.id.in_(_IDS), _actions.c.owner.is_(None))
    .values(
        owner=sa.bindparam("new_owner"),
        fence=_actions.c.fence + 1,
        locked=sa.true(),
        run_at=None,
        blocked_on=None,
        status=str(consts.ActionStatus.RUNNING),
        start_time=sa.func.coalesce(_actions.c.start_time, sa.bindparam("now")),
    )
)
_LOAD = sa.select(_actions).where(_actions.c.id.in_(_IDS))

#: How many due rows are looked at for each one taken, to be fair to projects.
_WINDOW = 4


@dataclasses.dataclass(slots=True)
class Claimed:
    """An action that this engine owns now, with the rows that it works on.

    ``restarted``: the claim before this one ended without a saved result.
    ``first``: no step of it has been saved yet.
    """

    action: dict
    node: dict | None
    cluster: dict | None
    restarted: bool
    first: bool


def claim(conn, owner, now, limit, observing, entry_statuses):
    """Take at most ``limit`` due actions.

    :param owner: this engine's service id.
    :param now: epoch seconds.
    :param observing: take those that wait for the cloud, or the others.
    :param entry_statuses: action name -> the node status that the first claim
        of a child of that name sets.
    :returns: list of Claimed, and whether more rows may be due.
    """
    candidates = _candidates(conn, now, limit, observing)
    more = len(candidates) >= limit
    unlocked = [row for row in candidates if not row["locked"]]
    # What is to be stopped before it held a lock needs none to end.
    doomed = [row["id"] for row in unlocked if _is_doomed(row, now)]
    fresh = [row for row in unlocked if row["id"] not in doomed]
    blocked = {}
    if fresh:
        _, blocked = locks.grant(conn, fresh)
        _block(conn, blocked, {row["id"]: row for row in fresh})
    ids = [row["id"] for row in candidates if row["id"] not in blocked]
    if not ids:
        return [], more
    take = _TAKE.values(locked=_actions.c.id.not_in(doomed)) if doomed else _TAKE
    conn.execute(take, {"ids": ids, "new_owner": owner, "now": now})
    begun = [row for row in fresh if row["id"] not in blocked]
    _enter(conn, [row for row in begun if row["cause"] == consts.Cause.DERIVED], entry_statuses)
    return _load(conn, ids), more


def next_due(conn):
    """When something will be due: (earliest plain, earliest observing), or None each.

    What is owned is due to nobody: a signal to a step at work waits for its end.
    """
    return tuple(conn.execute(_NEXT_DUE[observing]).scalar() for observing in (False, True))


def release_owned(conn, owners, now):
    """Give back what dead or stopping engines own; it is due at once.

    The fence of the interrupted claim stays unmatched, by which the next
    owner knows that the step may have been run.
    """
    return conn.execute(
        sa.update(_actions).where(_actions.c.owner.in_(list(owners))).values(owner=None, run_at=now)
    ).rowcount


def release_others(conn, owner, known, now):
    """Give back what an engine owns beside the actions that it knows of."""
    conn.execute(
        sa.update(_actions)
        .where(_actions.c.owner == owner, _actions.c.id.not_in(known))
        .values(owner=None, run_at=now)
    )


def release_unregistered(conn, now):
    """Give back what is owned by engines that have no service row."""
    alive = sa.select(_services.c.id)
    return conn.execute(
        sa.update(_actions)
        .where(_actions.c.owner.is_not(None), _actions.c.owner.not_in(alive))
        .values(owner=None, run_at=now)
    ).rowcount


def _candidates(conn, now, limit, observing):
    """Due rows, oldest first, no project before another's turn."""
    window = limit * _WINDOW
    rows = _due(conn, now, window, observing, ())
    if len(rows) == window:
        # One project may fill the window: others must not wait behind it.
        seen = {row["project"] for row in rows}
        rows += _due(conn, now, limit, observing, seen)
    queues = collections.OrderedDict()
    for row in rows:
        queues.setdefault(row["project"], collections.deque()).append(row)
    rounds = itertools.zip_longest(*queues.values())
    return [row for turn in rounds for row in turn if row is not None][:limit]


def _due(conn, now, limit, observing, excluded_projects):
    query = _DUE[observing]
    if excluded_projects:
        query = query.where(_actions.c.project.not_in(sorted(excluded_projects)))
    rows = conn.execute(query, {"now": now, "most": limit})
    return [dict(row._mapping) for row in rows]


def _is_doomed(row, now):
    return row["control"] == consts.Control.CANCEL or row["deadline"] <= now


def _block(conn, blocked, rows):
    by_object = {}
    for action_id, object_id in blocked.items():
        by_object.setdefault(object_id, []).append(action_id)
    for object_id, ids in by_object.items():
        # A blocked action is looked at again at its deadline at the latest.
        conn.execute(
            sa.update(_actions)
            .where(_actions.c.id.in_(ids))
            .values(run_at=_actions.c.deadline, blocked_on=object_id)
        )


def _enter(conn, rows, entry_statuses):
    by_status = {}
    for row in rows:
        status = entry_statuses.get(row["action"])
        if status:
            by_status.setdefault(status, []).append(row["target"])
    for status, node_ids in by_status.items():
        conn.execute(
            sa.update(_nodes)
            .where(_nodes.c.id.in_(node_ids))
            .values(status=status, status_reason="%s is running" % status.title())
        )


def _load(conn, ids):
    rows = conn.execute(_LOAD, {"ids": ids}).mappings()
    actions = {row["id"]: dict(row) for row in rows}
    nodes = lookup.get_many(
        conn, "node", {a["target"] for a in actions.values() if a["action"].startswith("NODE_")}
    )
    clusters = lookup.get_many(
        conn, "cluster", {locks.cluster_of(a) for a in actions.values() if locks.cluster_of(a)}
    )
    claimed = []
    for action_id in ids:
        action = actions[action_id]
        claimed.append(
            Claimed(
                action=action,
                node=nodes.get(action["target"]),
                cluster=clusters.get(locks.cluster_of(action)),
                restarted=action["fence"] - 1 != action["step_fence"],
                first=action["locked"] and action["step_fence"] == 0,
            )
        )
    return claimed
