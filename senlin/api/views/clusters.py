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


"""Clusters as clients see them (API contract, 3.6.1)."""

from senlin.api.views import common


def cluster(row):
    """A cluster's row as a document, the same at every microversion."""
    return {
        "id": row["id"],
        "name": row["name"],
        "profile_id": row["profile_id"],
        "profile_name": row["profile_name"],
        "user": row["user"],
        "project": row["project"],
        "domain": row["domain"],
        "init_at": common.timestamp(row["init_at"]),
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
        "min_size": row["min_size"],
        "max_size": row["max_size"],
        "desired_capacity": row["desired_capacity"],
        "timeout": row["timeout"],
        "status": row["status"],
        "status_reason": row["status_reason"],
        "metadata": row["meta_data"] or {},
        "data": row["data"] or {},
        "dependents": row["dependents"] or {},
        "config": row["config"] or {},
        "nodes": row.get("nodes", []),
        "policies": row.get("policies", []),
    }
