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


"""Requests and responses about receivers (API contract, 3.9)."""

from senlin.api.schemas import common
from senlin.common import consts

TYPES = ("webhook", "message")

CREATE = common.closed(
    {
        "name": common.NAME,
        "type": common.enum(TYPES),
        "cluster_id": common.nullable(common.STRING),
        "action": common.nullable(common.enum(consts.ClusterAction)),
        "actor": common.nullable(common.OBJECT),
        "params": common.nullable(common.OBJECT),
    },
    required=("name", "type"),
)
UPDATE = common.closed(
    {
        "name": common.nullable(common.NAME),
        "action": common.nullable(common.enum(consts.ClusterAction)),
        "params": common.nullable(common.OBJECT),
    }
)

INDEX_QUERY = common.list_query(
    "receivers",
    ("name", "type", "action", "cluster_id", "created_at", "user"),
    {
        "name": common.multi(),
        "type": common.multi(TYPES),
        "cluster_id": common.multi(),
        "action": common.multi(consts.ClusterAction),
        "user": common.multi(),
    },
)

RECEIVER = common.document(
    {
        "id": common.UUID,
        "name": common.STRING,
        "type": common.enum(TYPES),
        **common.OWNER,
        "created_at": common.TIMESTAMP,
        "updated_at": common.NULLABLE_TIMESTAMP,
        "cluster_id": common.NULLABLE_STRING,
        "action": common.NULLABLE_STRING,
        "actor": common.OBJECT,
        "params": common.OBJECT,
        "channel": common.OBJECT,
    }
)

SHOWN = common.one("receiver", RECEIVER)
LISTED = common.many("receivers", RECEIVER)
