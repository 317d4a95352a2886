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


"""Requests and responses about actions (API contract, 3.10)."""

from senlin.api.schemas import common
from senlin.common import consts

ACTION_NAMES = (*consts.ClusterAction, *consts.NodeAction)

UPDATE = common.closed(
    # A ``force`` in here is allowed, and means nothing: the query's one counts.
    {"status": common.enum([consts.ActionStatus.CANCELLED]), "force": {}},
    required=("status",),
)
UPDATE_QUERY = common.opened({"force": common.QUERY_BOOLEAN})
CREATE = {"type": "object"}

INDEX_QUERY = common.list_query(
    "actions",
    ("name", "target", "action", "created_at", "status"),
    {
        "name": common.multi(),
        "cluster_id": common.multi(),
        "target": common.multi(),
        "action": common.multi(ACTION_NAMES),
        "status": common.multi(consts.ActionStatus),
    },
)

_EPOCH = {"type": ["number", "null"]}
_IDS = {"type": "array", "items": common.UUID}
_ACTION = {
    "id": common.UUID,
    "name": common.STRING,
    "action": common.STRING,
    "target": common.STRING,
    "cause": common.STRING,
    "owner": common.NULLABLE_STRING,
    "interval": common.SHOWN_INTEGER,
    "start_time": _EPOCH,
    "end_time": _EPOCH,
    "timeout": common.SHOWN_INTEGER,
    "status": common.enum(consts.ActionStatus),
    "status_reason": common.STRING,
    "inputs": common.OBJECT,
    "outputs": common.OBJECT,
    "data": common.OBJECT,
    "depends_on": _IDS,
    "depended_by": _IDS,
    "created_at": common.TIMESTAMP,
    "updated_at": common.NULLABLE_TIMESTAMP,
    "user": common.STRING,
    "project": common.STRING,
}
_ACTION_1_14 = {**_ACTION, "cluster_id": common.STRING}

SHOWN = common.one("action", common.document(_ACTION))
SHOWN_1_14 = common.one("action", common.document(_ACTION_1_14))
LISTED = common.many("actions", common.document(_ACTION))
LISTED_1_14 = common.many("actions", common.document(_ACTION_1_14))
