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
from senlin.tests.unit.engine.requests import base


class TestClusterCreate(base.RequestTestCase):
    def create(self, **options):
        options.setdefault("name", "c1")
        options.setdefault("profile_id", "prof")
        return self.ask("cluster_create", **options)

    def test_row_and_action_are_there_at_once(self):
        profile = self.make_profile()
        made = self.create(
            min_size=1, max_size=5, desired_capacity=3, timeout=60, metadata={"a": 1}
        )
        cluster = made["cluster"]
        self.assertEqual(
            ("INIT", "Initializing", profile["id"], "prof"),
            tuple(cluster[k] for k in ("status", "status_reason", "profile_id", "profile_name")),
        )
        stored = self.row("cluster", cluster["id"])
        self.assertEqual(
            (1, 5, 3, 60, {"a": 1}, 1),
            tuple(
                stored[k]
                for k in (
                    "min_size",
                    "max_size",
                    "desired_capacity",
                    "timeout",
                    "meta_data",
                    "next_index",
                )
            ),
        )
        action = self.action(made)
        self.assertEqual(
            ("CLUSTER_CREATE", "READY", f"cluster_create_{cluster['id'][:8]}", cluster["id"], 60),
            tuple(action[k] for k in ("action", "status", "name", "cluster_id", "timeout")),
        )
        self.assertEqual(
            ("u1", "p1", "req-1"), (action["user"], action["project"], action["request_id"])
        )
        self.assertEqual(1, self.doorbell.rings)

    def test_nulls_mean_defaults(self):
        self.make_profile()
        cluster = self.create(
            min_size=None, max_size=None, desired_capacity=None, timeout=0, config=None
        )["cluster"]
        self.assertEqual(
            (0, -1, 0, 3600, {}, {}),
            tuple(
                cluster[k]
                for k in (
                    "min_size",
                    "max_size",
                    "desired_capacity",
                    "timeout",
                    "config",
                    "meta_data",
                )
            ),
        )

    def test_the_minimum_is_the_default_size(self):
        self.make_profile()
        self.assertEqual(2, self.create(min_size=2)["cluster"]["desired_capacity"])

    def test_an_unknown_profile_is_named(self):
        message = self.refused(exception.BadRequest, "cluster_create", name="c", profile_id="none")
        self.assertEqual("The specified profile 'none' could not be found.", message)

    def test_a_foreign_profile_is_unknown(self):
        foreign = self.make_profile(context=base.a_context(project="p2"))
        self.refused(exception.BadRequest, "cluster_create", name="c", profile_id=foreign["id"])

    def test_sizes_have_to_fit(self):
        self.make_profile()
        message = self.refused(
            exception.BadRequest,
            "cluster_create",
            name="c",
            profile_id="prof",
            desired_capacity=2,
            min_size=5,
            max_size=3,
        )
        self.assertEqual(
            "The target capacity (2) is less than the specified min_size (5).", message
        )

    def test_the_quota_counts_the_callers_project_and_comes_first(self):
        self.config(max_clusters_per_project=1)
        self.make_cluster(context=base.a_context(project="p2"))
        self.make_cluster()
        error = self.assertRaises(
            exception.OverQuota, self.ask, "cluster_create", name="c", profile_id="none"
        )
        self.assertEqual(403, error.http_code)

    def test_a_taken_name_is_refused_if_the_operator_wants_that(self):
        self.make_cluster(name="same")
        self.config(name_unique=True)
        message = self.refused(
            exception.BadRequest, "cluster_create", name="same", profile_id="prof"
        )
        self.assertIn("already exists", message)


class TestClusterUpdate(base.RequestTestCase):
    def update(self, **changes):
        return self.ask("cluster_update", identity="c1", changes=changes)

    def test_only_what_differs_becomes_input(self):
        cluster = self.make_cluster(metadata={"a": 1}, timeout=60)
        result = self.update(name="c2", metadata={"a": 1}, timeout=70, config={"k": "v"})
        action = self.action(result)
        self.assertEqual(
            ("CLUSTER_UPDATE", f"cluster_update_{cluster['id'][:8]}"),
            (action["action"], action["name"]),
        )
        self.assertEqual({"name": "c2", "timeout": 70, "config": {"k": "v"}}, action["inputs"])

    def test_the_row_is_that_before_the_change(self):
        self.make_cluster()
        result = self.update(name="c2")
        self.assertEqual(
            ("c1", "prof"), (result["cluster"]["name"], result["cluster"]["profile_name"])
        )

    def test_a_new_profile_of_the_type_is_accepted(self):
        self.make_cluster()
        new = self.make_profile("new", flavor="big")
        result = self.update(profile_id="new", profile_only=True)
        self.assertEqual(
            {"new_profile_id": new["id"], "profile_only": True}, self.action(result)["inputs"]
        )

    def test_a_change_that_members_cannot_follow_is_refused_at_once(self):
        self.make_cluster()
        self.make_profile("new", color="red")
        error = self.assertRaises(exception.InvalidSpec, self.update, profile_id="new")
        self.assertEqual(400, error.http_code)
        self.update(profile_id="new", profile_only=True)

    def test_members_with_profiles_of_their_own_have_to_follow_too(self):
        self.make_cluster(self.make_profile("prof", color="red"))
        self.make_node(self.make_profile("odd", color="blue"), cluster_id="c1")
        self.make_profile("new", color="red", flavor="big")
        self.assertRaises(exception.InvalidSpec, self.update, profile_id="new")

    def test_profiles_that_do_not_fit_are_refused(self):
        self.make_cluster()
        self.make_profile("other", type_="os.other")
        self.make_profile("same")
        self.make_profile("same")
        for profile, error, text in (
            ("none", exception.BadRequest, "The specified profile 'none' could not be found."),
            (
                "other",
                exception.BadRequest,
                "Cannot update a cluster to a different profile type, operation aborted.",
            ),
            (
                "same",
                exception.MultipleChoices,
                "Multiple results found matching the query criteria 'same'. Please be more "
                "specific.",
            ),
        ):
            raised = self.assertRaises(error, self.update, profile_id=profile)
            self.assertEqual(text, raised.message)

    def test_nothing_to_update_is_refused(self):
        cluster = self.make_cluster()
        for changes in (
            {},
            {"name": "c1"},
            {"profile_id": cluster["profile_id"]},
            {"metadata": {}},
        ):
            error = self.assertRaises(exception.BadRequest, self.update, **changes)
            self.assertEqual("No property needs an update.", error.message)

    def test_profile_only_alone_counts_as_a_change(self):
        self.make_cluster()
        self.assertEqual(
            {"profile_only": False}, self.action(self.update(profile_only=False))["inputs"]
        )

    def test_a_cluster_in_error_is_refused_before_its_new_profile_is_looked_up(self):
        cluster = self.make_cluster()
        self.change("cluster", cluster["id"], status="ERROR")
        self.assertRaises(exception.FeatureNotSupported, self.update, profile_id="none")

    def test_a_running_action_conflicts(self):
        self.make_cluster(settled=False)
        error = self.assertRaises(exception.ActionConflict, self.update, name="c2")
        self.assertEqual(409, error.http_code)


class TestClusterDelete(base.RequestTestCase):
    def delete(self, force=False, context=None):
        return self.ask("cluster_delete", context, identity="c1", force=force)

    def test_the_intent_is_recorded(self):
        cluster = self.make_cluster()
        action = self.action(self.delete())
        self.assertEqual(
            ("CLUSTER_DELETE", f"cluster_delete_{cluster['id'][:8]}", "READY"),
            (action["action"], action["name"], action["status"]),
        )

    def test_what_runs_is_asked_to_stop(self):
        self.make_cluster()
        running = self.ask("cluster_check", identity="c1")
        self.delete()
        self.assertEqual("CANCEL", self.action(running)["control"])

    def test_a_busy_cluster_is_refused_unless_forced(self):
        cluster = self.make_cluster()
        for status in ("CREATING", "UPDATING", "DELETING", "RECOVERING"):
            self.change("cluster", cluster["id"], status=status)
            error = self.assertRaises(exception.ActionInProgress, self.delete)
            self.assertIn(status, error.message)
        self.delete(force=True)

    def test_it_is_deleted_once(self):
        self.make_cluster()
        first = self.delete()
        self.assertRaises(exception.ActionInProgress, self.delete)
        self.assertEqual(first["action"], self.delete(force=True)["action"])

    def test_profiles_that_live_on_it_hold_it_even_if_forced(self):
        cluster = self.make_cluster()
        self.change("cluster", cluster["id"], dependents={"profiles": ["p-1"]})
        error = self.assertRaises(exception.ResourceInUse, self.delete, force=True)
        self.assertIn("p-1", error.message)

    def test_another_projects_cluster_does_not_exist(self):
        self.make_cluster()
        self.assertRaises(
            exception.ResourceNotFound, self.delete, context=base.a_context(project="p2")
        )
        self.delete(context=base.a_context(project="ops", is_admin=True))
