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

"""Tokens: issue, validate, revoke, and what each lets its bearer be."""

import base64
import os
import secrets

from senlin.sandbox import web
from senlin.sandbox.identity import authentication
from senlin.sandbox.identity import base

# Every so many tokens those that expired a day ago are thrown away. Until then
# they can be validated with allow_expired.
_PURGE_EVERY = 500
_KEPT_SECONDS = 86400


class TokenRoutes(base.Directory):
    """``/v3/auth``."""

    def __init__(self, store, clock, catalogue, token_lifetime=3600):
        super().__init__(store, clock)
        self.catalogue = catalogue
        self.token_lifetime = token_lifetime
        self._contexts = {}
        self._issued = 0

    def forget_contexts(self):
        """Have every token looked at afresh."""
        self._contexts = {}

    def token_context(self, token_id):
        """Give the :class:`~senlin.sandbox.web.TokenContext`, or None.

        None means: unknown, expired, revoked, or one of the things it stands
        on (user, project, trust, application credential, roles) is gone.
        """
        cached = self._contexts.get(token_id)
        if cached is not None and cached[0] > self.clock.time():
            return cached[1]
        contexts = self._contexts
        token = self.tokens.get(token_id)
        if token is None or not self.is_valid(token):
            contexts.pop(token_id, None)
            return None
        project = self.projects.get(token["project_id"])
        user = self.users[token["user_id"]]
        names = [role["name"] for role in self.role_names(self.roles_of(token))]
        context = web.TokenContext(
            token_id=token_id,
            user_id=user["id"],
            user_name=user["name"],
            project_id=token["project_id"],
            project_name=project["name"] if project else None,
            domain_id=token["domain_id"],
            roles=frozenset(names),
            trust_id=token["trust_id"],
        )
        contexts[token_id] = (token["expires"], context)
        return context

    def is_valid(self, token, allow_expired=False):
        """True while everything the token stands on is there and enabled."""
        if token["expires"] <= self.clock.time() and not allow_expired:
            return False
        user = self.users.get(token["user_id"])
        if user is None or not user["enabled"]:
            return False
        if token["trust_id"] and not self._trust_holds(token):
            return False
        credential_id = token["application_credential_id"]
        if credential_id and credential_id not in self.application_credentials:
            return False
        if token["project_id"]:
            project = self.projects.get(token["project_id"])
            if project is None or not project["enabled"]:
                return False
            return bool(self.roles_of(token))
        return True

    def _trust_holds(self, token):
        trust = self.trusts.get(token["trust_id"])
        if trust is None:
            return False
        people = [self.users.get(trust[name]) for name in ("trustor_user_id", "trustee_user_id")]
        return all(person and person["enabled"] for person in people)

    def roles_of(self, token):
        """Give the ids of the roles that a token carries now."""
        scope = token["project_id"] or ("system" if token["system"] else token["domain_id"])
        if scope is None:
            return []
        if token["trust_id"]:
            trust = self.trusts[token["trust_id"]]
            held = set(self.effective_roles(trust["trustor_user_id"], scope))
            return self.with_implied(role for role in trust["roles"] if role in held)
        held = self.effective_roles(token["user_id"], scope)
        if token["application_credential_id"]:
            credential = self.application_credentials[token["application_credential_id"]]
            return self.with_implied(role for role in credential["roles"] if role in held)
        return held

    def issue(self, identity, scope):
        """Make and store a token.

        :param identity: an :class:`authentication.Identity`.
        :param scope: an :class:`authentication.Scope`.
        :raises Fault: 401 when the user has no role in the scope.
        """
        now = self.clock.time()
        token = {
            "id": "gAAAAA" + secrets.token_urlsafe(48),
            "user_id": scope.impersonated or identity.user_id,
            "methods": list(identity.methods),
            "project_id": scope.project_id,
            "domain_id": scope.domain_id,
            "system": scope.system,
            "trust_id": scope.trust_id,
            "application_credential_id": identity.application_credential_id,
            "issued": now,
            "expires": min(now + self.token_lifetime, identity.expires, scope.expires),
            "audit_ids": [_audit_id(), *identity.audit_ids[-1:]],
        }
        if scope.is_scoped and not self.roles_of(token):
            raise base.unauthorized()
        self.store.put("identity.tokens", token["id"], token)
        self._issued += 1
        if self._issued % _PURGE_EVERY == 0:
            self._purge(now)
        return token

    def _purge(self, now):
        stale = [
            key
            for key, token in list(self.tokens.items())
            if token["expires"] < now - _KEPT_SECONDS
        ]
        self.store.put_many(("identity.tokens", key, None) for key in stale)
        self.forget_contexts()

    def token_body(self, request, token, with_catalogue=True):
        """Give a token as the API shows it."""
        user = self.users[token["user_id"]]
        body = {
            "methods": token["methods"],
            "user": {
                "domain": self.domain_of(user),
                "id": user["id"],
                "name": user["name"],
                "password_expires_at": None,
            },
            "audit_ids": token["audit_ids"],
            "expires_at": base.iso(token["expires"]),
            "issued_at": base.iso(token["issued"]),
        }
        project = self.projects.get(token["project_id"])
        if project is not None:
            body["project"] = {
                "domain": self.domain_of(project),
                "id": project["id"],
                "name": project["name"],
            }
            body["is_domain"] = False
        elif token["system"]:
            body["system"] = {"all": True}
        elif token["domain_id"]:
            body["domain"] = self.domain_of(token)
        else:
            return {"token": body}
        body["roles"] = self.role_names(self.roles_of(token))
        if with_catalogue:
            body["catalog"] = self.catalogue.entries()
        if token["trust_id"]:
            body["OS-TRUST:trust"] = _trust_section(self.trusts[token["trust_id"]])
        credential_id = token["application_credential_id"]
        if credential_id:
            credential = self.application_credentials[credential_id]
            body["application_credential"] = {
                "id": credential_id,
                "name": credential["name"],
                "restricted": not credential["unrestricted"],
            }
        return {"token": body}

    @web.route("POST", "/auth/tokens", authenticated=False)
    def create_token(self, request):
        """Log in, or change the scope of a token."""
        auth = base.section(request.json(), "auth")
        scope = authentication.resolve_scope(self, auth.get("scope"))
        identity = authentication.authenticate(self, base.section(auth, "identity"))
        if scope is None:
            scope = authentication.usual_scope(self, identity)
        authentication.check_delegation(self, identity, scope)
        token = self.issue(identity, scope)
        if scope.trust_id:
            authentication.use_trust(self, scope.trust_id)
        body = self.token_body(request, token, "nocatalog" not in request.query)
        return web.Response(201, body, {"X-Subject-Token": token["id"], "Vary": "X-Auth-Token"})

    @web.route("GET", "/auth/tokens")
    def validate_token(self, request):
        """Say what a token means to a service, or to its own bearer."""
        token = self._subject(request, "identity:validate_token")
        body = self.token_body(request, token, "nocatalog" not in request.query)
        return web.Response(200, body, {"X-Subject-Token": token["id"], "Vary": "X-Auth-Token"})

    @web.route("HEAD", "/auth/tokens")
    def check_token(self, request):
        """Say whether a token is valid."""
        token = self._subject(request, "identity:check_token")
        return web.Response(200, None, {"X-Subject-Token": token["id"], "Vary": "X-Auth-Token"})

    @web.route("DELETE", "/auth/tokens")
    def revoke_token(self, request):
        """End a token."""
        token = self._subject(request, "identity:revoke_token")
        self.store.delete("identity.tokens", token["id"])
        self._contexts.pop(token["id"], None)

    def _subject(self, request, action):
        token_id = request.headers.get("X-Subject-Token")
        if not token_id:
            raise web.Fault(400, "The request has no X-Subject-Token header.")
        token = self.tokens.get(token_id)
        late = request.query.get("allow_expired") in ("1", "true", "True")
        known = token is not None and self.is_valid(token, allow_expired=late)
        caller = request.token
        allowed = caller.is_admin or "service" in caller.roles
        if known and not allowed and self._subject_of(token) != caller.user_id:
            raise base.forbidden(action)
        if not known:
            raise web.Fault(404, "Failed to validate token")
        return token

    def _subject_of(self, token):
        """Who a token was issued to: of a trust it is the trustee, whoever he may be in it."""
        if token["trust_id"]:
            return self.trusts[token["trust_id"]]["trustee_user_id"]
        return token["user_id"]

    @web.route("GET", "/auth/projects")
    def list_own_projects(self, request):
        """Where the bearer may go."""
        found = self.projects_of(request.token.user_id)
        return base.collection(request, "projects", [item for item in found if item["enabled"]])

    @web.route("GET", "/auth/domains")
    def list_own_domains(self, request):
        """No user has a role on a domain."""
        return base.collection(request, "domains", [])

    @web.route("GET", "/auth/system")
    def list_own_system(self, request):
        """Whether the bearer has a role on the system."""
        found = self.effective_roles(request.token.user_id, "system")
        return {"system": [{"all": True}] if found else [], "links": {}}

    @web.route("GET", "/auth/catalog")
    def show_catalogue(self, request):
        """Which services there are."""
        if request.token.project_id is None and not request.token.roles:
            raise base.forbidden("identity:get_auth_catalog")
        url = f"{request.service_url}/auth/catalog"
        return {"catalog": self.catalogue.entries(), "links": {"self": url}}


def _audit_id():
    return base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode()


def _trust_section(trust):
    return {
        "id": trust["id"],
        "impersonation": trust["impersonation"],
        "trustee_user": {"id": trust["trustee_user_id"]},
        "trustor_user": {"id": trust["trustor_user_id"]},
    }
