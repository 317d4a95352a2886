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

"""NICs: from a spec's entry to a port, and back to nothing.

An entry that needs only a network (and perhaps an address) is left to the
compute service. For any other one a port is made first, named after the node
so that an interrupted step finds it, and recorded in the node's
``data.internal_ports`` with what has to be taken away in the end.
"""

from senlin.cloud import errors
from senlin.common import consts

RECORDS = "internal_ports"
_NEEDS_PORT = ("subnet", "vnic_type", "security_groups", "floating_network", "floating_ip")


def needs_record(entry):
    """Whether an entry needs work in the network service before a server is made."""
    if entry["port"]:
        return bool(entry["floating_network"] or entry["floating_ip"])
    return any(entry[key] for key in _NEEDS_PORT)


def records(node):
    """The ports recorded for a node."""
    return list(node.data.get(RECORDS) or ())


def record_of(node, slot):
    """The record of the NIC with this number, or None."""
    return next((one for one in records(node) if one.get("nic") == slot), None)


def port_name(node, slot):
    """What the port of a node's NIC is called: how it is found again."""
    return f"senlin-{node.id}-{slot}"


def server_network(cloud, node, entry, slot):
    """The entry of a server's ``networks`` for a NIC."""
    record = record_of(node, slot)
    if record is not None:
        return {"port": record["id"]}
    if entry["port"]:
        return {"port": given_port(cloud, entry)["id"]}
    result = {"uuid": cloud.look_up("network", entry["network"])["id"]}
    if entry["fixed_ip"]:
        result["fixed_ip"] = entry["fixed_ip"]
    return result


def advance(cloud, node, entry, slot, look):
    """Do the next thing for a NIC: at most one changing call.

    :param look: an earlier try may have happened: look for its result first.
    :returns: the new list of records, None if nothing is left to be done.
    :raises CloudError: if the network service refuses.
    """
    known = records(node)
    record = record_of(node, slot)
    if record is None:
        if not needs_record(entry):
            return None
        return [*known, _new_record(cloud, node, entry, slot, look)]
    if (entry["floating_network"] or entry["floating_ip"]) and "floating" not in record:
        changed = {**record, "floating": _floating(cloud, node, entry, record, look)}
        return [changed if one is record else one for one in known]
    return None


def release_one(cloud, node, only=None):
    """Take away the next thing that was made for a node: one changing call.

    Floating addresses go before their ports.

    :param only: the slot of one NIC; None = all of them.
    :returns: the new list of records, None if nothing is left.
    """
    known = records(node)
    chosen = [one for one in known if only is None or one.get("nic") == only]
    if not chosen:
        return None
    record = chosen[0]
    rest = [one for one in known if one is not record]
    floating = record.get("floating")
    if floating and floating.get("remove"):
        cloud.network.delete_floating_ip(floating["id"])
        slim = {key: value for key, value in record.items() if key != "floating"}
        return [slim, *rest]
    if record.get("remove"):
        cloud.network.delete_port(record["id"])
    return rest


def made_ports(cloud, node, slots):
    """Ports that bear a node's name but were never recorded."""
    known = {one["id"] for one in records(node)}
    found = []
    for slot in slots:
        for port in cloud.network.ports(name=port_name(node, slot)):
            if port["id"] in known:
                continue
            record = record_from(port, slot)
            for floating_ip in cloud.network.floating_ips(port_id=port["id"]):
                made_here = floating_ip.get("description") == port_name(node, slot)
                record["floating"] = _floating_record(floating_ip, made_here)
            found.append(record)
    return found


def record_from(port, slot, remove=True):
    """What is kept about a port."""
    record = {
        "nic": slot,
        "id": port["id"],
        "network_id": port["network_id"],
        "security_group_ids": list(port.get("security_groups") or ()),
        "fixed_ips": list(port.get("fixed_ips") or ()),
    }
    if remove:
        record["remove"] = True
    return record


def given_port(cloud, entry):
    """The existing port that an entry names.

    :raises CloudError: status 404 if there is none.
    """
    port = cloud.network.port(entry["port"])
    if port is None:
        raise errors.CloudError(
            f"The port '{entry['port']}' could not be found.",
            status=404,
            reason=consts.ReasonClass.NETWORK,
            service="network",
        )
    return port


def group_ids(cloud, entry):
    """The ids of an entry's security groups."""
    return [cloud.look_up("security_group", one)["id"] for one in entry["security_groups"] or ()]


def _new_record(cloud, node, entry, slot, look):
    if entry["port"]:
        return record_from(given_port(cloud, entry), slot, remove=False)
    name = port_name(node, slot)
    if look:
        found = cloud.network.ports(name=name)
        if found:
            return record_from(found[0], slot)
    body = {"name": name, "network_id": cloud.look_up("network", entry["network"])["id"]}
    address = {}
    if entry["subnet"]:
        address["subnet_id"] = cloud.look_up("subnet", entry["subnet"])["id"]
    if entry["fixed_ip"]:
        address["ip_address"] = entry["fixed_ip"]
    if address:
        body["fixed_ips"] = [address]
    if entry["security_groups"]:
        body["security_groups"] = group_ids(cloud, entry)
    if entry["vnic_type"]:
        body["binding:vnic_type"] = entry["vnic_type"]
    return record_from(cloud.network.create_port(body), slot)


def _floating(cloud, node, entry, record, look):
    mark = port_name(node, record["nic"])
    if look:
        found = cloud.network.floating_ips(port_id=record["id"])
        if found:
            return _floating_record(found[0], found[0].get("description") == mark)
    address = entry["floating_ip"]
    if address:
        found = cloud.network.floating_ips(floating_ip_address=address)
        if found:
            if found[0].get("port_id"):
                raise errors.CloudError(
                    f"The floating IP '{address}' is in use.",
                    status=409,
                    reason=consts.ReasonClass.NETWORK,
                    service="network",
                )
            changed = cloud.network.update_floating_ip(found[0]["id"], {"port_id": record["id"]})
            return _floating_record(changed, False)
    body = {
        "floating_network_id": cloud.look_up("network", entry["floating_network"])["id"],
        "port_id": record["id"],
        "description": mark,
    }
    if address:
        body["floating_ip_address"] = address
    return _floating_record(cloud.network.create_floating_ip(body), True)


def _floating_record(floating_ip, remove):
    record = {
        "id": floating_ip["id"],
        "floating_ip_address": floating_ip["floating_ip_address"],
        "floating_network_id": floating_ip["floating_network_id"],
    }
    if remove:
        record["remove"] = True
    return record
