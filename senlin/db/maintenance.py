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

"""What an operator looks at and cleans up, for senlin-manage."""

import sqlalchemy as sa

from senlin.common import consts
from senlin.common import timestamps
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.db import services as service_rows

_actions = models.Action.__table__
_events = models.Event.__table__
_keys = models.IdempotencyKey.__table__
_services = models.Service.__table__


def services(conn):
    """The rows of all processes, by binary and host."""
    query = sa.select(_services).order_by(_services.c.binary, _services.c.host, _services.c.id)
    return conn.execute(query).all()


def is_up(row, now, down_time):
    """Whether a process gave a sign of life in the last ``down_time`` seconds."""
    return row.updated_at is not None and now - row.updated_at.timestamp() <= down_time


def remove_dead_services(conn, now, down_time):
    """Take silent processes for gone; their actions go to others.

    :returns: the rows removed.
    """
    dead = [row for row in services(conn) if not is_up(row, now, down_time)]
    if dead:
        service_rows.remove(conn, [row.id for row in dead], now)
    return dead


def purge_events(before, projects=None):
    """Delete the events from before a moment, in epoch seconds.

    Works in many small transactions, so that nobody waits for it long.

    :param projects: only those of these projects; None or empty for all.
    :returns: how many were deleted.
    """
    condition = _events.c.timestamp < timestamps.from_epoch(before)
    return _purge(_events, condition, projects)


def purge_actions(before, projects=None):
    """Delete the ended actions made before a moment, in epoch seconds.

    An action whose parent still runs stays: the parent looks at its outcome.

    :param projects: only those of these projects; None or empty for all.
    :returns: how many were deleted.
    """
    parent = _actions.alias("parent")
    parent_runs = (
        sa.select(parent.c.id)
        .where(
            parent.c.id == _actions.c.parent_id,
            parent.c.status.not_in(consts.FINAL_ACTION_STATUSES),
        )
        .exists()
    )
    condition = sa.and_(
        _actions.c.created_at < timestamps.from_epoch(before),
        _actions.c.status.in_(consts.FINAL_ACTION_STATUSES),
        ~parent_runs,
    )
    return _purge(_actions, condition, projects)


def purge_idempotency_keys(before):
    """Delete the keys first used before a moment, in epoch seconds.

    :returns: how many were deleted.
    """
    return _purge(_keys, _keys.c.created_at < before)


def _purge(table, condition, projects=None):
    query = sa.select(table.c.id).where(condition).limit(bulk.CHUNK)
    if projects:
        query = query.where(table.c.project.in_(projects))
    total = 0
    while count := facade.write(_delete_some, table, query):
        total += count
    return total


def _delete_some(conn, table, query):
    ids = conn.execute(query).scalars().all()
    if ids:
        conn.execute(sa.delete(table).where(table.c.id.in_(ids)))
    return len(ids)
