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

"""The engine's end of the bus: requests come in, envelopes go out."""

import functools
import inspect
import threading
import time

from oslo_log import log as logging
import oslo_messaging as messaging
from oslo_messaging.rpc import dispatcher
from oslo_messaging.rpc import server as rpc_server

from senlin.common import concurrency
from senlin.common import context as senlin_context
from senlin.common import exception
from senlin.common import metrics
from senlin.rpc import versions
from senlin.rpc import wire

LOG = logging.getLogger(__name__)

#: Refusals that may wait to be sent. With RabbitMQ the prefetch limit comes first.
_REFUSALS_WAITING = 1000
#: Requests in hand that are a crowd. One user's next request may come before his last,
#: which was answered, is done with; so two are none yet.
_CROWD = 3
#: Those that are answered by computing, not waiting, at a time.
_AT_ONCE = 3

_IN_HAND = metrics.gauge("senlin_rpc_requests_in_hand", "Requests being answered.", "topic")
_QUEUED = metrics.gauge(
    "senlin_rpc_requests_queued", "Requests that wait for a thread in this process.", "topic"
)
_THREADS = metrics.gauge("senlin_rpc_threads", "Requests answered at once, at most.", "topic")
_LIMIT = metrics.gauge(
    "senlin_rpc_queue_limit", "Requests that may wait; further ones are refused.", "topic"
)
_REFUSED = metrics.counter(
    "senlin_rpc_requests_refused", "Requests refused because too many wait.", "topic"
)
_EXPIRED = metrics.counter(
    "senlin_rpc_requests_expired", "Requests dropped: they waited longer than clients do.", "topic"
)
_SECONDS = metrics.histogram(
    "senlin_rpc_request_seconds", "Requests that were answered, by method and result.",
    "method", "result",
)  # fmt: skip

#: What endpoint classes set as ``target``.
TARGET = messaging.Target(version=versions.CURRENT)


def request(method):
    """Make an endpoint method answer requests.

    The method gets a ``RequestContext`` and the arguments by name. Its result
    or its ``SenlinError`` becomes the envelope; any other exception is logged
    and becomes an ``InternalError`` that tells nothing but the request's id.
    Arguments that the method does not know come from a newer release.
    """
    signature = inspect.signature(method)

    @functools.wraps(method)
    def answer(self, context, **arguments):
        call_id = context.get("call_id")
        context = senlin_context.RequestContext.from_dict(context)
        context.call_id = call_id
        began = time.monotonic()
        result = "done"
        try:
            _refuse_unknown(signature, arguments)
            return wire.pack_result(method(self, context, **arguments))
        except exception.SenlinError as error:
            result = "refused"
            if error.http_code >= 500:
                result = "failed"
                LOG.warning("Request %s failed: %s", method.__name__, error)
            return wire.pack_error(error)
        except Exception:  # noqa: BLE001 - the edge of the process
            result = "failed"
            LOG.exception("Request %s failed unexpectedly", method.__name__)
            return wire.pack_error(exception.InternalError(request_id=context.request_id))
        finally:
            _SECONDS.labels(method.__name__, result).observe(time.monotonic() - began)

    return messaging.expose(answer)


def _refuse_unknown(signature, arguments):
    unknown = set(arguments) - set(signature.parameters)
    if unknown and not any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        raise exception.Upgrading()


class _BoundedServer(rpc_server.RPCServer):
    """oslo.messaging's server with a bounded queue.

    The library acknowledges a request when a thread takes it, and queues
    without limit before that. This one refuses what does not fit, so that the
    client learns at once that the service is busy, and drops what waited so
    long that its client has given up.
    """

    def __init__(self, transport, target, rpc_dispatcher, executor=None, *, limit, patience):
        super().__init__(transport, target, rpc_dispatcher, executor)
        self._limit = limit
        self._patience = patience
        self._count_lock = threading.Lock()
        self._waiting = 0
        self._unanswered = 0
        self._crowded_at = float("-inf")
        topic = target.topic
        # In place of a pool whose threads all compute at once.
        self._executor_cls = lambda max_workers: concurrency.make_executor(
            topic, max_workers, limit, _AT_ONCE
        )
        self._in_hand, self._queued = _IN_HAND.labels(topic), _QUEUED.labels(topic)
        self._refused, self._expired = _REFUSED.labels(topic), _EXPIRED.labels(topic)
        _LIMIT.labels(topic).set(limit)
        # Not the listener's thread: a reply to a client that is gone blocks.
        self._refusals = concurrency.make_executor("rpc-refusal", 1, _REFUSALS_WAITING)

    @property
    def waiting(self):
        """Requests that no thread has taken yet."""
        return self._waiting

    @property
    def crowded_at(self):
        """When there last was a crowd of requests in hand; seconds of ``time.monotonic``."""
        return self._crowded_at

    def _on_incoming(self, incoming):
        with self._count_lock:
            full = self._waiting >= self._limit
            self._waiting += 0 if full else 1
            self._unanswered += 0 if full else 1
            if self._unanswered >= _CROWD:
                self._crowded_at = time.monotonic()
        if full:
            self._refused.inc()
            self._refuse(incoming)
            return
        self._queued.inc()
        incoming[0].received_at = time.monotonic()
        super()._on_incoming(incoming)

    def _process_incoming(self, incoming):
        with self._count_lock:
            self._waiting -= 1
        self._queued.dec()
        try:
            self._answer(incoming)
        finally:
            with self._count_lock:
                self._unanswered -= 1

    def _answer(self, incoming):
        if time.monotonic() - incoming[0].received_at > self._patience:
            LOG.warning("A request waited longer than its client does, and was dropped")
            self._expired.inc()
            incoming[0].acknowledge()
            return
        with self._in_hand.track_inprogress():
            super()._process_incoming(incoming)

    def _refuse(self, incoming):
        try:
            self._refusals.submit(_reply_busy, incoming[0])
        except Exception:  # noqa: BLE001 - futurist's rejection, or a pool that was shut
            LOG.warning("A request was dropped: more arrive than can even be refused")
            incoming[0].acknowledge()

    def close_refusals(self):
        """End the thread that refuses, when nothing comes in any more."""
        self._refusals.shutdown(wait=False)


def _reply_busy(message):
    message.acknowledge()
    message.reply(wire.pack_error(exception.ServiceUnavailable()))


class RequestServer:
    """Answers the API's requests with a bounded pool of threads.

    :param endpoints: objects whose ``@request`` methods are offered.
    :param host: this process's name on the bus, unique among engines.
    :param threads: requests answered at once; ``queue``: requests that may
        wait, further ones are refused with ServiceUnavailable; ``patience``:
        seconds that clients wait. Defaults: ``[engine]`` ``rpc_threads`` and
        ``rpc_queue``, and ``rpc_response_timeout``.
    """

    def __init__(
        self,
        transport,
        endpoints,
        host,
        threads=None,
        queue=None,
        patience=None,
        topic=versions.ENGINE_TOPIC,
    ):
        conf = transport.conf
        self._transport = transport
        self._endpoints = list(endpoints)
        self._target = messaging.Target(topic=topic, server=host)
        self._threads = threads or conf.engine.rpc_threads
        self._queue = queue or conf.engine.rpc_queue
        self._patience = patience or conf.rpc_response_timeout
        self._server = None

    @property
    def waiting(self):
        """Requests that no thread has taken yet."""
        return self._server.waiting if self._server else 0

    @property
    def crowded_at(self):
        """When there last was a crowd of requests in hand; seconds of ``time.monotonic``."""
        return self._server.crowded_at if self._server else float("-inf")

    @property
    def running(self):
        """Whether requests are taken."""
        return self._server is not None

    def start(self):
        """Begin to listen; returns when the queue exists on the broker."""
        server = messaging.get_rpc_server(
            self._transport,
            self._target,
            self._endpoints,
            access_policy=dispatcher.ExplicitRPCAccessPolicy,
            server_cls=functools.partial(
                _BoundedServer, limit=self._queue, patience=self._patience
            ),
        )
        _THREADS.labels(self._target.topic).set(self._threads)
        server.start(override_pool_size=self._threads)
        self._server = server

    def stop(self, deadline=10.0):
        """Take no more requests and let those at hand end.

        :param deadline: seconds; requests still running then are left to their
            own time limits.
        :returns: whether all had ended in time. True if never started.
        """
        server, self._server = self._server, None
        if server is None:
            return True
        # Both calls can block on a broker that does not answer, and the
        # library wants them from the same thread.
        stopper = threading.Thread(target=_stop, args=(server,), name="rpc-stop", daemon=True)
        stopper.start()
        stopper.join(deadline)
        if stopper.is_alive():
            LOG.warning("Requests were still running after %s seconds", deadline)
        return not stopper.is_alive()


def _stop(server):
    try:
        server.stop()
        server.wait()
        server.close_refusals()
    except Exception:  # noqa: BLE001 - stopping must go on
        LOG.exception("The message server did not stop cleanly")
