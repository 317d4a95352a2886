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

import threading

import oslo_messaging as messaging

from senlin.rpc import doorbell
from senlin.rpc import transport as rpc_transport
from senlin.tests.unit import base as unit_base
from senlin.tests.unit.rpc import base


class TestDoorbell(base.BusTestCase):
    def listen(self, host):
        heard = threading.Semaphore(0)
        listener = doorbell.DoorbellListener(self.transport, heard.release, host)
        listener.start()
        self.addCleanup(listener.stop, 5)
        return heard

    def bell(self, **options):
        bell = doorbell.Doorbell(self.transport, **options)
        self.addCleanup(bell.stop)
        return bell

    def test_every_engine_hears_a_ring(self):
        first, second = self.listen("engine-1"), self.listen("engine-2")
        self.bell().ring()
        self.assertTrue(first.acquire(timeout=5))
        self.assertTrue(second.acquire(timeout=5))

    def test_many_rings_become_few(self):
        heard = self.listen("engine-1")
        bell = self.bell(gap=0.2)
        for _ in range(1000):
            bell.ring()
        self.assertTrue(heard.acquire(timeout=5))
        # At most one more: the first ring was sent while others came in.
        count = 1
        while heard.acquire(timeout=0.5):
            count += 1
        self.assertLessEqual(count, 3)

    def test_the_engine_at_home_is_rung_without_the_bus(self):
        rung = []
        doorbell.Doorbell(None, local=lambda: rung.append(1)).ring()
        self.assertEqual([1], rung)

    def test_after_stopping_only_the_engine_at_home_is_rung(self):
        rung = []
        bell = self.bell(local=lambda: rung.append(1))
        bell.ring()
        bell.stop()
        bell.ring()
        self.assertEqual([1, 1], rung)


class TestBrokenBroker(unit_base.TestCase):
    def test_ringing_neither_blocks_nor_raises(self):
        # Nothing listens on the discard port of this machine.
        rpc_transport.register_opts(self.conf)
        self.config(transport_url="rabbit://guest:guest@127.0.0.1:9/")
        transport = rpc_transport.get(self.conf)
        failed = threading.Event()

        class Client:
            def cast(self, context, method):
                failed.set()
                raise messaging.MessageDeliveryFailure("no broker")

        self.useFixture(
            unit_base.fixtures.MonkeyPatch(
                "oslo_messaging.get_rpc_client", lambda *args, **kwargs: Client()
            )
        )
        bell = doorbell.Doorbell(transport)
        bell.ring()
        self.assertTrue(failed.wait(5))
        bell.ring()
        bell.stop()
