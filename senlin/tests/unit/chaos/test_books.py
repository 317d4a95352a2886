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

import copy
import datetime

from senlin.tests.chaos import books
from senlin.tests.chaos import workload
from senlin.tests.unit import base

MOMENT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def action(id, name, target, *, parent=None, start=100.0, end=200.0, **columns):
    return {
        "id": id,
        "action": name,
        "target": target,
        "cluster_id": "c1",
        "project": "project1",
        "request_id": f"req-{parent or id}",
        "parent_id": parent,
        "status": "SUCCEEDED",
        "status_reason": "Done",
        "created_at": MOMENT,
        "start_time": start,
        "end_time": end,
        "run_at": None,
        "owner": None,
        "pending": 0,
        "locked": True,
        "inputs": {},
        "data": {},
        **columns,
    }


def event(action_id, phase):
    return {"oid": "c1", "status": phase, "meta_data": {"action_id": action_id}}


def healthy():
    """Tables and servers of a cluster with one member, as they should be."""
    tables = {
        "cluster": [
            {
                "id": "c1",
                "profile_id": "p1",
                "status": "ACTIVE",
                "status_reason": "",
                "desired_capacity": 1,
            }
        ],
        "node": [
            {
                "id": "n1",
                "profile_id": "p1",
                "cluster_id": "c1",
                "physical_id": "s1",
                "index": 1,
                "status": "ACTIVE",
                "status_reason": "",
            }
        ],
        "profile": [{"id": "p1"}],
        "policy": [{"id": "policy1"}],
        "cluster_policy": [{"id": "b1", "cluster_id": "c1", "policy_id": "policy1"}],
        "receiver": [],
        "cluster_lock": [],
        "node_lock": [],
        "action": [
            action("a1", "CLUSTER_CREATE", "c1"),
            action("a2", "NODE_CREATE", "n1", parent="a1", end=150.0),
        ],
        "event": [event("a1", "start"), event("a1", "end")],
    }
    return books.Picture(tables, {"s1": {"cluster_node_id": "n1", "cluster_id": "c1"}})


PROMISE = workload.Promise(
    kind="cluster_create",
    project="project1",
    action="a1",
    target="c1",
    body={"cluster": {"desired_capacity": 1}},
    request_id="req-a1",
)


class BooksTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.picture = healthy()
        self.tables = self.picture.tables

    def rules(self, promises=(PROMISE,), vanished=()):
        found = books.check(self.picture, list(promises), set(vanished))
        return {violation.rule for violation in found}

    def assert_broken(self, rule, **more):
        self.assertEqual({rule}, self.rules(**more))

    def test_what_is_as_it_should_be_balances(self):
        self.assertEqual(set(), self.rules())

    def test_an_action_that_has_not_ended(self):
        self.tables["action"].append(
            action("a3", "CLUSTER_CHECK", "c1", status="RUNNING", end=None)
        )
        self.assert_broken("every action ends")

    def test_an_ended_action_that_somebody_still_owns(self):
        self.tables["action"][0]["owner"] = "engine1"
        self.assert_broken("an ended action is left alone")

    def test_a_child_that_ended_after_its_parent(self):
        self.tables["action"][1]["end_time"] = 300.0
        self.assert_broken("a parent ends last")

    def test_a_lock_that_is_left(self):
        self.tables["node_lock"].append({"node_id": "n1", "action_id": "a2"})
        self.assert_broken("no lock is left")

    def test_a_row_that_refers_to_nothing(self):
        self.tables["cluster_policy"][0]["policy_id"] = "gone"
        self.assert_broken("no row refers to nothing")

    def test_two_members_with_one_index(self):
        node = {**self.tables["node"][0], "id": "n2", "physical_id": None, "status": "ERROR"}
        self.tables["node"].append(node)
        self.assert_broken("an index is given once")

    def test_a_node_that_is_still_being_worked_on(self):
        self.tables["cluster"][0]["status"] = "WARNING"
        self.tables["node"][0]["status"] = "CREATING"
        self.assert_broken("statuses come to rest")

    def test_a_cluster_that_hides_what_it_lacks(self):
        self.tables["node"][0]["status"] = "ERROR"
        self.assert_broken("a cluster short of members says so")

    def test_a_second_server_of_a_node(self):
        self.picture.servers["s2"] = copy.copy(self.picture.servers["s1"])
        self.assert_broken("no server is leaked or doubled")

    def test_a_server_with_a_wrong_mark(self):
        self.picture.servers["s1"]["cluster_id"] = "c2"
        self.assert_broken("a server carries its node's mark")

    def test_a_server_that_was_lost(self):
        self.picture.servers.clear()
        self.assert_broken("no server is lost")

    def test_a_server_that_the_cloud_has_lost_by_itself(self):
        self.picture.servers.clear()
        self.assertEqual(set(), self.rules(vanished=["s1"]))

    def test_an_accepted_request_without_its_action(self):
        lost = workload.Promise("cluster_check", "project1", "a9", "c1", {}, "req-a9")
        self.assert_broken("an accepted request has its action", promises=[PROMISE, lost])

    def test_an_action_of_another_project(self):
        self.tables["action"][0]["project"] = "project2"
        self.assert_broken("an action belongs to who asked")

    def test_an_action_without_an_event_of_its_end(self):
        self.tables["event"].pop()
        self.assert_broken("an action has its events")

    def test_an_end_that_is_told_twice(self):
        self.tables["event"].append(event("a1", "end"))
        self.assert_broken("an action has its events")

    def test_a_request_that_made_two_actions(self):
        self.tables["action"].append(action("a3", "CLUSTER_CHECK", "c1", request_id="req-a1"))
        self.tables["event"] += [event("a3", "start"), event("a3", "end")]
        self.assert_broken("a request makes one action")

    def test_a_capacity_that_nobody_asked_for(self):
        self.tables["cluster"][0]["desired_capacity"] = 0
        self.assert_broken("desired capacity is what was asked for")
