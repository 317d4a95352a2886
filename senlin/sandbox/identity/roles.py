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

"""Roles, what they imply, and who has them."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.identity import base
from senlin.sandbox.identity import seed


class RoleRoutes(base.Directory):
    """``/v3/roles``, ``/v3/role_assignments`` and the grants below projects."""

    @web.route("GET", "/roles")
    def list_roles(self, request):
        """List roles by name."""
        base.require_admin(request, "identity:list_roles")
        found = base.wanted(list(self.role_table.values()), request.query, "name")
        return base.collection(request, "roles", [_shown(role) for role in found])

    @web.route("POST", "/roles")
    def create_role(self, request):
        """Add a role."""
        base.require_admin(request, "identity:create_role")
        name = base.section(request.json(), "role").get("name")
        if not isinstance(name, str) or not name:
            raise web.Fault(400, "role.name is a required property and must be a string.")
        if any(role["name"] == name for role in list(self.role_table.values())):
            raise base.duplicate("role", name)
        role = {"id": uuid.uuid4().hex, "name": name, "domain_id": None, "description": None}
        record = {**role, "options": {}, "implies": []}
        self.store.put("identity.roles", role["id"], record)
        return web.Response(201, {"role": base.linked(request, "roles", _shown(record))})

    def _role(self, role_id):
        role = self.role_table.get(role_id)
        if role is None:
            raise base.not_found("role", role_id)
        return role

    @web.route("GET", "/roles/{role_id}")
    def show_role(self, request, role_id):
        """Show a role."""
        base.require_admin(request, "identity:get_role")
        return {"role": base.linked(request, "roles", _shown(self._role(role_id)))}

    @web.route("DELETE", "/roles/{role_id}")
    def delete_role(self, request, role_id):
        """Remove a role and its assignments."""
        base.require_admin(request, "identity:delete_role")
        self._role(role_id)
        changes = [("identity.roles", role_id, None)]
        for key, grant in list(self.assignments.items()):
            if grant["role_id"] == role_id:
                changes.append(("identity.assignments", key, None))
        self.store.put_many(changes)
        self.forget_contexts()

    @web.route("GET", "/roles/{role_id}/implies")
    def list_implied_roles(self, request, role_id):
        """List what a role implies directly."""
        base.require_admin(request, "identity:list_implied_roles")
        return {"role_inference": self._inference(request, self._role(role_id)), "links": {}}

    @web.route("GET", "/role_inferences")
    def list_role_inferences(self, request):
        """List every role that implies others."""
        base.require_admin(request, "identity:list_role_inference_rules")
        prior = [role for role in list(self.role_table.values()) if role["implies"]]
        return {"role_inferences": [self._inference(request, role) for role in prior], "links": {}}

    def _inference(self, request, role):
        def short(key):
            named = {"id": key, "name": self.role_table[key]["name"]}
            return base.linked(request, "roles", named)

        implied = [short(key) for key in role["implies"] if key in self.role_table]
        return {"prior_role": short(role["id"]), "implies": implied}

    @web.route("GET", "/role_assignments")
    def list_role_assignments(self, request):
        """List who has which role where."""
        query = request.query
        if not request.token.is_admin:
            raise base.forbidden("identity:list_role_assignments")
        rows = []
        for grant in list(self.assignments.values()):
            role_ids = [grant["role_id"]]
            if _is_set(query, "effective"):
                role_ids = self.with_implied(role_ids)
            rows += [(grant["user_id"], grant["scope"], role_id) for role_id in role_ids]
        scope = query.get("scope.project.id") or ("system" if "scope.system" in query else None)
        conditions = (query.get("user.id"), scope, query.get("role.id"))
        found = [
            self._shown_assignment(request, row)
            for row in dict.fromkeys(rows)
            if all(value in (None, actual) for value, actual in zip(conditions, row))
        ]
        if "group.id" in query or "scope.domain.id" in query:
            found = []
        url = f"{request.service_url}/role_assignments"
        links = {"next": None, "previous": None, "self": url}
        return {"role_assignments": found, "links": links}

    def _shown_assignment(self, request, row):
        user_id, scope, role_id = row
        user = {"id": user_id}
        role = {"id": role_id}
        project = {"id": scope}
        if _is_set(request.query, "include_names"):
            role["name"] = self.role_table[role_id]["name"]
            person = self.users[user_id]
            user.update(name=person["name"], domain=self.domain_of(person))
            if scope in self.projects:
                record = self.projects[scope]
                project.update(name=record["name"], domain=self.domain_of(record))
        where = {"system": {"all": True}} if scope == "system" else {"project": project}
        path = f"projects/{scope}/users/{user_id}/roles/{role_id}"
        if scope == "system":
            path = f"system/users/{user_id}/roles/{role_id}"
        links = {"assignment": f"{request.service_url}/{path}"}
        return {"user": user, "role": role, "scope": where, "links": links}

    def _check_grant(self, request, project_id, user_id, role_id=None):
        base.require_admin(request, "identity:check_grant")
        if project_id not in self.projects:
            raise base.not_found("project", project_id)
        if user_id not in self.users:
            raise base.not_found("user", user_id)
        if role_id is not None:
            self._role(role_id)

    @web.route("GET", "/projects/{project_id}/users/{user_id}/roles")
    def list_grants(self, request, project_id, user_id):
        """List the roles given to a user in a project."""
        self._check_grant(request, project_id, user_id)
        keys = [
            grant["role_id"]
            for grant in list(self.assignments.values())
            if (grant["scope"], grant["user_id"]) == (project_id, user_id)
        ]
        shown = [_shown(self.role_table[key]) for key in keys]
        return base.collection(request, "roles", shown)

    @web.route("PUT", "/projects/{project_id}/users/{user_id}/roles/{role_id}")
    def create_grant(self, request, project_id, user_id, role_id):
        """Give a user a role in a project."""
        self._check_grant(request, project_id, user_id, role_id)
        key = seed.assignment_key(user_id, project_id, role_id)
        record = {"user_id": user_id, "scope": project_id, "role_id": role_id}
        self.store.put("identity.assignments", key, record)
        self.forget_contexts()

    @web.route("GET", "/projects/{project_id}/users/{user_id}/roles/{role_id}")
    def check_grant(self, request, project_id, user_id, role_id):
        """Say whether a user was given a role in a project."""
        self._check_grant(request, project_id, user_id, role_id)
        key = seed.assignment_key(user_id, project_id, role_id)
        if key not in self.assignments:
            raise base.not_found("role assignment with role", role_id)

    @web.route("DELETE", "/projects/{project_id}/users/{user_id}/roles/{role_id}")
    def delete_grant(self, request, project_id, user_id, role_id):
        """Take a role from a user in a project."""
        self.check_grant(request, project_id, user_id, role_id)
        key = seed.assignment_key(user_id, project_id, role_id)
        self.store.delete("identity.assignments", key)
        self.forget_contexts()


def _shown(role):
    return {name: value for name, value in role.items() if name != "implies"}


def _is_set(query, name):
    """True for ``?name``, ``?name=true``, ``?name=1``; false for ``=0`` and ``=false``."""
    return name in query and query.get(name).lower() not in ("0", "false")
