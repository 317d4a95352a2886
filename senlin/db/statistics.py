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

"""What there is to do, and for how long: the figures of the whole database.

Three statements, whatever there is. They read actions that have not ended and
locks that are held, never the history.
"""

import dataclasses

import sqlalchemy as sa

from senlin.db import models

_actions = models.Action.__table__
_LOCKS = {"cluster": models.ClusterLock.__table__, "node": models.NodeLock.__table__}


@dataclasses.dataclass(frozen=True, slots=True)
class LockFigures:
    """Locks of one kind.

    :ivar number: how many are held.
    :ivar oldest: epoch seconds of the start of the action that holds one for
        longest; None without locks.
    :ivar leaked: how many are held by actions that are gone or have ended.
    """

    number: int
    oldest: float | None
    leaked: int


@dataclasses.dataclass(frozen=True, slots=True)
class Backlog:
    """What the engines have before them.

    :ivar actions: status -> number of actions that an engine has or will take.
    :ivar due: how many could be taken now; ``due_since``: epoch seconds since
        when the first of them could, None if there is none.
    :ivar parked: how many wait for the cloud (``cloud``), or for a time, other
        actions or a lock (``time``).
    :ivar locks: kind -> LockFigures.
    """

    actions: dict
    due: int
    due_since: float | None
    parked: dict
    locks: dict


def ping(conn):
    """Raise what the database raises when it does not work."""
    conn.execute(sa.select(1))


def backlog(conn, now):
    """The Backlog at ``now`` (epoch seconds)."""
    actions, parked = {}, {"cloud": 0, "time": 0}
    due, due_since = 0, None
    for row in conn.execute(_open_actions(now)):
        actions[row.status] = actions.get(row.status, 0) + row.number
        if row.state == "due":
            due += row.number
            due_since = row.since if due_since is None else min(due_since, row.since)
        elif row.state == "parked":
            parked["cloud" if row.observing else "time"] += row.number
    locks = {kind: _lock_figures(conn, table) for kind, table in _LOCKS.items()}
    return Backlog(actions, due, due_since, parked, locks)


def _open_actions(now):
    """Open actions have a time at which they are looked at, or an owner."""
    state = sa.case(
        (_actions.c.owner.is_not(None), "taken"), (_actions.c.run_at <= now, "due"), else_="parked"
    ).label("state")
    columns = [_actions.c.status, _actions.c.observing]
    ready = sa.select(*columns, state, _actions.c.run_at).where(
        # As a list, so that both ranges of the index are used.
        _actions.c.observing.in_([False, True]),
        _actions.c.run_at.is_not(None),
    )
    taken = sa.select(*columns, state, _actions.c.run_at).where(
        _actions.c.owner.is_not(None), _actions.c.run_at.is_(None)
    )
    found = ready.union_all(taken).subquery()
    keys = (found.c.status, found.c.observing, found.c.state)
    return sa.select(
        *keys, sa.func.count().label("number"), sa.func.min(found.c.run_at).label("since")
    ).group_by(*keys)


def _lock_figures(conn, table):
    holder_ended = sa.or_(_actions.c.id.is_(None), _actions.c.end_time.is_not(None))
    row = conn.execute(
        sa.select(
            sa.func.count().label("number"),
            sa.func.min(_actions.c.start_time).label("oldest"),
            sa.func.coalesce(sa.func.sum(sa.case((holder_ended, 1), else_=0)), 0).label("leaked"),
        ).select_from(table.outerjoin(_actions, _actions.c.id == table.c.action_id))
    ).one()
    return LockFigures(row.number, row.oldest, int(row.leaked))
