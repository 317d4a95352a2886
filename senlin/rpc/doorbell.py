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

"""The doorbell: "there is work in the database", told to every engine.

A lost or doubled ring is harmless: engines also look by themselves every
``[engine] scan_interval`` seconds. So ringing never blocks and never raises.
"""

import threading

from oslo_log import log as logging
import oslo_messaging as messaging

from senlin.rpc import server as rpc_server
from senlin.rpc import versions

LOG = logging.getLogger(__name__)

_GAP_SECONDS = 0.2
_FAILURE_PAUSE_SECONDS = 1.0


class Doorbell:
    """Rings all engines; any number of rings within some ms become one.

    :param transport: the RPC transport; None = there are no other engines.
    :param local: called directly at each ring, without the bus; for the engine
        that lives in this process. It must neither block nor raise.
    """

    def __init__(self, transport, local=None, gap=_GAP_SECONDS):
        self._transport = transport
        self.local = local
        self._gap = gap
        self._pending = threading.Event()
        self._stopped = threading.Event()
        self._thread = None
        self._lock = threading.Lock()

    def ring(self):
        """Wake every engine soon."""
        if self.local is not None:
            self.local()
        if self._transport is None or self._stopped.is_set():
            return
        self._pending.set()
        if self._thread is None:
            self._start()

    def stop(self, deadline=2.0):
        """End the thread that rings; later rings only reach ``local``."""
        self._stopped.set()
        self._pending.set()
        if self._thread is not None:
            self._thread.join(deadline)

    def _start(self):
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                thread.start()
                self._thread = thread

    def _run(self):
        target = messaging.Target(
            topic=versions.DOORBELL_TOPIC, fanout=True, version=versions.DOORBELL_VERSION
        )
        client = messaging.get_rpc_client(self._transport, target, retry=0)
        while True:
            self._pending.wait()
            if self._stopped.is_set():
                return
            self._pending.clear()
            pause = self._gap
            try:
                client.cast({}, "wake")
            except Exception as error:  # noqa: BLE001 - whatever a driver raises
                LOG.warning("The engines could not be rung: %s", error)
                pause = _FAILURE_PAUSE_SECONDS
            self._stopped.wait(pause)


class _WakeEndpoint:
    target = rpc_server.TARGET

    def __init__(self, callback):
        self._callback = callback

    @messaging.expose
    def wake(self, context):
        """Called by a ring."""
        self._callback()


class DoorbellListener(rpc_server.RequestServer):
    """Calls ``callback`` in this process whenever somebody rings.

    It has a thread of its own, so that requests in progress do not delay it.
    The callback must be quick, such as setting an event.
    """

    def __init__(self, transport, callback, host):
        super().__init__(
            transport,
            [_WakeEndpoint(callback)],
            host,
            threads=1,
            topic=versions.DOORBELL_TOPIC,
        )
