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

"""What all functional tests share."""

import fixtures
from oslotest import base

from senlin.tests.functional import programs


class TestCase(base.BaseTestCase):
    """A test with a standalone service of its own.

    :ivar service: the running :class:`senlin.tests.functional.programs.Standalone`.
    """

    #: Options of the sandbox cloud.
    knobs = {}

    def setUp(self):
        super().setUp()
        directory = self.useFixture(fixtures.TempDir()).path
        self.service = self.useFixture(programs.Standalone(directory, knobs=self.knobs))
        self.clustering = self.service.clustering

    def assert_ended(self, action, status="SUCCEEDED"):
        """Wait for an action and check how it ended; gives it."""
        ended = self.service.wait(action)
        self.assertEqual(status, ended.status, ended.status_reason)
        return ended

    def assert_one_to_one(self):
        """Every server belongs to exactly one node and the other way round."""
        servers = {s.id: s.metadata.get("cluster_node_id") for s in self.service.servers()}
        nodes = {n.physical_id: n.id for n in self.clustering.nodes()}
        self.assertEqual(nodes, servers)
