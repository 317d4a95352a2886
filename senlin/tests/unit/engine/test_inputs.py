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

"""Inputs that nobody checked before the action, as webhooks pass them on."""

import datetime

import ddt

from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

_MOMENT = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


@ddt.ddt
class InputsTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()
        self.cluster = self.world.new_cluster(2, max_size=9)
        self.profile("profile1")

    def profile(self, id_, type_="toy-1.0", **owner):
        row = {
            "id": id_,
            "name": id_,
            "type": type_,
            "spec": {},
            "created_at": _MOMENT,
            **world.OWNER,
            **owner,
        }
        facade.write(bulk.insert, models.Profile.__table__, [row])

    def run_action(self, action, **inputs):
        """Status and reason in the end."""
        id_ = self.world.submit(action, self.cluster["id"], inputs=inputs)
        self.world.run()
        row = self.world.get("action", id_)
        return row["status"], row["status_reason"]

    def refuse(self, action, reason, **inputs):
        self.assertEqual(("FAILED", reason), self.run_action(action, **inputs))
        self.assertEqual(2, len(self.members()))
        self.assertEqual("profile1", self.world.get("cluster", self.cluster["id"])["profile_id"])
        self.assertEqual([], self.world.locks())

    def members(self):
        rows = self.world.rows("node")
        return [row["id"] for row in rows if row["cluster_id"] == self.cluster["id"]]

    @ddt.data(None, 7, "x", [7], {"a": "b"})
    def test_nodes_that_are_no_list_of_ids(self, value):
        self.refuse("CLUSTER_ADD_NODES", "The input 'nodes' must be a list of ids.", nodes=value)
        reason = "The input 'candidates' must be a list of ids."
        self.refuse("CLUSTER_DEL_NODES", reason, candidates=value)
        reason = "The input 'nodes' must be a list of ids."
        self.refuse("CLUSTER_OPERATION", reason, nodes=value, operation="reboot")

    def test_an_operation_needs_a_name(self):
        reason = "The input 'operation' must be a text."
        self.refuse("CLUSTER_OPERATION", reason, nodes=self.members())

    @ddt.data(None, [], {"a": 7})
    def test_replacements_that_are_no_map(self, value):
        reason = "The input 'candidates' must map ids to ids."
        self.refuse("CLUSTER_REPLACE_NODES", reason, candidates=value)

    def test_a_node_of_another_project_does_not_join(self):
        foreign = self.world.node(project="another", status="ACTIVE")
        reason = f"Node {foreign['id']} is not found."
        self.refuse("CLUSTER_ADD_NODES", reason, nodes=[foreign["id"]])
        reason = f"Node {foreign['id']} is not found."
        candidates = {self.members()[0]: foreign["id"]}
        self.refuse("CLUSTER_REPLACE_NODES", reason, candidates=candidates)

    def test_a_stranger_is_not_replaced(self):
        foreign = self.world.node(project="another", cluster_id="another", status="ACTIVE")
        mine = self.world.node(status="ACTIVE")
        reason = f"Nodes are no members: {foreign['id']}."
        self.refuse("CLUSTER_REPLACE_NODES", reason, candidates={foreign["id"]: mine["id"]})
        self.assertEqual("another", self.world.get("node", foreign["id"])["cluster_id"])

    @ddt.data(True, False)
    def test_a_profile_of_another_project_is_not_found(self, profile_only):
        self.profile("foreign", project="another")
        self.refuse(
            "CLUSTER_UPDATE",
            "The profile foreign is not found.",
            new_profile_id="foreign",
            profile_only=profile_only,
        )

    def test_a_profile_of_another_type(self):
        self.profile("other", type_="other-1.0")
        reason = "The profile other is not of the type of the cluster's."
        self.refuse("CLUSTER_UPDATE", reason, new_profile_id="other")

    def test_a_profile_of_the_same_project(self):
        self.profile("new")
        status, reason = self.run_action("CLUSTER_UPDATE", new_profile_id="new")
        self.assertEqual("SUCCEEDED", status, reason)
        self.assertEqual("new", self.world.get("cluster", self.cluster["id"])["profile_id"])

    @ddt.data(
        ("name", 7),
        ("name", ""),
        ("metadata", []),
        ("timeout", "x"),
        ("timeout", -1),
        ("config", 1),
    )
    @ddt.unpack
    def test_a_field_that_cannot_be_stored(self, name, value):
        self.refuse("CLUSTER_UPDATE", f"The input '{name}' is not as it must be.", **{name: value})

    @ddt.data(
        ({"max_size": "4"}, "SUCCEEDED"),
        ({"max_size": 2}, "SUCCEEDED"),
        ({"min_size": -1}, "FAILED"),
        ({"max_size": -2}, "FAILED"),
        ({"max_size": "many"}, "FAILED"),
        ({"min_size": 10**30}, "FAILED"),
        ({"adjustment_type": "FLY", "number": 1}, "FAILED"),
        ({"adjustment_type": "EXACT_CAPACITY", "number": "inf"}, "FAILED"),
        ({"adjustment_type": "EXACT_CAPACITY", "number": "nan"}, "FAILED"),
        ({"adjustment_type": "EXACT_CAPACITY", "number": [1]}, "FAILED"),
        ({"adjustment_type": "CHANGE_IN_CAPACITY"}, "FAILED"),
        ({"adjustment_type": "CHANGE_IN_CAPACITY", "number": "20", "strict": "true"}, "FAILED"),
    )
    @ddt.unpack
    def test_sizes_as_texts_and_worse(self, inputs, status):
        self.assertEqual(status, self.run_action("CLUSTER_RESIZE", **inputs)[0])
        self.assertEqual(2, len(self.members()))

    @ddt.data("CHANGE_IN_CAPACITY", "CHANGE_IN_PERCENTAGE")
    def test_numbers_as_texts(self, adjustment):
        inputs = {"adjustment_type": adjustment, "number": "2", "min_step": "2", "strict": "false"}
        self.assertEqual("SUCCEEDED", self.run_action("CLUSTER_RESIZE", **inputs)[0])
        self.assertEqual(4, len(self.members()))
