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

"""``Idempotency-Key``: a POST that is sent twice is done once (since 1.16).

The first request with a key claims it. The engine stores its answer in the transaction
that admits an action or makes an object, and only if the claim still holds; what else is
answered is stored here. A repetition gets the stored answer, through the same method that
made the first response of it, so the responses are alike. An answer by an error that is
ours (5xx) is not stored: the claim is given up, and a repetition is a new request.
"""

import hashlib
import json
import re
import threading
import time

from oslo_log import log as logging

from senlin.common import exception
from senlin.common import secrets
from senlin.db import idempotency as keys
from senlin.db import maintenance
from senlin.rpc import transport
from senlin.rpc import wire

LOG = logging.getLogger(__name__)

_SYNTAX = re.compile(r"[\x21-\x7e]{1,255}\Z")

#: Seconds that a request may take longer than its engine.
_GRACE = 15
#: Seconds between two clean-ups of old keys by this process.
_PURGE_INTERVAL = 600


class Claim:
    """Stands between a call and the engine: asks it once, or not at all."""

    def __init__(self, services, claimed):
        self._services = services
        self._claimed = claimed
        self._asked = False
        self._answered = claimed.answer is not None

    def ask(self, context, send):
        """The engine's answer, or the one it gave before.

        :param send: sends the request with a context.
        """
        if self._asked:
            raise RuntimeError("A POST asks the engine once")
        self._asked = True
        if self._claimed.answer is not None:
            return wire.unpack(json.loads(secrets.unseal(self._claimed.answer)))
        context.idempotency = {"id": self._claimed.id, "token": self._claimed.token}
        try:
            result = send(context)
        except exception.SenlinError as error:
            if error.http_code < 500:
                self._keep(wire.pack_error(error))
            raise
        # For what needs no transaction of the engine, such as validations.
        self._keep(wire.pack_result(result))
        return result

    def end(self):
        """Give the key back unless there is an answer now."""
        if not self._answered:
            self._services.write(keys.release, self._claimed.id, self._claimed.token)

    def _keep(self, envelope):
        answer = secrets.seal(json.dumps(envelope))
        self._services.write(keys.keep, self._claimed.id, self._claimed.token, answer)
        self._answered = True


class Keys:
    """The keys that requests come with.

    :param services: a :class:`senlin.api.services.Services`.
    """

    def __init__(self, services):
        self._services = services
        self._lifetime = services.conf.senlin_api.idempotency_key_lifetime
        transport.register_opts(services.conf)
        self._lease = services.conf.rpc_response_timeout + _GRACE
        self._lock = threading.Lock()
        self._purged_at = None

    def claim(self, call, document):
        """The :class:`Claim` for a call's key.

        :param document: the decoded body.
        :raises RequestInvalid: the key is not 1 to 255 visible ASCII characters.
        :raises IdempotencyKeyReused: it was used for another request.
        :raises IdempotencyKeyInUse: the same request is at work.
        """
        key = call.incoming.idempotency_key
        if not _SYNTAX.match(key):
            raise exception.RequestInvalid(
                "The Idempotency-Key must be 1 to 255 visible ASCII characters."
            )
        self._services.open_database()
        now = time.time()
        claimed = keys.claim(
            _digest(*_sender(call), key),
            _digest(*_request(call), document),
            now,
            lease=self._lease,
            lifetime=self._lifetime,
        )
        self._purge(now - self._lifetime)
        return Claim(self._services, claimed)

    def _purge(self, before):
        """Now and then, remove the keys that are too old to matter."""
        with self._lock:
            moment = time.monotonic()
            if self._purged_at is not None and moment - self._purged_at < _PURGE_INTERVAL:
                return
            self._purged_at = moment
        count = maintenance.purge_idempotency_keys(before)
        if count:
            LOG.info("Removed %s old idempotency keys", count)


def _sender(call):
    """Whose keys are told apart. A webhook's caller is nobody but who knows its URL."""
    if call.incoming.is_webhook:
        return ["webhook", call.path]
    return ["user", call.context.user_id, call.context.project_id]


def _request(call):
    incoming = call.incoming
    return [incoming.method, call.path, incoming.query_string, incoming.if_match, str(call.version)]


def _digest(*parts):
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
