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

"""Users, projects and domains."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.identity import authentication
from senlin.sandbox.identity import base
from senlin.sandbox.identity import seed


class PeopleRoutes(base.Directory):
    """``/v3/users``, ``/v3/projects``, ``/v3/domains``, and empty lists of groups."""

    @web.route("GET", "/users")
    def list_users(self, request):
        """List users by name, domain and enabled."""
        base.require_admin(request, "identity:list_users")
        names = ("name", "domain_id", "enabled")
        found = base.wanted(list(self.users.values()), request.query, *names)
        return base.collection(request, "users", [_shown_user(user) for user in found])

    @web.route("POST", "/users")
    def create_user(self, request):
        """Add a user."""
        base.require_admin(request, "identity:create_user")
        wanted = base.section(request.json(), "user")
        name = self._free_name(self.users, "user", wanted)
        password = wanted.pop("password", None)
        domain_id = wanted.pop("domain_id", None) or seed.DOMAIN["id"]
        self._domain(domain_id)
        user = seed.user_record(uuid.uuid4().hex, name, password, domain_id=domain_id)
        user.update(_own_keys(wanted))
        self.store.put("identity.users", user["id"], user)
        shown = base.linked(request, "users", _shown_user(user))
        return web.Response(201, {"user": shown})

    def _free_name(self, table, kind, wanted):
        name = wanted.get("name")
        if not isinstance(name, str) or not name:
            raise web.Fault(400, f"{kind}.name is a required property and must be a string.")
        if any(record["name"] == name for record in list(table.values())):
            raise base.duplicate(kind, name)
        return name

    def _user(self, user_id):
        user = self.users.get(user_id)
        if user is None:
            raise base.not_found("user", user_id)
        return user

    @web.route("GET", "/users/{user_id}")
    def show_user(self, request, user_id):
        """Show a user to himself or an admin."""
        if request.token.user_id != user_id:
            base.require_admin(request, "identity:get_user")
        user = self._user(user_id)
        return {"user": base.linked(request, "users", _shown_user(user))}

    @web.route("PATCH", "/users/{user_id}")
    def update_user(self, request, user_id):
        """Change a user."""
        base.require_admin(request, "identity:update_user")
        wanted = base.section(request.json(), "user")
        user = {**self._user(user_id)}
        if "password" in wanted:
            user["password_hash"] = seed.hash_password(wanted.pop("password"))
        user.update(_own_keys(wanted))
        self.store.put("identity.users", user_id, user)
        self.forget_contexts()
        return {"user": base.linked(request, "users", _shown_user(user))}

    @web.route("DELETE", "/users/{user_id}")
    def delete_user(self, request, user_id):
        """Remove a user, his assignments and his trusts."""
        base.require_admin(request, "identity:delete_user")
        self._user(user_id)
        changes = [("identity.users", user_id, None)]
        for key, grant in list(self.assignments.items()):
            if grant["user_id"] == user_id:
                changes.append(("identity.assignments", key, None))
        for key, trust in list(self.trusts.items()):
            if user_id in (trust["trustor_user_id"], trust["trustee_user_id"]):
                changes.append(("identity.trusts", key, None))
        self.store.put_many(changes)
        self.forget_contexts()

    @web.route("POST", "/users/{user_id}/password")
    def change_password(self, request, user_id):
        """Let a user change his password."""
        wanted = base.section(request.json(), "user")
        user = self._user(user_id)
        if not authentication.check_password(user, wanted.get("original_password")):
            raise base.unauthorized()
        if not isinstance(wanted.get("password"), str):
            raise web.Fault(400, "user.password is a required property and must be a string.")
        changed = {**user, "password_hash": seed.hash_password(wanted["password"])}
        self.store.put("identity.users", user_id, changed)

    @web.route("GET", "/users/{user_id}/projects")
    def list_user_projects(self, request, user_id):
        """List where a user has roles."""
        if request.token.user_id != user_id:
            base.require_admin(request, "identity:list_user_projects")
        self._user(user_id)
        return base.collection(request, "projects", self.projects_of(user_id))

    @web.route("GET", "/users/{user_id}/groups")
    def list_user_groups(self, request, user_id):
        """List no groups."""
        self._user(user_id)
        return base.collection(request, "groups", [])

    @web.route("GET", "/groups")
    def list_groups(self, request):
        """List no groups."""
        base.require_admin(request, "identity:list_groups")
        return base.collection(request, "groups", [])

    @web.route("GET", "/projects")
    def list_projects(self, request):
        """List projects by name, domain, parent and enabled."""
        base.require_admin(request, "identity:list_projects")
        names = ("name", "domain_id", "parent_id", "enabled")
        found = base.wanted(list(self.projects.values()), request.query, *names)
        return base.collection(request, "projects", found)

    @web.route("POST", "/projects")
    def create_project(self, request):
        """Add a project."""
        base.require_admin(request, "identity:create_project")
        wanted = base.section(request.json(), "project")
        name = self._free_name(self.projects, "project", wanted)
        domain_id = wanted.pop("domain_id", None) or seed.DOMAIN["id"]
        self._domain(domain_id)
        project = seed.project_record(uuid.uuid4().hex, name, domain_id=domain_id)
        project.update(_own_keys(wanted))
        self.store.put("identity.projects", project["id"], project)
        return web.Response(201, {"project": base.linked(request, "projects", project)})

    def _project(self, project_id):
        project = self.projects.get(project_id)
        if project is None:
            raise base.not_found("project", project_id)
        return project

    @web.route("GET", "/projects/{project_id}")
    def show_project(self, request, project_id):
        """Show a project to those with a role in it."""
        if request.token.project_id != project_id and not request.token.is_admin:
            if not self.effective_roles(request.token.user_id, project_id):
                raise base.forbidden("identity:get_project")
        project = self._project(project_id)
        return {"project": base.linked(request, "projects", project)}

    @web.route("PATCH", "/projects/{project_id}")
    def update_project(self, request, project_id):
        """Change a project."""
        base.require_admin(request, "identity:update_project")
        wanted = base.section(request.json(), "project")
        project = {**self._project(project_id), **_own_keys(wanted)}
        self.store.put("identity.projects", project_id, project)
        self.forget_contexts()
        return {"project": base.linked(request, "projects", project)}

    @web.route("DELETE", "/projects/{project_id}")
    def delete_project(self, request, project_id):
        """Remove a project and the assignments in it."""
        base.require_admin(request, "identity:delete_project")
        self._project(project_id)
        changes = [("identity.projects", project_id, None)]
        for key, grant in list(self.assignments.items()):
            if grant["scope"] == project_id:
                changes.append(("identity.assignments", key, None))
        self.store.put_many(changes)
        self.forget_contexts()

    def _domain(self, domain_id):
        domain = self.domains.get(domain_id)
        if domain is None:
            raise base.not_found("domain", domain_id)
        return domain

    @web.route("GET", "/domains")
    def list_domains(self, request):
        """List the one domain."""
        base.require_admin(request, "identity:list_domains")
        found = base.wanted(list(self.domains.values()), request.query, "name", "enabled")
        return base.collection(request, "domains", found)

    @web.route("GET", "/domains/{domain_id}")
    def show_domain(self, request, domain_id):
        """Show the one domain."""
        domain = self._domain(domain_id)
        return {"domain": base.linked(request, "domains", domain)}

    @web.route("GET", "/limits")
    def list_limits(self, request):
        """List no limits."""
        return base.collection(request, "limits", [])

    @web.route("GET", "/registered_limits")
    def list_registered_limits(self, request):
        """List no registered limits."""
        return base.collection(request, "registered_limits", [])


def _shown_user(user):
    return {name: value for name, value in user.items() if name != "password_hash"}


def _own_keys(wanted):
    """Give what a caller may set; an id or a link is never one of it."""
    hidden = ("id", "links", "password_hash", "domain_id")
    return {name: value for name, value in wanted.items() if name not in hidden}
