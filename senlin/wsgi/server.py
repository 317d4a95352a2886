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

import queue
import socket
import threading

from cheroot import server as cheroot
from cheroot import wsgi
from cheroot.ssl import builtin
import futurist
from oslo_log import log as logging

from senlin.api import faults
from senlin.common import concurrency
from senlin.common import exception
from senlin.common import metrics
from senlin.common import turns
from senlin.wsgi import streams

LOG = logging.getLogger(__name__)

# Connections that may stay open between two requests.
_KEPT_CONNECTIONS = 1000
# Threads that answer at once while none waits: one computes, one is with the database.
_AT_ONCE = 2
# Seconds in which kept connections are closed, each with the answer to a request.
_FAREWELL = 1.0
# Refusals that may wait to be sent, and seconds that each may take.
_REFUSALS_WAITING = 1000
_REFUSAL_SECONDS = 1.0

_THREADS = metrics.gauge("senlin_api_threads", "Requests that are answered at once, at most.")
_WAITING = metrics.gauge("senlin_api_requests_waiting", "Requests that wait for a thread.")
_REFUSED = metrics.counter(
    "senlin_api_requests_refused", "Requests answered 503 because too many waited for a thread."
)


def listen(options):
    """A socket that several processes can accept connections from.

    To be made before they are: what arrives while one of them ends is taken by
    the next, since the socket stays.

    :param options: the options of [senlin_api].
    :raises OSError: the address cannot be listened on.
    """
    host, port = options.bind_host, options.bind_port
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, address = found[0]
    listener = socket.create_server(address[:2], family=family, backlog=options.backlog)
    # Connections inherit it. Without it the body of an answer, which follows its head
    # in a write of its own, waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Server:
    """Serves a WSGI application on one address, from native threads.

    :param application: the WSGI application.
    :param options: the options of [senlin_api].
    :param host: address to listen on instead of the configured one.
    :param port: port to listen on instead of the configured one; 0 is any.
    :param listener: a socket from :func:`listen` to use instead of an own one.
    """

    def __init__(self, application, options, host=None, port=None, listener=None):
        self._drain_timeout = options.drain_timeout
        self._is_shared = listener is not None
        self._threads = options.threads
        self._server = _Cheroot(
            (
                options.bind_host if host is None else host,
                options.bind_port if port is None else port,
            ),
            application,
            numthreads=options.threads,
            request_queue_size=options.backlog,
            timeout=options.client_socket_timeout,
            shutdown_timeout=options.drain_timeout,
            accepted_queue_size=options.max_waiting,
            # The thread that accepts connections never waits for the others.
            accepted_queue_timeout=0,
        )
        self._server.listener = listener
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
        _THREADS.set(self._threads)
        _WAITING.set_function(lambda: self._server.requests.qsize)
        self._thread = threading.Thread(target=self._server.serve, name="http-server")
        self._thread.daemon = True
        self._thread.start()
        LOG.info("Listening on %s port %s", *self.address)

    def stop(self):
        """Stop listening; give requests in progress ``drain_timeout`` seconds to end.

        Where others go on at the same address, clients are first told to
        connect anew with their next request.

        :returns: whether all requests had ended in time.
        """
        if self._thread is None:
            return True
        if self._is_shared:
            self._server.keep_alive_conn_limit = 0
            self._thread.join(_FAREWELL)
        # cheroot waits for requests that do not end, however long that takes.
        stopper = threading.Thread(target=self._server.stop, name="http-stop", daemon=True)
        stopper.start()
        stopper.join(self._drain_timeout + _FAREWELL)
        self._server.refusals.shutdown(wait=False)
        self._thread = None
        if stopper.is_alive():
            LOG.warning("Requests were still running after %s seconds", self._drain_timeout)
        return not stopper.is_alive()


#: CR, LF and NUL, which lead astray who is told of them next (RFC 9110, 5.5).
_FORBIDDEN = frozenset(b"\r\n\0")


class _Lines:
    """The lines of a request's headers, none of which may continue the one before."""

    def __init__(self, wrapped):
        self._wrapped = wrapped

    def readline(self):
        """The next line.

        :raises ValueError: it has a forbidden character, or begins with white space;
            cheroot would fail on the first such line, and put any other in place of
            the value before it.
        """
        line = self._wrapped.readline()
        if line[:1] in (b" ", b"\t"):
            raise ValueError("A header line begins with white space.")
        if _FORBIDDEN.intersection(line.rstrip(b"\r\n")):
            raise ValueError("A header line has a forbidden character.")
        return line


class _HeaderReader(cheroot.HeaderReader):
    def __call__(self, rfile, hdict=None):
        return super().__call__(_Lines(rfile), hdict)


class _Request(cheroot.HTTPRequest):
    header_reader = _HeaderReader()

    def respond(self):
        """Have the application answer, and send head and body together."""
        self.conn.wfile.keep()
        try:
            super().respond()
        finally:
            self.conn.wfile.flush()


class _Connection(cheroot.HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server, sock, makefile=None):
        # For encrypted connections too, whose own makefile is the same again.
        reader, writer = streams.both(sock)
        super().__init__(server, sock, lambda _, mode, size: reader if "r" in mode else writer)


class _Cheroot(wsgi.Server):
    """cheroot's server, which can share a socket and refuses in the API's words."""

    ConnectionClass = _Connection
    listener = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Not the accepting thread: a client that does not read would hold it up.
        self.refusals = concurrency.make_executor("http-refusal", 1, _REFUSALS_WAITING)
        # The pool of threads has no parameter for its queue.
        waiting = turns.Turns(kwargs["accepted_queue_size"], _AT_ONCE)
        self.requests._queue = waiting
        self.requests.get = waiting.get

    def prepare(self):
        """Listen."""
        super().prepare()
        if self.listener is not None:
            # All processes are told of a connection, and one gets it.
            self.socket.setblocking(False)

    def bind(self, family, type, proto=0):
        """Give the socket to listen on."""
        if self.listener is None:
            return super().bind(family, type, proto)
        self.socket = self.listener.dup()
        self.bind_addr = self.resolve_real_bind_addr(self.socket)
        return self.socket

    def process_conn(self, conn):
        """Have a request answered, or refuse it."""
        try:
            self.requests.put(conn)
        except queue.Full:
            _REFUSED.inc()
            try:
                self.refusals.submit(_refuse, conn)
            except (futurist.RejectedSubmission, RuntimeError):
                conn.close()


def _refuse(conn):
    try:
        conn.socket.settimeout(_REFUSAL_SECONDS)
        conn.socket.sendall(_BUSY)
        conn.socket.shutdown(socket.SHUT_WR)
        # A connection closed with unread data in it would take the answer along.
        while conn.socket.recv(65536):
            pass
    except OSError as error:
        LOG.debug("A client did not wait for its refusal: %s", error)
    finally:
        conn.close()


def _busy_answer():
    lines = []

    def start_response(status, headers):
        lines.append(f"HTTP/1.1 {status}")
        lines.extend(f"{name}: {value}" for name, value in headers)

    error = exception.ServiceUnavailable("The API has too many requests now; try again later.")
    body = faults.Fault(error)({}, start_response)
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + b"".join(body)


_BUSY = _busy_answer()


def _log_server_error(message="", level=20, traceback=False):
    LOG.log(level, "%s", message, exc_info=traceback)
