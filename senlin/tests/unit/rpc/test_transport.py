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

"""How the bus is listened to."""

from unittest import mock

from oslo_messaging._drivers import amqpdriver
from oslo_messaging._drivers import common

from senlin.tests.unit.rpc import base


class _Silence:
    """A connection on which nothing comes, in so many rounds."""

    def __init__(self, rounds, ended):
        self.rounds = []
        self._most = rounds
        self._ended = ended

    def consume(self, timeout):
        self.rounds.append(timeout)
        if len(self.rounds) == self._most:
            self._ended()
        raise common.Timeout


class TestListening(base.BusTestCase):
    def test_who_waits_for_requests_does_not_look_up_many_times_a_second(self):
        listener = amqpdriver.RpcAMQPListener(mock.Mock(prefetch_size=1), None)
        listener.conn = _Silence(4, listener._shutdown.set)
        listener.poll()
        self.assertEqual([0.05, 0.1, 0.2, 0.4], listener.conn.rounds)
