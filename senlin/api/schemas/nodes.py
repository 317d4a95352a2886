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


"""Requests and responses about nodes (API contract, 3.8)."""

from senlin.api import validation
from senlin.api.schemas import cluster_actions
from senlin.api.schemas import common
from senlin.common import consts

CREATE = common.closed(
    {
        "name": common.NAME,
        "profile_id": common.STRING,
        "cluster_id": common.nullable(common.STRING),
        "role": common.nullable({"type": "string", "maxLength": 64}),
        "metadata": common.nullable(common.OBJECT),
    },
    required=("name", "profile_id"),
)
UPDATE = common.closed(
    {
        "name": common.nullable(common.NAME_OR_EMPTY),
        "profile_id": common.nullable(common.STRING),
        "role": common.nullable({"type": "string", "maxLength": 64}),
        "metadata": common.nullable(common.OBJECT),
        "tainted": common.nullable(common.BOOLEAN),
    }
)
#: ``force`` may be a word, which the original service understood for nodes.
DELETE = common.opened({"force": {"type": ["boolean", "string", "null"]}})
DELETE_QUERY = common.opened({"force": common.QUERY_BOOLEAN})

_ADOPTION = {
    # It becomes a part of an address in the cloud.
    "identity": {"type": "string", "minLength": 1, "maxLength": 255},
    "type": common.STRING,
    "overrides": common.nullable(common.OBJECT),
    "snapshot": common.nullable(common.BOOLEAN),
}
ADOPT = common.closed(
    {
        **_ADOPTION,
        "name": common.nullable(common.NAME),
        "role": common.nullable({"type": "string", "maxLength": 64}),
        "metadata": common.nullable(common.OBJECT),
    },
    required=("identity", "type"),
)
ADOPT_PREVIEW = common.closed(_ADOPTION, required=("identity", "type"))

INDEX_QUERY = common.list_query(
    "nodes",
    ("index", "name", "status", "init_at", "created_at", "updated_at"),
    {
        "cluster_id": common.SINGLE,
        "name": common.multi(),
        "status": common.multi(consts.NodeStatus),
        # Declared by openstacksdk for lists, where it means nothing.
        "show_details": common.QUERY_BOOLEAN,
    },
)
SHOW_QUERY = common.opened({"show_details": common.QUERY_BOOLEAN})

_NODE = {
    "id": common.UUID,
    "name": common.STRING,
    "cluster_id": common.STRING,
    "physical_id": common.NULLABLE_STRING,
    "profile_id": common.UUID,
    "profile_name": common.STRING,
    **common.OWNER,
    "index": common.SHOWN_INTEGER,
    "role": common.STRING,
    "init_at": common.TIMESTAMP,
    "created_at": common.NULLABLE_TIMESTAMP,
    "updated_at": common.NULLABLE_TIMESTAMP,
    "status": common.enum(consts.NodeStatus),
    "status_reason": common.NULLABLE_STRING,
    "metadata": common.OBJECT,
    "data": common.OBJECT,
    "dependents": common.OBJECT,
}
_TAINTED = {**_NODE, "tainted": common.SHOWN_BOOLEAN}
_DETAILS = {"details": common.OBJECT}

SHOWN = common.one("node", common.document(_NODE))
SHOWN_1_13 = common.one("node", common.document(_TAINTED))
DETAILED = common.one("node", common.document({**_NODE, **_DETAILS}, optional=("details",)))
DETAILED_1_13 = common.one("node", common.document({**_TAINTED, **_DETAILS}, optional=("details",)))
LISTED = common.many("nodes", common.document(_NODE))
LISTED_1_13 = common.many("nodes", common.document(_TAINTED))

PREVIEWED = common.one(
    "node_profile",
    common.one(
        "node_preview",
        common.document(
            {"type": common.STRING, "version": common.STRING, "properties": common.OBJECT}
        ),
    ),
)

ENVELOPE = {"type": "object"}

#: The whole body of an action.
ACTION_BODY = validation.ByVersion(
    (
        (
            common.one_key(
                {
                    "check": common.opened({}),
                    "recover": common.closed(
                        {
                            **cluster_actions.RECOVERY,
                            "delete_timeout": {},
                            "force_recreate": {},
                        }
                    ),
                }
            ),
            None,
            None,
        ),
    )
)
#: The whole body of an operation: its name, and its parameters.
OPERATION_BODY = validation.ByVersion(
    ((common.one_of_any(common.nullable(common.OBJECT)), None, None),)
)
