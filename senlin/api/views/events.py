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


"""Events as clients see them (API contract, 3.11)."""

from senlin.api.views import common
from senlin.common import consts

_LEVEL_NAMES = {int(level): level.name for level in consts.EventLevel}


def event(row):
    """An event's row as a document; levels are shown by name."""
    return {
        "id": row["id"],
        "timestamp": common.timestamp(row["timestamp"]),
        "oid": row["oid"],
        "oname": row["oname"],
        "otype": row["otype"],
        "cluster_id": row["cluster_id"],
        "level": _LEVEL_NAMES.get(row["level"], str(row["level"])),
        "action": row["action"],
        "status": row["status"],
        "status_reason": row["status_reason"],
        "user": row["user"],
        "project": row["project"],
        "meta_data": row["meta_data"] or {},
    }
