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

"""The sandbox as a running HTTP server."""

import contextlib
import threading

from cheroot import wsgi
from oslo_log import log as logging

from senlin.sandbox import application
from senlin.sandbox import cloud

LOG = logging.getLogger(__name__)

# A call that waits for an injected delay keeps a thread.
_THREADS = 64
_CONNECTIONS = 1024
_IDLE_SECONDS = 300
_STOP_SECONDS = 30
_TICK = 0.1


class _Gateway(wsgi.Gateway_10):
    """Hands the application the connection, for faults that break it."""

    def get_environ(self):
        environ = super().get_environ()
        environ[application.CONNECTION_KEY] = self.req.conn
        return environ


class SandboxServer:
    """A simulated OpenStack on one port.

    :param host: address to listen on.
    :param port: TCP port; 0 takes a free one.

    The other parameters are those of :class:`senlin.sandbox.cloud.Cloud`, which
    is there as ``cloud`` from the start on.
    """

    def __init__(
        self,
        host,
        port,
        state_dir,
        clustering_url=None,
        notifier=None,
        knobs=None,
        clock=None,
        token_lifetime=3600,
    ):
        self.host = host
        self.port = port
        self.cloud = None
        self._settings = {
            "state_dir": state_dir,
            "clustering_url": clustering_url,
            "notifier": notifier,
            "knobs": knobs,
            "clock": clock,
            "token_lifetime": token_lifetime,
        }
        self._server = None
        self._thread = None

    @property
    def url(self):
        """The base URL; services hang under it by path."""
        return f"http://{self.host}:{self.port}"

    @property
    def auth_url(self):
        """What clients take as OS_AUTH_URL."""
        return self.cloud.auth_url

    @property
    def knobs(self):
        """The :class:`~senlin.sandbox.knobs.Knobs` in use."""
        return self.cloud.knobs

    @property
    def counters(self):
        """The :class:`~senlin.sandbox.knobs.Counters` in use."""
        return self.cloud.counters

    def start(self):
        """Load or seed the cloud and listen; returns when calls are answered.

        :raises StoreInUse: when another process has the state directory.
        :raises OSError: when the address cannot be bound.
        """
        self.cloud = cloud.Cloud(**self._settings)
        with contextlib.ExitStack() as undo:
            undo.callback(self.cloud.close)
            self._bind()
            self.cloud.open(self.url)
            undo.pop_all()
        self._thread = threading.Thread(target=self._server.serve, name="sandbox-http", daemon=True)
        self._thread.start()
        LOG.info("The sandbox cloud answers at %s", self.auth_url)

    def _bind(self):
        self._server = wsgi.Server(
            (self.host, self.port),
            self.cloud.application,
            numthreads=_THREADS,
            request_queue_size=_CONNECTIONS,
            timeout=_IDLE_SECONDS,
        )
        self._server.gateway = _Gateway
        self._server.keep_alive_conn_limit = _CONNECTIONS
        self._server.error_log = _log
        # How long a stop may take to be noticed.
        self._server.expiration_interval = _TICK
        self._server.prepare()
        self.port = self._server.bind_addr[1]

    def stop(self):
        """Stop listening and close the journal; safe to repeat."""
        if self._server is None:
            return
        self.cloud.application.stop()
        self._server.stop()
        self._thread.join(_STOP_SECONDS)
        self._server = None
        self.cloud.close()


def _log(message="", level=20, traceback=False):
    """Take what cheroot has to say into the service's log."""
    LOG.log(level, message, exc_info=traceback)
