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

import urllib.error
import urllib.request

import fixtures

from senlin.common import health
from senlin.common import metrics
from senlin.common import monitor
from senlin.common import ports
from senlin.tests.unit import base

HOST = "127.0.0.1"


class MonitorTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.problem = None
        self.health = health.Health(work=lambda: self.problem)
        self.port = ports.free()

    def start(self, port=None):
        made = monitor.Monitor(HOST, self.port if port is None else port, self.health)
        self.addCleanup(made.stop)
        made.start()
        return made

    def get(self, running, path):
        with urllib.request.urlopen(f"http://{HOST}:{running.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def test_the_metrics_are_those_of_the_process(self):
        self.assertIn("process_resident_memory_bytes", self.get(self.start(), "/metrics"))

    def test_the_health_check_is_answered(self):
        running = self.start()
        self.assertIn('"work": "ok"', self.get(running, "/healthcheck"))
        self.problem = "it stopped"
        error = self.assertRaises(urllib.error.HTTPError, self.get, running, "/healthcheck")
        self.assertEqual(503, error.code)
        error.close()

    def test_there_is_nothing_else(self):
        error = self.assertRaises(urllib.error.HTTPError, self.get, self.start(), "/")
        self.assertEqual(404, error.code)
        error.close()

    def test_workers_take_one_port_after_the_other(self):
        first, second = self.start(), self.start()
        self.assertEqual(self.port, first.port)
        self.assertGreater(second.port, first.port)
        self.assertIn("process_", self.get(second, "/metrics"))

    def test_the_port_of_a_worker_that_is_gone_is_taken_again(self):
        self.start().stop()
        self.assertEqual(self.port, self.start().port)

    def test_port_0_is_no_server(self):
        self.assertIsNone(self.start(port=0).port)

    def test_a_process_without_a_free_port_goes_on(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.common.monitor.PORTS", 1))
        self.start()
        second = self.start()
        self.assertIsNone(second.port)
        second.stop()

    def test_all_names_are_the_services_own_or_the_processs(self):
        for family in metrics.REGISTRY.collect():
            self.assertRegex(family.name, "^(senlin|process)_")
