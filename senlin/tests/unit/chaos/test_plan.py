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

from senlin.tests.chaos import cloud_faults
from senlin.tests.chaos import faults
from senlin.tests.chaos import plan
from senlin.tests.chaos import wishes
from senlin.tests.unit import base

CREATIONS = {"cluster_create", "node_create", "action_cancel"}


class PlanTest(base.TestCase):
    def test_a_seed_always_makes_the_same_plan(self):
        self.assertEqual(plan.draw(7, 120), plan.draw(7, 120))

    def test_another_seed_makes_another_plan(self):
        one, other = plan.draw(7, 120), plan.draw(8, 120)
        self.assertNotEqual(one.requests, other.requests)
        self.assertNotEqual(one.faults, other.faults)

    def test_a_longer_plan_begins_like_a_shorter_one(self):
        short, long = plan.draw(7, 60), plan.draw(7, 120)
        self.assertEqual(short.requests, long.requests[: len(short.requests)])

    def test_every_fault_is_over_in_time(self):
        for fault in plan.draw(7, 600).faults:
            self.assertLessEqual(fault.at + fault.seconds, 600)

    def test_a_long_plan_has_all_kinds(self):
        drawn = plan.draw(7, 3000)
        self.assertEqual(set(plan.REQUESTS), {request.kind for request in drawn.requests})
        self.assertEqual(set(plan.FAULTS), {fault.kind for fault in drawn.faults})

    def test_somebody_knows_how_to_do_each_of_them(self):
        for kind in set(plan.REQUESTS) - CREATIONS:
            self.assertTrue(callable(getattr(wishes.Wishes, f"_{kind}")), kind)
        for kind in plan.FAULTS:
            owner = (
                cloud_faults.CloudFaults if kind.startswith(("cloud", "server")) else faults.Faults
            )
            self.assertTrue(callable(getattr(owner, f"_{kind}")), kind)
