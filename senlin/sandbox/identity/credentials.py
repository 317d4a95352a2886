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

"""Application credentials and EC2 credentials."""

import copy
import hmac
import secrets
import uuid

from oslo_log import log as logging

from senlin.sandbox import web
from senlin.sandbox.identity import base
from senlin.sandbox.identity import seed

LOG = logging.getLogger(__name__)


class CredentialRoutes(base.Directory):
    """``/v3/users/{id}/application_credentials``, ``.../credentials/OS-EC2``, ``/v3/ec2tokens``."""

    def check_unrestricted(self, token, action):
        """Refuse tokens of restricted application credentials."""
        credential = self.application_credentials.get(token["application_credential_id"])
        if credential is not None and not credential["unrestricted"]:
            raise base.forbidden(action)

    def _check_own(self, request, user_id, action):
        if user_id not in self.users:
            raise base.not_found("user", user_id)
        if request.token.user_id != user_id and not request.token.is_admin:
            raise base.forbidden(action)

    @web.route("POST", "/users/{user_id}/application_credentials")
    def create_application_credential(self, request, user_id):
        """Make a credential for the caller's own user, project and roles."""
        action = "identity:create_application_credential"
        if request.token.user_id != user_id or request.token.project_id is None:
            raise base.forbidden(action)
        token = self.tokens[request.token.token_id]
        self.check_unrestricted(token, action)
        wanted = base.section(request.json(), "application_credential")
        name = wanted.get("name")
        if not isinstance(name, str) or not name:
            raise web.Fault(400, "application_credential.name is a required property.")
        mine = self._application_credentials_of(user_id)
        if any(credential["name"] == name for credential in mine):
            raise base.duplicate("application_credential", name)
        secret = wanted.get("secret") or secrets.token_urlsafe(64)
        credential = {
            "id": uuid.uuid4().hex,
            "name": name,
            "description": wanted.get("description"),
            "user_id": user_id,
            "project_id": request.token.project_id,
            "roles": self._chosen_roles(token, wanted.get("roles")),
            "expires": self._credential_expiry(wanted.get("expires_at")),
            "unrestricted": bool(wanted.get("unrestricted", False)),
            "secret_hash": seed.hash_password(secret),
        }
        self.store.put("identity.application_credentials", credential["id"], credential)
        shown = self._shown_credential(request, credential)
        return web.Response(201, {"application_credential": {**shown, "secret": secret}})

    def _credential_expiry(self, text):
        if text is None:
            return None
        try:
            return base.parse_iso(text)
        except (ValueError, TypeError):
            raise web.Fault(
                400, "application_credential.expires_at is not a time in ISO 8601."
            ) from None

    def _chosen_roles(self, token, references):
        held = self.roles_of(token)
        if not references:
            return held
        names = {self.role_table[key]["name"]: key for key in held}
        found = []
        for reference in references:
            key = reference.get("id") or names.get(reference.get("name"))
            if key not in held:
                raise base.not_found("role", reference.get("id") or reference.get("name"))
            found.append(key)
        return found

    def _application_credentials_of(self, user_id):
        every = list(self.application_credentials.values())
        return [credential for credential in every if credential["user_id"] == user_id]

    def _shown_credential(self, request, credential):
        names = ("id", "name", "description", "user_id", "project_id", "unrestricted")
        shown = {name: credential[name] for name in names}
        shown["expires_at"] = base.iso(credential["expires"])
        shown["roles"] = [
            {**role, "domain_id": None} for role in self.role_names(credential["roles"])
        ]
        shown["system"] = None
        kind = f"users/{credential['user_id']}/application_credentials"
        return base.linked(request, kind, shown)

    @web.route("GET", "/users/{user_id}/application_credentials")
    def list_application_credentials(self, request, user_id):
        """List a user's application credentials, by name."""
        self._check_own(request, user_id, "identity:list_application_credentials")
        mine = self._application_credentials_of(user_id)
        found = base.wanted(mine, request.query, "name")
        shown = [self._shown_credential(request, credential) for credential in found]
        url = request.service_url + request.path
        links = {"next": None, "self": url, "previous": None}
        return {"application_credentials": shown, "links": links}

    def _application_credential(self, request, user_id, key, action):
        self._check_own(request, user_id, action)
        credential = self.application_credentials.get(key)
        if credential is None or credential["user_id"] != user_id:
            raise base.not_found("application credential", key)
        return credential

    @web.route("GET", "/users/{user_id}/application_credentials/{key}")
    def show_application_credential(self, request, user_id, key):
        """Show an application credential, without its secret."""
        action = "identity:get_application_credential"
        credential = self._application_credential(request, user_id, key, action)
        return {"application_credential": self._shown_credential(request, credential)}

    @web.route("DELETE", "/users/{user_id}/application_credentials/{key}")
    def delete_application_credential(self, request, user_id, key):
        """Delete an application credential; its tokens end at once."""
        action = "identity:delete_application_credential"
        self._application_credential(request, user_id, key, action)
        self.check_unrestricted(self.tokens[request.token.token_id], action)
        self.store.delete("identity.application_credentials", key)
        self.forget_contexts()

    @web.route("POST", "/users/{user_id}/credentials/OS-EC2")
    def create_ec2_credential(self, request, user_id):
        """Make an access key and secret for a user in a project."""
        self._check_own(request, user_id, "identity:ec2_create_credential")
        project_id = request.json().get("tenant_id")
        if project_id not in self.projects:
            raise base.not_found("project", project_id)
        if not self.effective_roles(user_id, project_id):
            raise base.forbidden("identity:ec2_create_credential")
        credential = {
            "access": uuid.uuid4().hex,
            "secret": uuid.uuid4().hex,
            "user_id": user_id,
            "tenant_id": project_id,
            "trust_id": request.token.trust_id,
        }
        self.store.put("identity.ec2_credentials", credential["access"], credential)
        return web.Response(201, {"credential": _shown_ec2(request, credential)})

    @web.route("GET", "/users/{user_id}/credentials/OS-EC2")
    def list_ec2_credentials(self, request, user_id):
        """List a user's access keys."""
        self._check_own(request, user_id, "identity:ec2_list_credentials")
        mine = [one for one in list(self.ec2_credentials.values()) if one["user_id"] == user_id]
        links = {"next": None, "previous": None, "self": request.service_url + request.path}
        return {"credentials": [_shown_ec2(request, one) for one in mine], "links": links}

    def _ec2_credential(self, request, user_id, access, action):
        self._check_own(request, user_id, action)
        credential = self.ec2_credentials.get(access)
        if credential is None or credential["user_id"] != user_id:
            raise base.not_found("credential", access)
        return credential

    @web.route("GET", "/users/{user_id}/credentials/OS-EC2/{access}")
    def show_ec2_credential(self, request, user_id, access):
        """Show an access key."""
        action = "identity:ec2_get_credential"
        credential = self._ec2_credential(request, user_id, access, action)
        return {"credential": _shown_ec2(request, credential)}

    @web.route("DELETE", "/users/{user_id}/credentials/OS-EC2/{access}")
    def delete_ec2_credential(self, request, user_id, access):
        """Delete an access key."""
        self._ec2_credential(request, user_id, access, "identity:ec2_delete_credential")
        self.store.delete("identity.ec2_credentials", access)

    @web.route("POST", "/ec2tokens")
    def create_ec2_token(self, request):
        """Give a service a token for a user who signed a request.

        Since the 2025 security fixes keystone wants the caller to be a service.
        """
        if not request.token.is_admin and "service" not in request.token.roles:
            raise base.forbidden("identity:ec2tokens_validate")
        body = request.json()
        signed = body.get("credentials", body.get("ec2Credentials"))
        if not isinstance(signed, dict) or "signature" not in signed:
            raise web.Fault(400, "credentials must be an object with a signature.")
        credential = self.ec2_credentials.get(signed.get("access"))
        if credential is None or not _is_signed(credential["secret"], signed):
            raise base.unauthorized()
        token = self.issue_for_ec2(credential)
        shown = self.token_body(request, token)
        return web.Response(200, shown, {"X-Subject-Token": token["id"], "Vary": "X-Auth-Token"})


def _shown_ec2(request, credential):
    path = f"users/{credential['user_id']}/credentials/OS-EC2/{credential['access']}"
    return {**credential, "links": {"self": f"{request.service_url}/{path}"}}


def _is_signed(secret, signed):
    # Here and not above: the import is slow and few callers need it.
    from keystoneclient.contrib.ec2 import utils

    hosts = [str(signed.get("host"))]
    if ":" in hosts[0]:
        # Some clients sign the name without the port.
        hosts.append(hosts[0].rpartition(":")[0])
    for host in hosts:
        try:
            expected = utils.Ec2Signer(secret).generate({**copy.deepcopy(signed), "host": host})
        except Exception as error:  # noqa: BLE001
            # The signer raises bare Exception for versions it does not know.
            LOG.debug("Not a signed request: %s", error)
            return False
        if hmac.compare_digest(str(signed["signature"]), expected):
            return True
    return False
