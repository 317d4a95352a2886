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

"""Queries on clusters, for requests."""

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import bulk
from senlin.db import models

_clusters = models.Cluster.__table__
_profiles = models.Profile.__table__
_actions = models.Action.__table__


def insert(conn, row):
    """Insert a whole row."""
    conn.execute(sa.insert(_clusters), [row])


def lock_quota(conn, project):
    """Make all who create clusters in a project wait for each other.

    There is no row for a project; its oldest profile, which every cluster
    presupposes, stands in for one.
    """
    query = (
        sa.select(_profiles.c.id)
        .where(_profiles.c.project == project)
        .order_by(_profiles.c.created_at, _profiles.c.id)
        .limit(1)
        .with_for_update()
    )
    conn.execute(query).first()


def count(conn, project):
    """How many clusters a project has."""
    query = sa.select(sa.func.count()).select_from(_clusters).where(_clusters.c.project == project)
    return conn.execute(query).scalar()


def unfinished(conn, target, action):
    """The id of an unfinished action of one kind on a cluster or node, or None."""
    query = (
        sa.select(_actions.c.id)
        .where(
            _actions.c.target == target,
            _actions.c.action == str(action),
            _actions.c.status.in_([str(status) for status in consts.ACTIVE_ACTION_STATUSES]),
            _actions.c.parent_id.is_(None),
        )
        .limit(1)
    )
    return conn.execute(query).scalar()


def purge_checks(conn, cluster_id):
    """Delete the records of a cluster's ended checks, and of their children."""
    ended = sa.and_(
        _actions.c.action == str(consts.ClusterAction.CHECK),
        _actions.c.target == cluster_id,
        _actions.c.status.in_(
            [str(consts.ActionStatus.SUCCEEDED), str(consts.ActionStatus.FAILED)]
        ),
    )
    ids = list(conn.execute(sa.select(_actions.c.id).where(ended)).scalars())
    for chunk in bulk.chunks(ids):
        conn.execute(
            sa.delete(_actions).where(
                _actions.c.parent_id.in_(chunk),
                _actions.c.status.in_([str(s) for s in consts.FINAL_ACTION_STATUSES]),
            )
        )
        conn.execute(sa.delete(_actions).where(_actions.c.id.in_(chunk)))


def complete_lifecycle(conn, action_id, now):
    """Give an action the go-ahead from outside that it waits for.

    One that is still telling the outside hears it as soon as it begins to wait. One
    that is to be cancelled stays so.

    :param now: epoch seconds.
    :returns: whether it was waiting for that.
    """
    mine = sa.and_(
        _actions.c.id == action_id,
        sa.func.coalesce(_actions.c.control, "") != str(consts.Control.CANCEL),
    )
    values = {"control": str(consts.Control.RESUME)}
    waiting = _actions.c.status == str(consts.ActionStatus.WAITING_LIFECYCLE_COMPLETION)
    telling = sa.and_(
        _actions.c.status == str(consts.ActionStatus.RUNNING), _actions.c.step == "hook"
    )
    woken = conn.execute(
        sa.update(_actions)
        .where(mine, waiting)
        .values(status=str(consts.ActionStatus.READY), run_at=now, owner=None, **values)
    ).rowcount
    noted = conn.execute(sa.update(_actions).where(mine, telling).values(**values)).rowcount
    return woken + noted > 0
