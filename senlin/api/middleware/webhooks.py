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

"""Stage 3 of a request: webhooks come in by their address alone (API contract, 3.12)."""

import re
import urllib.parse

from senlin.api import faults
from senlin.api.middleware import negotiation
from senlin.common import exception
from senlin.db import lookup

_TRIGGER = re.compile(r"/webhooks/([^/]+)/trigger\Z")

#: The only headers that count. What a client says about who it is must not.
_PASSED_HEADERS = frozenset(
    {
        "HTTP_HOST",
        "HTTP_ACCEPT",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_OPENSTACK_API_VERSION",
        "HTTP_IDEMPOTENCY_KEY",
    }
)

#: Key of the WSGI environment: whether the request came in without a token.
OWNER = "senlin.webhook"


class WebhookRoute:
    """Sends triggers of webhooks around the authentication, and nothing else.

    A trigger acts for the owner on whose behalf its receiver was created, and
    without any role. The engine makes sure that this owner's trust still works.

    :param application: what is inside the authentication.
    :param authenticated: the same behind the authentication.
    :param services: a :class:`senlin.api.services.Services`.
    """

    def __init__(self, application, authenticated, services):
        self._application = application
        self._authenticated = authenticated
        self._services = services

    def __call__(self, environ, start_response):
        match = _TRIGGER.match(environ[negotiation.PATH])
        if match is None:
            return self._authenticated(environ, start_response)
        try:
            if environ["REQUEST_METHOD"] != "POST":
                raise negotiation.not_found()
            owner = self._owner(match[1], environ.get("QUERY_STRING", ""))
        except exception.SenlinError as error:
            return faults.Fault(error)(environ, start_response)
        return self._application(_with_identity(environ, owner), start_response)

    def _owner(self, identity, query):
        if not any(name == "V" and value for name, value in urllib.parse.parse_qsl(query)):
            raise exception.RequestInvalid("The parameter 'V' is missing in the webhook's URL.")
        identity = identity.encode("latin-1").decode("utf-8")
        # The whole id only: names and short ids can be guessed, and whoever
        # knows this address may use it.
        receiver = self._services.read(lookup.get, "receiver", identity)
        if receiver is None:
            raise exception.ResourceNotFound(type="receiver", id=identity)
        return receiver["actor"] or receiver


def _with_identity(environ, owner):
    passed = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in _PASSED_HEADERS
    }
    passed[OWNER] = True
    passed["HTTP_X_USER_ID"] = owner["user"]
    passed["HTTP_X_PROJECT_ID"] = owner["project"]
    if owner["domain"]:
        passed["HTTP_X_USER_DOMAIN_ID"] = owner["domain"]
    return passed
