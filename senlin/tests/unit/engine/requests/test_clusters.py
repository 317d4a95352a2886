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
