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

"""What scenarios have in common: a cluster is made while something goes wrong."""

import fixtures
from oslotest import base

from senlin.tests import waiting
from senlin.tests.scenario import deployment


class ScenarioTestCase(base.BaseTestCase):
    """A test with a deployment of its own.

    :ivar service: the :class:`~senlin.tests.scenario.deployment.Deployment`.
    """

    def deploy(self, database_url, transport_url, **options):
        """Start what the test is about; see ``Deployment`` for the options."""
        directory = self.useFixture(fixtures.TempDir()).path
        self.service = self.useFixture(
            deployment.Deployment(directory, database_url, transport_url, **options)
        )

    def create_while(self, number, disturb, build_seconds=1.0, slow=0.0):
        """Create a cluster, and call ``disturb`` as soon as it has its first server.

        All has to end well; then the cluster is deleted, which has to as well.

        :param slow: seconds that the cloud takes to answer to a creation, so that
            engines have some in hand at any time.
        """
        service = self.service
        delay = {"kind": "delay", "method": "POST", "path": "/servers$", "seconds": slow}
        service.set_knobs(active_delay=build_seconds, rules=[delay] if slow else [])
        others = len(service.servers())
        profile = service.new_profile()
        cluster = service.clustering.create_cluster(
            name="c1", profile_id=profile.id, desired_capacity=number
        )
        self.wait_until(lambda: len(service.servers()) > others, 60)
        disturb()
        self.assert_succeeds(service.action_of(cluster, "CLUSTER_CREATE"))
        self.assert_one_to_one(others + number)
        self.assert_succeeds(service.clustering.delete_cluster(cluster.id))
        self.assert_one_to_one(others)

    def wait_until(self, condition, seconds):
        """Return the first true value of ``condition()``; fail after some seconds."""
        return waiting.until(condition, str(condition), seconds, every=0.05)

    def assert_succeeds(self, action):
        """Wait for the end of an action, which has to be a good one."""
        ended = self.service.wait(action)
        self.assertEqual("SUCCEEDED", ended.status, ended.status_reason)

    def assert_one_to_one(self, number):
        """Each server belongs to an active node, and the other way round; nothing is locked."""
        servers = {s.id: s.metadata["cluster_node_id"] for s in self.service.servers()}
        nodes = list(self.service.clustering.nodes())
        self.assertEqual({n.physical_id: n.id for n in nodes}, servers)
        self.assertEqual(["ACTIVE"] * number, [n.status for n in nodes])
        for table in ("cluster_lock", "node_lock"):
            self.assertEqual(0, self.service.count(table))
