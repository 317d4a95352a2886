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

"""Ports, also those that compute makes for its servers."""

import functools
import ipaddress
import random

from senlin.sandbox import web
from senlin.sandbox.network import errors
from senlin.sandbox.network import listing
from senlin.sandbox.network import state

_BINDING = ("binding:host_id", "binding:profile", "binding:vif_details", "binding:vif_type")
_BOUND = {"binding:vif_type": "other", "status": "ACTIVE"}
_UNBOUND = {"binding:vif_type": "unbound", "status": "DOWN"}


class PortRoutes(state.State):
    """``/v2.0/ports``."""

    def find_port(self, port_id):
        """Give a port as stored, or None."""
        return self.tables["port"].get(port_id)

    def port_with(self, network_id, address):
        """Give the port of a network that has an address, or None."""
        for port_id in self.ports_of_network.ids(network_id):
            port = self.tables["port"][port_id]
            if any(one["ip_address"] == address for one in port["fixed_ips"]):
                return port
        return None

    def allocate_port(
        self, network_id, project_id, device_id, device_owner, host,
        fixed_ip=None, security_groups=None,
    ):  # fmt: skip
        """Make a bound port for a server.

        :param fixed_ip: the one address it must have, or None.
        :param security_groups: list of ids or names, None for the default one.
        :raises Fault: 404 network or group, 409 no address left or over quota.
        """
        wanted = {"device_id": device_id, "device_owner": device_owner or ""}
        if fixed_ip:
            wanted["fixed_ips"] = [{"ip_address": fixed_ip}]
        with self.store.lock:
            network = self.tables["network"].get(network_id)
            if network is None:
                raise errors.not_found("network", network_id)
            if security_groups is not None:
                wanted["security_groups"] = [
                    self.find_security_group(reference, project_id)["id"]
                    for reference in security_groups
                ]
            if host:
                wanted["binding:host_id"] = host
            self.check_quota("port", project_id)
            return self.add_port(network, project_id, wanted)

    def bind_port(self, port_id, device_id, device_owner, host):
        """Bind a port to a device, or with None unbind it; gives the port.

        :raises Fault: 404.
        """
        with self.store.lock:
            former = self.tables["port"].get(port_id)
            if former is None:
                raise errors.not_found("port", port_id)
            values = {"device_id": device_id or "", "device_owner": device_owner or ""}
            values["binding:host_id"] = host or ""
            port = self.changed(former, **values, **(_BOUND if host else _UNBOUND))
            self.save("port", port, former)
            return port

    def release_port(self, port_id):
        """Delete a port, if it is there."""
        with self.store.lock:
            port = self.tables["port"].get(port_id)
            if port is not None:
                self._drop_port(port)

    def _drop_port(self, port):
        for floating_id in self.floating_of_port.ids(port["id"]):
            self.associate(self.tables["floatingip"][floating_id], None, None)
        self.remove("port", port)

    def add_port(self, network, project_id, wanted):
        """Store a port from checked attributes; callers hold the lock."""
        values = dict(wanted)
        owner = values.get("device_owner", "")
        groups = values.pop("security_groups", None)
        if groups is None:
            groups = []
            if network["port_security_enabled"] and not owner.startswith("network:"):
                groups = [self.default_group(project_id)["id"]]
        fixed_ips = self._take_addresses(network, values.pop("fixed_ips", None))
        host = values.get("binding:host_id")
        port = {
            **self.born(project_id),
            "network_id": network["id"],
            "admin_state_up": True,
            "mac_address": "fa:16:3e:%02x:%02x:%02x" % tuple(random.randbytes(3)),
            "device_id": "",
            "device_owner": "",
            "fixed_ips": fixed_ips,
            "security_groups": groups,
            "allowed_address_pairs": [],
            "extra_dhcp_opts": [],
            "port_security_enabled": network["port_security_enabled"],
            "dns_name": "",
            "dns_assignment": [],
            "ip_allocation": "immediate",
            "qos_policy_id": None,
            "qos_network_policy_id": None,
            "resource_request": None,
            "binding:vnic_type": "normal",
            "binding:host_id": "",
            "binding:profile": {},
            "binding:vif_details": {},
            **(_BOUND if host else _UNBOUND),
            **values,
        }
        self.save("port", port)
        return port

    def _take_addresses(self, network, wanted):
        """Take the addresses a new port wants: one of each IP version if not said."""
        subnets = [self.tables["subnet"][key] for key in network["subnets"]]
        taken = []
        try:
            if wanted is None:
                for version in (4, 6):
                    mine = [one for one in subnets if one["ip_version"] == version]
                    if mine:
                        taken.append(self._take_any(network, mine))
            else:
                for entry in wanted:
                    taken.append(self._take_one(network, subnets, entry))
        except web.Fault:
            self._give_back(taken)
            raise
        return taken

    def _give_back(self, fixed_ips):
        for fixed in fixed_ips:
            self.addresses.give_back(fixed["subnet_id"], fixed["ip_address"])

    def _take_any(self, network, subnets):
        for subnet in subnets:
            address = self.addresses.take(subnet["id"])
            if address is not None:
                return {"subnet_id": subnet["id"], "ip_address": address}
        raise errors.conflict(
            "IpAddressGenerationFailure",
            f"No more IP addresses available on network {network['id']}.",
        )

    def _take_one(self, network, subnets, entry):
        if not isinstance(entry, dict) or not entry.keys() & {"subnet_id", "ip_address"}:
            raise errors.invalid_input("IP allocation requires subnet_id or ip_address")
        address, subnet_id = entry.get("ip_address"), entry.get("subnet_id")
        if subnet_id is not None:
            subnets = [subnet for subnet in subnets if subnet["id"] == subnet_id]
            if not subnets:
                raise errors.invalid_input(
                    f"Failed to create port on network {network['id']}, because fixed_ips "
                    f"included invalid subnet {subnet_id}"
                )
        if address is None:
            return self._take_any(network, subnets)
        for subnet in subnets:
            if self.addresses.contains(subnet["id"], address):
                taken = self.addresses.take(subnet["id"], address)
                return {"subnet_id": subnet["id"], "ip_address": taken}
        raise errors.bad_request(
            f"IP address {address} is not a valid IP for any of the subnets on the specified "
            "network.",
            "InvalidIpForNetwork",
        )

    def _shown_port(self, request, port):
        if request.token.is_admin:
            return port
        return {name: value for name, value in port.items() if name not in _BINDING}

    @web.route("GET", "/ports")
    def list_ports(self, request):
        """List ports; by device or network without a look at the others."""
        query = request.query
        records = None
        for name, index in (
            ("device_id", self.ports_of_device),
            ("network_id", self.ports_of_network),
        ):
            if query.get(name):
                with self.store.lock:
                    keys = [key for value in query.getall(name) for key in index.ids(value)]
                    records = [self.tables["port"][key] for key in keys]
                break
        if records is None and "id" in query:
            keys = dict.fromkeys(query.getall("id"))
            found = (self.tables["port"].get(key) for key in keys)
            records = [port for port in found if port is not None]
        found = self.seen(request, "port", records)
        present = functools.partial(self._shown_port, request)
        return self.listed(request, "port", found, present)

    @web.route("GET", "/ports/{key}")
    def show_port(self, request, key):
        """Show a port."""
        port = self._shown_port(request, self.mine(request, "port", key))
        return {"port": listing.shown(request, port)}

    @web.route("POST", "/ports")
    def create_port(self, request):
        """Make ports."""
        self.require_writer(request, "create_port")
        items, bulk = self.items_wanted(request, "port")
        made = []
        with self.store.lock:
            for wanted in items:
                made.append(self._shown_port(request, self._create_port(request, wanted)))
        return web.Response(201, {"ports": made} if bulk else {"port": made[0]})

    def _create_port(self, request, wanted):
        network_id = wanted.pop("network_id", None)
        if network_id is None:
            raise errors.bad_request("Failed to parse request. Required attribute 'network_id'")
        network = self.mine(request, "network", network_id)
        token = request.token
        shared = network["shared"] or network["project_id"] == token.project_id
        if not shared and not token.is_admin:
            raise errors.not_allowed("create_port")
        project_id = self.owner(request, wanted, "port")
        self._check_groups(request, wanted)
        self.check_quota("port", project_id)
        return self.add_port(network, project_id, wanted)

    def _check_groups(self, request, wanted):
        for group_id in wanted.get("security_groups", ()):
            self.mine(request, "security_group", group_id)

    @web.route("PUT", "/ports/{key}")
    def update_port(self, request, key):
        """Change a port."""
        wanted = self.item_wanted(request, "port")
        with self.store.lock:
            former = self.mine(request, "port", key, to_change=True)
            self._check_groups(request, wanted)
            values = dict(wanted)
            if "fixed_ips" in values:
                values["fixed_ips"] = self._moved_addresses(former, values["fixed_ips"])
            if "binding:host_id" in values:
                values["binding:host_id"] = values["binding:host_id"] or ""
                values.update(_BOUND if values["binding:host_id"] else _UNBOUND)
            port = self.changed(former, **values)
            self.save("port", port, former)
        return {"port": self._shown_port(request, port)}

    def _moved_addresses(self, port, wanted):
        """Give the new addresses of a port; those it keeps stay taken."""
        network = self.tables["network"][port["network_id"]]
        had = {fixed["ip_address"]: fixed for fixed in port["fixed_ips"]}
        kept, new = [], []
        for entry in wanted:
            address = entry.get("ip_address") if isinstance(entry, dict) else None
            if _plain(address) in had:
                kept.append(had.pop(_plain(address)))
            else:
                new.append(entry)
        taken = self._take_addresses(network, new)
        self._give_back(had.values())
        return kept + taken

    @web.route("DELETE", "/ports/{key}")
    def delete_port(self, request, key):
        """Remove a port; its floating IPs are free again."""
        with self.store.lock:
            port = self.mine(request, "port", key, to_change=True)
            if port["device_owner"].startswith("compute:") and not request.token.is_admin:
                raise errors.not_allowed("delete_port")
            if port["device_owner"].startswith("network:router"):
                raise errors.conflict(
                    "ServicePortInUse",
                    f"Port {key} cannot be deleted directly via the port API: has device owner "
                    f"{port['device_owner']}.",
                )
            self._drop_port(port)


def _plain(address):
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
