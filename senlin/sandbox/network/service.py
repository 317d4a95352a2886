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

"""The network service: its parts put together, and what a new one has."""

import uuid

from senlin.sandbox import faults
from senlin.sandbox import web
from senlin.sandbox.identity import seed
from senlin.sandbox.network import floating
from senlin.sandbox.network import groups
from senlin.sandbox.network import networks
from senlin.sandbox.network import ports
from senlin.sandbox.network import quotas

# Let into the default groups of these projects: (protocol, port).
_OPEN = (("icmp", None), ("tcp", 22), ("tcp", 80))
_OPEN_PROJECTS = ("demo", "alt")


class NetworkService(
    networks.NetworkRoutes,
    ports.PortRoutes,
    floating.FloatingRoutes,
    groups.GroupRoutes,
    quotas.QuotaRoutes,
    web.Service,
):
    """Neutron, API v2.0."""

    name = "network"
    root = "/network"
    version = "/v2.0"

    def reset(self):
        """Seed networks private and public, router1 between, default groups."""
        self.index()
        with self.store.lock:
            demo, admin = self.identity.project_id("demo"), self.identity.project_id("admin")
            inner = self._seed_network("private", demo, "10.0.0.0/16", shared=True)
            external = {"router:external": True, "is_default": True}
            outer = self._seed_network("public", admin, "172.24.0.0/16", **external)
            self._seed_router(demo, inner, outer)
            for name in _OPEN_PROJECTS:
                group = self.default_group(self.identity.project_id(name))
                for protocol, port in _OPEN:
                    self.add_rule(
                        group,
                        protocol=protocol,
                        port_range_min=port,
                        port_range_max=port,
                        remote_ip_prefix="0.0.0.0/0",
                    )

    def _seeded(self, kind, name, project_id):
        key = str(uuid.UUID(seed.fixed_id(kind, name)))
        return {**self.born(project_id), "id": key, "name": name}

    def _seed_network(self, name, project_id, cidr, **more):
        network = networks.network_record(self._seeded("network", name, project_id), **more)
        self.save("network", network)
        born = self._seeded("subnet", f"{name}-subnet", project_id)
        wanted = {"network_id": network["id"], "cidr": cidr}
        if more.get("router:external"):
            wanted.update({"enable_dhcp": False, "router:external": True})
        return self.add_subnet(network, born, wanted)

    def _seed_router(self, project_id, inner, outer):
        router = self._seeded("router", "router1", project_id)
        gateway = self.add_port(
            self.tables["network"][outer["network_id"]],
            "",
            {"device_id": router["id"], "device_owner": "network:router_gateway"},
        )
        self.add_port(
            self.tables["network"][inner["network_id"]],
            project_id,
            {
                "device_id": router["id"],
                "device_owner": "network:router_interface",
                "fixed_ips": [{"subnet_id": inner["id"], "ip_address": inner["gateway_ip"]}],
            },
        )
        router.update(
            {
                "admin_state_up": True,
                "status": "ACTIVE",
                "external_gateway_info": {
                    "network_id": outer["network_id"],
                    "external_fixed_ips": gateway["fixed_ips"],
                    "enable_snat": True,
                },
                "availability_zones": ["nova"],
                "availability_zone_hints": [],
                "distributed": False,
                "ha": False,
                "routes": [],
                "flavor_id": None,
                "service_type_id": None,
            }
        )
        self.save("router", router)

    def start(self):
        """Build the indices from what the journal held."""
        self.index()

    def versions_document(self, request):
        """Answer ``GET /network``."""
        return {"versions": [self._version(request)]}

    def version_document(self, request):
        """Answer ``GET /network/v2.0``: the resources, as neutron does."""
        names = ("networks", "subnets", "ports", "floatingips", "routers", "quotas", "extensions",
                 "security-groups", "security-group-rules")  # fmt: skip
        resources = [
            {
                "name": name[:-1],
                "collection": name,
                "links": [{"rel": "self", "href": f"{request.service_url}/{name}"}],
            }
            for name in names
        ]
        return {"resources": resources}

    def _version(self, request):
        return {
            "id": "v2.0",
            "status": "CURRENT",
            "links": [{"rel": "self", "href": f"{request.service_url}/"}],
        }

    def fault_body(self, fault, request_id):
        """Word an error as neutron does."""
        return faults.neutron(fault, request_id)
