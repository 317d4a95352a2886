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

"""What becomes of a step that cannot do its work."""

import dataclasses
from unittest import mock

from senlin.common import exception
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class DatabaseAwayTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()

    def _lose_the_database(self, lookups, part):
        """Have so many of the next calls of a part of the services fail."""
        working = getattr(self.world.services, part)
        answers = [exception.DatabaseUnavailable()] * lookups

        def call(*arguments):
            if answers:
                raise answers.pop()
            return working(*arguments)

        self.world.services = dataclasses.replace(
            self.world.services, **{part: mock.Mock(side_effect=call)}
        )

    def test_a_step_that_could_not_read_is_run_again(self):
        self._lose_the_database(5, "profile")
        node = self.world.node()
        action = self.world.submit("NODE_CREATE", node["id"])
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assertEqual("ACTIVE", self.world.get("node", node["id"])["status"])
        self.assertEqual(1, len(self.world.cloud.machines))

    def test_a_cluster_step_that_could_not_read_policies_is_run_again(self):
        cluster = self.world.cluster(3)
        self._lose_the_database(2, "bindings")
        action = self.world.submit("CLUSTER_CREATE", cluster["id"])
        self.world.run()
        self.assertEqual("SUCCEEDED", self.world.get("action", action)["status"])
        self.assertEqual(3, len(self.world.cloud.machines))
