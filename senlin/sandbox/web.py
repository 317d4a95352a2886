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
"""What a sandbox service is made of: requests, responses, faults and routes.

A service is a class with methods under :func:`route`::

    class ImageService(Service):
        name = "image"
        root = "/image"
        version = "/v2"

        @route("GET", "/images/{image_id}")
        def show(self, request, image_id):
            return {"id": image_id}             # 200; or Response(202, ...)

The application (:mod:`senlin.sandbox.application`) mounts it, authenticates,
counts, injects faults and renders what the method returns or raises.
"""

import dataclasses
import json
import urllib.parse

from senlin.sandbox import faults
from senlin.sandbox import routing

MAX_BODY = 64 * 1024 * 1024


class Fault(Exception):
    """An error answer.

    :param status: the HTTP status.
    :param message: one sentence for the caller.
    :param title: the service's own name of the error (nova's key, neutron's
        type, keystone's title); None takes the usual one of the status.
    :param code: placement's error code.
    :param headers: extra response headers.
    """

    def __init__(self, status, message, title=None, code=None, headers=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.title = title
        self.code = code
        self.headers = headers or {}


class Response:
    """What a handler gives: ``body`` is JSON data, bytes or None."""

    __slots__ = ("status", "body", "headers")

    def __init__(self, status, body=None, headers=None):
        self.status = status
        self.body = body
        self.headers = headers or {}


@dataclasses.dataclass(frozen=True, slots=True)
class TokenContext:
    """Who calls, as far as the services care."""

    token_id: str
    user_id: str
    user_name: str
    project_id: str | None = None
    project_name: str | None = None
    domain_id: str | None = None
    roles: frozenset = frozenset()
    trust_id: str | None = None

    @property
    def is_admin(self):
        """True with role admin: sees and changes every project's things."""
        return "admin" in self.roles


class Query:
    """The query string: every name with all its values, in order."""

    __slots__ = ("_values",)

    def __init__(self, text):
        self._values = {}
        if text:
            for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
                self._values.setdefault(name, []).append(value)

    def get(self, name, default=None):
        """Give the first value of ``name``."""
        values = self._values.get(name)
        return values[0] if values else default

    def getall(self, name):
        """Give every value of ``name`` (an empty list when it is absent)."""
        return self._values.get(name, [])

    def items(self):
        """Give all (name, value) pairs."""
        return [(name, value) for name, values in self._values.items() for value in values]

    def __contains__(self, name):
        return name in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __getitem__(self, name):
        return self._values[name][0]


class Headers:
    """Request headers by their usual names, case-insensitive."""

    __slots__ = ("_environ",)

    def __init__(self, environ):
        self._environ = environ

    def get(self, name, default=None):
        """Give the header's value."""
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        return self._environ.get(key, default)

    def __contains__(self, name):
        return self.get(name) is not None

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value


class Request:
    """One call.

    ``path`` is relative to the service's prefix; ``host_url`` and
    ``service_url`` (the prefix as the caller wrote it) serve to make links;
    ``microversion`` is a (major, minor) pair, or None where the service has
    none; ``token`` is None only on routes that need no authentication.
    """

    __slots__ = (
        "environ", "method", "path", "headers", "token", "params",
        "microversion", "request_id", "service_url", "host_url", "_query", "_body",
    )  # fmt: skip

    def __init__(self, environ, path, request_id=""):
        self.environ = environ
        self.method = environ["REQUEST_METHOD"]
        self.path = path
        self.headers = Headers(environ)
        self.token = None
        self.params = {}
        self.microversion = None
        self.request_id = request_id
        host = environ.get("HTTP_HOST") or (
            f"{environ.get('SERVER_NAME', '127.0.0.1')}:{environ.get('SERVER_PORT', '80')}"
        )
        self.host_url = f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
        self.service_url = self.host_url
        self._query = None
        self._body = None

    @property
    def query(self):
        """The query string as a :class:`Query`."""
        if self._query is None:
            self._query = Query(self.environ.get("QUERY_STRING", ""))
        return self._query

    @property
    def body(self):
        """The body as bytes, read once.

        :raises Fault: 413 above :data:`MAX_BODY` bytes.
        """
        if self._body is None:
            self._body = self._read()
        return self._body

    def _read(self):
        stream = self.environ.get("wsgi.input")
        length = self.environ.get("CONTENT_LENGTH")
        if stream is None:
            return b""
        if length:
            if int(length) > MAX_BODY:
                raise Fault(413, f"The request body is larger than {MAX_BODY} bytes.")
            return stream.read(int(length))
        if self.environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            body = stream.read(MAX_BODY + 1)
            if len(body) > MAX_BODY:
                raise Fault(413, f"The request body is larger than {MAX_BODY} bytes.")
            return body
        return b""

    def json(self):
        """Give the body as JSON, which must be an object.

        :raises Fault: 400 when it is not.
        """
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Fault(400, "Malformed request body: it is not JSON.") from None
        if not isinstance(value, dict):
            raise Fault(400, "Malformed request body: it is not a JSON object.")
        return value


def route(method, template, authenticated=True):
    """Mark a method of a :class:`Service` as the handler of a route.

    The handler is called with the request and the ``{name}`` segments of the
    template as keyword arguments. It gives a :class:`Response`, or a dict for
    a plain 200, or None for 204, or raises :class:`Fault`. HEAD is answered by
    GET's handler unless it has its own.
    """

    def mark(function):
        marks = getattr(function, "sandbox_routes", ())
        function.sandbox_routes = (*marks, (method, template, authenticated))
        return function

    return mark


class Service:
    """Base of the simulated services.

    ``name``: as in knobs and counters; ``root`` + ``version`` is where the
    routes hang; ``authenticated`` False opens every route. A service with
    microversions sets ``microversion_type`` (the word in the
    ``OpenStack-API-Version`` header), ``min_microversion`` and
    ``max_microversion``; a call without the header gets ``min_microversion``.
    ``request_id_headers`` names the headers that carry the request id back.
    """

    name = ""
    root = ""
    version = ""
    authenticated = True
    microversion_type = None
    min_microversion = None
    max_microversion = None
    legacy_microversion_header = None
    request_id_headers = ("x-openstack-request-id",)

    @property
    def prefix(self):
        """The path the routes hang under."""
        return self.root + self.version

    def routes(self):
        """Give every :class:`~senlin.sandbox.routing.Route` of this service."""
        found = []
        for attribute in dir(type(self)):
            function = getattr(type(self), attribute, None)
            for method, template, authenticated in getattr(function, "sandbox_routes", ()):
                found.append(
                    routing.Route(
                        method,
                        template,
                        getattr(self, attribute),
                        authenticated and self.authenticated,
                    )
                )
        return found

    def versions_document(self, request):
        """Answer ``GET root``: which versions there are (no token needed)."""
        raise NotImplementedError

    def version_document(self, request):
        """Answer ``GET prefix``: this version (no token needed)."""
        raise NotImplementedError

    def fault_body(self, fault, request_id):
        """Word an error as this service does; see :mod:`senlin.sandbox.faults`."""
        return faults.nova(fault, request_id)

    def reset(self):
        """Seed the tables this service owns; called on an empty store."""

    def start(self):
        """Begin background work, if any, after the seed or the journal is there."""

    def stop(self):
        """End background work."""
