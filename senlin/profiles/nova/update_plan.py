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

"""From two specs and a server to the steps that make up the difference.

Only what differs becomes a step. The server is stopped for a new image or
flavor only, and started again if that stopped it.
"""

import dataclasses

from senlin.common import consts
from senlin.profiles.nova import create
from senlin.profiles.nova import networks
from senlin.profiles.nova import operations
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What an update is made from."""

    old: object
    new: object
    cloud: object
    node: object
    server: dict
    new_name: str | None = None


def make(change):
    """The steps as JSON objects; ``do`` says which.

    :raises ProcedureFailed: if the server's state does not allow them.
    :raises CloudError: if something that the new spec names does not exist.
    """
    image = _image_step(change)
    rename = _rename_step(change, image)
    resize = _resize_step(change)
    steps = []
    disturbing = [step for step in (image, resize) if step]
    if disturbing and change.server["status"] not in ("ACTIVE", "SHUTOFF"):
        raise stages.failure(
            consts.ReasonClass.CONFLICT,
            f"The server is {change.server['status']}; it must be ACTIVE or SHUTOFF "
            "to get another image or flavor.",
        )
    was_running = change.server["status"] == "ACTIVE"
    if disturbing and was_running:
        steps.append({"do": "stop"})
    steps += [step for step in (image, rename, resize) if step]
    if resize:
        steps.append({"do": "confirm", "flavor": resize["flavor"]})
    steps += _network_steps(change)
    metadata = _metadata_step(change)
    if metadata:
        steps.append(metadata)
    if disturbing and was_running:
        steps.append({"do": "start"})
    return steps


def _image_step(change):
    wanted = change.new.properties["image"]
    if not wanted:
        return None
    image = change.cloud.look_up("image", wanted)["id"]
    from_volume = not change.server.get("image")
    if from_volume and wanted == change.old.properties["image"]:
        return None
    if image == operations.image_of(change.cloud, change.server):
        return None
    return {
        "do": "rebuild",
        "image": image,
        "name": _name(change.new, change.node, change.new_name),
        "volume": from_volume,
    }


def _name(profile, node, new_name=None):
    return profile.properties["name"] or new_name or node.name


def _rename_step(change, image_step):
    wanted = _name(change.new, change.node, change.new_name)
    changed = wanted != create.server_name(change.old, change.node)
    if image_step or not changed or change.server["name"] == wanted:
        return None
    return {"do": "rename", "name": wanted}


def _resize_step(change):
    if change.new.properties["flavor"] == change.old.properties["flavor"]:
        return None
    flavor = change.cloud.look_up("flavor", change.new.properties["flavor"])["id"]
    if flavor == change.server["flavor"]["id"]:
        return None
    return {"do": "resize", "flavor": flavor, "from": change.server["flavor"]["id"]}


def _metadata_step(change):
    old, new = create.user_metadata(change.old), create.user_metadata(change.new)
    if old == new:
        return None
    live = change.server["metadata"]
    wanted = {key: value for key, value in live.items() if key not in old}
    wanted.update(new)
    wanted.update(servers.marks(change.node))
    return None if wanted == live else {"do": "metadata", "metadata": wanted}


def _network_steps(change):
    removed, added = list(change.old.networks), []
    for entry in change.new.networks:
        if entry in removed:
            removed.remove(entry)
        else:
            added.append(entry)
    if not removed and not added:
        return []
    steps = []
    ports = Ports(change.cloud, change.node)
    for entry in list(added):
        twin = next((one for one in removed if _but_groups(one) == _but_groups(entry)), None)
        if twin is None:
            continue
        removed.remove(twin)
        added.remove(entry)
        port = ports.take(twin)
        if port is not None:
            groups = networks.group_ids(change.cloud, entry) or [
                change.cloud.look_up("security_group", "default")["id"]
            ]
            steps.append({"do": "groups", "port": port["id"], "groups": groups})
    for entry in removed:
        port = ports.take(entry)
        if port is not None:
            steps.append({"do": "detach", "port": port["id"], "slot": port["slot"]})
    slots = [one.get("nic", -1) for one in networks.records(change.node)]
    slot = max([*slots, len(change.old.networks), len(change.new.networks)]) + 1
    for number, entry in enumerate(added):
        steps.append(
            {"do": "attach", "entry": entry, "slot": slot + number, "known": ports.live_ids}
        )
    return steps


def _but_groups(entry):
    return {key: value for key, value in entry.items() if key != "security_groups"}


class Ports:
    """Which of the server's ports stands for which entry of the old spec."""

    def __init__(self, cloud, node):
        self._cloud = cloud
        self._live = cloud.compute.interfaces(node.physical_id)
        self._records = networks.records(node)
        self._taken = set()
        self.live_ids = [one["port_id"] for one in self._live]

    def take(self, entry):
        """The port of an entry as {id, slot}, None if the server has none such.

        Recorded ports come first; each port is taken once.
        """
        network = entry["network"] and self._cloud.look_up("network", entry["network"])["id"]
        for record in self._records:
            if record["id"] not in self._taken and self._fits(entry, network, record):
                self._taken.add(record["id"])
                return {"id": record["id"], "slot": record.get("nic")}
        wanted_port = entry["port"] and networks.given_port(self._cloud, entry)["id"]
        recorded = {one["id"] for one in self._records}
        for one in self._live:
            port = one["port_id"]
            if port in self._taken or port in recorded:
                continue
            addresses = [address["ip_address"] for address in one.get("fixed_ips") or ()]
            if wanted_port:
                fits = port == wanted_port
            else:
                fits = one["net_id"] == network and _has(entry["fixed_ip"], addresses)
            if fits:
                self._taken.add(port)
                return {"id": port, "slot": None}
        return None

    def _fits(self, entry, network, record):
        floating = record.get("floating") or {}
        if entry["floating_ip"] and floating.get("floating_ip_address") != entry["floating_ip"]:
            return False
        if bool(entry["floating_network"]) != bool(floating):
            return False
        if entry["port"]:
            return record["id"] == networks.given_port(self._cloud, entry)["id"]
        addresses = [one.get("ip_address") for one in record["fixed_ips"]]
        return record["network_id"] == network and _has(entry["fixed_ip"], addresses)


def _has(wanted, addresses):
    return not wanted or wanted in addresses
