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


"""Nodes as clients see them (API contract, 3.8.1)."""

from senlin.api import microversions
from senlin.api.views import common


def node(row, version, details=None):
    """A node's row as a document of a microversion.

    :param details: what its driver tells about the resource; None = not asked.
    """
    document = {
        "id": row["id"],
        "name": row["name"],
        "cluster_id": row["cluster_id"] or "",
        "physical_id": row["physical_id"],
        "profile_id": row["profile_id"],
        "profile_name": row["profile_name"],
        "user": row["user"],
        "project": row["project"],
        "domain": row["domain"],
        "index": row["index"],
        "role": row["role"] or "",
        "init_at": common.timestamp(row["init_at"]),
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
        "status": row["status"],
        "status_reason": row["status_reason"],
        "metadata": row["meta_data"] or {},
        "data": row["data"] or {},
        "dependents": row["dependents"] or {},
    }
    if version >= microversions.TAINTED:
        document["tainted"] = bool(row["tainted"])
    if details is not None:
        document["details"] = details
    return document
