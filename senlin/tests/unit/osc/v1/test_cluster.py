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

"""Commands for clusters."""

import fixtures

from senlin.tests.unit.osc import base

CLUSTER = {
    "id": base.CLUSTER_ID,
    "name": "web",
    "status": "ACTIVE",
    "status_reason": "Created",
    "profile_id": "p1",
    "profile_name": "small",
    "min_size": 0,
    "max_size": -1,
    "desired_capacity": 2,
    "nodes": [base.NODE_ID],
    "timeout": 3600,
    "metadata": {"team": "blue"},
    "config": {},
    "data": {},
    "dependents": {},
    "project": base.PROJECT_ID,
    "user": "u1",
    "domain": None,
    "init_at": "2026-11-21T10:00:00Z",
    "created_at": "2026-11-21T10:00:05Z",
    "updated_at": None,
}


class ListTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve("GET", "/clusters", json={"clusters": [CLUSTER]})

    def test_tables_have_short_ids(self):
        printed = self.run_command("cluster list")
        self.assertIn("| c1c1c1c1 | web  | ACTIVE |", printed)

    def test_tables_have_full_ids_on_request(self):
        self.assertIn(f"| {base.CLUSTER_ID} |", self.run_command("cluster list --full-id"))

    def test_machine_formats_have_full_ids_always(self):
        for form in ("json", "yaml", "csv", "value"):
            printed = self.run_command(f"cluster list -f {form}")
            self.assertIn(base.CLUSTER_ID, printed, form)

    def test_long_output_adds_sizes_and_nodes(self):
        (row,) = self.run_json("cluster list --long")
        self.assertEqual(2, row["desired_capacity"])
        self.assertEqual([base.NODE_ID], row["node_ids"])

    def test_filters_and_sorting_are_sent(self):
        self.run_command(
            "cluster list --filters status=ACTIVE;name=web --filters status=ERROR "
            "--sort name:desc --marker m1"
        )
        self.assertEqual(
            {
                "status": ["active", "error"],
                "name": ["web"],
                "sort": ["name:desc"],
                "marker": ["m1"],
            },
            self.requests()[-1].qs,
        )

    def test_an_unknown_filter_is_refused_before_anything_is_sent(self):
        message = self.refusal("cluster list --filters colour=red")
        self.assertIn("Unknown filter key 'colour'; the valid filter keys are: name", message)
        self.assertEqual([], self.requests())

    def test_nothing_is_asked_beyond_the_limit(self):
        self.assertEqual(1, len(self.run_json("cluster list --limit 1")))
        self.assertEqual([{"limit": ["1"]}], [sent.qs for sent in self.requests()])

    def test_all_projects_can_be_listed_under_two_names(self):
        for option in ("--global-project", "--all-projects"):
            (row,) = self.run_json(f"cluster list {option}")
            self.assertEqual({"global_project": ["true"]}, self.requests()[-1].qs)
            self.assertEqual(base.PROJECT_ID, row["project_id"])

    def test_an_empty_list_is_valid_json(self):
        self.serve("GET", "/clusters", json={"clusters": []})
        self.assertEqual([], self.run_json("cluster list"))


class ListOfOneProjectTestCase(base.CommandTestCase):
    def test_only_clusters_of_the_wanted_project_are_printed(self):
        other = dict(CLUSTER, id="c2", project="other")
        self.serve("GET", "/clusters", json={"clusters": [CLUSTER, other]})
        self.cloud.get(
            f"{base.AUTH_URL}/projects/other", json={"project": {"id": "other", "name": "o"}}
        )
        found = self.run_json(
            "cluster list", "--project", "other", identity_endpoint_override=base.AUTH_URL
        )
        self.assertEqual(["c2"], [row["id"] for row in found])
        self.assertEqual({"global_project": ["true"]}, self.requests()[-1].qs)


class ShowTestCase(base.CommandTestCase):
    def test_structured_fields_stay_structured_in_json(self):
        self.serve("GET", "/clusters/web", json={"cluster": CLUSTER})
        shown = self.run_json("cluster show web")
        self.assertEqual({"team": "blue"}, shown["metadata"])
        self.assertEqual([base.NODE_ID], shown["node_ids"])
        self.assertEqual(base.CLUSTER_ID, shown["id"])

    def test_maps_are_readable_in_tables(self):
        self.serve("GET", "/clusters/web", json={"cluster": CLUSTER})
        self.assertIn("team='blue'", self.run_command("cluster show web"))

    def test_an_unknown_cluster_gives_the_words_of_the_service(self):
        self.serve(
            "GET",
            "/clusters/nope",
            status_code=404,
            json=base.error_body(404, "The cluster 'nope' could not be found."),
            headers={"x-openstack-request-id": "req-1"},
        )
        self.assertEqual(
            "The cluster 'nope' could not be found. (HTTP 404, req-1)",
            self.refusal("cluster show nope"),
        )


class CreateTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve(
            "POST",
            "/clusters",
            status_code=202,
            headers=base.LOCATION,
            json={"cluster": dict(CLUSTER, status="INIT")},
        )

    def test_only_what_was_given_is_sent(self):
        shown = self.run_json("cluster create web --profile small --min-size 2")
        self.assertEqual(
            {"cluster": {"name": "web", "profile_id": "small", "min_size": 2}},
            self.last_body("POST"),
        )
        self.assertEqual("INIT", shown["status"])

    def test_everything_that_was_given_is_sent(self):
        self.run_command(
            "cluster create web --profile small --min-size 1 --max-size -1 "
            "--desired-capacity 2 --timeout 60 --metadata a=1;b=2 --metadata c=3",
            "--config",
            "node.name.format=n-$2I",
        )
        self.assertEqual(
            {
                "cluster": {
                    "name": "web",
                    "profile_id": "small",
                    "min_size": 1,
                    "max_size": -1,
                    "desired_capacity": 2,
                    "timeout": 60,
                    "metadata": {"a": "1", "b": "2", "c": "3"},
                    "config": {"node.name.format": "n-$2I"},
                }
            },
            self.last_body("POST"),
        )

    def test_waiting_follows_the_action_and_shows_the_cluster_as_it_is_then(self):
        self.serve_action("RUNNING", "SUCCEEDED", reason="")
        self.serve("GET", f"/clusters/{base.CLUSTER_ID}", json={"cluster": CLUSTER})
        shown = self.run_json("cluster create web --profile small --wait")
        self.assertEqual("ACTIVE", shown["status"])
        self.assertEqual(
            ["some_action RUNNING", "some_action SUCCEEDED"], self.progress().splitlines()
        )

    def test_waiting_for_a_creation_that_fails_ends_in_an_error(self):
        self.serve_action("FAILED", reason="No valid host was found.")
        message = self.refusal("cluster create web --profile small --wait")
        self.assertIn("FAILED: No valid host was found.", message)

    def test_quiet_waiting_prints_no_progress(self):
        self.serve_action("SUCCEEDED")
        self.serve("GET", f"/clusters/{base.CLUSTER_ID}", json={"cluster": CLUSTER})
        original = base._App.__init__

        def quiet(app, client_manager):
            original(app, client_manager)
            app.options.verbose_level = 0

        self.useFixture(fixtures.MonkeyPatch(f"{base.__name__}._App.__init__", quiet))
        self.run_command("cluster create web --profile small --wait")
        self.assertEqual("", self.progress())


class UpdateTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve("GET", "/clusters/web", json={"cluster": CLUSTER})
        self.serve(
            "PATCH",
            "/clusters/web",
            status_code=202,
            headers=base.LOCATION,
            json={"cluster": CLUSTER},
        )

    def test_only_what_was_given_is_sent(self):
        self.run_command("cluster update web --name new --profile-only true --timeout 5")
        self.assertEqual(
            {"cluster": {"name": "new", "profile_only": True, "timeout": 5}},
            self.last_body("PATCH"),
        )

    def test_update_replaces_metadata(self):
        self.run_command("cluster update web --metadata a=1")
        self.assertEqual({"cluster": {"metadata": {"a": "1"}}}, self.last_body("PATCH"))

    def test_update_can_clear_metadata(self):
        self.run_command("cluster update web --metadata {}")
        self.assertEqual({"cluster": {"metadata": {}}}, self.last_body("PATCH"))

    def test_set_keeps_other_metadata(self):
        self.run_command("cluster set web --metadata a=1")
        self.assertEqual(
            {"cluster": {"metadata": {"team": "blue", "a": "1"}}}, self.last_body("PATCH")
        )

    def test_unset_removes_one_key(self):
        self.run_command("cluster unset web --metadata team")
        self.assertEqual({"cluster": {"metadata": {}}}, self.last_body("PATCH"))

    def test_unset_refuses_a_key_that_is_not_there(self):
        message = self.refusal("cluster unset web --metadata nope")
        self.assertIn("No such key in the metadata: nope", message)
        self.assertEqual([], self.requests("PATCH"))

    def test_an_update_of_nothing_is_refused_before_anything_is_sent(self):
        message = self.refusal("cluster update web")
        self.assertEqual("Give at least one property to change", message)
        self.assertEqual([], self.requests())

    def test_waiting_shows_the_cluster_as_it_is_then(self):
        self.serve_action("SUCCEEDED")
        self.serve(
            "GET", f"/clusters/{base.CLUSTER_ID}", json={"cluster": dict(CLUSTER, name="new")}
        )
        shown = self.run_json("cluster update web --name new --wait")
        self.assertEqual("new", shown["name"])


class DeleteTestCase(base.CommandTestCase):
    def _serve_delete(self, name, **response):
        response = response or {"status_code": 202, "headers": base.LOCATION}
        self.serve("DELETE", f"/clusters/{name}", **response)

    def test_each_cluster_is_deleted_and_its_action_named(self):
        self._serve_delete("a")
        self._serve_delete("b")
        printed = self.run_command("cluster delete a b --force")
        self.assertEqual(
            [f"{name}: accepted by action {base.ACTION_ID}" for name in ("a", "b")],
            printed.splitlines(),
        )
        self.assertEqual(2, len(self.requests("DELETE")))

    def test_a_failure_does_not_stop_the_others_and_is_counted(self):
        self._serve_delete(
            "a", status_code=404, json=base.error_body(404, "The cluster 'a' could not be found.")
        )
        self._serve_delete("b")
        message = self.refusal("cluster delete a b")
        self.assertEqual("1 of 2 clusters failed to delete", message)
        self.assertEqual(2, len(self.requests("DELETE")))

    def test_forced_deletion_is_sent_in_the_body(self):
        self._serve_delete("a")
        self.run_command("cluster delete a --force-delete --force")
        self.assertEqual({"force": True}, self.last_body("DELETE"))

    def test_waiting_follows_the_deletion(self):
        self._serve_delete("a")
        self.serve_action("SUCCEEDED")
        self.run_command("cluster delete a --wait")
        self.assertIn("some_action SUCCEEDED", self.progress())

    def test_a_deletion_that_fails_while_waiting_is_counted(self):
        self._serve_delete("a")
        self.serve_action("FAILED")
        self.assertEqual(
            "1 of 1 clusters failed to delete", self.refusal("cluster delete a --wait")
        )
