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

"""Quotas, tags, the list of extensions, and lists that are always empty."""

from senlin.sandbox import web
from senlin.sandbox.network import errors
from senlin.sandbox.network import state

_EXTENSIONS = {
    "address-scope": "Address scope",
    "allowed-address-pairs": "Allowed Address Pairs",
    "availability_zone": "Availability Zone",
    "binding": "Port Binding",
    "binding-extended": "Port Bindings Extended",
    "default-subnetpools": "Default Subnetpools",
    "empty-string-filtering": "Empty String Filtering Extension",
    "external-net": "Neutron external network",
    "extra_dhcp_opt": "Neutron Extra DHCP options",
    "filter-validation": "Filter parameters validation",
    "fip-port-details": "Floating IP Port Details Extension",
    "multi-provider": "Multi Provider Network",
    "net-mtu": "Network MTU",
    "pagination": "Pagination support",
    "port-security": "Port Security",
    "project-id": "project_id field enabled",
    "provider": "Provider Network",
    "quotas": "Quota management support",
    "quota_details": "Quota details management support",
    "revision-if-match": "If-Match constraints based on revision_number",
    "router": "Neutron L3 Router",
    "security-group": "security-group",
    "sorting": "Sorting support",
    "standard-attr-description": "standard-attr-description",
    "standard-attr-revisions": "Resource revision numbers",
    "standard-attr-tag": "Tag support for resources with standard attribute",
    "standard-attr-timestamp": "Resource timestamps",
    "subnet_allocation": "Subnet Allocation",
}
_TAGGED = {
    "networks": "network",
    "subnets": "subnet",
    "ports": "port",
    "floatingips": "floatingip",
    "routers": "router",
    "security-groups": "security_group",
    "security_groups": "security_group",
}


class QuotaRoutes(state.State):
    """``/v2.0/quotas``, ``/v2.0/extensions``, ``.../tags``, ``/v2.0/agents`` and the like."""

    def _limits(self, project_id):
        kept = self.quotas.get(project_id, {})
        names = [*state.PLURALS, "subnetpool", "rbac_policy", "trunk"]
        return {name: kept.get(name, -1) for name in names}

    def _check_quota_reader(self, request, project_id):
        if request.token.project_id != project_id and not request.token.is_admin:
            raise errors.not_allowed("get_quota")

    @web.route("GET", "/quotas")
    def list_quotas(self, request):
        """List the projects whose quotas differ from the default."""
        if not request.token.is_admin:
            raise errors.not_allowed("get_quota")
        found = [
            {**self._limits(key), "project_id": key, "tenant_id": key} for key in list(self.quotas)
        ]
        return {"quotas": found}

    @web.route("GET", "/quotas/{project_id}")
    def show_quota(self, request, project_id):
        """Show a project's limits; -1 is none."""
        self._check_quota_reader(request, project_id)
        return {"quota": self._limits(project_id)}

    @web.route("GET", "/quotas/{project_id}/default")
    def show_default_quota(self, request, project_id):
        """Show the limits of a project nobody gave any."""
        return {"quota": self._limits(None)}

    @web.route("GET", "/quotas/{project_id}/details")
    @web.route("GET", "/quotas/{project_id}/details.json")
    def show_quota_details(self, request, project_id):
        """Show limits and use."""
        self._check_quota_reader(request, project_id)
        details = {}
        for name, limit in self._limits(project_id).items():
            used = self.used(name, project_id) if name in self.tables else 0
            details[name] = {"limit": limit, "used": used, "reserved": 0}
        return {"quota": details}

    @web.route("PUT", "/quotas/{project_id}")
    def update_quota(self, request, project_id):
        """Set limits of a project."""
        if not request.token.is_admin:
            raise errors.not_allowed("update_quota")
        wanted = request.json().get("quota")
        if not isinstance(wanted, dict):
            raise errors.bad_request("Resource body required: quota.")
        wanted = dict(wanted)
        wanted.pop("force", None)
        checked = wanted.pop("check_limit", False)
        known = self._limits(project_id)
        for name, value in wanted.items():
            if name not in known:
                raise errors.bad_request(f"Unrecognized attribute(s) '{name}'")
            if isinstance(value, bool) or not isinstance(value, int) or value < -1:
                raise errors.bad_request(
                    f"Invalid input for {name}. Reason: '{value}' is no whole number from -1."
                )
            if checked and name in self.tables and 0 <= value < self.used(name, project_id):
                raise errors.bad_request(f"The limit of {name} is lower than what is in use.")
        self.store.put("network.quotas", project_id, {**known, **wanted})
        return {"quota": self._limits(project_id)}

    @web.route("DELETE", "/quotas/{project_id}")
    def delete_quota(self, request, project_id):
        """Go back to the default limits."""
        if not request.token.is_admin:
            raise errors.not_allowed("delete_quota")
        self.store.delete("network.quotas", project_id)

    @web.route("GET", "/extensions")
    def list_extensions(self, request):
        """List what this neutron can do."""
        return {"extensions": [_extension(alias) for alias in _EXTENSIONS]}

    @web.route("GET", "/extensions/{alias}")
    def show_extension(self, request, alias):
        """Show one extension."""
        if alias not in _EXTENSIONS:
            raise web.Fault(404, "The resource could not be found.")
        return {"extension": _extension(alias)}

    @web.route("GET", "/availability_zones")
    def list_zones(self, request):
        """List neutron's own zones."""
        zones = [
            {"name": "nova", "resource": kind, "state": "available"}
            for kind in ("network", "router")
        ]
        return {"availability_zones": zones}

    @web.route("GET", "/agents")
    @web.route("GET", "/subnetpools")
    @web.route("GET", "/address-scopes")
    @web.route("GET", "/rbac-policies")
    @web.route("GET", "/service-providers")
    @web.route("GET", "/trunks")
    def list_nothing(self, request):
        """List what this cloud has none of."""
        plural = request.path.strip("/").replace("-", "_")
        return {plural: []}

    def _tagged(self, request, collection, key, to_change=False):
        kind = _TAGGED.get(collection)
        if kind is None:
            raise web.Fault(404, "The resource could not be found.")
        return kind, self.mine(request, kind, key, to_change)

    @web.route("GET", "/{collection}/{key}/tags")
    def list_tags(self, request, collection, key):
        """List the tags of a resource."""
        return {"tags": self._tagged(request, collection, key)[1]["tags"]}

    @web.route("PUT", "/{collection}/{key}/tags")
    def replace_tags(self, request, collection, key):
        """Set the tags of a resource."""
        tags = request.json().get("tags")
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise errors.bad_request("Invalid input for tags. Reason: it is no list of strings.")
        self._set_tags(request, collection, key, lambda _: dict.fromkeys(tags))
        return {"tags": tags}

    @web.route("DELETE", "/{collection}/{key}/tags")
    def remove_tags(self, request, collection, key):
        """Remove all tags of a resource."""
        self._set_tags(request, collection, key, lambda _: ())

    def _set_tags(self, request, collection, key, change):
        with self.store.lock:
            kind, former = self._tagged(request, collection, key, to_change=True)
            tags = list(change(former["tags"]))
            self.save(kind, self.changed(former, tags=tags), former)

    @web.route("GET", "/{collection}/{key}/tags/{tag}")
    def check_tag(self, request, collection, key, tag):
        """Say whether a resource has a tag."""
        if tag not in self._tagged(request, collection, key)[1]["tags"]:
            raise web.Fault(404, f"Tag {tag} could not be found.", title="TagNotFound")

    @web.route("PUT", "/{collection}/{key}/tags/{tag}")
    def add_tag(self, request, collection, key, tag):
        """Add a tag to a resource."""
        self._set_tags(request, collection, key, lambda tags: dict.fromkeys([*tags, tag]))
        return web.Response(201)

    @web.route("DELETE", "/{collection}/{key}/tags/{tag}")
    def remove_tag(self, request, collection, key, tag):
        """Take a tag from a resource."""
        self.check_tag(request, collection, key, tag)
        self._set_tags(
            request, collection, key, lambda tags: [other for other in tags if other != tag]
        )


def _extension(alias):
    return {
        "alias": alias,
        "name": _EXTENSIONS[alias],
        "description": _EXTENSIONS[alias],
        "updated": "2020-01-01T00:00:00-00:00",
        "links": [],
    }
