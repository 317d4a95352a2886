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

"""The service catalogue, and the routes that show it piece by piece."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.identity import base
from senlin.sandbox.identity import seed

_INTERFACES = ("public", "internal", "admin")


class Catalogue:
    """Which services the cloud has and where.

    Follows the running server, not the journal, because its port may differ
    from run to run; services and endpoints made by callers are in the store.
    """

    def __init__(self, store):
        self._store = store
        self._built_in = []
        self._entries = None

    def set_services(self, services):
        """Take the built-in services: a list of (type, name, url)."""
        self._built_in = list(services)
        self._entries = None

    def forget(self):
        """Have the entries put together afresh."""
        self._entries = None

    def services(self):
        """Give every service as the API shows it."""
        built_in = [
            {
                "id": seed.fixed_id("service", kind),
                "type": kind,
                "name": name,
                "enabled": True,
                "description": "",
            }
            for kind, name, _ in self._built_in
        ]
        return built_in + list(self._store.table("identity.services").values())

    def endpoints(self):
        """Give every endpoint as the API shows it."""
        built_in = [
            _endpoint(seed.fixed_id("service", kind), interface, url)
            for kind, _, url in self._built_in
            for interface in _INTERFACES
        ]
        return built_in + list(self._store.table("identity.endpoints").values())

    def entries(self):
        """Give the catalogue of a token body; the caller must not change it."""
        if self._entries is None:
            endpoints = self.endpoints()
            self._entries = [
                {
                    "id": service["id"],
                    "type": service["type"],
                    "name": service["name"],
                    "endpoints": [
                        {
                            name: endpoint[name]
                            for name in ("id", "interface", "region", "region_id", "url")
                        }
                        for endpoint in endpoints
                        if endpoint["service_id"] == service["id"]
                    ],
                }
                for service in self.services()
            ]
        return self._entries


def _endpoint(service_id, interface, url, endpoint_id=None, region=seed.REGION):
    return {
        "id": endpoint_id or seed.fixed_id("endpoint", f"{service_id}/{interface}"),
        "interface": interface,
        "region": region,
        "region_id": region,
        "service_id": service_id,
        "url": url,
        "enabled": True,
    }


class CatalogueRoutes(base.Directory):
    """``/v3/services``, ``/v3/endpoints``, ``/v3/regions``."""

    @web.route("GET", "/services")
    def list_services(self, request):
        """List services by type and name."""
        base.require_admin(request, "identity:list_services")
        found = base.wanted(self.catalogue.services(), request.query, "type", "name")
        return base.collection(request, "services", found)

    @web.route("GET", "/services/{service_id}")
    def show_service(self, request, service_id):
        """Show a service."""
        base.require_admin(request, "identity:get_service")
        service = _pick(self.catalogue.services(), "service", service_id)
        return {"service": base.linked(request, "services", service)}

    @web.route("POST", "/services")
    def create_service(self, request):
        """Add a service, which then needs endpoints."""
        base.require_admin(request, "identity:create_service")
        wanted = base.section(request.json(), "service")
        if not isinstance(wanted.get("type"), str):
            raise web.Fault(400, "service.type is a required property and must be a string.")
        service = {"enabled": True, "name": "", "description": "", **wanted}
        service["id"] = uuid.uuid4().hex
        self.store.put("identity.services", service["id"], service)
        self.catalogue.forget()
        return web.Response(201, {"service": base.linked(request, "services", service)})

    @web.route("DELETE", "/services/{service_id}")
    def delete_service(self, request, service_id):
        """Remove a service that a caller added, with its endpoints."""
        base.require_admin(request, "identity:delete_service")
        _pick(list(self.store.table("identity.services").values()), "service", service_id)
        gone = [
            ("identity.endpoints", endpoint["id"], None)
            for endpoint in list(self.store.table("identity.endpoints").values())
            if endpoint["service_id"] == service_id
        ]
        self.store.put_many([("identity.services", service_id, None), *gone])
        self.catalogue.forget()

    @web.route("GET", "/endpoints")
    def list_endpoints(self, request):
        """List endpoints by service, interface and region."""
        base.require_admin(request, "identity:list_endpoints")
        names = ("service_id", "interface", "region_id")
        found = base.wanted(self.catalogue.endpoints(), request.query, *names)
        return base.collection(request, "endpoints", found)

    @web.route("GET", "/endpoints/{endpoint_id}")
    def show_endpoint(self, request, endpoint_id):
        """Show an endpoint."""
        base.require_admin(request, "identity:get_endpoint")
        endpoint = _pick(self.catalogue.endpoints(), "endpoint", endpoint_id)
        return {"endpoint": base.linked(request, "endpoints", endpoint)}

    @web.route("POST", "/endpoints")
    def create_endpoint(self, request):
        """Say where a service is."""
        base.require_admin(request, "identity:create_endpoint")
        wanted = base.section(request.json(), "endpoint")
        for name in ("service_id", "interface", "url"):
            if not isinstance(wanted.get(name), str):
                raise web.Fault(400, f"endpoint.{name} is a required property.")
        if wanted["interface"] not in _INTERFACES:
            raise web.Fault(400, f"endpoint.interface must be one of {list(_INTERFACES)}.")
        _pick(self.catalogue.services(), "service", wanted["service_id"])
        endpoint = _endpoint(
            wanted["service_id"],
            wanted["interface"],
            wanted["url"],
            uuid.uuid4().hex,
            wanted.get("region_id") or wanted.get("region") or seed.REGION,
        )
        self.store.put("identity.endpoints", endpoint["id"], endpoint)
        self.catalogue.forget()
        return web.Response(201, {"endpoint": base.linked(request, "endpoints", endpoint)})

    @web.route("DELETE", "/endpoints/{endpoint_id}")
    def delete_endpoint(self, request, endpoint_id):
        """Remove an endpoint that a caller added."""
        base.require_admin(request, "identity:delete_endpoint")
        _pick(list(self.store.table("identity.endpoints").values()), "endpoint", endpoint_id)
        self.store.delete("identity.endpoints", endpoint_id)
        self.catalogue.forget()

    @web.route("GET", "/regions")
    def list_regions(self, request):
        """List the one region."""
        return base.collection(request, "regions", [_region()])

    @web.route("GET", "/regions/{region_id}")
    def show_region(self, request, region_id):
        """Show the one region."""
        return {"region": base.linked(request, "regions", _pick([_region()], "region", region_id))}


def _region():
    return {"id": seed.REGION, "description": "", "parent_region_id": None}


def _pick(records, kind, key):
    for record in records:
        if record["id"] == key:
            return record
    raise base.not_found(kind, key)
