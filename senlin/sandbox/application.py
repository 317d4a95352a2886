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

"""The WSGI application: finds the service and route, and wraps the call.

Around every handler stand counting, fault injection, authentication and
microversions, in this order; the answer gets request id, version headers and
the service's own error format.
"""

import errno
import json
import socket
import struct
import threading
import uuid

from oslo_log import log as logging

from senlin.sandbox import faults
from senlin.sandbox import routing
from senlin.sandbox import web

LOG = logging.getLogger(__name__)

# Where the server leaves the client's connection, for faults that break it.
CONNECTION_KEY = "sandbox.connection"
_encode = json.JSONEncoder(separators=(",", ":")).encode
_ABORT = struct.pack("ii", 1, 0)
_UNMATCHED = "(no route)"


class ConnectionBroken(ConnectionResetError):
    """The connection was broken on purpose."""

    def __init__(self):
        super().__init__(errno.ECONNRESET, "broken on purpose")


class Application:
    """Serves every mounted service.

    :param identity: has ``token_context(token_id) -> TokenContext or None``.
    :param knobs: a :class:`~senlin.sandbox.knobs.Knobs`.
    :param counters: a :class:`~senlin.sandbox.knobs.Counters`.
    :param clock: has ``monotonic()``.
    """

    def __init__(self, identity, knobs, counters, clock):
        self._identity = identity
        self._knobs = knobs
        self._counters = counters
        self._clock = clock
        self._services = {}
        self._stopped = threading.Event()

    def mount(self, service):
        """Serve ``service`` under its root."""
        router = routing.Router()
        for route in service.routes():
            router.add(route)
        self._services[service.root.strip("/")] = (service, router)

    def stop(self):
        """Let calls that wait on an injected delay go on at once."""
        self._stopped.set()

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "/")
        if not path.isascii():
            # WSGI hands over bytes as Latin-1; clients write UTF-8.
            path = path.encode("latin-1", "replace").decode("utf-8", "replace")
        first, _, rest = path.lstrip("/").partition("/")
        found = self._services.get(first)
        if found is None:
            names = sorted(f"/{name}" for name in self._services)
            return _send(environ, start_response, 404, _encode({"services": names}).encode(), [])
        service, router = found
        request_id = f"req-{uuid.uuid4()}"
        request = web.Request(environ, "/" + rest, request_id)
        request.service_url = request.host_url + service.prefix
        try:
            response = self._call(service, router, request)
        except web.Fault as fault:
            response = _render(service, fault, request_id)
        except ConnectionBroken:
            self._counters.count_failure(service.name, 0)
            _break_connection(environ)
            raise
        except Exception:
            # The edge of the process: who asked gets an answer, the log the trace.
            LOG.exception("The sandbox failed at %s %s", request.method, path)
            fault = web.Fault(500, "The sandbox failed; its log says why.")
            response = _render(service, fault, request_id)
        if response.status >= 400:
            self._counters.count_failure(service.name, response.status)
        headers = [(name, str(value)) for name, value in response.headers.items()]
        headers += [(name, request_id) for name in service.request_id_headers]
        if request.microversion is not None:
            headers += _version_headers(service, request.microversion)
        body = response.body
        if body is not None and not isinstance(body, bytes):
            body = _encode(body).encode()
        return _send(environ, start_response, response.status, body, headers)

    def _call(self, service, router, request):
        handler, template, authenticated = self._find(service, router, request)
        if service.name == "sandbox":
            return _answer(handler(request, **request.params))
        self._counters.count(service.name, request.method, template)
        drop_reply = False
        if not self._knobs.quiet:
            drop_reply = self._disturb(service, request)
        token_id = request.environ.get("HTTP_X_AUTH_TOKEN")
        if token_id:
            request.token = self._identity.token_context(token_id)
        if authenticated and request.token is None:
            raise _unauthorized(request)
        if service.microversion_type is not None:
            request.microversion = _microversion(service, request)
        try:
            return _answer(handler(request, **request.params))
        finally:
            if drop_reply:
                raise ConnectionBroken

    def _find(self, service, router, request):
        """Give (handler, template, authenticated) and set the path's params."""
        path = request.path
        if path.rstrip("/") == service.version:
            if request.method in ("GET", "HEAD"):
                document = service.version_document
                if not service.version:
                    document = service.versions_document
                return document, service.version or "/", False
        elif path == "/":
            return service.versions_document, "/", False
        if not path.startswith(service.version + "/"):
            self._counters.count(service.name, request.method, _UNMATCHED)
            raise web.Fault(404, "The resource could not be found.")
        request.path = path[len(service.version) :]
        route, params = router.find(request.method, request.path)
        if route is None:
            self._counters.count(service.name, request.method, _UNMATCHED)
            if params:
                raise web.Fault(
                    405,
                    f"The method {request.method} is not allowed for this resource.",
                    headers={"Allow": ", ".join(params)},
                )
            raise web.Fault(404, "The resource could not be found.")
        request.params = params
        return route.handler, route.template, route.authenticated

    def _disturb(self, service, request):
        """Apply limits, latency and rules; give whether to drop the reply."""
        knobs = self._knobs
        if knobs.latency:
            self._stopped.wait(knobs.latency)
        wait = knobs.wait_for_turn(service.name, self._clock.monotonic())
        if wait:
            raise _too_many(service, wait)
        path = request.environ.get("PATH_INFO", "/")
        drop_reply = False
        for rule in knobs.strike(service.name, request.method, path):
            if rule.kind == "delay":
                self._stopped.wait(rule.seconds)
            elif rule.kind == "drop_reply":
                drop_reply = True
            elif rule.kind == "reset":
                raise ConnectionBroken
            elif rule.kind == "rate_limit":
                raise _too_many(service, rule.seconds)
            else:
                headers = {"Retry-After": _whole(rule.seconds)} if rule.status == 503 else None
                message = rule.message or f"{faults.reason(rule.status)} (injected)."
                raise web.Fault(rule.status, message, headers=headers)
        return drop_reply


def _answer(result):
    if result is None:
        return web.Response(204)
    if isinstance(result, web.Response):
        return result
    return web.Response(200, result)


def _unauthorized(request):
    uri = f"{request.host_url}/identity"
    return web.Fault(
        401,
        "The request you have made requires authentication.",
        headers={"WWW-Authenticate": f'Keystone uri="{uri}"'},
    )


def _whole(seconds):
    return str(max(0, -int(-seconds // 1)))


def _too_many(service, seconds):
    return web.Fault(
        429,
        f"This {service.name} service answers fewer calls than this; try again later.",
        headers={"Retry-After": _whole(seconds)},
    )


def _render(service, fault, request_id):
    body = service.fault_body(fault, request_id)
    return web.Response(fault.status, body, fault.headers)


def _microversion(service, request):
    """Give the (major, minor) the caller asked for.

    :raises Fault: 400 for a malformed version, 406 for one out of range.
    """
    wanted = None
    header = request.environ.get("HTTP_OPENSTACK_API_VERSION")
    if header:
        for part in header.split(","):
            kind, _, version = part.strip().partition(" ")
            if kind.lower() == service.microversion_type:
                wanted = version.strip()
    if wanted is None and service.legacy_microversion_header:
        wanted = request.headers.get(service.legacy_microversion_header)
    if wanted is None:
        return service.min_microversion
    if wanted == "latest":
        return service.max_microversion
    major, _, minor = wanted.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise web.Fault(
            400,
            f"API Version String {wanted} is of invalid format. "
            "Must be of format MajorNum.MinorNum.",
        )
    version = (int(major), int(minor))
    if not service.min_microversion <= version <= service.max_microversion:
        low = "{}.{}".format(*service.min_microversion)
        high = "{}.{}".format(*service.max_microversion)
        raise web.Fault(
            406,
            f"Version {wanted} is not supported by the API. "
            f"Minimum is {low} and maximum is {high}.",
        )
    return version


def _version_headers(service, version):
    text = "{}.{}".format(*version)
    headers = [("OpenStack-API-Version", f"{service.microversion_type} {text}")]
    vary = "OpenStack-API-Version"
    if service.legacy_microversion_header:
        headers.append((service.legacy_microversion_header, text))
        vary += f", {service.legacy_microversion_header}"
    return [*headers, ("Vary", vary)]


def _send(environ, start_response, status, body, headers):
    body = body or b""
    if not any(name.lower() == "content-type" for name, _ in headers) and body:
        headers.append(("Content-Type", "application/json"))
    if status != 204:
        headers.append(("Content-Length", str(len(body))))
    start_response(f"{status} {faults.reason(status)}", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [body]


def _break_connection(environ):
    """Make the client see a reset, not an orderly end."""
    connection = environ.get(CONNECTION_KEY)
    if connection is None:
        return
    try:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        connection.socket.close()
    except OSError as error:
        LOG.debug("The client had gone already: %s", error)
    # It is closed; the server must not close it once more.
    connection.linger = True
