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

"""Servers as the cloud shows them: statuses, faults, the node's mark, bulk looks."""

import datetime

from senlin.cloud import errors
from senlin.profiles import base

#: Metadata keys by which a server tells which node it belongs to. They are the
#: service's own; users' keys beside them are never touched.
NODE_KEY = "cluster_node_id"
CLUSTER_KEY = "cluster_id"
INDEX_KEY = "cluster_node_index"
SERVICE_KEYS = (NODE_KEY, CLUSTER_KEY, INDEX_KEY)

_GONE_STATUSES = ("DELETED", "SOFT_DELETED")
_GOING_STATES = ("deleting", "soft-deleting")

#: Up to this many servers are looked at one by one.
FEW = 4
#: Seconds: servers that are worked on have changed lately, and a project may have many
#: more. So looks for changed servers reach back no farther than the work does, and the
#: cloud's clock may differ from ours; at most this far, since then a list of all is
#: shorter; and this far for deleted ones, which that list does not show.
_CLOCKS_DIFFER = 15
_LATELY = 120
_DELETED_LATELY = 900


def is_gone(server):
    """Whether the cloud says that a server does not exist (any more)."""
    return server is base.GONE or (server is not None and server.get("status") in _GONE_STATUSES)


def is_going(server):
    """Whether nova is deleting a server now; its status does not tell."""
    return server.get("OS-EXT-STS:task_state") in _GOING_STATES


def is_idle(server):
    """Whether nova is doing nothing to a server now."""
    return not server.get("OS-EXT-STS:task_state")


def has_fault(server):
    """Whether the cloud tells why a server is in ERROR."""
    return bool(server.get("fault"))


def fault_of(server):
    """The cloud's own words about a server in ERROR."""
    fault = server.get("fault") or {}
    return fault.get("message") or "The compute service gives no reason."


def fault_reason(server):
    """The reason class behind a server in ERROR."""
    return errors.classify(fault_of(server))


def marks(node):
    """The metadata that a node's server carries."""
    result = {NODE_KEY: node.id}
    if node.cluster_id:
        result[CLUSTER_KEY] = node.cluster_id
        result[INDEX_KEY] = str(node.index)
    return result


def marked(cloud, name, node_id, excluded=()):
    """Existing servers that bear a node's mark, the oldest first.

    :param name: what the server is called.
    :param excluded: ids that do not count.
    """
    found = [
        server
        for server in cloud.compute.servers_named(name)
        if server["metadata"].get(NODE_KEY) == node_id
        and server["id"] not in excluded
        and not is_gone(server)
    ]
    return sorted(found, key=lambda server: (server["created"], server["id"]))


def observe(cloud, physical_ids, worked_on_for=_LATELY):
    """Look at many servers: id -> JSON or GONE.

    A few are read one by one, many by listing the project. A server that is
    not in a list is never taken for gone because of that: a list of what
    changed lately shows it as deleted, or else it is read by itself.

    :param worked_on_for: the seconds in which the servers are expected to have changed.
    """
    found = {}
    missing = set(physical_ids)
    lately = min(worked_on_for + _CLOCKS_DIFFER, _LATELY)
    for window in (lately, None, _DELETED_LATELY):
        if len(missing) <= FEW:
            break
        for server in cloud.compute.servers(**_changed_within(window)):
            if server["id"] in missing:
                found[server["id"]] = base.GONE if is_gone(server) else server
        missing.difference_update(found)
    found.update((one, _one(cloud, one)) for one in missing)
    return found


def _changed_within(seconds):
    if seconds is None:
        return {}
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds)
    return {"changes-since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _one(cloud, physical_id):
    return cloud.compute.server(physical_id) or base.GONE
