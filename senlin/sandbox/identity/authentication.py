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

"""Who logs in and for what: methods and scopes of ``POST /v3/auth/tokens``."""

import dataclasses
import hmac
import math

from senlin.sandbox import web
from senlin.sandbox.identity import base
from senlin.sandbox.identity import seed


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Who it is, and how we know; ``expires`` bounds the new token."""

    user_id: str
    methods: tuple
    expires: float = math.inf
    audit_ids: tuple = ()
    token: dict | None = None
    application_credential_id: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """What the token is for; all empty is unscoped."""

    project_id: str | None = None
    domain_id: str | None = None
    system: bool = False
    trust_id: str | None = None
    impersonated: str | None = None
    expires: float = math.inf

    @property
    def is_scoped(self):
        """True unless unscoped."""
        return bool(self.project_id or self.domain_id or self.system)


def resolve_scope(directory, scope):
    """Give the :class:`Scope` asked for, or None when the caller names none.

    :raises Fault: 400 malformed, 401 for what does not exist, 404 for a trust
        that does not exist.
    """
    if scope is None:
        return None
    if scope == "unscoped" or (isinstance(scope, dict) and "unscoped" in scope):
        return Scope()
    if not isinstance(scope, dict) or len(scope) != 1:
        raise web.Fault(400, "auth.scope must be one of project, domain, system, OS-TRUST:trust.")
    ((kind, reference),) = scope.items()
    if kind == "project":
        project = directory.find_in_domain(directory.projects, reference)
        if project is None or not project["enabled"]:
            raise base.unauthorized()
        return Scope(project_id=project["id"])
    if kind == "domain":
        domain = directory.find_domain(reference)
        if domain is None or not domain["enabled"]:
            raise base.unauthorized()
        return Scope(domain_id=domain["id"])
    if kind == "system":
        return Scope(system=True)
    if kind == "OS-TRUST:trust" and isinstance(reference, dict):
        return _trust_scope(directory, reference.get("id"))
    raise web.Fault(400, f"auth.scope.{kind} is not a scope.")


def _trust_scope(directory, trust_id):
    trust = directory.find_trust(trust_id)
    expires = math.inf if trust["expires"] is None else trust["expires"]
    return Scope(
        project_id=trust["project_id"],
        trust_id=trust_id,
        impersonated=trust["trustor_user_id"] if trust["impersonation"] else None,
        expires=expires,
    )


def usual_scope(directory, identity):
    """Give the scope of a caller who names none."""
    if identity.application_credential_id:
        credential = directory.application_credentials[identity.application_credential_id]
        return Scope(project_id=credential["project_id"])
    project_id = directory.users[identity.user_id].get("default_project_id")
    if project_id and directory.effective_roles(identity.user_id, project_id):
        return Scope(project_id=project_id)
    return Scope()


def check_delegation(directory, identity, scope):
    """Refuse what trusts and application credentials do not allow.

    :raises Fault: 401 or 403 in keystone's words.
    """
    if identity.application_credential_id:
        credential = directory.application_credentials[identity.application_credential_id]
        if scope.trust_id or scope.project_id != credential["project_id"]:
            raise base.unauthorized()
    if identity.token is not None and identity.token["trust_id"]:
        if scope.trust_id != identity.token["trust_id"]:
            raise base.forbidden("rescope a trust-scoped token")
    if scope.trust_id is None:
        return
    trust = directory.trusts[scope.trust_id]
    if identity.user_id != trust["trustee_user_id"] and not (
        identity.token is not None and identity.token["trust_id"] == scope.trust_id
    ):
        raise web.Fault(403, "User is not a trustee.")
    trustor = directory.users.get(trust["trustor_user_id"])
    if trustor is None or not trustor["enabled"]:
        raise web.Fault(403, "Trustor is disabled.")
    if trust["project_id"]:
        held = directory.effective_roles(trust["trustor_user_id"], trust["project_id"])
        if not set(trust["roles"]) <= set(held):
            raise web.Fault(403, "Trustee has no delegated roles.")


def use_trust(directory, trust_id):
    """Count one use of a trust whose uses are limited."""
    with directory.store.lock:
        trust = directory.trusts[trust_id]
        if trust["remaining_uses"] is not None:
            left = {**trust, "remaining_uses": trust["remaining_uses"] - 1}
            directory.store.put("identity.trusts", trust_id, left)


def authenticate(directory, identity):
    """Give the :class:`Identity` that ``auth.identity`` proves.

    :raises Fault: 400 malformed, 401 when it proves nothing.
    """
    methods = identity.get("methods")
    if not isinstance(methods, list) or not methods:
        raise web.Fault(400, "auth.identity.methods must be a list of method names.")
    found = []
    for method in methods:
        if method not in _METHODS:
            raise base.unauthorized()
        found.append(_METHODS[method](directory, base.section(identity, method)))
    if len({one.user_id for one in found}) != 1:
        raise base.unauthorized()
    return found[-1]


def _by_password(directory, section):
    reference = section.get("user")
    user = _enabled_user(directory, reference)
    if not check_password(user, reference.get("password")):
        raise base.unauthorized()
    return Identity(user["id"], ("password",))


def _enabled_user(directory, reference):
    user = directory.find_in_domain(directory.users, reference)
    if user is None or not user["enabled"]:
        raise base.unauthorized()
    return user


def check_password(user, password):
    """True when the password is the user's."""
    kept = user["password_hash"]
    if kept is None or not isinstance(password, str):
        return False
    salt = kept.partition("$")[0]
    return hmac.compare_digest(kept, seed.hash_password(password, salt))


def _by_token(directory, section):
    token = directory.tokens.get(section.get("id"))
    if token is None or not directory.is_valid(token):
        raise base.unauthorized()
    methods = tuple(dict.fromkeys([*token["methods"], "token"]))
    return Identity(
        token["user_id"],
        methods,
        expires=token["expires"],
        audit_ids=tuple(token["audit_ids"]),
        token=token,
        application_credential_id=token["application_credential_id"],
    )


def _by_application_credential(directory, section):
    if "id" in section:
        credential = directory.application_credentials.get(section["id"])
    else:
        user = _enabled_user(directory, section.get("user"))
        credential = next(
            (
                one
                for one in list(directory.application_credentials.values())
                if one["user_id"] == user["id"] and one["name"] == section.get("name")
            ),
            None,
        )
    if credential is None:
        raise base.unauthorized()
    user = directory.users.get(credential["user_id"])
    late = credential["expires"] is not None and credential["expires"] <= directory.clock.time()
    secret = {"password_hash": credential["secret_hash"]}
    if late or user is None or not user["enabled"]:
        raise base.unauthorized()
    if not check_password(secret, section.get("secret")):
        raise base.unauthorized()
    return Identity(
        user["id"],
        ("application_credential",),
        expires=math.inf if credential["expires"] is None else credential["expires"],
        application_credential_id=credential["id"],
    )


_METHODS = {
    "password": _by_password,
    "token": _by_token,
    "application_credential": _by_application_credential,
}
