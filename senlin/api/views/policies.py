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


"""Policies and their bindings as clients see them (API contract, 3.5, 3.7)."""

from senlin.api.views import common


def policy(row):
    """A policy's row as a document."""
    return {
        "id": row["id"],
        "name": row["name"],
        "type": row["type"],
        "user": row["user"],
        "project": row["project"],
        "domain": row["domain"],
        "spec": row["spec"],
        "data": row["data"] or {},
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
    }


def validated(checked, context):
    """A spec that was checked but not stored, in the form of a policy."""
    return {
        "id": None,
        "name": "validated_policy",
        "type": checked["type"],
        "user": context.user_id,
        "project": context.project_id,
        "domain": context.owner_fields["domain"],
        "spec": checked["spec"],
        "data": {},
        "created_at": None,
        "updated_at": None,
    }


def binding(row):
    """A cluster's policy as a document."""
    return {
        "id": row["id"],
        "cluster_id": row["cluster_id"],
        "cluster_name": row["cluster_name"],
        "policy_id": row["policy_id"],
        "policy_name": row["policy_name"],
        "policy_type": row["policy_type"],
        "enabled": bool(row["enabled"]),
        "priority": row["priority"],
        "data": row["data"],
        "last_op": common.timestamp(row["last_op"]),
    }
