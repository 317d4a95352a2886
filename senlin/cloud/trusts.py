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

"""Keystone trusts: how the service may act for its users when they are away.

A trust from the user to the service user is made with the user's own token
the first time the user asks for something, kept sealed in the database, and
made anew when Keystone has lost it. It impersonates, never ends, and carries the
roles of ``[DEFAULT] trust_roles`` or else those of the request.
"""

import json
import threading

from keystoneauth1 import exceptions as ksa
from keystoneauth1 import token_endpoint
from oslo_log import log as logging
import requests

from senlin.cloud import calls
from senlin.cloud import errors
from senlin.common import secrets
from senlin.conf import CONF
from senlin.db import credentials

LOG = logging.getLogger(__name__)

_SERVICE = "identity"
_STRIPES = 16


class Trusts:
    """The trusts of all owners; thread-safe.

    :param pool: the sessions to talk through, see ``sessions.SessionPool``.
    :param store: where they are kept; has ``load``, ``save``.
    """

    def __init__(self, pool, store=credentials):
        self._pool = pool
        self._store = store
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _ in range(_STRIPES)]
        self._known = {}
        self._doubtful = set()

    def ensure(self, context):
        """Make sure that a trust of the requester in its project is there.

        Costs nothing when it is known. Several processes that make one at
        once do no harm: each of them works.

        :raises CloudError: if it cannot be made.
        """
        owner = (context.user_id, context.project_id)
        if owner in self._known:
            return self._known[owner]
        with self._making[hash(owner) % _STRIPES]:
            if owner in self._known:
                return self._known[owner]
            trust = self._load(owner)
            if trust is not None and owner in self._doubtful and not self._exists(context, trust):
                trust = None
            if trust is None:
                trust = self._find(context) or self._create(context)
                self._store.save(*owner, secrets.seal(_pack(trust)))
                self._pool.forget(*owner)
                LOG.info("User %s trusts this service in project %s.", *owner)
            self._remember(owner, trust)
            return trust

    def known(self, user, project):
        """The trust of an owner, None if there is none."""
        owner = (user, project)
        trust = self._known.get(owner)
        if trust is None:
            trust = self._load(owner)
            if trust is not None and owner not in self._doubtful:
                self._remember(owner, trust)
        return trust

    def verify(self, user, project):
        """Make sure that this service may still act for an owner.

        :raises CloudError: reason ``auth`` when there is no trust, or when
            Keystone gives no token for it; status 404 when Keystone has lost it.
        """
        link = self._pool.for_owner(user, project).link
        try:
            self._translated(link.session.get_token)
        except errors.CloudError as error:
            if error.reason == errors.ReasonClass.AUTH or error.is_not_found:
                raise link.refused(error) from error
            raise

    def forget(self, user, project):
        """Doubt a trust that was refused: the owner's next request has it looked at."""
        with self._lock:
            self._known.pop((user, project), None)
            self._doubtful.add((user, project))
        self._pool.forget(user, project)

    def _remember(self, owner, trust):
        with self._lock:
            self._known[owner] = trust
            self._doubtful.discard(owner)

    def _load(self, owner):
        sealed = self._store.load(*owner)
        return None if sealed is None else _unpack(secrets.unseal(sealed))

    def _service_user(self):
        return self._pool.for_service().link.session.get_user_id()

    def _find(self, context):
        trustee = self._translated(self._service_user)
        found = self._send(context, "GET", f"/OS-TRUST/trusts?trustor_user_id={context.user_id}")
        for trust in found["trusts"]:
            if (
                trust["trustee_user_id"] == trustee
                and trust["project_id"] == context.project_id
                and trust["impersonation"]
                and trust.get("expires_at") is None
                and trust.get("remaining_uses") is None
                and self._has_roles(context, trust["id"])
            ):
                return trust["id"]
        return None

    def _has_roles(self, context, trust):
        shown = self._send(context, "GET", f"/OS-TRUST/trusts/{trust}")["trust"]
        names = {role["name"] for role in shown.get("roles", ())}
        return names.issuperset(CONF.trust_roles or context.roles)

    def _create(self, context):
        roles = CONF.trust_roles or context.roles
        body = {
            "trust": {
                "trustor_user_id": context.user_id,
                "trustee_user_id": self._translated(self._service_user),
                "project_id": context.project_id,
                "impersonation": True,
                "allow_redelegation": True,
                "roles": [{"name": name} for name in roles],
            }
        }
        return self._send(context, "POST", "/OS-TRUST/trusts", body)["trust"]["id"]

    def _exists(self, context, trust):
        try:
            self._send(context, "GET", f"/OS-TRUST/trusts/{trust}")
        except errors.CloudError as error:
            if error.status in (403, 404):
                return False
            raise
        return True

    def _send(self, context, method, path, body=None):
        url = CONF.authentication.auth_url.rstrip("/")
        if not url.endswith("/v3"):
            url += "/v3"
        auth = token_endpoint.Token(url, context.auth_token)

        def send():
            session = self._pool.new_session(auth)
            options = {} if body is None else {"json": body}
            response = session.request(
                url + path, method, connect_retries=0, raise_exc=False, log=False, **options
            )
            calls.record(_SERVICE, method, response.elapsed.total_seconds())
            if response.status_code >= 400:
                raise errors.from_response(response, _SERVICE, method != "GET")
            return response.json()

        return self._translated(send)

    @staticmethod
    def _translated(function):
        try:
            return function()
        except (ksa.ClientException, requests.exceptions.RequestException) as error:
            raise errors.translate(error, _SERVICE)


def _pack(trust):
    return json.dumps({"openstack": {"trust": trust}})


def _unpack(text):
    return json.loads(text)["openstack"]["trust"]
