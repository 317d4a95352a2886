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

from senlin.common import consts
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.db import statistics
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class BacklogTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()

    def backlog(self):
        return facade.read(statistics.backlog, self.world.clock.now)

    def test_there_is_nothing_at_first(self):
        found = self.backlog()
        self.assertEqual(({}, 0, None), (found.actions, found.due, found.due_since))
        self.assertEqual({"cloud": 0, "time": 0}, found.parked)
        for figures in found.locks.values():
            self.assertEqual(statistics.LockFigures(0, None, 0), figures)

    def test_what_could_be_taken_is_due_since_it_was_asked_for(self):
        asked_at = self.world.clock.now
        for _ in range(3):
            self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.clock.now += 7
        found = self.backlog()
        self.assertEqual({"READY": 3}, found.actions)
        self.assertEqual((3, asked_at), (found.due, found.due_since))

    def test_what_an_engine_has_is_neither_due_nor_parked(self):
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.claim()
        found = self.backlog()
        self.assertEqual({"RUNNING": 1}, found.actions)
        self.assertEqual((0, {"cloud": 0, "time": 0}), (found.due, found.parked))

    def test_who_waits_for_the_cloud_is_parked_for_it(self):
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.cycle()
        self.world.cycle()
        self.assertEqual({"cloud": 1, "time": 0}, self.backlog().parked)

    def test_who_waits_for_a_lock_is_parked_until_a_time(self):
        cluster = self.world.new_cluster(0)
        for name in ("CLUSTER_CHECK", "CLUSTER_DELETE"):
            self.world.submit(name, cluster["id"])
        self.world.claim()
        found = self.backlog()
        self.assertEqual(1, found.parked["time"])
        self.assertEqual({"RUNNING": 1, "READY": 1}, found.actions)

    def test_what_has_ended_is_not_counted(self):
        self.world.new_cluster(3)
        found = self.backlog()
        self.assertEqual(({}, 0), (found.actions, found.due))

    def test_locks_are_as_old_as_the_actions_that_hold_them(self):
        began = self.world.clock.now
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.claim()
        self.world.clock.now += 5
        locks = self.backlog().locks
        self.assertEqual(statistics.LockFigures(1, began, 0), locks["node"])
        self.assertEqual(0, locks["cluster"].number)

    def test_a_lock_of_an_action_that_ended_is_leaked(self):
        cluster = self.world.new_cluster(1)
        (ended, *_) = [
            row["id"]
            for row in self.world.rows("action")
            if row["status"] == consts.ActionStatus.SUCCEEDED
        ]
        rows = [
            {"cluster_id": cluster["id"], "action_id": action_id, "scope": "CLUSTER"}
            for action_id in (ended, "no such action")
        ]
        facade.write(bulk.insert, models.ClusterLock.__table__, rows)
        self.assertEqual(2, self.backlog().locks["cluster"].leaked)

    def test_it_takes_three_statements_however_much_there_is(self):
        for number in (1, 20):
            for _ in range(number):
                self.world.submit("NODE_CREATE", self.world.node()["id"])
            before = facade.statements()
            self.backlog()
            # One more begins the transaction.
            self.assertLessEqual(facade.statements() - before, 4)
