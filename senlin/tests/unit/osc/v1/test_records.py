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

"""Commands for actions, events, services and build information."""

from senlin.tests.unit.osc import base

ACTION = {
    "id": base.ACTION_ID,
    "name": "cluster_create_c1",
    "action": "CLUSTER_CREATE",
    "status": "RUNNING",
    "target": base.CLUSTER_ID,
    "depends_on": ["a2", "a3"],
    "start_time": 0.5,
    "inputs": {"count": 1},
}


class ActionTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve("GET", "/actions/create", json={"action": ACTION})
        self.serve("GET", f"/actions/{base.ACTION_ID}", json={"action": ACTION})
        self.serve("PATCH", f"/actions/{base.ACTION_ID}", status_code=202)

    def test_actions_are_listed_with_filters_of_the_rest_api(self):
        self.serve("GET", "/actions", json={"actions": [ACTION]})
        (row,) = self.run_json("cluster action list --filters target=c1;status=RUNNING")
        self.assertEqual({"target": ["c1"], "status": ["running"]}, self.requests()[-1].qs)
        self.assertEqual(["a2", "a3"], row["depends_on"])
        self.assertEqual(base.CLUSTER_ID, row["target_id"])

    def test_times_are_dates_for_people_and_numbers_for_machines(self):
        self.assertIn("1970-01-01T00:00:00Z", self.run_command("cluster action show create"))
        self.assertEqual(0.5, self.run_json("cluster action show create")["start_at"])

    def test_an_action_given_by_name_is_cancelled_by_its_id(self):
        shown = self.run_json("cluster action update create --status cancelled")
        self.assertEqual({"action": {"status": "CANCELLED"}}, self.last_body("PATCH"))
        self.assertEqual(base.ACTION_ID, shown["id"])

    def test_several_actions_are_cancelled_and_failures_counted(self):
        self.serve("GET", "/actions/nope", status_code=404, json=base.error_body(404, "no"))
        self.assertEqual(
            "1 of 2 actions failed to cancel",
            self.refusal("cluster action cancel nope create --force"),
        )
        self.assertEqual({"force": ["true"]}, self.requests("PATCH")[-1].qs)

    def test_a_finished_action_gives_the_words_of_the_service(self):
        self.serve(
            "PATCH",
            f"/actions/{base.ACTION_ID}",
            status_code=409,
            json=base.error_body(409, "It is SUCCEEDED."),
        )
        self.assertEqual(
            "It is SUCCEEDED. (HTTP 409)",
            self.refusal("cluster action update create --status CANCELLED"),
        )


class RecordTestCase(base.CommandTestCase):
    def test_events_are_listed_and_shown(self):
        event = {
            "id": "e1",
            "timestamp": "2026-11-21T10:00:00Z",
            "oid": base.CLUSTER_ID,
            "otype": "CLUSTER",
            "level": "INFO",
            "meta_data": {"code": "x"},
        }
        self.serve("GET", "/events", json={"events": [event]})
        self.serve("GET", "/events/e1", json={"event": event})
        (row,) = self.run_json("cluster event list --filters otype=CLUSTER;level=INFO")
        self.assertEqual({"otype": ["cluster"], "level": ["info"]}, self.requests()[-1].qs)
        self.assertEqual(base.CLUSTER_ID, row["obj_id"])
        shown = self.run_json("cluster event show e1")
        self.assertEqual({"code": "x"}, shown["meta_data"])

    def test_services_are_listed(self):
        service = {"id": "s1", "binary": "senlin-engine", "host": "h", "state": "up"}
        self.serve("GET", "/services", json={"services": [service]})
        (row,) = self.run_json("cluster service list")
        self.assertEqual(("senlin-engine", "up"), (row["binary"], row["state"]))

    def test_build_information_is_shown(self):
        info = {"api": {"revision": "1.0"}, "engine": {"revision": "2.0"}}
        self.serve("GET", "/build-info", json={"build_info": info})
        self.assertEqual(info, self.run_json("cluster build info"))
        self.assertIn("revision='2.0'", self.run_command("cluster build info"))
