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

import http.client
import json
import socket
import ssl
import struct
import threading
import time
import urllib.error
import urllib.request

import ddt
import fixtures

from senlin.common import turns
from senlin.tests.unit import base
from senlin.tests.unit.wsgi import certificates
from senlin.wsgi import server


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


def _last(connection):
    """Whether an answer is the last on its connection."""
    answer = connection.getresponse()
    answer.read()
    return answer.getheader("Connection") == "close"


@ddt.ddt
class ServerTest(base.TestCase):
    def serve(self, application=hello, **options):
        made = server.Server(application, self.conf.senlin_api, host="127.0.0.1", port=0, **options)
        self.addCleanup(made.stop)
        made.start()
        return made

    def get(self, address, path="/", **headers):
        request = urllib.request.Request(f"http://{address[0]}:{address[1]}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def test_it_answers_on_the_port_it_tells(self):
        self.assertEqual(b"/v1", self.get(self.serve().address, "/v1"))

    def test_it_does_not_listen_once_stopped(self):
        running = self.serve()
        address = running.address
        running.stop()
        self.assertRaises(OSError, self.get, address)

    def test_a_taken_port_is_an_error_at_the_start(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            made = server.Server(
                hello, self.conf.senlin_api, host="127.0.0.1", port=taken.getsockname()[1]
            )
            self.assertRaises(OSError, made.start)

    def share(self, number, application=hello):
        """Servers that share a socket, as those of several processes do."""
        self.config(group="senlin_api", bind_host="127.0.0.1", bind_port=0)
        listener = server.listen(self.conf.senlin_api)
        self.addCleanup(listener.close)
        return [self.serve(application, listener=listener) for _ in range(number)]

    def test_several_processes_may_share_a_port(self):
        first, second = self.share(2)
        self.assertEqual(first.address, second.address)
        first.stop()
        self.assertEqual(b"/", self.get(second.address))

    def test_no_answer_waits_for_the_acknowledgement_of_its_head(self):
        self.config(group="senlin_api", bind_host="127.0.0.1", bind_port=0)
        with (
            server.listen(self.conf.senlin_api) as listener,
            socket.create_connection(listener.getsockname()),
            listener.accept()[0] as connection,
        ):
            self.assertTrue(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def test_what_arrives_between_two_processes_is_answered_by_the_next(self):
        (first,) = self.share(1)
        address = first.address
        listener = first._server.listener
        first.stop()
        with socket.create_connection(address, timeout=10) as client:
            client.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.serve(listener=listener)
            self.assertIn(b"/late", b"".join(iter(lambda: client.recv(4096), b"")))

    def test_clients_are_told_to_connect_anew_before_one_of_several_stops(self):
        (first,) = self.share(1)
        connection = http.client.HTTPConnection(*first.address, timeout=10)
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        self.assertFalse(_last(connection))
        stopper = threading.Thread(target=first.stop)
        stopper.start()
        self.addCleanup(stopper.join)
        while first._server.keep_alive_conn_limit:
            stopper.join(0.01)
        connection.request("GET", "/")
        self.assertTrue(_last(connection))

    def busy(self, **options):
        """A server with one thread, which is busy, and one request that waits."""
        self.config(group="senlin_api", threads=1, max_waiting=1, **options)
        entered, go_on = threading.Semaphore(0), threading.Event()
        self.addCleanup(go_on.set)

        def slow(environ, start_response):
            entered.release()
            go_on.wait(20)
            return hello(environ, start_response)

        running = self.serve(slow)
        callers = [threading.Thread(target=self.get, args=[running.address]) for _ in range(2)]
        callers[0].start()
        self.assertTrue(entered.acquire(timeout=10))
        callers[1].start()
        while not running._server.requests.qsize:
            callers[1].join(0.01)
        for caller in callers:
            self.addCleanup(caller.join)
        self.addCleanup(go_on.set)
        return running, go_on

    def test_one_request_too_many_is_refused_at_once_and_told_when_to_come_back(self):
        running, _ = self.busy()
        error = self.assertRaises(urllib.error.HTTPError, self.get, running.address)
        self.assertEqual((503, "5"), (error.code, error.headers["Retry-After"]))
        document = json.load(error)
        self.assertEqual("ServiceUnavailable", document["error"]["type"])
        error.close()

    def test_a_body_that_nobody_reads_does_not_take_the_refusal_along(self):
        running, _ = self.busy()
        request = urllib.request.Request(
            f"http://{running.address[0]}:{running.address[1]}/", data=b"x" * 200000
        )
        error = self.assertRaises(
            urllib.error.HTTPError, urllib.request.urlopen, request, timeout=10
        )
        self.assertEqual(503, error.code)
        error.close()

    def test_clients_that_are_slow_do_not_keep_others_waiting(self):
        self.config(group="senlin_api", threads=6)
        address = self.serve().address
        for _ in range(5):
            slow = socket.create_connection(address, timeout=10)
            self.addCleanup(slow.close)
            slow.sendall(b"GET / HTTP/1.1\r\nHost:")
        self.assertEqual(b"/", self.get(address))

    def test_requests_that_wait_do_not_keep_others_waiting(self):
        self.config(group="senlin_api", threads=4)
        meeting = threading.Barrier(4)

        def meet(environ, start_response):
            turns.pass_on()
            meeting.wait(10)
            return hello(environ, start_response)

        address = self.serve(meet).address
        callers = [threading.Thread(target=self.get, args=[address]) for _ in range(3)]
        for caller in callers:
            caller.start()
        self.assertEqual(b"/", self.get(address))
        for caller in callers:
            caller.join()

    def test_a_client_that_breaks_off_after_its_answer_harms_nobody(self):
        address = self.serve().address
        for _ in range(5):
            with socket.create_connection(address, timeout=10) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                client.recv(1)
        self.assertEqual(b"/", self.get(address))

    def test_requests_that_come_together_are_answered_in_order(self):
        answers = self.raw(
            b"GET /one HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        self.assertEqual(2, answers.count(b"HTTP/1.1 200 OK"))
        self.assertLess(answers.index(b"/one"), answers.index(b"/two"))

    def test_a_client_may_ask_whether_to_send_its_body(self):
        with socket.create_connection(self.serve(echo).address, timeout=10) as client:
            client.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
            )
            self.assertTrue(client.recv(1000).startswith(b"HTTP/1.1 100 Continue"))
            client.sendall(b"body")
            self.assertIn(b"body", client.makefile("rb").read())

    def test_connections_may_be_encrypted(self):
        certificate, key = certificates.create(self.useFixture(fixtures.TempDir()).path)
        self.config(group="senlin_api", cert_file=certificate, key_file=key)
        context = ssl.create_default_context(cafile=certificate)
        client = http.client.HTTPSConnection(
            "127.0.0.1", self.serve(echo).address[1], timeout=10, context=context
        )
        self.addCleanup(client.close)
        for body in (b"small", b"x" * 3_000_000):
            client.request("POST", "/", body=body)
            self.assertEqual(body, client.getresponse().read())

    def test_a_request_that_does_not_end_does_not_keep_a_server_from_stopping(self):
        running, _ = self.busy(drain_timeout=0.1)
        began = time.monotonic()
        self.assertFalse(running.stop())
        self.assertLess(time.monotonic() - began, 5)

    def test_long_tokens_are_accepted(self):
        token = "x" * 12000
        self.assertEqual(b"/", self.get(self.serve().address, **{"X-Auth-Token": token}))

    def test_headers_beyond_the_limit_are_refused(self):
        self.config(group="senlin_api", max_header_line=1024)
        error = self.assertRaises(
            urllib.request.HTTPError, self.get, self.serve().address, **{"X-Auth-Token": "x" * 2000}
        )
        self.assertEqual(413, error.code)

    def raw(self, text):
        """What comes back for bytes."""
        with socket.create_connection(self.serve().address, timeout=10) as connection:
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").read()

    @ddt.data(b" leading: space\r\n", b"\tleading: tab\r\n", b"X: a\r\n folded\r\n")
    def test_a_header_line_that_begins_with_white_space_is_refused(self, lines):
        for start in (b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"):
            answer = self.raw(start + lines + b"\r\n")
            self.assertEqual(b"HTTP/1.1 400 Bad Request", answer.splitlines()[0])
            self.assertIn(b"begins with white space", answer)

    @ddt.data(b"X-Auth-Token: a\rb\r\n", b"X-Auth-Token: a\0b\r\n", b"X\r-A: b\r\n")
    def test_a_header_line_with_a_forbidden_character_is_refused(self, line):
        answer = self.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n")
        self.assertEqual(b"HTTP/1.1 400 Bad Request", answer.splitlines()[0])
        self.assertIn(b"forbidden character", answer)
