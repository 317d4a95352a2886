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

"""The network interfaces of servers, made and bound through the network service.

What compute needs of the network service is :class:`Network`; it never looks
into that service's tables.
"""

from typing import Protocol

from senlin.sandbox import web


class Network(Protocol):
    """What the simulated network service offers to compute.

    Networks, ports and floating IPs are plain dicts in the API's own shape.
    All raise :class:`senlin.sandbox.web.Fault` when they cannot.
    """

    def find_network(self, network_id):
        """Give the network, or None."""

    def networks_of(self, project_id):
        """Give the networks a project may use: its own and shared ones."""

    def find_port(self, port_id):
        """Give the port, or None."""

    def port_with(self, network_id, address):
        """Give the port of a network that has an address, or None."""

    def allocate_port(
        self, network_id, project_id, device_id, device_owner, host, fixed_ip, security_groups
    ):
        """Make a bound port; ``fixed_ip`` and ``security_groups`` may be None."""

    def bind_port(self, port_id, device_id, device_owner, host):
        """Bind an existing port to a device (all None unbinds it); gives the port."""

    def release_port(self, port_id):
        """Delete a port; one that is gone is no error."""

    def floating_ips_of(self, port_id):
        """Give the floating IPs associated with a port."""

    def find_security_group(self, reference, project_id):
        """Give a project's security group by id or name."""

    def changed(self, record, **values):
        """Give a record with new values and the next revision."""

    def save(self, kind, record, former):
        """Keep a changed record."""


class Ports:
    """Plugs servers into networks.

    :param network: a :class:`Network`.
    :param hosts: tells the zone of a host, for the port's ``device_owner``.
    """

    def __init__(self, network, hosts):
        self._network = network
        self._hosts = hosts

    def resolve(self, wanted, project_id, is_admin):
        """Check the networks part of a request before anything is made.

        :param wanted: ``"auto"``, ``"none"``, None (before 2.37) or a list of
            ``{uuid, port, fixed_ip, tag}``.
        :returns: list of dicts of the same keys, networks and ports known to exist.
        :raises Fault: 400, 403 or 409 as nova words them.
        """
        if wanted == "none":
            return []
        if not wanted or wanted == "auto":
            return self._only_network(project_id)
        return [self._resolve_one(entry, project_id, is_admin) for entry in wanted]

    def has_port(self, port_id, project_id, is_admin):
        """True when a project may use a port with this id."""
        port = self._network.find_port(port_id)
        return port is not None and (is_admin or port["project_id"] == project_id)

    def _only_network(self, project_id):
        networks = self._network.networks_of(project_id)
        if len(networks) > 1:
            raise web.Fault(
                409, "Multiple possible networks found, use a Network ID to be more specific."
            )
        return [{"uuid": network["id"]} for network in networks]

    def _resolve_one(self, entry, project_id, is_admin):
        port_id = entry.get("port")
        if port_id:
            if not self.has_port(port_id, project_id, is_admin):
                raise web.Fault(400, f"Port id {port_id} could not be found.")
            port = self._network.find_port(port_id)
            if port.get("device_id"):
                raise web.Fault(409, f"Port {port_id} is still in use.")
            if not port.get("fixed_ips"):
                raise web.Fault(400, f"Port {port_id} requires a FixedIP in order to be used.")
            return {"port": port_id, "tag": entry.get("tag")}
        network_id = entry.get("uuid")
        network = self._network.find_network(network_id) if network_id else None
        usable = network is not None and (
            is_admin
            or network.get("shared")
            or network.get("router:external")
            or network.get("project_id") == project_id
        )
        if not usable:
            raise web.Fault(400, f"Network {network_id} could not be found.")
        address = entry.get("fixed_ip")
        holder = self._network.port_with(network_id, address) if address else None
        if holder is not None:
            raise web.Fault(
                400,
                f"Fixed IP address {address} is already in use on instance {holder['device_id']}.",
            )
        if network.get("router:external") and not (is_admin or network.get("shared")):
            raise web.Fault(
                403,
                f"It is not allowed to create an interface on external network {network_id}",
            )
        return {**entry, "uuid": network_id}

    def plug(self, server, resolved, host, security_groups=None):
        """Make or bind the port of one resolved entry.

        :returns: the ``nic`` kept in the server's record.
        """
        owner = f"compute:{self._hosts.zone_of(host)}" if host else "compute:"
        port_id = resolved.get("port")
        if port_id:
            port = self._network.bind_port(port_id, server["id"], owner, host)
        else:
            port = self._network.allocate_port(
                resolved["uuid"],
                server["project_id"],
                server["id"],
                owner,
                host,
                resolved.get("fixed_ip"),
                security_groups,
            )
        network = self._network.find_network(port["network_id"])
        return {
            "port_id": port["id"],
            "network_id": port["network_id"],
            "label": network["name"] if network else port["network_id"],
            "mac": port["mac_address"],
            "ips": [
                {**ip, "version": 6 if ":" in ip["ip_address"] else 4} for ip in port["fixed_ips"]
            ],
            "made": not port_id,
            "tag": resolved.get("tag"),
        }

    def unplug(self, nic):
        """Delete the port nova made, or unbind the one the user gave."""
        if nic["made"]:
            self._network.release_port(nic["port_id"])
        elif self._network.find_port(nic["port_id"]) is not None:
            self._network.bind_port(nic["port_id"], None, None, None)

    def unplug_all(self, server):
        """Unplug every interface of a server."""
        for nic in server["nics"]:
            self.unplug(nic)

    def move(self, server, host):
        """Bind the server's ports to another host."""
        owner = f"compute:{self._hosts.zone_of(host)}"
        for nic in server["nics"]:
            if self._network.find_port(nic["port_id"]) is not None:
                self._network.bind_port(nic["port_id"], server["id"], owner, host)

    def state_of(self, nic):
        """Give the port's status, e.g. ACTIVE; DOWN when the port is gone."""
        port = self._network.find_port(nic["port_id"])
        return port["status"] if port else "DOWN"

    def floating_ips(self, server):
        """Give (port id, floating address) pairs of a server, as a tuple."""
        found = ()
        for nic in server["nics"]:
            for ip in self._network.floating_ips_of(nic["port_id"]):
                found += ((nic["port_id"], ip["floating_ip_address"]),)
        return found

    def security_group(self, reference, project_id, status=400):
        """Give a security group by id or name.

        :param status: the status of the fault when there is none.
        :raises Fault: with that status, or 409 when the name is ambiguous.
        """
        try:
            return self._network.find_security_group(reference, project_id)
        except web.Fault as fault:
            if fault.status != 404:
                raise
            message = f"Security group {reference} not found for project {project_id}."
            raise web.Fault(status, message) from None

    def set_security_group(self, server, group_id, present):
        """Put all ports of a server into a security group, or take them out."""
        for nic in server["nics"]:
            port = self._network.find_port(nic["port_id"])
            if port is None or (group_id in port["security_groups"]) == present:
                continue
            groups = [one for one in port["security_groups"] if one != group_id]
            if present:
                groups.append(group_id)
            self._network.save("port", self._network.changed(port, security_groups=groups), port)
