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


"""Requests and responses about policies and bindings (API contract, 3.5, 3.7)."""

from senlin.api.schemas import common

CREATE = common.closed(
    {"name": common.NAME, "spec": common.OBJECT},
    required=("name", "spec"),
)
UPDATE = common.closed({"name": common.NAME}, required=("name",))
VALIDATE = common.closed({"spec": common.OBJECT}, required=("spec",))

INDEX_QUERY = common.list_query(
    "policies",
    ("type", "name", "created_at", "updated_at"),
    {"name": common.multi(), "type": common.multi()},
)
BINDINGS_QUERY = common.closed(
    {
        "enabled": common.QUERY_BOOLEAN,
        "policy_name": common.NAME,
        "policy_type": common.SINGLE,
        "sort": common.sort("cluster-policies", ("enabled",)),
    }
)

POLICY = common.document(
    {
        "id": common.UUID,
        "name": common.STRING,
        "type": common.STRING,
        **common.OWNER,
        "spec": common.OBJECT,
        "data": common.OBJECT,
        "created_at": common.TIMESTAMP,
        "updated_at": common.NULLABLE_TIMESTAMP,
    }
)
VALIDATED = common.document(
    {
        **POLICY["properties"],
        "id": {"type": "null"},
        "created_at": {"type": "null"},
        "updated_at": {"type": "null"},
    }
)
BINDING = common.document(
    {
        "id": common.UUID,
        "cluster_id": common.UUID,
        "cluster_name": common.STRING,
        "policy_id": common.UUID,
        "policy_name": common.STRING,
        "policy_type": common.STRING,
        "enabled": common.SHOWN_BOOLEAN,
        "priority": common.SHOWN_INTEGER,
        "data": {"type": ["object", "null"]},
        "last_op": common.NULLABLE_TIMESTAMP,
    }
)

SHOWN = common.one("policy", POLICY)
LISTED = common.many("policies", POLICY)
SHOWN_VALIDATED = common.one("policy", VALIDATED)
BINDING_SHOWN = common.one("cluster_policy", BINDING)
BINDINGS_LISTED = common.many("cluster_policies", BINDING)
