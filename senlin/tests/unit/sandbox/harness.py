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

"""A sandbox cloud without sockets, and a caller for it."""

import io
import json
import urllib.parse

import fixtures

from senlin.sandbox import cloud
from senlin.tests.unit import base

BASE_URL = "http://127.0.0.1:1"


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.seconds = 1_800_000_000.0

    def time(self):
        return self.seconds

    def monotonic(self):
        return self.seconds


class Answer:
    """What a call gave."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = dict(headers)
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        """The text of a keystone, nova or neutron error."""
        return next(iter(self.json.values()))["message"]


class SandboxTestCase(base.TestCase):
    """A test with a new cloud of identity, network and image in memory.

    :cvar further: references of more services, as in senlin.sandbox.cloud.
    :ivar cloud: the :class:`senlin.sandbox.cloud.Cloud`.
    :ivar clock: its :class:`ManualClock`.
    """

    further = ()

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.cloud.FURTHER_SERVICES", self.further))
        self.clock = ManualClock()
        self.cloud = cloud.Cloud(clock=self.clock)
        self.addCleanup(self.cloud.close)
        self.cloud.open(BASE_URL)

    def call(self, method, path, body=None, token=None, headers=None):
        """Make one call; ``path`` may have a query, ``body`` is JSON or bytes."""
        path, _, query = path.partition("?")
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": urllib.parse.unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": BASE_URL.removeprefix("http://"),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(data),
            "CONTENT_LENGTH": str(len(data)),
            "CONTENT_TYPE": "application/json",
        }
        if token:
            environ["HTTP_X_AUTH_TOKEN"] = token
        for name, value in (headers or {}).items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        found = []
        parts = self.cloud.application(environ, lambda *answer: found.append(answer))
        return Answer(int(found[0][0].split()[0]), found[0][1], b"".join(parts))

    def login(self, identity, scope=None):
        """Ask for a token; gives the answer."""
        auth = {"identity": identity}
        if scope is not None:
            auth["scope"] = scope
        return self.call("POST", "/identity/v3/auth/tokens", {"auth": auth})

    def token(self, user, project=None):
        """Give a token of a seeded user in a seeded project (his own if not named)."""
        answer = self.login(password(user), in_project(project or user))
        self.assertEqual(201, answer.status, answer.body)
        return answer.headers["X-Subject-Token"]

    def roles(self, answer):
        """Give the role names in a token's body."""
        return sorted(role["name"] for role in answer.json["token"]["roles"])


def password(user, secret="secret"):
    """Give the identity section of a password login."""
    who = {"name": user, "domain": {"id": "default"}, "password": secret}
    return {"methods": ["password"], "password": {"user": who}}


def by_token(token):
    """Give the identity section of a token login."""
    return {"methods": ["token"], "token": {"id": token}}


def in_project(name):
    """Give the scope of a seeded project."""
    return {"project": {"name": name, "domain": {"name": "Default"}}}
