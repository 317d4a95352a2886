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
import contextlib
import socket
import threading

from senlin.tests.bench import traffic
from senlin.tests.unit import base


class TestSummarize(base.TestCase):
    def test_only_expected_answers_count(self):
        answers = [(200, 0.001), (200, 0.003), (503, 0.5), (0, 0.0)]

        result = traffic.summarize(answers, 2.0, 200, 0.1)

        self.assertEqual((2, 1.0), (result.answers, result.rate))
        self.assertEqual(2.0, result.median)
        self.assertEqual({"503": 1, "0": 1}, result.unexpected)
        self.assertEqual(0.05, result.cpu)

    def test_the_slowest_of_a_hundred_is_the_99th_percentile(self):
        answers = [(200, number / 1000) for number in range(100)]

        self.assertEqual(99.0, traffic.summarize(answers, 1.0, 200, 0.0).p99)

    def test_no_expected_answer_at_all_is_an_error(self):
        self.assertRaises(AssertionError, traffic.summarize, [(401, 0.1)], 1.0, 200, 0.0)


class TestRequestBytes(base.TestCase):
    def test_a_read_has_no_body(self):
        raw = traffic.request_bytes("GET", "http://127.0.0.1:1/v1/nodes?limit=5", {"X-A": "b"})

        self.assertEqual(
            b"GET /v1/nodes?limit=5 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-A: b\r\n\r\n", raw
        )

    def test_a_write_tells_the_length_of_its_body(self):
        raw = traffic.request_bytes("POST", "http://127.0.0.1:1/", {}, {"a": 1})

        self.assertIn(b"\r\nContent-Length: 8\r\n\r\n", raw)
        self.assertTrue(raw.endswith(b'{"a": 1}'))


class TestClient(base.TestCase):
    """A client at a server that sends what the test says, in pieces."""

    def setUp(self):
        super().setUp()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.client = traffic.Client(self.listener.getsockname(), b"GET / HTTP/1.1\r\n\r\n")
        self.addCleanup(self.client.socket.close)
        self.peer, _ = self.listener.accept()
        self.addCleanup(self.peer.close)

    def test_an_answer_in_pieces_is_complete_with_its_last_byte(self):
        self.client.send()
        seen = []
        for piece in (b"HTTP/1.1 202 Acc", b"epted\r\ncontent-length: 3\r\n\r\na", b"bc"):
            self.peer.sendall(piece)
            seen.append(self.client.receive())

        self.assertEqual([None, None], seen[:2])
        self.assertEqual(202, seen[2][0])

    def test_a_closed_connection_is_an_error(self):
        self.client.send()
        self.peer.close()

        self.assertRaises(ConnectionError, self.client.receive)

    def test_driving_asks_again_after_each_answer(self):
        def serve():
            # The last request is not waited for: its connection is reset.
            with contextlib.suppress(ConnectionError):
                while self.peer.recv(4096):
                    self.peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()

        answers, taken = traffic.drive([self.client], 0.05)

        thread.join(5)
        self.assertGreater(len(answers), 1)
        self.assertEqual({200}, {status for status, _ in answers})
        self.assertGreaterEqual(taken, 0.05)
