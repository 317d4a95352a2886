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
import json

from senlin.tests.bench import report
from senlin.tests.unit import base


def figure(what="create", values=(3.0,), references=(), goal=None, name="time"):
    return report.Figure(what, name, "s", tuple(values), tuple(references), goal)


def joined(line):
    return " ".join(line.split())


class TestFigure(base.TestCase):
    def test_value_is_the_median_of_the_rounds(self):
        self.assertEqual(2.0, figure(values=(9.0, 1.0, 2.0)).value)

    def test_ratio_is_that_of_the_medians(self):
        self.assertEqual(2.0, figure(values=(4.0, 6.0, 5.0), references=(2.0, 2.5, 9.0)).ratio)

    def test_without_a_reference_there_is_no_ratio(self):
        self.assertIsNone(figure().ratio)

    def test_a_reference_of_nothing_gives_no_ratio(self):
        self.assertIsNone(figure(references=(0.0,)).ratio)

    def test_spread_is_the_distance_of_the_extremes_by_the_median(self):
        self.assertEqual(1.5, figure(values=(1.0, 2.0, 4.0)).spread)

    def test_json_has_all_rounds(self):
        shown = json.loads(json.dumps(figure(values=(1.0, 2.0), references=(1.0,)).to_json()))

        self.assertEqual([1.0, 2.0], shown["values"])
        self.assertEqual(1.5, shown["ratio"])


class TestGoal(base.TestCase):
    def test_a_limit_is_kept_from_below(self):
        goal = report.Goal(2)

        self.assertIs(True, goal.is_met(figure(values=(2.0,))))
        self.assertIs(False, goal.is_met(figure(values=(2.1,))))

    def test_a_rate_is_to_be_reached(self):
        goal = report.Goal(400, at_least=True)

        self.assertIs(True, goal.is_met(figure(values=(400.0,))))
        self.assertIs(False, goal.is_met(figure(values=(399.0,))))

    def test_a_goal_may_be_about_the_ratio(self):
        goal = report.Goal(1.5, "ratio")

        self.assertIs(True, goal.is_met(figure(values=(3.0,), references=(2.0,))))
        self.assertIs(False, goal.is_met(figure(values=(3.2,), references=(2.0,))))
        self.assertIsNone(goal.is_met(figure()))


class TestMerge(base.TestCase):
    def test_rounds_of_the_same_figure_become_one(self):
        rounds = [
            [figure(values=(1.0,), references=(5.0,)), figure("delete", (7.0,))],
            [figure(values=(2.0,), references=(6.0,)), figure("delete", (8.0,))],
        ]

        first, second = report.merge(rounds)

        self.assertEqual(((1.0, 2.0), (5.0, 6.0)), (first.values, first.references))
        self.assertEqual(("delete", (7.0, 8.0)), (second.what, second.values))


class TestGrowth(base.TestCase):
    def test_the_larger_is_compared_with_the_smaller(self):
        figures = [
            figure("few", (2.0,)),
            figure("many", (3.0,)),
            figure("many", (9.0,), name="CPU"),
        ]

        (grown,) = report.growth(figures, "time", "few", "many", report.Goal(1.3, "ratio"))

        self.assertEqual(("many / few", 1.5), (grown.what, grown.ratio))

    def test_what_was_not_measured_is_not_compared(self):
        self.assertEqual([], report.growth([figure("few")], "time", "few", "many", None))


class TestTable(base.TestCase):
    def test_a_row_tells_figure_reference_ratio_and_goal(self):
        wanted = figure(values=(3.0,), references=(2.0,), goal=report.Goal(1.4, "ratio"))

        head, row = report.table([wanted])

        self.assertEqual(
            ["what", "figure", "unit", "value", "bare", "ratio", "spread", "goal", "met"],
            head.split(),
        )
        self.assertEqual(
            ["create", "time", "s", "3", "2", "1.5", "ratio", "<=", "1.4", "NO"], row.split()
        )

    def test_columns_stand_under_each_other(self):
        lines = report.table([figure("short"), figure("a much longer name", (123456.0,))])

        self.assertEqual(1, len({line.index("time") for line in lines[1:]}))
        self.assertIn("123,456", lines[2])
