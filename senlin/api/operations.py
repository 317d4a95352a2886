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


"""What every call of the API goes through, around the method that handles it.

The order is that of the API contract, section 2.1: microversion gate, body
decoding, RBAC rule, envelope, fields. Look-ups and all meaning come after, in
the method and in the engine.
"""

import dataclasses
import functools
import json
import typing

from oslo_log import log as logging

from senlin.api import body
from senlin.api import conditions
from senlin.api import links
from senlin.api import microversions
from senlin.api import query
from senlin.api import rules
from senlin.api.validation import responses
from senlin.common import exception
from senlin.db import tags

LOG = logging.getLogger(__name__)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

NO_DOCUMENT = object()


@dataclasses.dataclass(frozen=True, slots=True)
class Incoming:
    """The parts of a request that pecan is kept from parsing by its own rules."""

    method: str
    content_type: str
    content_length: int
    chunked: bool
    stream: typing.BinaryIO
    query_string: str
    is_webhook: bool = False
    idempotency_key: str | None = None
    if_match: str | None = None
    if_none_match: str | None = None


@dataclasses.dataclass(slots=True)
class Call:
    """One call of the API, as the handling method sees it.

    ``body`` is the checked object without its wrapper, ``query`` the checked
    parameters; both are empty where the method declares none. ``page`` is the
    page of a list that the method has read, ``shown`` kind and row of the single
    object that it shows. ``path`` is below ``/v1``.
    """

    context: typing.Any
    version: microversions.Version
    base_url: str
    path: str
    incoming: Incoming
    services: typing.Any
    body: dict = dataclasses.field(default_factory=dict)
    query: dict = dataclasses.field(default_factory=dict)
    page: typing.Any = None
    shown: tuple | None = None
    claim: typing.Any = None

    @property
    def engine(self):
        """The client of the engine."""
        return self.services.engine

    def ask(self, method, **arguments):
        """The engine's answer to a request on behalf of the caller."""

        def send(context):
            return getattr(self.engine, method)(context, **arguments)

        return send(self.context) if self.claim is None else self.claim.ask(self.context, send)

    def read(self, function, *args, **kwargs):
        """The result of a function of ``senlin.db`` in a read transaction."""
        return self.services.read(function, *args, **kwargs)


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What a call is answered: a status, a document, where to look on."""

    status: int
    document: typing.Any = NO_DOCUMENT
    location: str | None = None
    next_page: str | None = None
    tag: str | None = None

    def headers_and_body(self):
        """Header list and body bytes for WSGI."""
        headers = []
        raw = b""
        if self.document is not NO_DOCUMENT:
            raw = _encode(self.document).encode("utf-8")
            headers.append(("Content-Type", "application/json"))
        if self.status not in (204, 304):
            headers.append(("Content-Length", str(len(raw))))
        if self.location is not None:
            headers.append(("Location", self.location))
        if self.next_page is not None:
            headers.append(("Link", self.next_page))
        if self.tag is not None:
            headers.append(("ETag", conditions.header(self.tag)))
        return headers, raw


def ok(key, value):
    """A document with one key."""
    return Reply(200, {key: value})


def created(key, value):
    """A new object that is complete."""
    return Reply(201, {key: value})


def no_content():
    """Done, and nothing to tell."""
    return Reply(204)


def accepted(call, action_id, key=None, value=None):
    """An action does the rest; without ``key`` the answer has no body."""
    document = NO_DOCUMENT if key is None else {key: value}
    return Reply(202, document, links.action(call.base_url, action_id))


def triggered(call, action_id):
    """An action that the caller asked for by name."""
    return accepted(call, action_id, "action", action_id)


def operation(rule, *, since=None, status=200, conditional=False, tagged=False):
    """Make a method of a controller a call of the API.

    :param rule: name of the policy rule to ask.
    :param since: the microversion that brought the call.
    :param status: of the answer when the call succeeds.
    :param conditional: whether the call changes the object that its address names, and
        may depend on that object's tag.
    :param tagged: whether the call shows a single object, which has a tag.
    """

    def decorate(method):
        request_body = getattr(method, "request_body", None)
        request_query = getattr(method, "request_query", None)
        response_body = getattr(method, "response_body", None)

        @functools.wraps(method)
        def perform(controller, call, *path):
            if since is not None:
                microversions.require(call.version, since)
            document = None
            if request_body is not None:
                document = _decoded(call, request_body.lenient)
            rules.authorize(call.context, rule)
            parameters = query.parse(call.incoming.query_string)
            if request_query is not None:
                call.query = request_query.accept(parameters, call.version)
            if request_body is not None:
                call.body = request_body.accept(document, call.version)
            reply = _perform(method, controller, call, path, document, conditional)
            if call.page is not None and call.page.has_more:
                reply = dataclasses.replace(reply, next_page=_next_page(call, reply))
            responses.check(
                call.services.response_validation,
                method.__qualname__,
                lambda: _problem(status, response_body, reply, call.version),
            )
            return reply

        perform.rule = rule
        perform.since = since
        perform.status = status
        perform.conditional = conditional
        perform.tagged = tagged
        return perform

    return decorate


def _perform(method, controller, call, path, document, conditional):
    """Call the method, with what microversion 1.16 brought around it."""
    if call.version < microversions.CONDITIONS:
        return method(controller, call, *path)
    incoming = call.incoming
    if conditional and incoming.if_match is not None:
        call.context.if_match = conditions.required(incoming.if_match)
    if incoming.method != "POST" or incoming.idempotency_key is None:
        return _tagged(call, method(controller, call, *path))
    call.claim = call.services.keys.claim(call, document)
    try:
        return method(controller, call, *path)
    finally:
        call.claim.end()


def _tagged(call, reply):
    """The reply with the tag of the object in it, or what its conditions make of it."""
    if call.shown is None:
        return reply
    tag = tags.of(*call.shown)
    incoming = call.incoming
    if incoming.if_match is not None:
        wanted = conditions.required(incoming.if_match)
        if wanted is not None and tag not in wanted:
            raise exception.PreconditionFailed("The object has none of the tags in If-Match.")
    if incoming.if_none_match is not None:
        if conditions.is_unchanged(incoming.if_none_match, tag):
            return Reply(304, tag=tag)
    return dataclasses.replace(reply, tag=tag)


def _decoded(call, lenient):
    incoming = call.incoming
    if not body.is_json(incoming.content_type):
        return None
    limit = call.services.max_body_bytes
    raw = body.read(incoming.stream, incoming.content_length, incoming.chunked, limit)
    try:
        return body.decode(raw) if raw else None
    except exception.RequestInvalid:
        if lenient:
            return None
        raise


def _next_page(call, reply):
    (items,) = reply.document.values()
    return links.next_page(call.base_url, call.path, call.incoming.query_string, items[-1]["id"])


def _problem(status, schemas, reply, version):
    """In what a reply differs from what its method declares, or None."""
    if reply.status == 304:
        return None
    if reply.status != status:
        return f"status {reply.status} in place of {status}"
    if schemas is None:
        return None if reply.document is NO_DOCUMENT else "a body in place of none"
    if reply.document is NO_DOCUMENT:
        return "no body"
    return schemas.check(json.loads(_encode(reply.document)), version)
