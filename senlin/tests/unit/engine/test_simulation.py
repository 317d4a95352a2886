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

"""Random schedules with faults: whatever happens, nothing is lost, leaked or doubled.

``SENLIN_SIMULATION_EXAMPLES`` sets how many schedules hypothesis tries; without it there
are a few, the same in every run. With ``SENLIN_SIMULATION_SHRINK`` one that fails is cut
down to a small one, which takes minutes. Many schedules are a matter for
``tools/simulate``.
"""

import os

import hypothesis
from hypothesis import strategies as st
import sqlalchemy as sa

from senlin.tests import database
from senlin.tests.simulation import mutations
from senlin.tests.simulation import schedule
from senlin.tests.simulation import simulation
from senlin.tests.unit import base

SERVER = os.environ.get(database.ENVIRONMENT)
EXAMPLES = int(os.environ.get("SENLIN_SIMULATION_EXAMPLES", "5"))
SEEDS = range(1, 11 if SERVER else 61)
PHASES = [hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate]
if os.environ.get("SENLIN_SIMULATION_SHRINK"):
    PHASES.append(hypothesis.Phase.shrink)

#: Those that the first few schedules notice; ``tools/simulate --mutations`` tries all.
QUICKLY_NOTICED = (
    "one action of each group keeps its locks",
    "who waits for a lock is not woken",
    "a parent is not woken by its last child",
    "one child of each group is counted off twice",
    "the machine's id is not saved before it is waited for",
    "members' indexes are given out twice",
)


class SimulationTest(base.TestCase):
    def setUp(self):
        super().setUp()
        url = database.create(sa.make_url(SERVER), self.addCleanup) if SERVER else None
        self.simulation = simulation.Simulation(url)
        self.addCleanup(self.simulation.close)
        self.enterContext(self.simulation.installed())

    def test_no_schedule_loses_leaks_or_doubles_anything(self):
        for seed in SEEDS:
            self.simulation.run_seed(seed)

    def test_hypothesis_finds_no_schedule_that_does(self):
        @hypothesis.settings(
            max_examples=EXAMPLES,
            phases=PHASES,
            derandomize="SENLIN_SIMULATION_EXAMPLES" not in os.environ,
            deadline=None,
            print_blob=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(st.randoms(use_true_random=False))
        def run(choices):
            self.simulation.run(choices)

        run()

    def test_a_schedule_follows_from_its_seed(self):
        first, second = (self.simulation.run_seed(7).told for _ in range(2))
        self.assertEqual(first, second)

    def test_defects_that_are_put_in_are_noticed(self):
        for name in QUICKLY_NOTICED:
            with mutations.applied(name):
                self.assertTrue(any(self._is_violated(seed) for seed in SEEDS), name)

    def _is_violated(self, seed):
        try:
            self.simulation.run_seed(seed)
        except schedule.Violation:
            return True
        return False
