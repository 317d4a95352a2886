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

"""A small server beside the real work: a process's metrics and its health."""

import threading

from cheroot import wsgi
from oslo_log import log as logging
import prometheus_client

from senlin.common import metrics

LOG = logging.getLogger(__name__)

#: Processes of one program on one machine that can be told apart.
PORTS = 64

_THREADS = 2
_IDLE_SECONDS = 10
_STOP_SECONDS = 1


class Monitor:
    """Serves ``/metrics`` and ``/healthcheck`` of this process.

    The workers of a program have one setting and each needs a port: a process
    takes the first free one from the configured port on.

    :param host: the address to listen on.
    :param port: the first port to try; 0 = no server.
    :param health: the WSGI application of the health check.
    """

    def __init__(self, host, port, health):
        self._host = host
        self._first = port
        self._health = health
        self._metrics = prometheus_client.make_wsgi_app(metrics.REGISTRY)
        self._server = None
        self._thread = None

    @property
    def port(self):
        """Where it listens; None when it does not."""
        return self._server.bind_addr[1] if self._server else None

    def start(self):
        """Begin to listen. A process without a free port goes on without."""
        if not self._first:
            return
        self._server = self._bind()
        if self._server is None:
            last = self._first + PORTS - 1
            LOG.warning("No metrics: ports %d to %d are in use", self._first, last)
            return
        self._thread = threading.Thread(target=self._server.serve, name="monitor", daemon=True)
        self._thread.start()
        LOG.info("Metrics and health are at http://%s:%s", self._host, self.port)

    def stop(self):
        """Stop listening; safe to repeat."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()
            self._thread.join(_STOP_SECONDS)

    def _bind(self):
        for port in range(self._first, min(self._first + PORTS, 65536)):
            server = wsgi.Server(
                (self._host, port),
                self._answer,
                numthreads=_THREADS,
                timeout=_IDLE_SECONDS,
                shutdown_timeout=_STOP_SECONDS,
            )
            server.error_log = _log
            try:
                server.prepare()
            except OSError:
                # Taken. Where two bind at once, the second learns it by listening.
                if server.socket is not None:
                    server.socket.close()
            else:
                return server
        return None

    def _answer(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            return self._metrics(environ, start_response)
        if path == "/healthcheck":
            return self._health(environ, start_response)
        text = b"There are /metrics and /healthcheck.\n"
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
        start_response("404 Not Found", headers)
        return [text]


def _log(message="", level=20, traceback=False):
    LOG.log(level, "%s", message, exc_info=traceback)
