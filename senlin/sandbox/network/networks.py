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

"""Networks and subnets."""

import functools
import ipaddress

from senlin.sandbox import web
from senlin.sandbox.network import addresses
from senlin.sandbox.network import errors
from senlin.sandbox.network import listing
from senlin.sandbox.network import state

_ADMIN_ONLY = ("provider:network_type", "provider:physical_network", "provider:segmentation_id")
# Ports with these owners go away with their network.
_AUTOMATIC = ("network:dhcp", "network:distributed")


def network_record(born, **values):
    """Give a network as it is stored; ``born`` has what all resources have."""
    segment = int(born["id"].replace("-", "")[:6], 16) % 4000 + 1
    return {
        **born,
        "admin_state_up": True,
        "status": "ACTIVE",
        "shared": False,
        "router:external": False,
        "is_default": False,
        "mtu": 1450,
        "subnets": [],
        "port_security_enabled": True,
        "availability_zone_hints": [],
        "availability_zones": ["nova"],
        "ipv4_address_scope": None,
        "ipv6_address_scope": None,
        "qos_policy_id": None,
        "dns_domain": "",
        "vlan_transparent": None,
        "l2_adjacency": True,
        "provider:network_type": "vxlan",
        "provider:physical_network": None,
        "provider:segmentation_id": segment,
        **values,
    }


def subnet_record(born, **values):
    """Give a subnet as it is stored, its gateway and pools worked out."""
    prefix = ipaddress.ip_network(values["cidr"])
    first = str(prefix.network_address + 1)
    gateway = values.pop("gateway_ip", first)
    record = {
        **born,
        "ip_version": prefix.version,
        "gateway_ip": gateway,
        "enable_dhcp": True,
        "allocation_pools": addresses.usual_pools(values["cidr"], gateway),
        "dns_nameservers": [],
        "host_routes": [],
        "ipv6_ra_mode": None,
        "ipv6_address_mode": None,
        "subnetpool_id": None,
        "segment_id": None,
        "service_types": [],
        "dns_publish_fixed_ip": False,
        "router:external": False,
    }
    record.update(values)
    return record


class NetworkRoutes(state.State):
    """``/v2.0/networks`` and ``/v2.0/subnets``."""

    def find_network(self, network_id):
        """Give a network as stored, or None."""
        return self.tables["network"].get(network_id)

    def networks_of(self, project_id):
        """Give the networks a project may plug servers into."""
        return [
            network
            for network in list(self.tables["network"].values())
            if network["project_id"] == project_id
            or (network["shared"] and not network["router:external"])
        ]

    def _shown_network(self, request, network):
        if request.token.is_admin:
            return network
        return {name: value for name, value in network.items() if name not in _ADMIN_ONLY}

    @web.route("GET", "/networks")
    def list_networks(self, request):
        """List own, shared and external networks."""
        present = functools.partial(self._shown_network, request)
        return self.listed(request, "network", self.seen(request, "network"), present)

    @web.route("GET", "/networks/{key}")
    def show_network(self, request, key):
        """Show a network."""
        network = self._shown_network(request, self.mine(request, "network", key))
        return {"network": listing.shown(request, network)}

    @web.route("POST", "/networks")
    def create_network(self, request):
        """Make networks."""
        self.require_writer(request, "create_network")
        items, bulk = self.items_wanted(request, "network")
        made = []
        with self.store.lock:
            for wanted in items:
                project_id = self.owner(request, wanted, "network")
                self.check_quota("network", project_id)
                network = network_record(self.born(project_id), **wanted)
                self.save("network", network)
                made.append(self._shown_network(request, network))
        return web.Response(201, {"networks": made} if bulk else {"network": made[0]})

    @web.route("PUT", "/networks/{key}")
    def update_network(self, request, key):
        """Change a network."""
        wanted = self.item_wanted(request, "network")
        with self.store.lock:
            former = self.mine(request, "network", key, to_change=True)
            network = self.changed(former, **wanted)
            self.save("network", network)
        return {"network": self._shown_network(request, network)}

    @web.route("DELETE", "/networks/{key}")
    def delete_network(self, request, key):
        """Remove a network that has no ports, with its subnets."""
        with self.store.lock:
            network = self.mine(request, "network", key, to_change=True)
            ports = [self.tables["port"][one] for one in self.ports_of_network.ids(key)]
            busy = [port["id"] for port in ports if port["device_owner"] not in _AUTOMATIC]
            if busy:
                raise errors.conflict(
                    "NetworkInUse",
                    f"Unable to complete operation on network {key}. There are one or more "
                    f"ports still in use on the network, id of ports: {', '.join(busy)}.",
                )
            for port in ports:
                self.remove("port", port)
            for subnet_id in network["subnets"]:
                self._drop_subnet(self.tables["subnet"][subnet_id])
            self.remove("network", network)

    def _drop_subnet(self, subnet):
        self.remove("subnet", subnet)
        self.addresses.remove_subnet(subnet["id"])

    @web.route("GET", "/subnets")
    def list_subnets(self, request):
        """List the subnets of own and shared networks."""
        return self.listed(request, "subnet", self.seen(request, "subnet"))

    @web.route("GET", "/subnets/{key}")
    def show_subnet(self, request, key):
        """Show a subnet."""
        subnet = self.mine(request, "subnet", key)
        return {"subnet": listing.shown(request, subnet)}

    @web.route("POST", "/subnets")
    def create_subnet(self, request):
        """Make subnets."""
        self.require_writer(request, "create_subnet")
        items, bulk = self.items_wanted(request, "subnet")
        made = []
        with self.store.lock:
            for wanted in items:
                made.append(self._create_subnet(request, wanted))
        return web.Response(201, {"subnets": made} if bulk else {"subnet": made[0]})

    def _create_subnet(self, request, wanted):
        network_id = wanted.get("network_id")
        if network_id is None:
            raise errors.bad_request("Failed to parse request. Required attribute 'network_id'")
        network = self.mine(request, "network", network_id)
        if network["project_id"] != request.token.project_id and not request.token.is_admin:
            raise errors.not_allowed("create_subnet")
        if "cidr" not in wanted:
            raise errors.bad_request("A cidr must be specified in the absence of a subnet pool")
        version = ipaddress.ip_network(wanted["cidr"]).version
        if wanted.get("ip_version", version) != version:
            raise errors.invalid_input(
                f"cidr '{wanted['cidr']}' does not match the ip_version '{wanted['ip_version']}'"
            )
        self._check_overlap(network, wanted["cidr"])
        _check_pools(wanted["cidr"], wanted.get("allocation_pools", ()))
        project_id = self.owner(request, wanted, "subnet")
        self.check_quota("subnet", project_id)
        subnet = self.add_subnet(network, self.born(project_id), wanted)
        return subnet

    def add_subnet(self, network, born, wanted):
        """Store a subnet and enter it at its network; callers hold the lock."""
        subnet = subnet_record(born, **wanted)
        self.addresses.add_subnet(subnet)
        self.save("subnet", subnet)
        # Whoever adds subnets one by one has the network as it was before.
        network = self.tables["network"][network["id"]]
        subnets = [*network["subnets"], subnet["id"]]
        self.save("network", self.changed(network, subnets=subnets))
        return subnet

    def _check_overlap(self, network, cidr):
        prefix = ipaddress.ip_network(cidr)
        for subnet_id in network["subnets"]:
            other = self.tables["subnet"][subnet_id]
            if prefix.overlaps(ipaddress.ip_network(other["cidr"])):
                raise errors.invalid_input(
                    f"Requested subnet with cidr: {cidr} for network: {network['id']} overlaps "
                    f"with another subnet (ID: {subnet_id}, CIDR: {other['cidr']})"
                )

    @web.route("PUT", "/subnets/{key}")
    def update_subnet(self, request, key):
        """Change a subnet."""
        wanted = self.item_wanted(request, "subnet")
        with self.store.lock:
            former = self.mine(request, "subnet", key, to_change=True)
            _check_pools(former["cidr"], wanted.get("allocation_pools", ()))
            subnet = self.changed(former, **wanted)
            self.save("subnet", subnet)
            if "allocation_pools" in wanted:
                self.addresses.add_subnet(subnet)
        return {"subnet": subnet}

    @web.route("DELETE", "/subnets/{key}")
    def delete_subnet(self, request, key):
        """Remove a subnet in which no port has an address."""
        with self.store.lock:
            subnet = self.mine(request, "subnet", key, to_change=True)
            for port_id in self.ports_of_network.ids(subnet["network_id"]):
                port = self.tables["port"][port_id]
                if any(fixed["subnet_id"] == key for fixed in port["fixed_ips"]):
                    raise errors.conflict(
                        "SubnetInUse",
                        f"Unable to complete operation on subnet {key}: One or more ports have "
                        "an IP allocation from this subnet.",
                    )
            self._drop_subnet(subnet)
            network = self.tables["network"][subnet["network_id"]]
            subnets = [one for one in network["subnets"] if one != key]
            self.save("network", self.changed(network, subnets=subnets))


def _check_pools(cidr, pools):
    prefix = ipaddress.ip_network(cidr)
    for pool in pools:
        try:
            start = ipaddress.ip_address(pool["start"])
            end = ipaddress.ip_address(pool["end"])
        except (KeyError, TypeError, ValueError):
            raise errors.invalid_input(f"'{pool}' is not an allocation pool") from None
        if start not in prefix or end not in prefix or start > end:
            raise errors.bad_request(
                f"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.",
                "OutOfBoundsAllocationPool",
            )
