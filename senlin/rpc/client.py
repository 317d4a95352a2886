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

"""The API's end of the bus: one method for each request to the engine."""

import contextlib
import threading
import time
import uuid

from kombu import exceptions as kombu_errors
from oslo_log import log as logging
import oslo_messaging as messaging

from senlin.common import exception
from senlin.common import metrics
from senlin.common import turns
from senlin.rpc import versions
from senlin.rpc import wire

LOG = logging.getLogger(__name__)

#: How often sending is tried again when the broker cannot be reached.
_RETRIES = 1

#: How long a request waits for its place when as many as may are on their way.
_PLACE_SECONDS = 1.0

_SECONDS = metrics.histogram(
    "senlin_rpc_call_seconds", "Requests to the engines, by method and result.",
    "method", "result",
)  # fmt: skip
_IN_FLIGHT = metrics.gauge(
    "senlin_rpc_calls_in_flight", "Requests to the engines that wait for their answer."
)

_UNANSWERED = (
    messaging.MessagingTimeout,
    messaging.MessageDeliveryFailure,
    messaging.exceptions.MessageUndeliverable,
    # What the RabbitMQ driver lets through when it cannot make a connection.
    kombu_errors.OperationalError,
    OSError,
)


class _Request:
    """Declares a request: its arguments, and the version that brought it.

    :param later: the version that brought an optional argument, by its name, where
        that is not ``since``. It is only sent when it says something.
    """

    def __init__(self, *required, since="1.0", later=None, **optional):
        self._since = since
        self._later = later or {}
        self._required = required
        self._optional = optional

    def __set_name__(self, owner, name):
        self._name = name

    def __get__(self, client, owner=None):
        if client is None:
            return self

        def send(context, **arguments):
            complete = self._complete(arguments)
            return client._call(context, self._name, self._version_of(complete), complete)

        send.__name__ = self._name
        return send

    def _complete(self, arguments):
        missing = [name for name in self._required if name not in arguments]
        unknown = set(arguments) - set(self._required) - set(self._optional)
        if missing or unknown:
            raise TypeError(
                f"{self._name}: missing arguments {missing}, unknown arguments {sorted(unknown)}"
            )
        complete = {**self._optional, **arguments}
        for name in self._later:
            if complete[name] == self._optional[name]:
                del complete[name]
        return complete

    def _version_of(self, arguments):
        return versions.highest(
            self._since, *(self._later[name] for name in self._later if name in arguments)
        )


class EngineClient:
    """Sends requests to any of the engines and waits for the answer.

    Each method is called ``method(context, **arguments)`` and gives plain JSON.

    :param pin: the oldest release among the running engines, during upgrades.
    :param limit: requests that may be on their way at once; one more waits a
        second for its turn and is refused then. None = any number.
    :raises SenlinError: what the engine raised, as its own class.
    :raises ServiceUnavailable: no engine answered within
        ``rpc_response_timeout``, or all were too busy.
    """

    profile_type_list = _Request()
    profile_type_get = _Request("type_name")
    profile_type_ops = _Request("type_name")
    policy_type_list = _Request()
    policy_type_get = _Request("type_name")

    profile_create = _Request("name", "spec", metadata=None)
    profile_validate = _Request("spec")
    profile_update = _Request("identity", name=None, metadata=None)
    profile_delete = _Request("identity")

    policy_create = _Request("name", "spec")
    policy_validate = _Request("spec")
    policy_update = _Request("identity", "name")
    policy_delete = _Request("identity")
    cluster_policy_attach = _Request("identity", "policy_id", enabled=None)
    cluster_policy_detach = _Request("identity", "policy_id")
    cluster_policy_update = _Request("identity", "policy_id", enabled=None)

    cluster_create = _Request(
        "name",
        "profile_id",
        min_size=None,
        max_size=None,
        desired_capacity=None,
        timeout=None,
        metadata=None,
        config=None,
    )
    cluster_update = _Request("identity", "changes")
    cluster_delete = _Request("identity", force=False)
    cluster_add_nodes = _Request("identity", "nodes")
    cluster_del_nodes = _Request("identity", "nodes", destroy_after_deletion=None)
    cluster_replace_nodes = _Request("identity", "nodes")
    cluster_scale_out = _Request("identity", count=None)
    cluster_scale_in = _Request("identity", count=None)
    cluster_resize = _Request(
        "identity",
        adjustment_type=None,
        number=None,
        min_size=None,
        max_size=None,
        min_step=None,
        strict=True,
    )
    cluster_check = _Request("identity", params=None)
    cluster_recover = _Request("identity", params=None)
    cluster_op = _Request("identity", "operation", params=None, filters=None)
    cluster_complete_lifecycle = _Request("identity", "token")
    cluster_collect = _Request("identity", "path")

    node_create = _Request("name", "profile_id", cluster_id=None, role=None, metadata=None)
    node_update = _Request("identity", "changes")
    node_delete = _Request("identity", force=False)
    node_check = _Request("identity", params=None)
    node_recover = _Request("identity", params=None)
    node_op = _Request("identity", "operation", params=None)
    node_adopt = _Request(
        "identity",
        "type",
        name=None,
        role=None,
        metadata=None,
        overrides=None,
        snapshot=False,
    )
    node_adopt_preview = _Request("identity", "type", overrides=None, snapshot=False)
    node_details = _Request("node_id")

    receiver_create = _Request("name", "type", "cluster_id", "action", params=None)
    receiver_update = _Request("identity", name=None, action=None, params=None)
    receiver_delete = _Request("identity")
    webhook_trigger = _Request("identity", params=None)

    action_cancel = _Request("identity", force=False)

    def __init__(self, transport, timeout=None, pin=None, limit=None, topic=versions.ENGINE_TOPIC):
        target = messaging.Target(topic=topic, version="1.0")
        self._client = messaging.get_rpc_client(
            transport, target, timeout=timeout, version_cap=versions.cap(pin), retry=_RETRIES
        )
        probe = messaging.Target(topic=versions.DOORBELL_TOPIC, fanout=True)
        self._probe = messaging.get_rpc_client(transport, probe, retry=_RETRIES)
        nobody = messaging.Target(topic=versions.HEALTH_TOPIC, fanout=True)
        self._to_nobody = messaging.get_rpc_client(transport, nobody, retry=_RETRIES)
        self._connected = False
        self._places = threading.BoundedSemaphore(limit) if limit else None

    def ping(self):
        """Send a message that nobody gets; raises when the bus does not take it."""
        turns.pass_on()
        self._to_nobody.cast({}, "ping")

    def _call(self, context, name, since, arguments):
        began = time.monotonic()
        result = "crowded"
        turns.pass_on()
        try:
            with self._place(name), _IN_FLIGHT.track_inprogress():
                result = "unanswered"
                envelope = self._send(context, name, since, arguments)
                result = "answered"
            return wire.unpack(envelope)
        except exception.ServiceUnavailable:
            if result == "answered":
                result = "refused"
            raise
        finally:
            _SECONDS.labels(name, result).observe(time.monotonic() - began)

    @contextlib.contextmanager
    def _place(self, name):
        if self._places is None:
            yield
            return
        if not self._places.acquire(timeout=_PLACE_SECONDS):
            LOG.warning("Request %s was refused: too many wait for the engines", name)
            raise exception.ServiceUnavailable()
        try:
            yield
        finally:
            self._places.release()

    def _send(self, context, name, since, arguments):
        try:
            self._connect()
            envelope = self._client.prepare(version=since).call(
                {**context.to_dict(), "call_id": str(uuid.uuid4())}, name, **arguments
            )
        except _UNANSWERED as error:
            LOG.warning("Request %s was not answered: %s", name, error)
            raise exception.ServiceUnavailable() from error
        except (messaging.RPCVersionCapError, messaging.RemoteError) as error:
            # Endpoints answer with envelopes; what is left is an engine that
            # does not know the request.
            LOG.warning("Request %s is not understood by the engine: %s", name, error)
            raise exception.Upgrading() from error
        self._connected = True
        return envelope

    def _connect(self):
        """Make sure that there is a broker before the first call.

        The first call of a process sets up its queue for replies, and the
        library tries that for ever. A ring of the doorbell needs no replies
        and fails at once, and an unneeded one does no harm.
        """
        if not self._connected:
            self._probe.cast({}, "wake")
