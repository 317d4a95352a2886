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
import threading

from senlin.tests.unit import base
from senlin.wsgi import streams

#: More than a socket holds.
_MUCH = b"x" * 5_000_000


class StreamsTest(base.TestCase):
    def setUp(self):
        super().setUp()
        ours, self.client = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(self.client.close)
        self.client.settimeout(10)
        ours.settimeout(10)
        self.ours = ours

    def open(self, seconds=10):
        self.ours.settimeout(seconds)
        return streams.both(self.ours)

    def test_a_line_is_read_whole_however_it_comes(self):
        reader, _ = self.open()
        lines = []
        thread = threading.Thread(target=lambda: lines.append(reader.readline()))
        self.client.sendall(b"GET / HT")
        thread.start()
        self.client.sendall(b"TP/1.1\r\nHost: x")
        thread.join(10)
        self.assertEqual([b"GET / HTTP/1.1\r\n"], lines)

    def test_a_client_that_sends_nothing_runs_out_of_time(self):
        reader, _ = self.open(seconds=0.01)
        error = self.assertRaises(TimeoutError, reader.readline)
        # What cheroot looks for, to answer 408.
        self.assertEqual("timed out", error.args[0])

    def test_a_client_that_reads_nothing_runs_out_of_time(self):
        _, writer = self.open(seconds=0.01)
        self.assertRaises(TimeoutError, writer.write, _MUCH)

    def test_all_is_sent_to_a_client_that_reads_slowly(self):
        _, writer = self.open()
        thread = threading.Thread(target=writer.write, args=[_MUCH])
        thread.start()
        received = 0
        while received < len(_MUCH):
            received += len(self.client.recv(100_000))
        thread.join(10)
        self.assertFalse(thread.is_alive())

    def test_a_client_that_has_sent_nothing_more_is_not_waited_for(self):
        reader, _ = self.open()
        self.assertFalse(reader.has_data())

    def test_what_was_sent_along_with_a_request_is_not_forgotten(self):
        reader, _ = self.open()
        self.client.sendall(b"one\ntwo\n")
        reader.readline()
        self.assertTrue(reader.has_data())
        self.assertEqual(b"two\n", reader.readline())
        self.assertFalse(reader.has_data())

    def test_what_has_come_in_the_meantime_is_not_forgotten(self):
        reader, _ = self.open()
        self.client.sendall(b"one\n")
        self.assertTrue(reader.has_data())
        self.assertEqual(b"one\n", reader.readline())

    def test_a_client_that_has_left_has_no_data(self):
        reader, _ = self.open()
        self.client.close()
        self.assertFalse(reader.has_data())
        self.assertEqual(b"", reader.readline())

    def test_a_broken_connection_is_found_out_by_who_reads(self):
        reader, _ = self.open()
        self.ours.close()
        self.assertTrue(reader.has_data())
        self.assertRaises(OSError, reader.readline)

    def test_what_is_written_is_sent_at_once(self):
        _, writer = self.open()
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.assertEqual(b"HTTP/1.1 100 Continue\r\n\r\n", self.client.recv(100))

    def test_what_is_kept_is_sent_together(self):
        _, writer = self.open()
        writer.keep()
        writer.write(b"head")
        self.client.setblocking(False)
        self.assertRaises(BlockingIOError, self.client.recv, 100)
        writer.write(b"body")
        writer.flush()
        self.assertEqual(b"headbody", self.client.recv(100))
        writer.write(b"next")
        self.assertEqual(b"next", self.client.recv(100))
