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

from senlin.tests.chaos import books
from senlin.tests.chaos import sizes
from senlin.tests.chaos import workload
from senlin.tests.unit import base
from senlin.tests.unit.chaos.test_books import MOMENT
from senlin.tests.unit.chaos.test_books import action

START = MOMENT.timestamp()


def resize(id, at, number, kind="EXACT_CAPACITY", **columns):
    inputs = {"adjustment_type": kind, "number": number}
    return action(
        id, "CLUSTER_RESIZE", "c1", start=START + at, end=START + at + 5, inputs=inputs, **columns
    )


class SizesTest(base.TestCase):
    """A cluster that was created with two members."""

    def setUp(self):
        super().setUp()
        self.actions = [action("a1", "CLUSTER_CREATE", "c1", start=START, end=START + 5)]
        self.actions += [
            action(f"a1{n}", "NODE_CREATE", f"n{n}", parent="a1", start=START, end=START + 4)
            for n in range(2)
        ]

    def assert_allows(self, *allowed):
        created = workload.Promise(
            "cluster_create", "project1", "a1", "c1", {"cluster": {"desired_capacity": 2}}, "req"
        )
        for desired in range(10):
            tables = {
                "action": self.actions,
                "cluster": [{"id": "c1", "desired_capacity": desired}],
            }
            found = sizes.check(books.Picture(tables, {}), [created], books.Violation)
            self.assertEqual(desired not in allowed, bool(found), desired)

    def test_a_creation_says_it(self):
        self.assert_allows(2)

    def test_the_last_success_counts(self):
        self.actions += [resize("a2", 20, 7), resize("a3", 10, 4)]
        self.assert_allows(7)

    def test_a_failure_may_have_come_before_or_after_the_decision(self):
        self.actions.append(resize("a2", 10, 5, status="FAILED"))
        self.assert_allows(2, 5)

    def test_a_failure_of_children_came_after_it(self):
        self.actions += [
            resize("a2", 10, 5, status="FAILED"),
            action("a21", "NODE_CREATE", "n9", parent="a2", status="FAILED"),
        ]
        self.assert_allows(5)

    def test_what_never_began_says_nothing(self):
        self.actions.append(resize("a2", 10, 5, status="CANCELLED", locked=False))
        self.assert_allows(2)

    def test_a_change_starts_from_the_members(self):
        self.actions.append(resize("a2", 10, 3, kind="CHANGE_IN_CAPACITY"))
        self.assert_allows(5)

    def test_a_policy_may_say_by_how_many(self):
        self.actions.append(
            action(
                "a2",
                "CLUSTER_SCALE_OUT",
                "c1",
                start=START + 10,
                data={"creation": {"count": 4}},
            )
        )
        self.assert_allows(6)

    def test_scaling_in_ends_at_zero(self):
        self.actions.append(
            action("a2", "CLUSTER_SCALE_IN", "c1", start=START + 10, inputs={"count": 5})
        )
        self.assert_allows(0)

    def test_a_new_member_that_was_refused_does_not_count(self):
        self.actions.append(
            action(
                "a2",
                "NODE_CREATE",
                "n9",
                start=START + 10,
                status="FAILED",
                data={"reason_class": "size"},
            )
        )
        self.assert_allows(2)

    def test_a_deleted_member_counts(self):
        self.actions.append(action("a2", "NODE_DELETE", "n1", start=START + 10, end=START + 12))
        self.assert_allows(1)
