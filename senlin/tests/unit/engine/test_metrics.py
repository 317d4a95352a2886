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

from senlin.common import exception
from senlin.common import metrics as process_metrics
from senlin.db import facade
from senlin.engine import metrics
from senlin.tests.unit import base
from senlin.tests.unit.engine import world


class CollectorTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()
        self.collector = metrics.Collector(
            self.world.services, lambda: 4, lambda: {"compute": 1, "image": 0}
        )

    def samples(self):
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in self.collector.collect()
            for sample in family.samples
        }

    def test_the_queue_is_told_with_the_age_of_the_oldest(self):
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.clock.now += 7
        found = self.samples()
        self.assertEqual(1, found["senlin_actions", "READY"])
        self.assertEqual(1, found["senlin_actions_due",])
        self.assertEqual(7, found["senlin_actions_due_oldest_seconds",])

    def test_locks_are_told_with_the_age_of_the_oldest(self):
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.world.claim()
        self.world.clock.now += 9
        found = self.samples()
        self.assertEqual(1, found["senlin_locks", "node"])
        self.assertEqual(9, found["senlin_locks_oldest_seconds", "node"])
        self.assertEqual(0, found["senlin_locks_leaked", "node"])

    def test_breakers_and_work_in_hand_are_the_engines_own(self):
        found = self.samples()
        self.assertEqual(4, found["senlin_actions_in_hand",])
        self.assertEqual(1, found["senlin_cloud_breakers_open", "compute"])
        self.assertEqual(0, found["senlin_cloud_breakers_open", "image"])

    def test_the_database_is_asked_once_in_a_while_only(self):
        self.samples()
        before = facade.statements()
        self.world.clock.now += 5
        self.samples()
        self.assertEqual(before, facade.statements())
        self.world.clock.now += 6
        self.samples()
        self.assertGreater(facade.statements(), before)

    def test_ages_grow_between_two_readings(self):
        self.world.submit("NODE_CREATE", self.world.node()["id"])
        self.samples()
        self.world.clock.now += 5
        self.assertEqual(5, self.samples()["senlin_actions_due_oldest_seconds",])

    def test_a_database_that_is_away_hides_its_own_figures_only(self):
        def away(*_):
            raise exception.DatabaseUnavailable()

        services = dataclasses.replace(self.world.services, read=away)
        self.collector = metrics.Collector(services, lambda: 4, dict)
        found = self.samples()
        self.assertIn(("senlin_actions_in_hand",), found)
        self.assertNotIn(("senlin_actions_due",), found)


class ActionTest(base.DatabaseTestCase):
    def ended(self, result):
        name = "senlin_action_seconds_count"
        labels = {"action": "NODE_CREATE", "result": result}
        return process_metrics.REGISTRY.get_sample_value(name, labels) or 0

    def run_once(self, made):
        for item in made.claim():
            for result in made.run_claimed([item]):
                metrics.note_step(item.action, result, made.clock.now)
                made.save([result])

    def test_an_action_counts_when_it_ends_and_not_before(self):
        made = world.World()
        made.submit("NODE_CREATE", made.node()["id"])
        before = self.ended("SUCCEEDED")
        self.run_once(made)
        self.assertEqual(before, self.ended("SUCCEEDED"))
        for _ in range(3):
            made.clock.now += 3
            self.run_once(made)
        self.assertEqual(before + 1, self.ended("SUCCEEDED"))
