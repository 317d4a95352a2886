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

"""A threaded HTTP server for the API, which senlin-api and standalone run."""

import threading

from cheroot import wsgi
from cheroot.ssl import builtin
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# Connections that may stay open between two requests.
_KEPT_CONNECTIONS = 1000
# Seconds that requests in progress get when the server stops.
_SHUTDOWN_TIMEOUT = 10


class Server:
    """Serves a WSGI application on one address, from native threads.

    :param application: the WSGI application.
    :param options: the options of [senlin_api].
    :param host: address to listen on instead of the configured one.
    :param port: port to listen on instead of the configured one; 0 is any.
    :param shared_port: let several processes listen on the same port, which
        cannot be 0 then.
    """

    def __init__(self, application, options, host=None, port=None, shared_port=False):
        self._server = wsgi.Server(
            (
                options.bind_host if host is None else host,
                options.bind_port if port is None else port,
            ),
            application,
            numthreads=options.threads,
            request_queue_size=options.backlog,
            timeout=options.client_socket_timeout,
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
            accepted_queue_size=options.backlog,
            reuse_port=shared_port,
        )
        self._server.server_name = "senlin-api"
        self._server.max_request_header_size = options.max_header_line
        self._server.keep_alive_conn_limit = _KEPT_CONNECTIONS
        self._server.error_log = _log_server_error
        if options.cert_file:
            self._server.ssl_adapter = builtin.BuiltinSSLAdapter(
                options.cert_file, options.key_file
            )
        self._thread = None

    @property
    def address(self):
        """(host, port) that the server listens on, once it was started."""
        return self._server.bind_addr[:2]

    def start(self):
        """Listen, and serve from a thread of its own.

        :raises OSError: the address cannot be listened on.
        """
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve, name="http-server")
        self._thread.daemon = True
        self._thread.start()
        LOG.info("Listening on %s port %s", *self.address)

    def stop(self):
        """Stop listening; give requests in progress a few seconds to end."""
        if self._thread is None:
            return
        self._server.stop()
        self._thread.join(timeout=_SHUTDOWN_TIMEOUT)
        self._thread = None


def _log_server_error(message="", level=20, traceback=False):
    LOG.log(level, "%s", message, exc_info=traceback)
