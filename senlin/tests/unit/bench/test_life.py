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
import collections

from senlin.tests.bench import form
from senlin.tests.bench import life
from senlin.tests.unit import base


def counters(time, statements, questions, size, **cpu):
    return form.Counters(time, statements, questions, size, collections.Counter(cpu))


class TestCosts(base.TestCase):
    def setUp(self):
        super().setUp()
        before = counters(100.0, 50, 70, 1000, engine=1.0, sandbox=2.0)
        after = counters(104.0, 8050, 12070, 5001000, engine=3.0, sandbox=7.0, mariadb=0.5)
        figures = life.costs(
            "create 1,000 nodes", after - before, 1000, {"seconds": 3.2, "cpu": 1.0}
        )
        self.figures = {figure.name: figure for figure in figures}

    def test_time_is_compared_with_the_reference(self):
        self.assertEqual(1.25, self.figures["time"].ratio)
        self.assertIs(True, self.figures["time"].goal.is_met(self.figures["time"]))

    def test_counters_are_given_by_node(self):
        self.assertEqual(8.0, self.figures["statements"].value)
        self.assertEqual(12.0, self.figures["Questions"].value)
        self.assertEqual(5000.0, self.figures["database traffic"].value)

    def test_the_clouds_own_work_is_not_counted_as_the_services(self):
        self.assertEqual(2.5, self.figures["CPU"].value)
        self.assertEqual(5.0, self.figures["CPU sandbox"].value)
