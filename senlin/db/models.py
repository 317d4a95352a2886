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

"""The tables, as classes.

Visible columns are those of the engine contract, section 17. Private ones are
marked. Row objects never leave ``senlin.db``: its functions hand out plain
mappings or dataclasses.

Indices follow the query list: each list order, each look-up by name or owner,
each query of the engine. Keys of other tables are plain columns without
foreign keys where the row may outlive what it names (actions and events of a
deleted cluster stay).
"""

import sqlalchemy as sa
from sqlalchemy import orm

from senlin.db import types

ID = sa.String(36)
NAME = sa.String(255)
OWNER = sa.String(64)


class Base(orm.DeclarativeBase):
    """Base of all tables; on MySQL text is compared as it is, not ignoring case."""

    __table_args__ = {
        "mysql_engine": "InnoDB",
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
    }


def _json(default=None, nullable=True):
    return orm.mapped_column(types.Json, default=default, nullable=nullable)


class OwnedMixin:
    """Columns that say whose object it is."""

    user = orm.mapped_column(OWNER, nullable=False)
    project = orm.mapped_column(OWNER, nullable=False)
    domain = orm.mapped_column(OWNER)


def _args(*items):
    return (*items, Base.__table_args__)


class Profile(OwnedMixin, Base):
    """What a member is. ``spec`` is kept as sent, secrets sealed (see
    ``senlin.common.secrets``)."""

    __tablename__ = "profile"
    __table_args__ = _args(
        sa.Index("profile_project_created_idx", "project", "created_at", "id"),
        sa.Index("profile_project_name_idx", "project", "name"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    type = orm.mapped_column(NAME, nullable=False)
    spec = _json(nullable=False)
    meta_data = _json(dict)
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)


class Policy(OwnedMixin, Base):
    """How a group behaves."""

    __tablename__ = "policy"
    __table_args__ = _args(
        sa.Index("policy_project_created_idx", "project", "created_at", "id"),
        sa.Index("policy_project_name_idx", "project", "name"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    type = orm.mapped_column(NAME, nullable=False)
    spec = _json(nullable=False)
    data = _json(dict)
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)


class Cluster(OwnedMixin, Base):
    """A group. ``next_index`` is only ever incremented in place."""

    __tablename__ = "cluster"
    __table_args__ = _args(
        sa.Index("cluster_project_init_idx", "project", "init_at", "id"),
        sa.Index("cluster_project_name_idx", "project", "name"),
        sa.Index("cluster_profile_idx", "profile_id"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    profile_id = orm.mapped_column(ID, nullable=False)
    init_at = orm.mapped_column(types.UtcDateTime)
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)
    min_size = orm.mapped_column(sa.Integer, nullable=False, default=0)
    max_size = orm.mapped_column(sa.Integer, nullable=False, default=-1)
    desired_capacity = orm.mapped_column(sa.Integer, nullable=False, default=0)
    next_index = orm.mapped_column(sa.Integer, nullable=False, default=1)
    timeout = orm.mapped_column(sa.Integer, nullable=False)
    status = orm.mapped_column(sa.String(32), nullable=False)
    status_reason = orm.mapped_column(types.long_text())
    meta_data = _json(dict)
    data = _json(dict)
    dependents = _json(dict)
    config = _json(dict)


class Node(OwnedMixin, Base):
    """A member, or an orphan when ``cluster_id`` is the empty string."""

    __tablename__ = "node"
    __table_args__ = _args(
        sa.Index("node_project_init_idx", "project", "init_at", "id"),
        sa.Index("node_project_name_idx", "project", "name"),
        sa.Index("node_cluster_init_idx", "cluster_id", "init_at", "id"),
        sa.Index("node_cluster_status_idx", "cluster_id", "status"),
        sa.Index("node_profile_idx", "profile_id"),
        sa.Index("node_physical_idx", "physical_id"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    cluster_id = orm.mapped_column(ID, nullable=False, default="")
    physical_id = orm.mapped_column(ID)
    profile_id = orm.mapped_column(ID, nullable=False)
    index = orm.mapped_column("index", sa.Integer, nullable=False, default=-1)
    role = orm.mapped_column(OWNER, nullable=False, default="")
    init_at = orm.mapped_column(types.UtcDateTime)
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)
    tainted = orm.mapped_column(sa.Boolean, nullable=False, default=False)
    status = orm.mapped_column(sa.String(32), nullable=False)
    status_reason = orm.mapped_column(types.long_text())
    meta_data = _json(dict)
    data = _json(dict)
    dependents = _json(dict)


class ClusterLock(Base):
    """One holder of a cluster: scope CLUSTER excludes all, NODE is shared.

    A release deletes the holder's row; there is no counter to get wrong.
    """

    __tablename__ = "cluster_lock"
    __table_args__ = _args(sa.Index("cluster_lock_action_idx", "action_id"))
    cluster_id = orm.mapped_column(ID, primary_key=True)
    action_id = orm.mapped_column(ID, primary_key=True)
    scope = orm.mapped_column(sa.String(8), nullable=False)


class NodeLock(Base):
    """The one action that may change a node."""

    __tablename__ = "node_lock"
    __table_args__ = _args(sa.Index("node_lock_action_idx", "action_id"))
    node_id = orm.mapped_column(ID, primary_key=True)
    action_id = orm.mapped_column(ID, nullable=False)


class ClusterPolicy(Base):
    """A policy attached to a cluster."""

    __tablename__ = "cluster_policy"
    __table_args__ = _args(
        sa.UniqueConstraint("cluster_id", "policy_id", name="cluster_policy_uniq"),
        sa.Index("cluster_policy_policy_idx", "policy_id"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    cluster_id = orm.mapped_column(ID, nullable=False)
    policy_id = orm.mapped_column(ID, nullable=False)
    enabled = orm.mapped_column(sa.Boolean, nullable=False, default=True)
    priority = orm.mapped_column(sa.Integer, nullable=False, default=500)
    data = _json()
    last_op = orm.mapped_column(types.UtcDateTime)


class Receiver(OwnedMixin, Base):
    """A door through which outsiders trigger actions."""

    __tablename__ = "receiver"
    __table_args__ = _args(
        sa.Index("receiver_project_name_idx", "project", "name", "id"),
        sa.Index("receiver_cluster_idx", "cluster_id"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    type = orm.mapped_column(NAME, nullable=False)
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)
    cluster_id = orm.mapped_column(ID)
    actor = _json(dict)
    action = orm.mapped_column(sa.String(64))
    params = _json(dict)
    channel = _json(dict)


class Credential(Base):
    """The trust by which the service acts for (user, project); ``cred`` is sealed."""

    __tablename__ = "credential"
    user = orm.mapped_column(OWNER, primary_key=True)
    project = orm.mapped_column(OWNER, primary_key=True)
    cred = orm.mapped_column(types.long_text(), nullable=False)
    created_at = orm.mapped_column(types.UtcDateTime)


class IdempotencyKey(Base):
    """A request that must not be done twice; see ``senlin.db.idempotency``.

    ``id`` and ``fingerprint`` are digests: of the key and its sender, and of the request.
    ``answer`` is sealed; NULL while the request is at work, which is ``claimed_until``
    (epoch seconds) at the latest, by the request with the ``token``.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = _args(sa.Index("idempotency_key_created_idx", "created_at"))
    id = orm.mapped_column(sa.String(64), primary_key=True)
    fingerprint = orm.mapped_column(sa.String(64), nullable=False)
    token = orm.mapped_column(ID, nullable=False)
    created_at = orm.mapped_column(types.epoch(), nullable=False)
    claimed_until = orm.mapped_column(types.epoch(), nullable=False)
    answer = orm.mapped_column(types.long_text())


class Action(Base):
    """A durable program: its public record and, below, where it stands.

    Private columns:

    * ``parent_id``: the action whose child this is; ``pending``: how many of
      its own children have not ended.
    * ``step`` and ``state``: what is to be run next, and its saved variables.
    * ``run_at``: epoch seconds from which it may be claimed; NULL = only
      after something wakes it. ``owner`` and ``fence``: who runs it now, and
      the number of that claim, which each later write must still find.
    * ``step_fence``: the claim whose result was saved last. If it is not the
      claim before the present one, that one's process died at work.
    * ``locked``: it holds the locks that it needs. ``blocked_on``: the cluster
      or node whose lock it waits for.
    * ``observing``: it waits for the cloud; such actions are claimed in bulk.
    * ``deadline``: epoch seconds after which it is timed out.
    """

    __tablename__ = "action"
    __table_args__ = _args(
        sa.Index("action_project_created_idx", "project", "created_at", "id"),
        sa.Index("action_project_name_idx", "project", "name"),
        sa.Index("action_target_status_idx", "target", "status"),
        sa.Index("action_cluster_status_idx", "cluster_id", "status"),
        sa.Index("action_parent_status_idx", "parent_id", "status"),
        sa.Index("action_run_at_idx", "observing", "run_at", "project"),
        sa.Index("action_owner_idx", "owner"),
        sa.Index("action_blocked_idx", "blocked_on"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    name = orm.mapped_column(NAME, nullable=False)
    cluster_id = orm.mapped_column(ID, nullable=False, default="")
    target = orm.mapped_column(ID, nullable=False)
    action = orm.mapped_column(sa.String(64), nullable=False)
    cause = orm.mapped_column(NAME, nullable=False)
    user = orm.mapped_column(OWNER, nullable=False)
    project = orm.mapped_column(OWNER, nullable=False)
    domain = orm.mapped_column(OWNER)
    request_id = orm.mapped_column(sa.String(64))
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)
    start_time = orm.mapped_column(types.epoch())
    end_time = orm.mapped_column(types.epoch())
    timeout = orm.mapped_column(sa.Integer, nullable=False)
    status = orm.mapped_column(sa.String(32), nullable=False)
    status_reason = orm.mapped_column(types.long_text())
    control = orm.mapped_column(sa.String(16))
    inputs = _json(dict)
    outputs = _json(dict)
    data = _json(dict)

    parent_id = orm.mapped_column(ID)
    pending = orm.mapped_column(sa.Integer, nullable=False, default=0)
    step = orm.mapped_column(sa.String(64), nullable=False)
    state = _json(dict)
    run_at = orm.mapped_column(types.epoch())
    observing = orm.mapped_column(sa.Boolean, nullable=False, default=False)
    locked = orm.mapped_column(sa.Boolean, nullable=False, default=False)
    owner = orm.mapped_column(ID)
    fence = orm.mapped_column(sa.Integer, nullable=False, default=0)
    step_fence = orm.mapped_column(sa.Integer, nullable=False, default=0)
    blocked_on = orm.mapped_column(ID)
    deadline = orm.mapped_column(types.epoch())


class Event(Base):
    """What happened, and why; survives its object."""

    __tablename__ = "event"
    __table_args__ = _args(
        sa.Index("event_project_time_idx", "project", "timestamp", "id"),
        sa.Index("event_oid_idx", "oid", "timestamp"),
        sa.Index("event_cluster_idx", "cluster_id", "timestamp"),
    )
    id = orm.mapped_column(ID, primary_key=True)
    timestamp = orm.mapped_column(types.UtcDateTime, nullable=False)
    oid = orm.mapped_column(ID, nullable=False)
    oname = orm.mapped_column(NAME)
    otype = orm.mapped_column(sa.String(36))
    cluster_id = orm.mapped_column(ID)
    level = orm.mapped_column(sa.Integer, nullable=False)
    user = orm.mapped_column(OWNER)
    project = orm.mapped_column(OWNER)
    action = orm.mapped_column(sa.String(64))
    status = orm.mapped_column(NAME)
    status_reason = orm.mapped_column(types.long_text())
    meta_data = _json(dict)


class Service(Base):
    """A living process. ``heartbeat`` counts up; a reader who sees it stand
    still for a lease, by the reader's own clock, takes it for dead."""

    __tablename__ = "service"
    id = orm.mapped_column(ID, primary_key=True)
    host = orm.mapped_column(NAME)
    binary = orm.mapped_column(NAME)
    topic = orm.mapped_column(NAME)
    disabled = orm.mapped_column(sa.Boolean, nullable=False, default=False)
    disabled_reason = orm.mapped_column(NAME)
    heartbeat = orm.mapped_column(sa.BigInteger, nullable=False, default=0)
    release = orm.mapped_column(sa.String(32))
    created_at = orm.mapped_column(types.UtcDateTime)
    updated_at = orm.mapped_column(types.UtcDateTime)
