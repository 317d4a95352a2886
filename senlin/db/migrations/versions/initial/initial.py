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

"""The tables of the first release."""

from alembic import op
import sqlalchemy as sa

from senlin.db import types

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "action",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("cluster_id", sa.String(36), nullable=False),
        sa.Column("target", sa.String(36), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("cause", sa.String(255), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("start_time", types.epoch(), nullable=True),
        sa.Column("end_time", types.epoch(), nullable=True),
        sa.Column("timeout", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", types.long_text(), nullable=True),
        sa.Column("control", sa.String(16), nullable=True),
        sa.Column("inputs", types.Json(), nullable=True),
        sa.Column("outputs", types.Json(), nullable=True),
        sa.Column("data", types.Json(), nullable=True),
        sa.Column("parent_id", sa.String(36), nullable=True),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("state", types.Json(), nullable=True),
        sa.Column("run_at", types.epoch(), nullable=True),
        sa.Column("observing", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(36), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("step_fence", sa.Integer(), nullable=False),
        sa.Column("blocked_on", sa.String(36), nullable=True),
        sa.Column("deadline", types.epoch(), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("action_blocked_idx", "action", ["blocked_on"])
    op.create_index("action_cluster_status_idx", "action", ["cluster_id", "status"])
    op.create_index("action_owner_idx", "action", ["owner"])
    op.create_index("action_parent_status_idx", "action", ["parent_id", "status"])
    op.create_index("action_project_created_idx", "action", ["project", "created_at", "id"])
    op.create_index("action_project_name_idx", "action", ["project", "name"])
    op.create_index("action_run_at_idx", "action", ["observing", "run_at", "project"])
    op.create_index("action_target_status_idx", "action", ["target", "status"])
    op.create_table(
        "cluster",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("profile_id", sa.String(36), nullable=False),
        sa.Column("init_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("min_size", sa.Integer(), nullable=False),
        sa.Column("max_size", sa.Integer(), nullable=False),
        sa.Column("desired_capacity", sa.Integer(), nullable=False),
        sa.Column("next_index", sa.Integer(), nullable=False),
        sa.Column("timeout", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", types.long_text(), nullable=True),
        sa.Column("meta_data", types.Json(), nullable=True),
        sa.Column("data", types.Json(), nullable=True),
        sa.Column("dependents", types.Json(), nullable=True),
        sa.Column("config", types.Json(), nullable=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("cluster_profile_idx", "cluster", ["profile_id"])
    op.create_index("cluster_project_init_idx", "cluster", ["project", "init_at", "id"])
    op.create_index("cluster_project_name_idx", "cluster", ["project", "name"])
    op.create_table(
        "cluster_lock",
        sa.Column("cluster_id", sa.String(36), primary_key=True),
        sa.Column("action_id", sa.String(36), primary_key=True),
        sa.Column("scope", sa.String(8), nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("cluster_lock_action_idx", "cluster_lock", ["action_id"])
    op.create_table(
        "cluster_policy",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("cluster_id", sa.String(36), nullable=False),
        sa.Column("policy_id", sa.String(36), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("data", types.Json(), nullable=True),
        sa.Column("last_op", types.UtcDateTime(), nullable=True),
        sa.UniqueConstraint("cluster_id", "policy_id", name="cluster_policy_uniq"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("cluster_policy_policy_idx", "cluster_policy", ["policy_id"])
    op.create_table(
        "credential",
        sa.Column("user", sa.String(64), primary_key=True),
        sa.Column("project", sa.String(64), primary_key=True),
        sa.Column("cred", types.long_text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("timestamp", types.UtcDateTime(), nullable=False),
        sa.Column("oid", sa.String(36), nullable=False),
        sa.Column("oname", sa.String(255), nullable=True),
        sa.Column("otype", sa.String(36), nullable=True),
        sa.Column("cluster_id", sa.String(36), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(64), nullable=True),
        sa.Column("project", sa.String(64), nullable=True),
        sa.Column("action", sa.String(64), nullable=True),
        sa.Column("status", sa.String(255), nullable=True),
        sa.Column("status_reason", types.long_text(), nullable=True),
        sa.Column("meta_data", types.Json(), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("event_cluster_idx", "event", ["cluster_id", "timestamp"])
    op.create_index("event_oid_idx", "event", ["oid", "timestamp"])
    op.create_index("event_project_time_idx", "event", ["project", "timestamp", "id"])
    op.create_table(
        "node",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("cluster_id", sa.String(36), nullable=False),
        sa.Column("physical_id", sa.String(36), nullable=True),
        sa.Column("profile_id", sa.String(36), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("init_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("tainted", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", types.long_text(), nullable=True),
        sa.Column("meta_data", types.Json(), nullable=True),
        sa.Column("data", types.Json(), nullable=True),
        sa.Column("dependents", types.Json(), nullable=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("node_cluster_init_idx", "node", ["cluster_id", "init_at", "id"])
    op.create_index("node_cluster_status_idx", "node", ["cluster_id", "status"])
    op.create_index("node_physical_idx", "node", ["physical_id"])
    op.create_index("node_profile_idx", "node", ["profile_id"])
    op.create_index("node_project_init_idx", "node", ["project", "init_at", "id"])
    op.create_index("node_project_name_idx", "node", ["project", "name"])
    op.create_table(
        "node_lock",
        sa.Column("node_id", sa.String(36), primary_key=True),
        sa.Column("action_id", sa.String(36), nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("node_lock_action_idx", "node_lock", ["action_id"])
    op.create_table(
        "policy",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("spec", types.Json(), nullable=False),
        sa.Column("data", types.Json(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("policy_project_created_idx", "policy", ["project", "created_at", "id"])
    op.create_index("policy_project_name_idx", "policy", ["project", "name"])
    op.create_table(
        "profile",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("spec", types.Json(), nullable=False),
        sa.Column("meta_data", types.Json(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("profile_project_created_idx", "profile", ["project", "created_at", "id"])
    op.create_index("profile_project_name_idx", "profile", ["project", "name"])
    op.create_table(
        "receiver",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.Column("cluster_id", sa.String(36), nullable=True),
        sa.Column("actor", types.Json(), nullable=True),
        sa.Column("action", sa.String(64), nullable=True),
        sa.Column("params", types.Json(), nullable=True),
        sa.Column("channel", types.Json(), nullable=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(64), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("receiver_cluster_idx", "receiver", ["cluster_id"])
    op.create_index("receiver_project_name_idx", "receiver", ["project", "name", "id"])
    op.create_table(
        "service",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("host", sa.String(255), nullable=True),
        sa.Column("binary", sa.String(255), nullable=True),
        sa.Column("topic", sa.String(255), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.String(255), nullable=True),
        sa.Column("heartbeat", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
