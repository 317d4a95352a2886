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

import socket
import socketserver
import threading

from senlin.tests.chaos import wire
from senlin.tests.unit import base

SECONDS = 10


class _Echo(socketserver.BaseRequestHandler):
    """Says what it hears, and keeps it."""

    def handle(self):
        while data := self.request.recv(100):
            self.server.heard.append(data)
            self.request.sendall(data)


class WireTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
        self.server.daemon_threads = True
        self.server.heard = []
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.wire = self.useFixture(wire.Wire(self.server.server_address[1]))

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.wire.port), SECONDS)
        self.addCleanup(connection.close)
        return connection

    def say(self, connection, words):
        connection.sendall(words)
        try:
            return connection.recv(100)
        except ConnectionError:
            return b""

    def test_it_passes_words_and_answers_on(self):
        self.assertEqual(b"hello", self.say(self.connect(), b"hello"))

    def test_a_cut_breaks_what_is_connected_and_nothing_else(self):
        connection = self.connect()
        self.say(connection, b"hello")
        self.wire.cut()
        self.assertEqual(b"", self.say(connection, b"hello"))
        self.assertEqual(b"hello", self.say(self.connect(), b"hello"))

    def test_a_muted_wire_has_it_done_and_loses_the_answer(self):
        self.wire.mute(b"COMMIT", 1.0)
        self.assertEqual(b"", self.say(self.connect(), b"COMMIT"))
        self.assertEqual([b"COMMIT"], self.server.heard)

    def test_a_muted_wire_lets_other_answers_through(self):
        self.wire.mute(b"COMMIT", 1.0)
        self.assertEqual(b"SELECT", self.say(self.connect(), b"SELECT"))
        self.wire.mute(b"", 0)
        self.assertEqual(b"COMMIT", self.say(self.connect(), b"COMMIT"))
