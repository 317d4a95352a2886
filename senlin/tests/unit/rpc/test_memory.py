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

"""The in-memory transport delivers at once and does not spin."""

import socket
import threading

import kombu

from senlin.rpc import memory
from senlin.tests.unit import base


class MemoryTransportTest(base.TestCase):
    def setUp(self):
        super().setUp()
        memory.install()
        self.connection = kombu.Connection("memory://")
        self.addCleanup(self.connection.release)
        self.queue = kombu.Queue("q", kombu.Exchange("x", "direct"), routing_key="q")
        self.got = []
        channel = self.connection.channel()
        consumer = kombu.Consumer(
            channel, [self.queue], callbacks=[lambda body, message: self.got.append(body)]
        )
        consumer.consume()
        self.producer = kombu.Producer(self.connection.channel(), self.queue.exchange, "q")

    def test_a_waiting_reader_is_woken_by_a_message(self):
        reader = threading.Thread(target=self.connection.drain_events, kwargs={"timeout": 30})
        reader.start()
        self.producer.publish({"n": 1})
        reader.join(10)
        self.assertEqual([{"n": 1}], self.got)

    def test_a_message_that_is_there_is_not_waited_for(self):
        self.producer.publish({"n": 2})
        self.connection.drain_events(timeout=0)
        self.assertEqual([{"n": 2}], self.got)

    def test_nothing_to_read_is_a_timeout(self):
        self.assertRaises(socket.timeout, self.connection.drain_events, timeout=0.01)
