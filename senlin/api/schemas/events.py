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


"""Requests and responses about events (API contract, 3.11)."""

from senlin.api.schemas import actions
from senlin.api.schemas import common
from senlin.common import consts

INDEX_QUERY = common.list_query(
    "events",
    ("timestamp", "level", "otype", "oname", "action", "status", "oid", "cluster_id"),
    {
        "oid": common.multi(),
        "oname": common.multi(),
        "otype": common.multi(),
        "cluster_id": common.multi(),
        "action": common.multi(actions.ACTION_NAMES),
        "level": common.multi(level.name for level in consts.EventLevel),
    },
)

EVENT = common.document(
    {
        "id": common.UUID,
        "timestamp": common.TIMESTAMP,
        "oid": common.STRING,
        "oname": common.NULLABLE_STRING,
        "otype": common.NULLABLE_STRING,
        "cluster_id": common.NULLABLE_STRING,
        "level": common.STRING,
        "action": common.NULLABLE_STRING,
        "status": common.NULLABLE_STRING,
        "status_reason": common.NULLABLE_STRING,
        "user": common.NULLABLE_STRING,
        "project": common.NULLABLE_STRING,
        "meta_data": common.OBJECT,
    }
)

SHOWN = common.one("event", EVENT)
LISTED = common.many("events", EVENT)
