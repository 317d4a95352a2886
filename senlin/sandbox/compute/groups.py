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

"""Server groups: servers that are to be kept together or apart."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import listing

GROUPS = "compute.server_groups"
POLICIES = ("affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity")


class ServerGroupRoutes(base.Part):
    """``/os-server-groups``."""

    @web.route("GET", "/os-server-groups")
    def list(self, request):
        """List the project's groups, or everybody's for administrators."""
        groups = list(self.cloud.groups.values())
        if not ("all_projects" in request.query and request.token.is_admin):
            project = request.token.project_id
            groups = [group for group in groups if group["project_id"] == project]
        offset = base.integer(request.query.get("offset", 0), "offset")
        limit = listing.page_limit(request.query)
        return {
            "server_groups": [
                self._view(request, group) for group in groups[offset : offset + limit]
            ]
        }

    @web.route("GET", "/os-server-groups/{group_id}")
    def show(self, request, group_id):
        """Show one group."""
        return {"server_group": self._view(request, self._group(request, group_id))}

    @web.route("POST", "/os-server-groups")
    def create(self, request):
        """Make a group."""
        base.require_writer(request, "os-server-groups:create")
        wanted = base.section(request.json(), "server_group")
        name = base.text(wanted.get("name"), "server_group.name")
        minor = request.microversion[1]
        policy, rules = self._policy(wanted, minor)
        project_id = request.token.project_id
        limit = self.cloud.quotas.limits(project_id)["server_groups"]
        if 0 <= limit <= self.cloud.quotas.used(project_id)["server_groups"]:
            raise web.Fault(403, "Quota exceeded, too many server groups.")
        group = {
            "id": str(uuid.uuid4()),
            "name": name,
            "policy": policy,
            "rules": rules,
            "project_id": project_id,
            "user_id": request.token.user_id,
        }
        self.cloud.store.put(GROUPS, group["id"], group)
        return {"server_group": self._view(request, group)}

    @web.route("DELETE", "/os-server-groups/{group_id}")
    def delete(self, request, group_id):
        """Remove a group; its servers stay."""
        base.require_writer(request, "os-server-groups:delete")
        self._group(request, group_id)
        self.cloud.store.delete(GROUPS, group_id)

    @staticmethod
    def _policy(wanted, minor):
        if minor >= 64:
            base.check_keys(wanted, "server_group", {"name", "policy", "rules"})
            policy, rules = wanted.get("policy"), wanted.get("rules") or {}
            path = "server_group.policy"
        else:
            base.check_keys(wanted, "server_group", {"name", "policies"})
            policies = wanted.get("policies")
            path = "server_group.policies"
            if not isinstance(policies, list) or len(policies) != 1:
                raise base.invalid(path, policies, "exactly one policy is needed")
            policy, rules = policies[0], {}
        known = POLICIES if minor >= 15 else POLICIES[:2]
        if policy not in known:
            raise base.invalid(path, policy, f"{policy!r} is not one of {list(known)}")
        if rules:
            base.check_keys(rules, "server_group.rules", {"max_server_per_host"})
            if policy != "anti-affinity":
                raise web.Fault(400, "Only anti-affinity policy supports rules.")
            most = base.integer(
                rules["max_server_per_host"], "server_group.rules.max_server_per_host", low=1
            )
            rules = {"max_server_per_host": most}
        return policy, rules

    def _group(self, request, group_id):
        group = self.cloud.groups.get(group_id)
        if group is None or not (
            request.token.is_admin or group["project_id"] == request.token.project_id
        ):
            raise web.Fault(404, f"Instance group {group_id} could not be found.")
        return group

    def _view(self, request, group):
        minor = request.microversion[1]
        body = {
            "id": group["id"],
            "name": group["name"],
            "members": self.cloud.fleet.members(group["id"]),
        }
        if minor >= 64:
            body |= {"policy": group["policy"], "rules": group["rules"]}
        else:
            body |= {"policies": [group["policy"]], "metadata": {}}
        if minor >= 13:
            body |= {"project_id": group["project_id"], "user_id": group["user_id"]}
        return body
