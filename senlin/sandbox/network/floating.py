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

"""Floating IPs, and routers to look at."""

from senlin.sandbox import web
from senlin.sandbox.network import errors
from senlin.sandbox.network import listing
from senlin.sandbox.network import state


class FloatingRoutes(state.State):
    """``/v2.0/floatingips`` and ``/v2.0/routers``."""

    def floating_ips_of(self, port_id):
        """Give the floating IPs on a port."""
        table = self.tables["floatingip"]
        found = (table.get(key) for key in self.floating_of_port.ids(port_id))
        return [floating for floating in found if floating is not None]

    @web.route("GET", "/floatingips")
    def list_floating_ips(self, request):
        """List floating IPs."""
        return self.listed(request, "floatingip", self.seen(request, "floatingip"))

    @web.route("GET", "/floatingips/{key}")
    def show_floating_ip(self, request, key):
        """Show a floating IP."""
        floating = self.mine(request, "floatingip", key)
        return {"floatingip": listing.shown(request, floating)}

    @web.route("POST", "/floatingips")
    def create_floating_ip(self, request):
        """Take an address of an external network."""
        self.require_writer(request, "create_floatingip")
        (wanted,), _ = self.items_wanted(request, "floatingip")
        network_id = wanted.pop("floating_network_id", None)
        if network_id is None:
            raise errors.bad_request(
                "Failed to parse request. Required attribute 'floating_network_id' not specified"
            )
        with self.store.lock:
            network = self.mine(request, "network", network_id)
            if not network["router:external"]:
                raise errors.bad_request(
                    f"Bad floatingip request: Network {network_id} is not a valid external "
                    "network.",
                    "BadRequest",
                )
            project_id = self.owner(request, wanted, "floatingip")
            self.check_quota("floatingip", project_id)
            floating = self._add(request, network, project_id, wanted)
        return web.Response(201, {"floatingip": floating})

    def _add(self, request, network, project_id, wanted):
        port_id = wanted.pop("port_id", None)
        fixed = wanted.pop("fixed_ip_address", None)
        if port_id is not None:
            port, fixed = self._target(request, None, network["id"], port_id, fixed)
        address = wanted.pop("floating_ip_address", None)
        subnet_id = wanted.pop("subnet_id", None)
        entry = {"ip_address": address} if address else {}
        if subnet_id:
            entry["subnet_id"] = subnet_id
        born = self.born(project_id)
        inner = {"device_id": born["id"], "device_owner": "network:floatingip"}
        if entry:
            inner["fixed_ips"] = [entry]
        outside = self.add_port(network, "", inner)
        born.pop("name")
        floating = {
            **born,
            "floating_network_id": network["id"],
            "floating_ip_address": outside["fixed_ips"][0]["ip_address"],
            "port_id": None,
            "fixed_ip_address": None,
            "router_id": None,
            "status": "DOWN",
            "dns_domain": "",
            "dns_name": "",
            "qos_policy_id": None,
            "port_details": None,
            "port_forwardings": [],
            **wanted,
        }
        self.save("floatingip", floating)
        if port_id is not None:
            floating = self.associate(floating, port, fixed)
        return floating

    def _target(self, request, floating_id, network_id, port_id, fixed):
        """Give (port, fixed address) that a floating IP is to lead to.

        :raises Fault: 404 no such port or no router between, 400 no such
            address, 409 taken by another floating IP.
        """
        port = self.mine(request, "port", port_id)
        mine = [entry["ip_address"] for entry in port["fixed_ips"]]
        if fixed is None:
            if not mine:
                raise errors.bad_request(
                    f"Bad floatingip request: Cannot add floating IP to port {port_id} that has "
                    "no fixed IPv4 addresses.",
                    "BadRequest",
                )
            fixed = mine[0]
        elif fixed not in mine:
            raise errors.bad_request(
                f"Bad floatingip request: Port {port_id} does not have fixed ip {fixed}.",
                "BadRequest",
            )
        subnet_id = next(e["subnet_id"] for e in port["fixed_ips"] if e["ip_address"] == fixed)
        if self._router_between(network_id, subnet_id) is None:
            raise web.Fault(
                404,
                f"External network {network_id} is not reachable from subnet {subnet_id}. "
                f"Therefore, cannot associate Port {port_id} with a Floating IP.",
                title="ExternalGatewayForFloatingIPNotFound",
            )
        for other in self.floating_ips_of(port_id):
            if other["fixed_ip_address"] == fixed and other["id"] != floating_id:
                raise errors.conflict(
                    "FloatingIPPortAlreadyAssociated",
                    f"Cannot associate floating IP {other['floating_ip_address']} "
                    f"({other['id']}) with port {port_id} using fixed IP {fixed}, as that fixed "
                    f"IP already has a floating IP on external network {network_id}.",
                )
        return port, fixed

    def _router_between(self, network_id, subnet_id):
        """Give the router from a subnet to an external network, or None."""
        for router in list(self.tables["router"].values()):
            gateway = router["external_gateway_info"]
            if gateway is None or gateway["network_id"] != network_id:
                continue
            for port_id in self.ports_of_device.ids(router["id"]):
                port = self.tables["port"][port_id]
                if any(entry["subnet_id"] == subnet_id for entry in port["fixed_ips"]):
                    return router
        return None

    def associate(self, former, port, fixed):
        """Lead a floating IP to a port's address, or with None nowhere.

        Callers hold the lock.
        """
        values = {
            "port_id": None,
            "fixed_ip_address": None,
            "router_id": None,
            "port_details": None,
            "status": "DOWN",
        }
        if port is not None:
            entry = next(e for e in port["fixed_ips"] if e["ip_address"] == fixed)
            router = self._router_between(former["floating_network_id"], entry["subnet_id"])
            names = ("name", "network_id", "mac_address", "admin_state_up", "status")
            details = {name: port[name] for name in (*names, "device_id", "device_owner")}
            values = {
                "port_id": port["id"],
                "fixed_ip_address": fixed,
                "router_id": router["id"] if router else None,
                "port_details": details,
                "status": "ACTIVE",
            }
        floating = self.changed(former, **values)
        self.save("floatingip", floating, former)
        return floating

    @web.route("PUT", "/floatingips/{key}")
    def update_floating_ip(self, request, key):
        """Lead a floating IP to another port, or nowhere."""
        wanted = self.item_wanted(request, "floatingip")
        with self.store.lock:
            floating = self.mine(request, "floatingip", key, to_change=True)
            has_port = "port_id" in wanted
            port_id, fixed = wanted.pop("port_id", None), wanted.pop("fixed_ip_address", None)
            if fixed is not None and not has_port:
                port_id, has_port = floating["port_id"], True
            if has_port and port_id is not None:
                outside = floating["floating_network_id"]
                port, fixed = self._target(request, key, outside, port_id, fixed)
                floating = self.associate(floating, port, fixed)
            else:
                # Neutron takes a body without port_id for "nowhere" too.
                floating = self.associate(floating, None, None)
            if wanted:
                floating = self.changed(floating, **wanted)
                self.save("floatingip", floating, floating)
        return {"floatingip": floating}

    @web.route("DELETE", "/floatingips/{key}")
    def delete_floating_ip(self, request, key):
        """Give an address back."""
        with self.store.lock:
            floating = self.mine(request, "floatingip", key, to_change=True)
            self.remove("floatingip", floating)
            for port_id in self.ports_of_device.ids(key):
                self.remove("port", self.tables["port"][port_id])

    @web.route("GET", "/routers")
    def list_routers(self, request):
        """List routers."""
        return self.listed(request, "router", self.seen(request, "router"))

    @web.route("GET", "/routers/{key}")
    def show_router(self, request, key):
        """Show a router."""
        router = self.mine(request, "router", key)
        return {"router": listing.shown(request, router)}
