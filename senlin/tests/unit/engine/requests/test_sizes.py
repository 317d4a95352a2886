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

from senlin.common import exception
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit.engine.requests import base


class TestScale(base.RequestTestCase):
    def test_the_count_is_input(self):
        cluster = self.make_cluster()
        for way in ("out", "in"):
            result = self.ask(f"cluster_scale_{way}", identity="c1", count=2)
            action = self.action(result)
            self.assertEqual(
                (f"CLUSTER_SCALE_{way.upper()}", f"cluster_scale_{way}_{cluster['id'][:8]}"),
                (action["action"], action["name"]),
            )
            self.assertEqual({"count": 2}, action["inputs"])
            self.settle(result["action"])

    def test_without_count_there_are_no_inputs(self):
        self.make_cluster()
        self.assertEqual({}, self.action(self.ask("cluster_scale_out", identity="c1"))["inputs"])

    def test_zero_is_refused_after_the_look_up(self):
        self.refused(exception.ResourceNotFound, "cluster_scale_in", identity="c1", count=0)
        self.make_cluster()
        self.refused(exception.BadRequest, "cluster_scale_in", identity="c1", count=0)

    def test_the_clusters_bounds_are_left_to_the_action(self):
        self.make_cluster(max_size=1)
        self.ask("cluster_scale_out", identity="c1", count=5)

    def test_the_global_maximum_holds(self):
        self.config(max_nodes_per_cluster=4)
        self.make_cluster()
        self.refused(exception.BadRequest, "cluster_scale_out", identity="c1", count=5)

    def test_a_second_one_has_to_wait_for_the_first(self):
        self.make_cluster()
        self.ask("cluster_scale_out", identity="c1", count=1)
        self.refused(exception.ActionConflict, "cluster_scale_out", identity="c1", count=1)

    def test_a_locked_cluster_is_refused(self):
        cluster = self.make_cluster()
        facade.write(
            bulk.insert,
            models.ClusterLock.__table__,
            [{"cluster_id": cluster["id"], "action_id": "holder", "scope": "CLUSTER"}],
        )
        message = self.refused(exception.ResourceIsLocked, "cluster_scale_out", identity="c1")
        self.assertEqual(
            f"CLUSTER_SCALE_OUT for cluster '{cluster['id']}' cannot be completed because it is "
            "already locked.",
            message,
        )


class TestResize(base.RequestTestCase):
    def setUp(self):
        super().setUp()
        self.cluster = self.make_cluster(min_size=2, max_size=5, desired_capacity=3)
        self.make_members(self.cluster, 3)

    def resize(self, **arguments):
        return self.ask("cluster_resize", identity="c1", **arguments)

    def complaint(self, **arguments):
        return self.assertRaises(exception.BadRequest, self.resize, **arguments).message

    def test_all_six_keys_are_inputs(self):
        action = self.action(self.resize(adjustment_type="EXACT_CAPACITY", number=4, min_step=3))
        self.assertEqual("CLUSTER_RESIZE", action["action"])
        self.assertEqual(
            {
                "adjustment_type": "EXACT_CAPACITY",
                "number": 4,
                "min_size": None,
                "max_size": None,
                "min_step": None,
                "strict": True,
            },
            action["inputs"],
        )

    def test_fractions_count_for_percentages_only(self):
        result = self.resize(adjustment_type="CHANGE_IN_CAPACITY", number=1.9)
        self.assertEqual(1, self.action(result)["inputs"]["number"])
        self.settle(result["action"])
        result = self.resize(adjustment_type="CHANGE_IN_PERCENTAGE", number=33.4, min_step=1)
        inputs = self.action(result)["inputs"]
        self.assertEqual((33.4, 1), (inputs["number"], inputs["min_step"]))

    def test_the_texts_of_the_contract(self):
        change = {"adjustment_type": "CHANGE_IN_CAPACITY"}
        for arguments, text in (
            (
                {**change, "number": 3},
                "The target capacity (6) is greater than the cluster's max_size (5).",
            ),
            (
                {**change, "number": -2},
                "The target capacity (1) is less than the cluster's min_size (2).",
            ),
            (
                {"max_size": 2},
                "The specified max_size (2) is less than the current desired_capacity (3) of the "
                "cluster.",
            ),
            (
                {"max_size": 1},
                "The specified max_size (1) is less than the current min_size (2) of the cluster.",
            ),
            (
                {"max_size": 1, "strict": False},
                "The specified max_size (1) is less than the current min_size (2) of the cluster.",
            ),
            (
                {"min_size": 4},
                "The specified min_size (4) is greater than the current desired_capacity (3) of "
                "the cluster.",
            ),
            (
                {"min_size": 6, "strict": False},
                "The specified min_size (6) is greater than the current max_size (5) of the "
                "cluster.",
            ),
            (
                {"min_size": 20, "max_size": 10},
                "The specified min_size (20) is greater than the specified max_size (10).",
            ),
            (change, "Missing number value for size adjustment."),
            ({"number": 1}, "Missing adjustment_type value for size adjustment."),
        ):
            self.assertEqual(text, self.complaint(**arguments))

    def test_best_effort_may_exceed_the_clusters_bounds(self):
        self.resize(adjustment_type="CHANGE_IN_CAPACITY", number=9, strict=False)

    def test_what_makes_no_sense_is_refused_before_the_look_up(self):
        for arguments in (
            {},
            {"adjustment_type": "EXACT_CAPACITY", "number": -1},
            {"adjustment_type": "CHANGE_IN_CAPACITY", "number": float("inf")},
        ):
            self.refused(exception.BadRequest, "cluster_resize", identity="none", **arguments)
        self.refused(exception.ResourceNotFound, "cluster_resize", identity="none", min_size=1)

    def test_a_fresh_cluster_grows_within_its_new_bounds(self):
        self.make_cluster(name="fresh")
        self.ask(
            "cluster_resize",
            identity="fresh",
            adjustment_type="CHANGE_IN_CAPACITY",
            number=20,
            min_size=5,
            max_size=20,
            min_step=1,
            strict=True,
        )
