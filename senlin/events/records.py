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

"""Events: what happened to a cluster or a node, as rows.

They ride in the transaction of the step that raised them, so that there is an
event if and only if the thing happened (engine contract, section 11).
"""

import datetime
import uuid

from senlin.common import timestamps


def build(entity, kind, action, phase, level, reason, now, order=0):
    """A row of the ``event`` table.

    :param entity: the cluster's or the node's row.
    :param kind: ``CLUSTER`` or ``NODE``.
    :param action: the action's row.
    :param phase: ``consts.Phase``; ``level``: ``consts.EventLevel``.
    :param now: epoch seconds.
    :param order: how many events the same step raised before; they are sorted by time.
    """
    name = action["action"]
    return {
        "id": str(uuid.uuid4()),
        "timestamp": timestamps.from_epoch(now) + datetime.timedelta(microseconds=order),
        "oid": entity["id"],
        "oname": entity["name"],
        "otype": kind,
        "cluster_id": entity["id"] if kind == "CLUSTER" else entity["cluster_id"],
        "level": int(level),
        "user": action["user"],
        "project": action["project"],
        "action": (action["inputs"] or {}).get("operation", name)
        if name.endswith("_OPERATION")
        else name,
        "status": str(phase),
        "status_reason": reason,
        "meta_data": {"action_id": action["id"], "request_id": action["request_id"]},
    }
