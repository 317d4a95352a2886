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

"""Killed at any moment, started again: nothing lost, leaked or doubled."""

import os
import random
import threading

import fixtures
from oslotest import base as oslo_base

from senlin.common import ports
from senlin.tests.functional import programs

NODES = int(os.environ.get("SENLIN_KILL_NODES", "60"))
MOMENTS = int(os.environ.get("SENLIN_KILL_MOMENTS", "3"))


class KillTest(oslo_base.BaseTestCase):
    def setUp(self):
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path

    def test_killed_with_its_cloud_in_the_middle_of_creating(self):
        service = self.useFixture(programs.Standalone(self.directory))
        self._survive_kills(service)

    def test_killed_alone_while_the_cloud_lives_on(self):
        elsewhere = self.useFixture(fixtures.TempDir()).path
        port = ports.free()
        sandbox = self.useFixture(
            programs.Sandbox(elsewhere, "--clustering-url", f"http://127.0.0.1:{port}")
        )
        service = self.useFixture(
            programs.Standalone(self.directory, "--sandbox-url", sandbox.url, port=port)
        )
        self._survive_kills(service)

    def _survive_kills(self, service):
        profile = service.new_profile()
        moments = random.Random(20261121)
        for number in range(MOMENTS):
            cluster = service.clustering.create_cluster(
                name=f"c{number}", profile_id=profile.id, desired_capacity=NODES
            )
            threading.Event().wait(moments.uniform(0.05, 1.5))
            service.kill()
            service.start()
            self._assert_complete(service, cluster, NODES * (number + 1))

    def _assert_complete(self, service, cluster, servers):
        action = service.wait(service.action_of(cluster, "CLUSTER_CREATE"))
        self.assertEqual("SUCCEEDED", action.status, action.status_reason)
        found = service.clustering.get_cluster(cluster.id)
        self.assertEqual("ACTIVE", found.status, found.status_reason)
        self.assertEqual(NODES, len(found.node_ids))
        marks = [s.metadata["cluster_node_id"] for s in service.servers()]
        self.assertEqual(servers, len(marks))
        self.assertEqual(servers, len(set(marks)))
        self.assertEqual({n.id for n in service.clustering.nodes()}, set(marks))
        for table in ("cluster_lock", "node_lock"):
            self.assertEqual(0, service.count(table))
