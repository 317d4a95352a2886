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


"""Requests and responses about clusters (API contract, 3.6)."""

from senlin.api.schemas import common
from senlin.common import consts

CREATE = common.closed(
    {
        "name": common.NAME,
        "profile_id": common.STRING,
        "min_size": common.nullable(common.CAPACITY),
        "max_size": common.nullable(common.CAPACITY_OR_UNLIMITED),
        "desired_capacity": common.nullable(common.CAPACITY),
        "timeout": common.nullable(common.INTEGER),
        "metadata": common.nullable(common.OBJECT),
        "config": common.nullable(common.OBJECT),
    },
    required=("name", "profile_id"),
)

# Fields of later microversions are checked at all of them, and dropped by the
# controller below their own.
UPDATE = common.closed(
    {
        "name": common.nullable(common.NAME),
        "profile_id": common.nullable(common.STRING),
        "metadata": common.nullable(common.OBJECT),
        "timeout": common.nullable(common.INTEGER),
        "profile_only": common.nullable(common.BOOLEAN),
        "config": common.nullable(common.OBJECT),
    }
)
DELETE = common.opened({"force": common.nullable(common.BOOLEAN)})
DELETE_QUERY = common.opened({"force": common.QUERY_BOOLEAN})

INDEX_QUERY = common.list_query(
    "clusters",
    ("name", "status", "init_at", "created_at", "updated_at"),
    {"name": common.multi(), "status": common.multi(consts.ClusterStatus)},
)

CLUSTER = common.document(
    {
        "id": common.UUID,
        "name": common.STRING,
        "profile_id": common.UUID,
        "profile_name": common.STRING,
        **common.OWNER,
        "init_at": common.TIMESTAMP,
        "created_at": common.NULLABLE_TIMESTAMP,
        "updated_at": common.NULLABLE_TIMESTAMP,
        "min_size": common.SHOWN_INTEGER,
        "max_size": common.SHOWN_INTEGER,
        "desired_capacity": common.SHOWN_INTEGER,
        "timeout": common.SHOWN_INTEGER,
        "status": common.enum(consts.ClusterStatus),
        "status_reason": common.NULLABLE_STRING,
        "metadata": common.OBJECT,
        "data": common.OBJECT,
        "dependents": common.OBJECT,
        "config": common.OBJECT,
        "nodes": {"type": "array", "items": common.UUID},
        "policies": {"type": "array", "items": common.UUID},
    }
)

SHOWN = common.one("cluster", CLUSTER)
LISTED = common.many("clusters", CLUSTER)
COLLECTED = common.many("cluster_attributes", common.document({"id": common.UUID, "value": {}}))
