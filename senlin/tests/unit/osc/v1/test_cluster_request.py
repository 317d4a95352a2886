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

"""Commands which start an action on a cluster: scaling, members, health."""

from senlin.tests.unit.osc import base

CLUSTER = {"id": base.CLUSTER_ID, "name": "web", "status": "ACTIVE"}


class _RequestTestCase(base.CommandTestCase):
    path = "/clusters/web/actions"

    def setUp(self):
        super().setUp()
        self.serve("POST", self.path, status_code=202, json={"action": base.ACTION_ID})

    def assert_sends(self, body, line, *words):
        shown = self.run_json(line, *words)
        self.assertEqual({"action": base.ACTION_ID}, shown)
        self.assertEqual(body, self.last_body("POST"))
        self.assertEqual(1, len(self.requests()))


class ScalingTestCase(_RequestTestCase):
    def test_expanding_and_scaling_out_are_the_same(self):
        for line in ("cluster expand web --count 2", "cluster scale out web --count 2"):
            self.run_command(line)
            self.assertEqual({"scale_out": {"count": 2}}, self.last_body("POST"))

    def test_shrinking_without_a_count_leaves_it_to_the_policy(self):
        self.assert_sends({"scale_in": {"count": None}}, "cluster shrink web")

    def test_a_refusal_is_an_error_with_the_words_of_the_service(self):
        self.serve(
            "POST",
            self.path,
            status_code=409,
            json=base.error_body(409, "CLUSTER_SCALE_OUT for cluster 'x' is already locked."),
        )
        self.assertEqual(
            "CLUSTER_SCALE_OUT for cluster 'x' is already locked. (HTTP 409)",
            self.refusal("cluster expand web"),
        )

    def test_resizing_to_a_capacity_sends_no_nulls(self):
        self.assert_sends(
            {
                "resize": {
                    "adjustment_type": "EXACT_CAPACITY",
                    "number": 3,
                    "max_size": -1,
                    "strict": False,
                }
            },
            "cluster resize web --capacity 3 --max-size -1",
        )

    def test_resizing_by_a_negative_number_of_nodes(self):
        self.assert_sends(
            {
                "resize": {
                    "adjustment_type": "CHANGE_IN_CAPACITY",
                    "number": -2,
                    "strict": True,
                }
            },
            "cluster resize web --adjustment -2 --strict",
        )

    def test_resizing_by_a_percentage_with_a_least_step(self):
        self.assert_sends(
            {
                "resize": {
                    "adjustment_type": "CHANGE_IN_PERCENTAGE",
                    "number": 12.5,
                    "min_step": 1,
                    "strict": False,
                }
            },
            "cluster resize web --percentage 12.5 --min-step 1",
        )

    def test_senseless_sizes_are_refused_before_anything_is_sent(self):
        for line, text in (
            ("", "Give a new size"),
            ("--capacity 2 --min-step 1", "--min-step needs --percentage"),
            ("--min-size 3 --max-size 2", "--min-size (3) is greater than --max-size (2)"),
        ):
            self.assertIn(text, self.refusal(f"cluster resize web {line}"))
        self.assertEqual([], self.requests())

    def test_two_ways_to_give_a_size_exclude_each_other(self):
        self.assertRaises(
            SystemExit, self.run_command, "cluster resize web --capacity 1 --adjustment 1"
        )

    def test_waiting_shows_the_cluster_when_the_action_is_over(self):
        self.serve_action("WAITING", "SUCCEEDED")
        self.serve("GET", "/clusters/web", json={"cluster": CLUSTER})
        shown = self.run_json("cluster expand web --wait")
        self.assertEqual(base.CLUSTER_ID, shown["id"])

    def test_waiting_for_an_action_that_is_cancelled_ends_in_an_error(self):
        self.serve_action("CANCELLED", reason="by request")
        self.assertIn("CANCELLED: by request", self.refusal("cluster expand web --wait"))

    def test_waiting_longer_than_allowed_ends_in_an_error(self):
        self.serve_action("RUNNING")
        message = self.refusal("cluster expand web --wait --wait-timeout 0.01")
        self.assertIn("is still RUNNING after 0.01 seconds", message)


class MembersTestCase(_RequestTestCase):
    def test_nodes_are_added(self):
        self.assert_sends(
            {"add_nodes": {"nodes": ["n1", "n2"]}}, "cluster members add web --nodes n1,n2"
        )

    def test_nodes_are_taken_out_and_kept_by_default(self):
        for verb in ("del", "remove"):
            self.run_command(f"cluster members {verb} web --nodes n1")
            self.assertEqual(
                {"del_nodes": {"nodes": ["n1"], "destroy_after_deletion": False}},
                self.last_body("POST"),
            )

    def test_nodes_can_be_destroyed_when_they_are_taken_out(self):
        self.assert_sends(
            {"del_nodes": {"nodes": ["n1"], "destroy_after_deletion": True}},
            "cluster members del web --nodes n1 -d true",
        )

    def test_nodes_are_replaced_in_pairs(self):
        self.assert_sends(
            {"replace_nodes": {"nodes": {"o1": "n1", "o2": "n2"}}},
            "cluster members replace web --nodes o1=n1,o2=n2",
        )

    def test_members_are_listed_by_cluster(self):
        self.serve("GET", "/nodes", json={"nodes": [{"id": base.NODE_ID, "name": "n", "index": 1}]})
        (row,) = self.run_json("cluster members list web --sort index")
        self.assertEqual({"cluster_id": ["web"], "sort": ["index"]}, self.requests()[-1].qs)
        self.assertEqual((base.NODE_ID, 1), (row["id"], row["index"]))


class HealthTestCase(_RequestTestCase):
    def test_several_clusters_are_checked(self):
        self.serve("POST", "/clusters/db/actions", json={"action": "a2"})
        self.assertEqual(
            [{"cluster": "web", "action": base.ACTION_ID}, {"cluster": "db", "action": "a2"}],
            self.run_json("cluster check web db"),
        )
        self.assertEqual({"check": {}}, self.last_body("POST"))

    def test_what_worked_is_printed_even_when_something_failed(self):
        self.serve(
            "POST", "/clusters/db/actions", status_code=404, json=base.error_body(404, "no db")
        )
        self.assertEqual(
            "1 of 2 clusters failed to check", self.refusal("cluster check web db -f json")
        )
        self.assertIn(base.ACTION_ID, self.app.stdout.getvalue())

    def test_waiting_for_checks_shows_how_they_ended(self):
        self.serve_action("SUCCEEDED")
        (row,) = self.run_json("cluster check web --wait")
        self.assertEqual("SUCCEEDED", row["status"])

    def test_recovery_sends_its_parameters(self):
        self.run_command("cluster recover web --check true --operation rebuild")
        self.assertEqual(
            {"recover": {"check": True, "operation": "REBUILD"}}, self.last_body("POST")
        )

    def test_attributes_are_collected_with_the_path_as_one_segment(self):
        self.serve(
            "GET",
            "/clusters/web/attrs/%24..name",
            json={"cluster_attributes": [{"id": base.NODE_ID, "value": {"a": 1}}]},
        )
        (row,) = self.run_json("cluster collect web --path $..name")
        self.assertEqual({"node_id": base.NODE_ID, "attr_value": {"a": 1}}, row)


class OperationTestCase(_RequestTestCase):
    path = "/clusters/web/ops"

    def test_parameters_and_filters_have_places_of_their_own(self):
        self.assert_sends(
            {"reboot": {"params": {"type": "SOFT"}, "filters": {"role": "slave"}}},
            "cluster op web --operation reboot --params type=SOFT --filters role=slave",
        )

    def test_an_operation_without_parameters_sends_an_empty_map(self):
        self.assert_sends({"pause": {}}, "cluster op web --operation pause")
