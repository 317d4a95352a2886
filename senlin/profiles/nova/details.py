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

"""A server as a node's ``details`` show it (API contract, 3.8.1)."""

from senlin.cloud import errors
from senlin.profiles.nova import servers

_COPIED = (
    "OS-DCF:diskConfig",
    "OS-EXT-AZ:availability_zone",
    "OS-EXT-STS:power_state",
    "OS-EXT-STS:vm_state",
    "accessIPv4",
    "accessIPv6",
    "config_drive",
    "created",
    "hostId",
    "key_name",
    "locked",
    "metadata",
    "os-extended-volumes:volumes_attached",
    "progress",
    "updated",
)
_DASHED = ("OS-EXT-STS:task_state", "OS-SRV-USG:launched_at", "OS-SRV-USG:terminated_at")


def details(cloud, physical_ids):
    """Show many servers: id -> details, or ``{"Error": {"code", "message"}}``."""
    try:
        found = servers.observe(cloud, physical_ids)
    except errors.CloudError as error:
        told = {"Error": {"code": error.status or 503, "message": error.message}}
        return dict.fromkeys(physical_ids, told)
    return {one: _show(one, found.get(one)) for one in physical_ids}


def _show(server_id, server):
    if server is None or servers.is_gone(server):
        message = f"Instance {server_id} could not be found."
        return {"Error": {"code": 404, "message": message}}
    result = {
        "id": server["id"],
        "name": server["name"],
        "status": server["status"],
        "image": (server.get("image") or {}).get("id", ""),
        "flavor": server["flavor"]["id"],
        "addresses": server.get("addresses") or {},
        "attached_volumes": [
            volume["id"] for volume in server.get("os-extended-volumes:volumes_attached") or ()
        ],
        "security_groups": _security_groups(server),
    }
    for key in _COPIED:
        if key in server:
            result[key] = server[key]
    for key in _DASHED:
        if key in server:
            result[key] = server[key] or "-"
    return dict(sorted(result.items()))


def _security_groups(server):
    names = list(dict.fromkeys(group["name"] for group in server.get("security_groups") or ()))
    if not names:
        return ""
    return names[0] if len(names) == 1 else names
