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

import dataclasses
from unittest import mock

import fixtures

from senlin.cloud import errors
from senlin.cloud import fencing
from senlin.engine import disowning
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class DisowningTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MockPatchObject(disowning, "_PAUSES", (0, 0)))
        self.world = world.World()
        self.node = self.world.node()
        self.world.submit("NODE_CREATE", self.node["id"])
        self._come_to_work()
        # An engine claims the creation and is stopped before it calls the cloud.
        self.stopped = self.world.claim("zombie")

    def _come_to_work(self):
        self.world.cycle("zombie")

    def _physical_id(self):
        return self.world.get("node", self.node["id"])["physical_id"]

    def test_what_is_made_after_a_take_over_is_removed(self):
        self.world.crash("zombie")
        self.world.run("engine1")
        late = self.world.run_claimed(self.stopped)
        self.assertEqual(2, len(self.world.cloud.machines))
        self.world.save(late, "zombie")
        self.assertEqual([self._physical_id()], list(self.world.cloud.machines))

    def test_what_was_taken_over_is_not_even_asked_for(self):
        holds = mock.Mock(return_value=False)
        self.world.services = dataclasses.replace(self.world.services, holds=holds)
        self.world.cloud.call = self._guarded(self.world.cloud.call)
        self.world.run_claimed(self.stopped)
        self.assertEqual({}, self.world.cloud.machines)
        holds.assert_called_once_with("zombie")

    def _guarded(self, call):
        def guarded(*arguments, **more):
            fencing.check("toy")
            return call(*arguments, **more)

        return guarded

    def test_what_is_made_for_a_node_that_is_gone_is_removed(self):
        self.world.crash("zombie")
        self.world.run("engine1")
        self.world.submit("NODE_DELETE", self.node["id"])
        self.world.run("engine1")
        self.world.save(self.world.run_claimed(self.stopped), "zombie")
        self.assertEqual({}, self.world.cloud.machines)

    def test_what_a_node_has_got_is_not_removed(self):
        made = self.world.run_claimed(self.stopped)
        self.world.crash("zombie")
        self.world.run("engine1")
        self.world.save(made, "zombie")
        self.assertEqual([self._physical_id()], list(self.world.cloud.machines))

    def test_removing_is_tried_again_while_the_cloud_is_away(self):
        self.world.crash("zombie")
        self.world.run("engine1")
        late = self.world.run_claimed(self.stopped)
        self.world.cloud.errors.append(("delete", errors.CloudError("Away", retryable=True)))
        self.world.save(late, "zombie")
        self.assertEqual([self._physical_id()], list(self.world.cloud.machines))
