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

"""Several engines on one database: they share the work and outlive each other."""

import os
import threading

import fixtures
from oslotest import base
import testscenarios

from senlin.tests.scenario import deployment

DATABASES = [url for url in os.environ.get("SENLIN_TEST_DATABASES", "").split(";") if url]
TRANSPORT = os.environ.get("SENLIN_TEST_TRANSPORT_URL")
NODES = 60

load_tests = testscenarios.load_tests_apply_scenarios


class EnginesTest(base.BaseTestCase):
    scenarios = [
        (f"{url.split('+')[0]}-{backend}", {"database": url, "green": backend == "eventlet"})
        for url in DATABASES
        for backend in ("threading", "eventlet")
    ]
    database = None
    green = False

    def setUp(self):
        super().setUp()
        if not (self.database and TRANSPORT):
            self.skipTest("tools/test database gives this test its servers")
        directory = self.useFixture(fixtures.TempDir()).path
        self.service = self.useFixture(
            deployment.Deployment(directory, self.database, TRANSPORT, green=self.green)
        )

    def test_the_work_of_a_killed_engine_is_done_by_the_other(self):
        self._create_while(self.service.engines[0].kill)

    def test_all_engines_killed_and_started_again_go_on(self):
        def power_failure():
            for engine in self.service.engines:
                engine.kill()
            for engine in self.service.engines:
                engine.start()

        self._create_while(power_failure)

    def _create_while(self, disturb):
        service = self.service
        service.set_knobs(active_delay=1.0)
        profile = service.new_profile()
        cluster = service.clustering.create_cluster(
            name="c1", profile_id=profile.id, desired_capacity=NODES
        )
        pause = threading.Event()
        while not service.servers():
            pause.wait(0.05)
        disturb()
        action = service.wait(service.action_of(cluster, "CLUSTER_CREATE"))
        self.assertEqual("SUCCEEDED", action.status, action.status_reason)
        self._assert_one_to_one(NODES)
        deleted = service.wait(service.clustering.delete_cluster(cluster.id))
        self.assertEqual("SUCCEEDED", deleted.status, deleted.status_reason)
        self._assert_one_to_one(0)

    def _assert_one_to_one(self, number):
        servers = {s.id: s.metadata["cluster_node_id"] for s in self.service.servers()}
        nodes = {n.physical_id: n.id for n in self.service.clustering.nodes()}
        self.assertEqual(nodes, servers)
        self.assertEqual(number, len(servers))
        for table in ("cluster_lock", "node_lock"):
            self.assertEqual(0, self.service.count(table))
