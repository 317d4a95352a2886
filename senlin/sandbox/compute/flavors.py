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

"""Flavors, their extra specs and who may use them."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import listing
from senlin.sandbox.compute import views

FLAVORS = "compute.flavors"

# (name, MiB of memory, GiB of disk, vCPUs); the ids count from 1.
SEEDED = (
    ("m1.nano", 64, 1, 1),
    ("m1.micro", 128, 1, 1),
    ("m1.tiny", 512, 1, 1),
    ("m1.small", 2048, 20, 1),
    ("m1.medium", 4096, 40, 2),
    ("m1.large", 8192, 80, 4),
    ("m1.xlarge", 16384, 160, 8),
)
_EMBEDDED = (
    "id", "name", "ram", "vcpus", "disk", "ephemeral", "swap", "extra_specs", "rxtx_factor"
)  # fmt: skip


class Flavors:
    """The flavors of the cloud."""

    def __init__(self, store):
        self._store = store
        self._table = store.table(FLAVORS)

    def seed(self):
        """Make the usual flavors on an empty store."""
        for number, (name, ram, disk, vcpus) in enumerate(SEEDED, 1):
            self.save(new_flavor(str(number), name, ram, vcpus, disk=disk))

    def all(self):
        """Give every flavor's record, in order of creation."""
        return list(self._table.values())

    def save(self, record):
        """Insert or replace a flavor."""
        self._store.put(FLAVORS, record["id"], record)

    def delete(self, flavor_id):
        """Remove a flavor; servers keep their copy of it."""
        self._store.delete(FLAVORS, flavor_id)

    def get(self, flavor_id, token):
        """Give a flavor's record, or None when the caller may not see it."""
        record = self._table.get(flavor_id)
        if record is None or not visible(record, token):
            return None
        return record


def new_flavor(flavor_id, name, ram, vcpus, disk=0, ephemeral=0, swap=0, **more):
    """Make a flavor's record."""
    return {
        "id": flavor_id,
        "name": name,
        "ram": ram,
        "vcpus": vcpus,
        "disk": disk,
        "ephemeral": ephemeral,
        "swap": swap,
        "rxtx_factor": 1.0,
        "public": True,
        "disabled": False,
        "description": None,
        "extra_specs": {},
        "access": [],
        **more,
    }


def embedded(flavor):
    """The copy of a flavor that a server keeps."""
    return {key: flavor[key] for key in _EMBEDDED}


def visible(flavor, token):
    """True when the caller may see the flavor."""
    return flavor["public"] or token.is_admin or token.project_id in flavor["access"]


class FlavorRoutes(base.Part):
    """``/flavors``."""

    @web.route("GET", "/flavors")
    def list(self, request):
        """List flavors by id and name."""
        return self._page(request, "flavors", self._brief)

    @web.route("GET", "/flavors/detail")
    def list_details(self, request):
        """List flavors with all there is."""
        return self._page(request, "flavors/detail", self._view)

    @web.route("GET", "/flavors/{flavor_id}")
    def show(self, request, flavor_id):
        """Show one flavor."""
        return {"flavor": self._view(request, self._flavor(request, flavor_id))}

    @web.route("POST", "/flavors")
    def create(self, request):
        """Make a flavor."""
        base.require_admin(request, "os-flavor-manage:create")
        wanted = base.section(request.json(), "flavor")
        known = {
            "name", "id", "ram", "vcpus", "disk", "swap", "rxtx_factor", "description",
            "OS-FLV-EXT-DATA:ephemeral", "os-flavor-access:is_public",
        }  # fmt: skip
        base.check_keys(wanted, "flavor", known)
        for key in ("name", "ram", "vcpus", "disk"):
            if key not in wanted:
                raise base.invalid("flavor", wanted, f"{key!r} is a required property")
        name = base.text(wanted["name"], "flavor.name")
        flavor_id = str(wanted.get("id") or "auto")
        if flavor_id == "auto":
            flavor_id = str(uuid.uuid4())
        for other in self.cloud.flavors.all():
            if other["name"] == name:
                raise web.Fault(409, f"Flavor with name {name} already exists.")
            if other["id"] == flavor_id:
                raise web.Fault(409, f"Flavor with ID {flavor_id} already exists.")
        flavor = new_flavor(
            flavor_id,
            name,
            base.integer(wanted["ram"], "flavor.ram", low=1),
            base.integer(wanted["vcpus"], "flavor.vcpus", low=1),
            disk=base.integer(wanted["disk"], "flavor.disk"),
            ephemeral=base.integer(wanted.get("OS-FLV-EXT-DATA:ephemeral", 0), "flavor.ephemeral"),
            swap=base.integer(wanted.get("swap") or 0, "flavor.swap"),
            rxtx_factor=float(wanted.get("rxtx_factor") or 1.0),
            public=wanted.get("os-flavor-access:is_public", True) is not False,
            description=wanted.get("description"),
        )
        self.cloud.flavors.save(flavor)
        return {"flavor": self._view(request, flavor)}

    @web.route("PUT", "/flavors/{flavor_id}")
    def update(self, request, flavor_id):
        """Change a flavor's description."""
        base.require_admin(request, "os-flavor-manage:update")
        flavor = self._flavor(request, flavor_id)
        wanted = base.section(request.json(), "flavor")
        base.check_keys(wanted, "flavor", {"description"})
        flavor = {**flavor, "description": wanted.get("description")}
        self.cloud.flavors.save(flavor)
        return {"flavor": self._view(request, flavor)}

    @web.route("DELETE", "/flavors/{flavor_id}")
    def delete(self, request, flavor_id):
        """Remove a flavor."""
        base.require_admin(request, "os-flavor-manage:delete")
        self._flavor(request, flavor_id)
        self.cloud.flavors.delete(flavor_id)
        return web.Response(202)

    @web.route("GET", "/flavors/{flavor_id}/os-extra_specs")
    def list_specs(self, request, flavor_id):
        """Show the extra specs."""
        return {"extra_specs": self._flavor(request, flavor_id)["extra_specs"]}

    @web.route("POST", "/flavors/{flavor_id}/os-extra_specs")
    def add_specs(self, request, flavor_id):
        """Add or replace extra specs."""
        base.require_admin(request, "os-flavor-extra-specs:create")
        flavor = self._flavor(request, flavor_id)
        specs = base.metadata(request.json().get("extra_specs"), "extra_specs")
        self.cloud.flavors.save({**flavor, "extra_specs": {**flavor["extra_specs"], **specs}})
        return {"extra_specs": specs}

    @web.route("GET", "/flavors/{flavor_id}/os-extra_specs/{key}")
    def show_spec(self, request, flavor_id, key):
        """Show one extra spec."""
        specs = self._flavor(request, flavor_id)["extra_specs"]
        self._check_spec(specs, flavor_id, key)
        return {key: specs[key]}

    @web.route("PUT", "/flavors/{flavor_id}/os-extra_specs/{key}")
    def set_spec(self, request, flavor_id, key):
        """Set one extra spec."""
        base.require_admin(request, "os-flavor-extra-specs:update")
        flavor = self._flavor(request, flavor_id)
        specs = base.metadata(request.json(), "extra_specs")
        if list(specs) != [key]:
            raise web.Fault(400, "Request body and URI mismatch")
        self.cloud.flavors.save({**flavor, "extra_specs": {**flavor["extra_specs"], **specs}})
        return specs

    @web.route("DELETE", "/flavors/{flavor_id}/os-extra_specs/{key}")
    def delete_spec(self, request, flavor_id, key):
        """Remove one extra spec."""
        base.require_admin(request, "os-flavor-extra-specs:delete")
        flavor = self._flavor(request, flavor_id)
        specs = dict(flavor["extra_specs"])
        self._check_spec(specs, flavor_id, key)
        del specs[key]
        self.cloud.flavors.save({**flavor, "extra_specs": specs})
        return web.Response(200)

    @web.route("GET", "/flavors/{flavor_id}/os-flavor-access")
    def list_access(self, request, flavor_id):
        """Show which projects may use a private flavor."""
        base.require_admin(request, "os-flavor-access")
        flavor = self._flavor(request, flavor_id)
        if flavor["public"]:
            raise web.Fault(404, "Access list not available for public flavors.")
        return _access(flavor)

    @web.route("POST", "/flavors/{flavor_id}/action")
    def act(self, request, flavor_id):
        """Give a project access to a private flavor, or take it away."""
        base.require_admin(request, "os-flavor-access:add_tenant_access")
        flavor = self._flavor(request, flavor_id)
        body = request.json()
        access = list(flavor["access"])
        if "addTenantAccess" in body:
            tenant = base.section(body, "addTenantAccess").get("tenant")
            if tenant in access:
                raise web.Fault(
                    409,
                    f"Flavor access already exists for flavor {flavor_id} and project {tenant}.",
                )
            access.append(tenant)
        elif "removeTenantAccess" in body:
            tenant = base.section(body, "removeTenantAccess").get("tenant")
            if tenant not in access:
                raise web.Fault(
                    404, f"Flavor access not found for {flavor_id} / {tenant} combination."
                )
            access.remove(tenant)
        else:
            raise web.Fault(400, f"There is no such action: {next(iter(body), '')}")
        flavor = {**flavor, "access": access}
        self.cloud.flavors.save(flavor)
        return _access(flavor)

    def _flavor(self, request, flavor_id):
        flavor = self.cloud.flavors.get(flavor_id, request.token)
        if flavor is None:
            raise web.Fault(404, f"Flavor {flavor_id} could not be found.")
        return flavor

    @staticmethod
    def _check_spec(specs, flavor_id, key):
        if key not in specs:
            raise web.Fault(404, f"Flavor {flavor_id} has no extra specs with key {key}.")

    def _page(self, request, path, render):
        query = request.query
        limit = listing.page_limit(query)
        flavors = self._wanted(request)
        marker = query.get("marker")
        if marker is not None:
            ids = [flavor["id"] for flavor in flavors]
            if marker not in ids:
                raise web.Fault(400, f"marker [{marker}] not found")
            flavors = flavors[ids.index(marker) + 1 :]
        body = {"flavors": [render(request, flavor) for flavor in flavors[:limit]]}
        if len(flavors) > limit:
            last = flavors[limit - 1]["id"]
            href = f"{request.service_url}/{path}?limit={limit}&marker={last}"
            body["flavors_links"] = [{"rel": "next", "href": href}]
        return body

    def _wanted(self, request):
        query, token = request.query, request.token
        flavors = self.cloud.flavors.all()
        public = query.get("is_public")
        if token.is_admin and public is not None:
            if public.lower() != "none":
                wanted = listing.boolean(public, "is_public")
                flavors = [flavor for flavor in flavors if flavor["public"] == wanted]
        elif token.is_admin:
            flavors = [flavor for flavor in flavors if flavor["public"]]
        else:
            flavors = [flavor for flavor in flavors if visible(flavor, token)]
        for name, key in (("minRam", "ram"), ("minDisk", "disk")):
            least = query.get(name)
            if least is not None:
                least = base.integer(least, name)
                flavors = [flavor for flavor in flavors if flavor[key] >= least]
        return flavors

    @staticmethod
    def _brief(request, flavor):
        body = {
            "id": flavor["id"],
            "name": flavor["name"],
            "links": views.links(request, "flavors", flavor["id"]),
        }
        if request.microversion[1] >= 55:
            body["description"] = flavor["description"]
        return body

    @classmethod
    def _view(cls, request, flavor):
        minor = request.microversion[1]
        body = cls._brief(request, flavor) | {
            "ram": flavor["ram"],
            "disk": flavor["disk"],
            "vcpus": flavor["vcpus"],
            "swap": flavor["swap"] or (0 if minor >= 75 else ""),
            "OS-FLV-EXT-DATA:ephemeral": flavor["ephemeral"],
            "OS-FLV-DISABLED:disabled": flavor["disabled"],
            "os-flavor-access:is_public": flavor["public"],
            "rxtx_factor": flavor["rxtx_factor"],
        }
        if minor >= 61:
            body["extra_specs"] = flavor["extra_specs"]
        return body


def _access(flavor):
    return {
        "flavor_access": [
            {"flavor_id": flavor["id"], "tenant_id": tenant} for tenant in flavor["access"]
        ]
    }
