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

"""Commands for nodes."""

from senlin.tests.unit.osc import base

NODE = {
    "id": base.NODE_ID,
    "name": "n1",
    "status": "ACTIVE",
    "cluster_id": base.CLUSTER_ID,
    "index": 1,
    "physical_id": "e1e1e1e1-1111-4111-8111-111111111111",
    "profile_name": "small",
    "metadata": {"k": "v"},
    "tainted": False,
}


class NodeTestCase(base.CommandTestCase):
    def test_nodes_of_a_cluster_are_listed(self):
        self.serve("GET", "/nodes", json={"nodes": [NODE]})
        (row,) = self.run_json("cluster node list --cluster web --filters status=ACTIVE")
        self.assertEqual({"cluster_id": ["web"], "status": ["active"]}, self.requests()[-1].qs)
        self.assertEqual(NODE["physical_id"], row["physical_id"])

    def test_details_are_asked_for_and_stay_structured(self):
        self.serve("GET", "/nodes/n1", json={"node": dict(NODE, details={"flavor": {"ram": 1}})})
        shown = self.run_json("cluster node show n1 --details")
        self.assertEqual({"show_details": ["true"]}, self.requests()[-1].qs)
        self.assertEqual({"flavor": {"ram": 1}}, shown["details"])

    def test_details_are_not_shown_unasked(self):
        self.serve("GET", "/nodes/n1", json={"node": NODE})
        self.assertNotIn("details", self.run_json("cluster node show n1"))

    def test_creation_sends_only_what_was_given(self):
        self.serve("POST", "/nodes", status_code=202, headers=base.LOCATION, json={"node": NODE})
        self.run_command("cluster node create n1 --profile small --role master")
        self.assertEqual(
            {"node": {"name": "n1", "profile_id": "small", "role": "master"}},
            self.last_body("POST"),
        )

    def test_waiting_for_a_creation_shows_the_node_as_it_is_then(self):
        self.serve(
            "POST", "/nodes", headers=base.LOCATION, json={"node": dict(NODE, status="INIT")}
        )
        self.serve_action("SUCCEEDED")
        self.serve("GET", f"/nodes/{base.NODE_ID}", json={"node": NODE})
        shown = self.run_json("cluster node create n1 --profile small --wait")
        self.assertEqual("ACTIVE", shown["status"])

    def test_an_update_without_metadata_leaves_metadata_alone(self):
        self.serve("PATCH", "/nodes/n1", headers=base.LOCATION, json={"node": NODE})
        self.run_command("cluster node update n1 --tainted true")
        self.assertEqual({"node": {"tainted": True}}, self.last_body("PATCH"))

    def test_set_keeps_other_metadata_and_unset_removes_a_key(self):
        self.serve("GET", "/nodes/n1", json={"node": NODE})
        self.serve("PATCH", "/nodes/n1", headers=base.LOCATION, json={"node": NODE})
        self.run_command("cluster node set n1 --metadata a=1")
        self.assertEqual({"node": {"metadata": {"k": "v", "a": "1"}}}, self.last_body("PATCH"))
        self.run_command("cluster node unset n1 --metadata k")
        self.assertEqual({"node": {"metadata": {}}}, self.last_body("PATCH"))

    def test_several_nodes_are_deleted(self):
        for name in ("n1", "n2"):
            self.serve("DELETE", f"/nodes/{name}", status_code=202, headers=base.LOCATION)
        self.run_command("cluster node delete n1 n2 --force")
        self.assertEqual(2, len(self.requests("DELETE")))

    def test_checks_of_nodes_are_counted_when_they_fail(self):
        self.serve("POST", "/nodes/n1/actions", json={"action": base.ACTION_ID})
        self.serve("POST", "/nodes/n2/actions", status_code=404, json=base.error_body(404, "no"))
        self.assertEqual("1 of 2 nodes failed to check", self.refusal("cluster node check n2 n1"))
        self.assertEqual(
            f"Node check request on node n1 is accepted by action {base.ACTION_ID}.\n",
            self.app.stdout.getvalue(),
        )

    def test_recovery_sends_its_parameters(self):
        self.serve("POST", "/nodes/n1/actions", json={"action": base.ACTION_ID})
        self.run_command("cluster node recover n1 --check true")
        self.assertEqual({"recover": {"check": True}}, self.last_body("POST"))

    def test_an_operation_shows_its_action(self):
        self.serve("POST", "/nodes/n1/ops", json={"action": base.ACTION_ID})
        self.serve_action("RUNNING")
        shown = self.run_json("cluster node op n1 --operation reboot --params type=SOFT")
        self.assertEqual({"reboot": {"type": "SOFT"}}, self.last_body("POST"))
        self.assertEqual((base.ACTION_ID, "RUNNING"), (shown["id"], shown["status"]))

    def test_waiting_for_an_operation_that_fails_ends_in_an_error(self):
        self.serve("POST", "/nodes/n1/ops", json={"action": base.ACTION_ID})
        self.serve_action("FAILED", reason="no console")
        message = self.refusal("cluster node op n1 --operation reboot --wait")
        self.assertIn("FAILED: no console", message)


class AdoptTestCase(base.CommandTestCase):
    def test_adoption_sends_what_was_given(self):
        self.serve("POST", "/nodes/adopt", json={"node": NODE})
        shown = self.run_json(
            "cluster node adopt --identity s1 --type os.nova.server-1.0 --name n1 --snapshot",
            "--overrides",
            '{"flavor": "m1"}',
        )
        self.assertEqual(
            {
                "identity": "s1",
                "type": "os.nova.server-1.0",
                "name": "n1",
                "snapshot": True,
                "overrides": {"flavor": "m1"},
            },
            self.last_body("POST"),
        )
        self.assertEqual(base.NODE_ID, shown["id"])

    def test_a_preview_shows_the_profile_that_would_be_made(self):
        preview = {"type": "os.nova.server", "version": "1.0", "properties": {"flavor": "m1"}}
        self.serve("POST", "/nodes/adopt-preview", json={"node_profile": {"node_preview": preview}})
        shown = self.run_json(
            "cluster node adopt --identity s1 --type os.nova.server-1.0 --preview"
        )
        self.assertEqual(preview, shown)

    def test_a_refused_preview_is_an_error(self):
        self.serve(
            "POST", "/nodes/adopt-preview", status_code=400, json=base.error_body(400, "No s1.")
        )
        self.assertEqual(
            "No s1. (HTTP 400)",
            self.refusal("cluster node adopt --identity s1 --type t-1.0 --preview"),
        )

    def test_overrides_which_are_no_map_are_refused(self):
        message = self.refusal("cluster node adopt --identity s1 --type t-1.0 --overrides [1]")
        self.assertIn("value of --overrides has to be a map", message)
