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


"""Receivers as clients see them (API contract, 3.9.1)."""

from senlin.api.views import common

_HIDDEN_CHANNEL_KEYS = frozenset({"subscription"})


def receiver(row):
    """A receiver's row as a document; its credential is left out."""
    channel = row["channel"] or {}
    return {
        "id": row["id"],
        "name": row["name"],
        "type": row["type"],
        "user": row["user"],
        "project": row["project"],
        "domain": row["domain"],
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
        "cluster_id": row["cluster_id"],
        "action": row["action"],
        "actor": {},
        "params": row["params"] or {},
        "channel": {k: v for k, v in channel.items() if k not in _HIDDEN_CHANNEL_KEYS},
    }
