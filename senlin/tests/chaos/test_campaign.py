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

"""A short campaign on each database; ``tools/chaos`` runs longer ones."""

from oslotest import base
import testscenarios

from senlin.tests.chaos import campaign
from senlin.tests.chaos import stage

SEED = 11
SECONDS = 25

load_tests = testscenarios.load_tests_apply_scenarios


class CampaignTest(base.BaseTestCase):
    scenarios = [(name, {"database": name}) for name in stage.DATABASES]
    database = None

    def test_nothing_is_lost_leaked_or_doubled(self):
        result = campaign.run(SEED, SECONDS, self.database)
        self.assertTrue(result.is_good, result.text())
        self.assertGreater(result.accepted, 0, result.text())
        self.assertGreater(sum(result.faults.values()), 0, result.text())
