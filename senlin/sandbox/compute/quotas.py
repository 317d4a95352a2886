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

"""Quotas and limits per project; everything is unlimited (-1) until set."""

from senlin.sandbox import web
from senlin.sandbox.compute import base

QUOTAS = "compute.quotas"
UNLIMITED = -1

_NAMES = (
    "instances",
    "cores",
    "ram",
    "key_pairs",
    "metadata_items",
    "server_groups",
    "server_group_members",
)
_FILES = {
    "injected_files": 5,
    "injected_file_content_bytes": 10240,
    "injected_file_path_bytes": 255,
}
_NETWORK = {
    "fixed_ips": -1,
    "floating_ips": -1,
    "networks": -1,
    "security_groups": -1,
    "security_group_rules": -1,
}
_DEFAULTS = {**dict.fromkeys(_NAMES, UNLIMITED), "metadata_items": 128}


class Quotas:
    """The limits of projects and what they have used of them."""

    def __init__(self, store, fleet, groups):
        self._store = store
        self._fleet = fleet
        self._groups = groups
        self._table = store.table(QUOTAS)

    def limits(self, project_id):
        """Give quota name -> limit, -1 for none."""
        return {**_DEFAULTS, **self._table.get(project_id, {})}

    def used(self, project_id):
        """Give quota name -> number in use."""
        usage = self._fleet.project_usage(project_id)
        groups = sum(1 for group in self._groups.values() if group["project_id"] == project_id)
        return {
            "instances": usage.instances,
            "cores": usage.cores,
            "ram": usage.ram,
            "server_groups": groups,
        }

    def set(self, project_id, limits):
        """Set some limits of a project."""
        self._store.put(QUOTAS, project_id, {**self._table.get(project_id, {}), **limits})

    def clear(self, project_id):
        """Give a project the defaults again."""
        self._store.delete(QUOTAS, project_id)

    def check_servers(self, project_id, flavor, count, least=1):
        """Give how many of ``count`` servers of a flavor the project may have.

        :param least: fewer than this is a refusal.
        :raises Fault: 403 with nova's sentence.
        """
        limits = self.limits(project_id)
        usage = self._fleet.project_usage(project_id)
        allowed = count
        worst = None
        for name, each in (("instances", 1), ("cores", flavor["vcpus"]), ("ram", flavor["ram"])):
            if limits[name] == UNLIMITED or not each:
                continue
            room = max(0, (limits[name] - getattr(usage, name)) // each)
            if room < allowed:
                allowed, worst = room, (name, each)
        if allowed >= least:
            return allowed
        name, each = worst
        raise over_quota(name, each * least, getattr(usage, name), limits[name])

    def check_growth(self, project_id, old, new):
        """Refuse a resize that needs more than the project has left.

        :raises Fault: 403 with nova's sentence.
        """
        limits = self.limits(project_id)
        usage = self._fleet.project_usage(project_id)
        for name, key in (("cores", "vcpus"), ("ram", "ram")):
            more = new[key] - old[key]
            used = getattr(usage, name)
            if more > 0 and limits[name] != UNLIMITED and used + more > limits[name]:
                raise over_quota(name, more, used, limits[name])


def over_quota(name, asked, used, limit):
    """Make the 403 of an exceeded server quota."""
    return web.Fault(
        403,
        f"Quota exceeded for {name}: Requested {asked}, but already used {used} of {limit} {name}",
    )


class QuotaRoutes(base.Part):
    """``/os-quota-sets``, ``/os-quota-class-sets`` and ``/limits``."""

    @web.route("GET", "/os-quota-sets/{project_id}")
    def show(self, request, project_id):
        """Show the limits of a project."""
        self._check_readable(request, project_id)
        return {"quota_set": self._set(request, project_id)}

    @web.route("GET", "/os-quota-sets/{project_id}/defaults")
    def defaults(self, request, project_id):
        """Show the limits of a project nothing was set for."""
        return {"quota_set": {"id": project_id, **_shown(_DEFAULTS, request)}}

    @web.route("GET", "/os-quota-sets/{project_id}/detail")
    def detail(self, request, project_id):
        """Show limits together with what is used."""
        self._check_readable(request, project_id)
        used = self.cloud.quotas.used(project_id)
        limits = _shown(self.cloud.quotas.limits(project_id), request)
        detail = {
            name: {"limit": limit, "in_use": used.get(name, 0), "reserved": 0}
            for name, limit in limits.items()
        }
        return {"quota_set": {"id": project_id, **detail}}

    @web.route("PUT", "/os-quota-sets/{project_id}")
    def update(self, request, project_id):
        """Set limits of a project."""
        base.require_admin(request, "os-quota-sets:update")
        wanted = base.section(request.json(), "quota_set")
        known = {*_NAMES, *_FILES, *_NETWORK, "force", "tenant_id"}
        base.check_keys(wanted, "quota_set", known)
        used = self.cloud.quotas.used(project_id)
        limits = {}
        for name in _NAMES:
            if name not in wanted:
                continue
            limit = base.integer(wanted[name], f"quota_set.{name}", low=-1)
            if not wanted.get("force") and UNLIMITED < limit < used.get(name, 0):
                raise web.Fault(
                    400,
                    f"Quota limit {limit} for {name} must be greater than or equal to "
                    f"already used and reserved {used[name]}.",
                )
            limits[name] = limit
        self.cloud.quotas.set(project_id, limits)
        shown = self._set(request, project_id)
        shown.pop("id")
        return {"quota_set": shown}

    @web.route("DELETE", "/os-quota-sets/{project_id}")
    def delete(self, request, project_id):
        """Give a project the default limits again."""
        base.require_admin(request, "os-quota-sets:delete")
        self.cloud.quotas.clear(project_id)
        return web.Response(202)

    @web.route("GET", "/os-quota-class-sets/{name}")
    def show_class(self, request, name):
        """Show the default limits."""
        base.require_admin(request, "os-quota-class-sets:show")
        return {"quota_class_set": {"id": name, **_shown(_DEFAULTS, request)}}

    @web.route("GET", "/limits")
    def limits(self, request):
        """Show limits and usage in the form of ``/limits``."""
        project_id = request.token.project_id
        if request.query.get("tenant_id") and request.token.is_admin:
            project_id = request.query.get("tenant_id")
        limits = self.cloud.quotas.limits(project_id)
        used = self.cloud.quotas.used(project_id)
        absolute = {
            "maxTotalInstances": limits["instances"],
            "maxTotalCores": limits["cores"],
            "maxTotalRAMSize": limits["ram"],
            "maxTotalKeypairs": limits["key_pairs"],
            "maxServerMeta": limits["metadata_items"],
            "maxServerGroups": limits["server_groups"],
            "maxServerGroupMembers": limits["server_group_members"],
            "totalInstancesUsed": used["instances"],
            "totalCoresUsed": used["cores"],
            "totalRAMUsed": used["ram"],
            "totalServerGroupsUsed": used["server_groups"],
        }
        minor = request.microversion[1]
        if minor < 36:
            absolute |= {
                "maxTotalFloatingIps": -1,
                "maxSecurityGroups": -1,
                "maxSecurityGroupRules": -1,
                "totalFloatingIpsUsed": 0,
                "totalSecurityGroupsUsed": 0,
            }
        if minor < 39:
            absolute["maxImageMeta"] = limits["metadata_items"]
        if minor < 57:
            absolute |= {"maxPersonality": 5, "maxPersonalitySize": 10240}
        return {"limits": {"rate": [], "absolute": absolute}}

    def _set(self, request, project_id):
        return {"id": project_id, **_shown(self.cloud.quotas.limits(project_id), request)}

    @staticmethod
    def _check_readable(request, project_id):
        if project_id != request.token.project_id:
            base.require_admin(request, "os-quota-sets:show")


def _shown(limits, request):
    minor = request.microversion[1]
    shown = dict(limits)
    if minor < 36:
        shown |= _NETWORK
    if minor < 57:
        shown |= _FILES
    return shown
