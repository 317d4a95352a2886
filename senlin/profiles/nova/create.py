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

"""Making a server, exactly once.

The server bears the node's mark (see ``servers.marks``) from the moment it
exists. When a call may have happened without its answer having been kept, the
mark is looked for before another server is asked for.
"""

import base64
import re
import zlib

from senlin.cloud import errors
from senlin.common import consts
from senlin.profiles import base
from senlin.profiles.nova import networks
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages

_CONFIRM_PAUSES = (1.0, 2.0, 4.0)
#: Nova tells why a build failed a moment after it tells that it did.
_FAULT_PAUSE = 1.0
_FAULT_PATIENCE = 10.0

#: Who chose the zone of ``data.placement``, if no policy did.
_COMPUTE = "compute"

#: Failures of a build that stay until somebody changes something.
_FOR_THE_USER = (consts.ReasonClass.QUOTA, consts.ReasonClass.IMAGE)

#: Nova counts a quota before it takes a request, and again when the servers exist: of several
#: that are asked for at once it may then fail all, although some would fit.
_LATE_QUOTA = re.compile(r"Quota exceeded for [a-z,]*(instances|cores|ram)\b")
#: Seconds over which such servers are asked for again.
_LATE_QUOTA_SPREAD = 20.0


def create(profile, task):
    """The procedure: ports if needed, the server, then wait for ACTIVE."""
    return stages.run(_STAGES, "prepare", profile, task)


def server_name(profile, node):
    """What the server of a node is called."""
    return profile.properties["name"] or node.name


def _prepare(profile, task):
    look = task.restarted or task.state.get("look", False)
    for slot, entry in enumerate(profile.networks):
        try:
            records = networks.advance(task.cloud, task.node, entry, slot, look)
        except errors.CloudError as error:
            if error.outcome_unknown:
                return stages.go(task, "prepare", after=_CONFIRM_PAUSES[0], look=True)
            if stages.can_wait(error):
                raise
            return _give_up(task, error)
        if records is not None:
            data = stages.with_data(task.node, internal_ports=records)
            step = task.state.get("step", 0) + 1
            return stages.go(task, "prepare", node={"data": data}, look=False, step=step)
    if look:
        found = _find(profile, task)
        if found is not None:
            return found
    return _ask(profile, task, lost=look)


def _ask(profile, task, lost):
    lost = lost or task.state.get("lost", False)
    try:
        body, hints = server_body(profile, task)
        server = task.cloud.compute.create_server(body, hints)
    except errors.CloudError as error:
        if error.outcome_unknown:
            return stages.go(task, "confirm", after=_CONFIRM_PAUSES[0], lost=True, tries=1)
        if stages.can_wait(error):
            raise
        # What was asked before may have come through since it was looked for.
        found = _find(profile, task) if lost else None
        if found is not None:
            return found
        for kind in ("flavor", "image"):
            # Perhaps it was replaced by another one of that name meanwhile.
            task.cloud.forget(kind, profile.properties[kind])
        return _give_up(task, error)
    return _adopt(task, server["id"], lost=lost, made=server["id"])


def _confirm(profile, task):
    """The answer was lost: find the server, or ask again when it never came."""
    found = _find(profile, task)
    if found is not None:
        return found
    tries = task.state["tries"]
    if tries < len(_CONFIRM_PAUSES):
        return stages.go(task, "confirm", after=_CONFIRM_PAUSES[tries], tries=tries + 1)
    return _ask(profile, task, lost=True)


def _find(profile, task):
    """Go on with the server that bears the node's mark; None if there is none.

    An id that the node has already is that of an earlier try, which failed.
    """
    excluded = (task.node.physical_id, *task.state.get("excluded", ()))
    name = server_name(profile, task.node)
    try:
        found = servers.marked(task.cloud, name, task.node.id, excluded)
        if len(found) > 1:
            task.cloud.compute.delete_server(found[-1]["id"])
            return stages.go(task, "confirm", after=_CONFIRM_PAUSES[0], lost=True, tries=1)
    except errors.CloudError as error:
        return _look_later(task, error, "confirm", lost=True, tries=task.state.get("tries", 1))
    if found:
        return _adopt(task, found[0]["id"], lost=True)
    return None


def _look_later(task, error, stage, **changes):
    """Look again at this stage, although the cloud has refused a look."""
    refused = task.state.get("refused", 0)
    pause = errors.pause_before_looking_again(error, refused)
    return stages.go(task, stage, after=pause, refused=refused + 1, **changes)


def locate(profile, task):
    """Node columns for the server that an interrupted call may have made.

    A recovery keeps the state of its creation below its own.
    """
    state = task.state.get("sub", task.state)
    excluded = (task.node.physical_id, *state.get("excluded", ()))
    found = servers.marked(task.cloud, server_name(profile, task.node), task.node.id, excluded)
    return {"physical_id": found[0]["id"]} if found else {}


def _adopt(task, server_id, lost, made=None):
    return stages.go(
        task,
        "wait",
        observe=True,
        made=made,
        node={"physical_id": server_id, "data": task.node.data},
        deadline=stages.deadline(task),
        lost=lost,
        look=False,
    )


def _wait(profile, task):
    server = task.observed
    if servers.is_gone(server):
        message = f"Server {task.node.physical_id} vanished while it was being built."
        return _abandon(task, consts.ReasonClass.NOT_FOUND, message, "release")
    if server is not None:
        if server["status"] == "ACTIVE":
            return _arrived(profile, task, server)
        if server["status"] == "ERROR":
            since = task.state.get("failed_since", task.now)
            if servers.has_fault(server) or task.now - since >= _FAULT_PATIENCE:
                return _failed_build(task, server)
            return stages.stay(task, after=_FAULT_PAUSE, failed_since=since)
    if stages.is_late(task):
        message = f"Server {task.node.physical_id} did not become ACTIVE in time."
        return _abandon(task, consts.ReasonClass.TIMEOUT, message)
    return stages.stay(task)


def _arrived(profile, task, server):
    data = stages.with_data(task.node, placement=_placement(task.node, server) or None, power=None)
    if task.state.get("lost"):
        try:
            extra = _extra(profile, task)
            if extra:
                task.cloud.compute.delete_server(extra[0]["id"])
                return stages.stay(task, after=0)
        except errors.CloudError as error:
            return _look_later(task, error, "wait")
    return base.Finished(node={"physical_id": task.node.physical_id, "data": data})


def _placement(node, server):
    """A node's placement with the zone that its server stands in.

    A zone that Nova chose is told, but binds no later server of the node: the hosts
    of that zone may be what was lost.
    """
    placement = dict(node.data.get("placement") or {})
    zone = server.get("OS-EXT-AZ:availability_zone")
    if zone and not _chosen_zone(placement):
        placement |= {"zone": zone, "zone_chosen_by": _COMPUTE}
    return placement


def _chosen_zone(placement):
    """The zone that a policy wants a node in, None if Nova may choose."""
    return None if placement.get("zone_chosen_by") == _COMPUTE else placement.get("zone")


def _extra(profile, task):
    """Servers that bear the node's mark too: results of calls taken for lost."""
    keep = (task.node.physical_id, *task.state.get("excluded", ()))
    return servers.marked(task.cloud, server_name(profile, task.node), task.node.id, keep)


def _failed_build(task, server):
    """Another try may be luckier, perhaps on another host, unless a user has to act."""
    reason, message = servers.fault_reason(server), servers.fault_of(server)
    if _LATE_QUOTA.search(message):
        return _abandon(task, reason, message, retryable=True, pause=_spread(server["id"]))
    return _abandon(task, reason, message, retryable=reason not in _FOR_THE_USER)


def _spread(server_id):
    """Seconds until another server is asked for in the place of this one."""
    return _LATE_QUOTA_SPREAD * zlib.crc32(server_id.encode()) / 2**32


def _abandon(task, reason, message, stage="discard", retryable=None, pause=None):
    told = {"reason": str(reason), "message": message, "retryable": retryable}
    return stages.go(task, stage, failure=told, pause=pause)


def _give_up(task, error):
    """The cloud refused: take the ports away, then fail with its words."""
    if not networks.records(task.node):
        raise stages.failed(error)
    return _abandon(task, error.reason, error.message, "release")


def _discard(profile, task):
    """Delete a server that failed to build."""
    try:
        task.cloud.compute.delete_server(task.node.physical_id)
    except errors.CloudError as error:
        if error.retryable:
            raise
        return _keep_failed(task)
    return stages.go(task, "discarded", observe=True, deadline=stages.deadline(task))


def _discarded(profile, task):
    if servers.is_gone(task.observed):
        return stages.go(task, "release", after=task.state.get("pause"))
    if stages.is_late(task):
        return _keep_failed(task)
    return stages.stay(task)


def _keep_failed(task):
    """The server that failed does not go: it stays the node's, who gets no other one.

    Another try would put a new server in its place, and nobody would know of this one.
    """
    return stages.go(task, "release", failure={**task.state["failure"], "retryable": False})


def _release(profile, task):
    """Delete the ports, one in a call, and fail at last.

    Ports that the network service keeps, such as those of a server that does
    not go, stay recorded: the node's deletion takes them away.
    """
    try:
        records = networks.release_one(task.cloud, task.node)
    except errors.CloudError as error:
        if error.retryable:
            raise
        records = None
    if records is not None:
        data = stages.with_data(task.node, internal_ports=records or None)
        return stages.go(task, "release", node={"data": data}, step=task.state.get("step", 0) + 1)
    told = task.state["failure"]
    node = {"physical_id": task.node.physical_id} if task.node.physical_id else {}
    raise stages.failure(
        consts.ReasonClass(told["reason"]), told["message"], node, told["retryable"]
    )


_STAGES = {
    "prepare": _prepare,
    "confirm": _confirm,
    "wait": _wait,
    "discard": _discard,
    "discarded": _discarded,
    "release": _release,
}


def server_body(profile, task):
    """What is asked of the compute service: (server, scheduler hints).

    :raises CloudError: if something that the spec names does not exist.
    """
    properties = profile.properties
    node, cloud = task.node, task.cloud
    placement = node.data.get("placement") or {}
    body = {
        "name": server_name(profile, node),
        "flavorRef": cloud.look_up("flavor", properties["flavor"])["id"],
        "metadata": {**user_metadata(profile), **servers.marks(node)},
        "OS-DCF:diskConfig": disk_config(profile),
        "networks": [
            networks.server_network(cloud, node, entry, slot)
            for slot, entry in enumerate(profile.networks)
        ],
    }
    if properties["image"]:
        body["imageRef"] = cloud.look_up("image", properties["image"])["id"]
    zone = _chosen_zone(placement) or properties["availability_zone"]
    if zone:
        body["availability_zone"] = zone
    if properties["admin_pass"]:
        body["adminPass"] = properties["admin_pass"]
    if properties["block_device_mapping_v2"]:
        body["block_device_mapping_v2"] = [
            _block_device(cloud, device) for device in properties["block_device_mapping_v2"]
        ]
    if properties["config_drive"] is not None:
        body["config_drive"] = properties["config_drive"]
    if properties["key_name"]:
        body["key_name"] = properties["key_name"]
    if properties["personality"]:
        body["personality"] = properties["personality"]
    if properties["security_groups"]:
        body["security_groups"] = [{"name": name} for name in properties["security_groups"]]
    if properties["user_data"]:
        body["user_data"] = base64.b64encode(properties["user_data"].encode()).decode()
    hints = dict(properties["scheduler_hints"] or {})
    if placement.get("servergroup"):
        hints["group"] = placement["servergroup"]
    return body, hints


def disk_config(profile):
    """The word of the compute API for the spec's ``auto_disk_config``."""
    return "AUTO" if profile.properties["auto_disk_config"] else "MANUAL"


def user_metadata(profile):
    """The metadata of the spec, as the texts that servers carry."""
    metadata = profile.properties["metadata"] or {}
    return {str(key): _text(value) for key, value in metadata.items()}


def _text(value):
    return value if isinstance(value, str) else str(value)


def _block_device(cloud, device):
    result = {key: value for key, value in device.items() if value is not None}
    if "volume_type" in result:
        result["volume_type"] = cloud.look_up("volume_type", result["volume_type"])["name"]
    if result["source_type"] == "image" and "uuid" in result:
        result["uuid"] = cloud.look_up("image", result["uuid"])["id"]
    if result["source_type"] == "volume" and "uuid" in result:
        volume = cloud.block_storage.volume(result["uuid"])
        if volume is None or volume["status"] != "available":
            state = "does not exist" if volume is None else f"is {volume['status']}"
            raise errors.CloudError(
                f"The volume '{result['uuid']}' {state}.",
                status=400,
                reason=consts.ReasonClass.INVALID,
                service="block-storage",
            )
    return result
