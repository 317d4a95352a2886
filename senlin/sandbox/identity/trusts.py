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

"""Trusts: ``/v3/OS-TRUST``."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.identity import base


class TrustRoutes(base.Directory):
    """A trustor lends roles in a project to a trustee."""

    @web.route("POST", "/OS-TRUST/trusts")
    def create_trust(self, request):
        """Lend roles; only the trustor may."""
        wanted = base.section(request.json(), "trust")
        _check_shape(wanted)
        caller = request.token
        token = self.tokens[caller.token_id]
        if caller.trust_id:
            raise base.forbidden("identity:create_trust with a trust-scoped token")
        self.check_unrestricted(token, "identity:create_trust")
        if wanted["trustor_user_id"] != caller.user_id:
            raise base.forbidden("The authenticated user should match the trustor")
        if wanted["trustee_user_id"] not in self.users:
            raise base.not_found("user", wanted["trustee_user_id"])
        project_id = wanted.get("project_id")
        roles = self._lent_roles(wanted, project_id)
        trust = {
            "id": uuid.uuid4().hex,
            "trustor_user_id": wanted["trustor_user_id"],
            "trustee_user_id": wanted["trustee_user_id"],
            "project_id": project_id,
            "impersonation": wanted["impersonation"],
            "expires": self._expiry(wanted.get("expires_at")),
            "remaining_uses": wanted.get("remaining_uses"),
            "roles": roles,
        }
        self.store.put("identity.trusts", trust["id"], trust)
        return web.Response(201, {"trust": self._shown(request, trust)})

    def _expiry(self, text):
        if text is None:
            return None
        try:
            expires = base.parse_iso(text)
        except (ValueError, TypeError):
            raise web.Fault(400, "trust.expires_at is not a time in ISO 8601.") from None
        if expires <= self.clock.time():
            raise web.Fault(400, "trust.expires_at must not be in the past.")
        return expires

    def _lent_roles(self, wanted, project_id):
        references = wanted.get("roles") or []
        if project_id is None:
            return []
        if project_id not in self.projects:
            raise base.not_found("project", project_id)
        if not references:
            raise base.forbidden("At least one role should be specified")
        held = set(self.effective_roles(wanted["trustor_user_id"], project_id))
        names = {role["name"]: role["id"] for role in list(self.role_table.values())}
        found = []
        for reference in references:
            key = reference.get("id") or names.get(reference.get("name"))
            if key is None or key not in held:
                raise base.not_found("role", reference.get("id") or reference.get("name"))
            found.append(key)
        return found

    def _shown(self, request, trust, with_roles=True):
        """Give a trust as the API shows it."""
        url = f"{request.service_url}/OS-TRUST/trusts/{trust['id']}"
        shown = {
            "id": trust["id"],
            "trustor_user_id": trust["trustor_user_id"],
            "trustee_user_id": trust["trustee_user_id"],
            "project_id": trust["project_id"],
            "impersonation": trust["impersonation"],
            "expires_at": base.iso(trust["expires"]),
            "deleted_at": None,
            "remaining_uses": trust["remaining_uses"],
            "redelegation_count": 0,
            "links": {"self": url},
        }
        if with_roles:
            shown["roles"] = [self._shown_role(request, key) for key in trust["roles"]]
            shown["roles_links"] = {"self": f"{url}/roles", "next": None, "previous": None}
        return shown

    def _shown_role(self, request, role_id):
        role = self.role_table[role_id]
        shown = {"id": role_id, "name": role["name"], "domain_id": None}
        return base.linked(request, "roles", shown)

    @web.route("GET", "/OS-TRUST/trusts")
    def list_trusts(self, request):
        """List by trustor or trustee; who is not admin must name himself."""
        names = ("trustor_user_id", "trustee_user_id")
        caller = request.token
        if not caller.is_admin:
            given = [request.query.get(name) for name in names if name in request.query]
            if not given or any(user_id != caller.user_id for user_id in given):
                raise base.forbidden("identity:list_trusts")
        found = base.wanted(list(self.trusts.values()), request.query, *names)
        url = f"{request.service_url}/OS-TRUST/trusts"
        return {
            "trusts": [self._shown(request, trust, with_roles=False) for trust in found],
            "links": {"next": None, "self": url, "previous": None},
        }

    def _trust_of(self, request, trust_id, action):
        trust = self.find_trust(trust_id)
        caller = request.token
        people = (trust["trustor_user_id"], trust["trustee_user_id"])
        if caller.user_id not in people and not caller.is_admin:
            raise base.forbidden(action)
        return trust

    @web.route("GET", "/OS-TRUST/trusts/{trust_id}")
    def show_trust(self, request, trust_id):
        """Show a trust to its trustor, its trustee or an admin."""
        trust = self._trust_of(request, trust_id, "identity:get_trust")
        return {"trust": self._shown(request, trust)}

    @web.route("DELETE", "/OS-TRUST/trusts/{trust_id}")
    def delete_trust(self, request, trust_id):
        """Take the roles back; tokens of the trust end at once."""
        trust = self._trust_of(request, trust_id, "identity:delete_trust")
        caller = request.token
        if caller.user_id != trust["trustor_user_id"] and not caller.is_admin:
            raise base.forbidden("identity:delete_trust")
        self.check_unrestricted(self.tokens[caller.token_id], "identity:delete_trust")
        self.store.delete("identity.trusts", trust_id)
        self.forget_contexts()

    @web.route("GET", "/OS-TRUST/trusts/{trust_id}/roles")
    def list_trust_roles(self, request, trust_id):
        """List the roles a trust lends."""
        trust = self._trust_of(request, trust_id, "identity:list_roles_for_trust")
        roles = [self._shown_role(request, key) for key in trust["roles"]]
        return {"roles": roles, "links": {"next": None, "previous": None, "self": None}}

    @web.route("GET", "/OS-TRUST/trusts/{trust_id}/roles/{role_id}")
    def show_trust_role(self, request, trust_id, role_id):
        """Show one role a trust lends."""
        trust = self._trust_of(request, trust_id, "identity:get_role_for_trust")
        if role_id not in trust["roles"]:
            raise base.not_found("role", role_id)
        return {"role": self._shown_role(request, role_id)}


def _check_shape(wanted):
    for name in ("trustor_user_id", "trustee_user_id"):
        if not isinstance(wanted.get(name), str):
            raise web.Fault(400, f"trust.{name} is a required property and must be a string.")
    if not isinstance(wanted.get("impersonation"), bool):
        raise web.Fault(400, "trust.impersonation is a required property and must be a boolean.")
    roles = wanted.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, dict) for role in roles):
        raise web.Fault(400, "trust.roles must be a list of objects.")
    uses = wanted.get("remaining_uses")
    if uses is not None and (isinstance(uses, bool) or not isinstance(uses, int) or uses < 1):
        raise web.Fault(400, "trust.remaining_uses must be a positive integer or null.")
