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


"""Actions as clients see them (API contract, 3.10.1)."""

from senlin.api import microversions
from senlin.api.views import common


def action(row, version):
    """An action's row as a document of a microversion."""
    document = {
        "id": row["id"],
        "name": row["name"],
        "action": row["action"],
        "target": row["target"],
        "cause": row["cause"],
        "owner": row["owner"],
        "interval": -1,
        "start_time": _epoch(row["start_time"]),
        "end_time": _epoch(row["end_time"]),
        "timeout": row["timeout"],
        "status": row["status"],
        "status_reason": row["status_reason"] or "",
        "inputs": row["inputs"] or {},
        "outputs": row["outputs"] or {},
        "data": row["data"] or {},
        "depends_on": row["depends_on"],
        "depended_by": row["depended_by"],
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
        "user": row["user"],
        "project": row["project"],
    }
    if version >= microversions.ACTION_CLUSTER_ID:
        document["cluster_id"] = row["cluster_id"] or ""
    return document


def _epoch(seconds):
    return None if seconds is None else round(float(seconds), 6)
