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


"""Clusters (API contract, 3.6.1 to 3.6.6, 3.6.9 and 8.4)."""

import uuid

import ddt

from senlin.db import models
from senlin.tests.unit.api import base

KEYS = {
    "id",
    "name",
    "profile_id",
    "profile_name",
    "user",
    "project",
    "domain",
    "init_at",
    "created_at",
    "updated_at",
    "min_size",
    "max_size",
    "desired_capacity",
    "timeout",
    "status",
    "status_reason",
    "metadata",
    "data",
    "dependents",
    "config",
    "nodes",
    "policies",
}


class ClusterReadTest(base.ApiTestCase):
    def insert_cluster_with_members(self):
        profile = self.insert("profile", name="web")
        cluster = self.insert("cluster", profile_id=profile["id"])
        members = [
            self.insert("node", cluster_id=cluster["id"], index=index)["id"] for index in (2, 1, 3)
        ]
        policy = self.insert("policy")
        table = models.ClusterPolicy.__table__
        self.insert(table, cluster_id=cluster["id"], policy_id=policy["id"])
        return cluster, [members[1], members[0], members[2]], policy

    def test_a_cluster_has_all_keys_at_all_versions(self):
        cluster = self.insert("cluster")
        for version in ("1.0", "1.6", "1.14"):
            shown = self.get(f"/v1/clusters/{cluster['id']}", version=version).json["cluster"]
            self.assertEqual(KEYS, set(shown))

    def test_members_come_by_index_and_policies_by_their_own_id(self):
        cluster, members, policy = self.insert_cluster_with_members()
        shown = self.get(f"/v1/clusters/{cluster['id']}").json["cluster"]
        self.assertEqual(members, shown["nodes"])
        self.assertEqual([policy["id"]], shown["policies"])
        self.assertEqual("web", shown["profile_name"])
        self.assertEqual([shown], self.get("/v1/clusters").json["clusters"])

    def test_a_list_costs_the_same_number_of_queries_for_any_size(self):
        self.insert_cluster_with_members()
        self.get("/v1/clusters")
        for _ in range(2):
            with self.counted_queries() as queries:
                self.get("/v1/clusters")
            self.assertEqual(2, len(queries))
            for _ in range(5):
                self.insert_cluster_with_members()

    def test_a_list_is_filtered_by_status(self):
        row = self.insert("cluster", status="ERROR")
        self.insert("cluster")
        found = self.get("/v1/clusters?status=ERROR&status=WARNING").json["clusters"]
        self.assertEqual([row["id"]], [cluster["id"] for cluster in found])

    def test_an_unknown_name(self):
        response = self.get("/v1/clusters/c-01", status=404)
        self.assert_not_found(response, "cluster", "c-01")


@ddt.ddt
class ClusterCreateTest(base.ApiTestCase):
    def create(self, status=202, **values):
        row = self.cluster_row()
        self.engine.answers["cluster_create"] = {"cluster": row, "action": "the-action"}
        body = {"cluster": {"name": "c", "profile_id": "p", **values}}
        return self.post("/v1/clusters", body, status=status)

    def test_it_answers_the_cluster_and_the_action(self):
        response = self.create()
        self.assertEqual(KEYS, set(response.json["cluster"]))
        self.assertEqual([], response.json["cluster"]["nodes"])
        self.assertEqual("INIT", response.json["cluster"]["status"])
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))

    def test_nulls_are_absent_values(self):
        self.create(
            min_size=None,
            max_size=None,
            desired_capacity=None,
            timeout=None,
            metadata=None,
            config=None,
        )
        self.assertEqual([("cluster_create", {"name": "c", "profile_id": "p"})], self.engine.calls)

    def test_texts_of_digits_are_numbers(self):
        self.create(min_size="1", max_size="-1", desired_capacity="2", timeout="60")
        (_, arguments) = self.engine.calls[0]
        self.assertEqual(
            (1, -1, 2, 60),
            tuple(arguments[k] for k in ("min_size", "max_size", "desired_capacity", "timeout")),
        )

    def test_a_config_is_taken_at_every_version(self):
        self.create(config={"node.name.format": "x$I"})
        self.assertEqual({"node.name.format": "x$I"}, self.engine.calls[0][1]["config"])

    @ddt.data(
        ({"bad": {}}, "Request body missing 'cluster' key."),
        ({"cluster": {"name": "c"}}, "'profile_id' is a required property"),
        ({"cluster": {"profile_id": "p"}}, "'name' is a required property"),
        (
            {"cluster": {"name": "c", "profile_id": "p", "boo": 1}},
            "Additional properties are not allowed ('boo' was unexpected)",
        ),
        (
            {"cluster": {"name": "c", "profile_id": "p", "identity": "x"}},
            "Additional properties are not allowed ('identity' was unexpected)",
        ),
    )
    @ddt.unpack
    def test_it_is_refused(self, body, message):
        self.assert_invalid(self.post("/v1/clusters", body, status=400), message)

    @ddt.data(
        ("min_size", -1),
        ("min_size", 1001),
        ("min_size", 1.5),
        ("min_size", True),
        ("min_size", "x"),
        ("min_size", []),
        ("max_size", -2),
        ("max_size", "-2"),
        ("max_size", 1001),
        ("desired_capacity", -1),
        ("desired_capacity", 10**30),
        ("desired_capacity", "9" * 5000),
        ("timeout", -1),
        ("timeout", 2**31),
        ("timeout", "1e3"),
        ("timeout", 1.0),
        ("metadata", []),
        ("metadata", "{}"),
        ("config", 1),
        ("profile_id", 7),
    )
    @ddt.unpack
    def test_a_value_that_is_refused_is_named(self, field, value):
        response = self.create(status=400, **{field: value})
        self.assertIn(field, response.json["error"]["message"])
        self.assertLess(len(response.json["error"]["message"]), 1000)
        self.assertEqual([], self.engine.calls)

    @ddt.data(
        ("timeout", "abc", "The value for timeout must be an integer: 'abc'."),
        ("timeout", -1, "Value must be >= 0 for field 'timeout'."),
        ("min_size", "abc", "The value for min_size must be an integer: 'abc'."),
    )
    @ddt.unpack
    def test_the_texts_for_numbers(self, field, value, message):
        self.assert_invalid(self.create(status=400, **{field: value}), message)


@ddt.ddt
class ClusterUpdateTest(base.ApiTestCase):
    def update(self, version="1.14", status=202, **values):
        self.engine.answers["cluster_update"] = {
            "cluster": self.cluster_row(status="ACTIVE"),
            "action": "the-action",
        }
        return self.patch("/v1/clusters/c", {"cluster": values}, version=version, status=status)

    def changes(self):
        (call,) = self.engine.calls
        return call[1]["changes"]

    def test_it_answers_the_cluster_before_the_change(self):
        response = self.update(name="new")
        self.assertEqual(KEYS, set(response.json["cluster"]))
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual({"name": "new"}, self.changes())

    def test_members_are_shown(self):
        row = self.cluster_row(status="ACTIVE")
        node = self.insert("node", cluster_id=row["id"])
        self.engine.answers["cluster_update"] = {"cluster": row, "action": "a"}
        response = self.patch("/v1/clusters/c", {"cluster": {"name": "n"}}, status=202)
        self.assertEqual([node["id"]], response.json["cluster"]["nodes"])

    def test_nulls_are_no_changes(self):
        self.update(
            name=None,
            profile_id=None,
            metadata=None,
            timeout=None,
            config=None,
            profile_only=False,
        )
        self.assertEqual({"profile_only": False}, self.changes())

    def test_fields_of_later_versions_are_dropped(self):
        self.update(version="1.5", name="n", profile_only=True, config={})
        self.assertEqual({"name": "n"}, self.changes())

    def test_fields_of_the_version_are_kept(self):
        self.update(version="1.7", profile_only=True, config={}, timeout="5", metadata={})
        self.assertEqual(
            {"profile_only": True, "config": {}, "timeout": 5, "metadata": {}}, self.changes()
        )

    @ddt.data("min_size", "max_size", "desired_capacity", "identity", "bogus")
    def test_other_fields_are_refused_before_the_look_up(self, field):
        response = self.patch(f"/v1/clusters/{uuid.uuid4()}", {"cluster": {field: 1}}, status=400)
        self.assert_invalid(
            response, f"Additional properties are not allowed ('{field}' was unexpected)"
        )

    def test_a_missing_wrapper_on_an_unknown_cluster(self):
        response = self.patch(f"/v1/clusters/{uuid.uuid4()}", {}, status=400)
        self.assert_invalid(
            response, "Malformed request data, missing 'cluster' key in request body."
        )

    @ddt.data("1.0", "1.14")
    def test_types_are_checked_at_every_version(self, version):
        response = self.update(version=version, status=400, profile_only="not_bool")
        self.assert_invalid(response, _unrecognized("not_bool"))

    def test_a_word_for_a_boolean_is_refused_too(self):
        response = self.update(status=400, profile_only="true")
        self.assertIn("profile_only", response.json["error"]["message"])

    def test_an_unknown_cluster(self):
        self.engine.answers["cluster_update"] = base.not_found("cluster", "x")
        response = self.patch("/v1/clusters/x", {"cluster": {"name": "a"}}, status=404)
        self.assert_not_found(response, "cluster", "x")


@ddt.ddt
class ClusterDeleteTest(base.ApiTestCase):
    @ddt.data(
        ("1.8", "", None, False),
        ("1.8", "", {"force": True}, True),
        ("1.8", "", {"force": False}, False),
        ("1.8", "", {"force": None}, False),
        ("1.8", "", {"other": 1}, False),
        ("1.8", "?force=true", None, True),
        ("1.8", "?force=False", {"force": True}, False),
        ("1.8", "?force=", {"force": True}, True),
        ("1.7", "", {"force": True}, False),
        ("1.7", "?force=true", None, False),
    )
    @ddt.unpack
    def test_force_comes_from_the_query_or_the_body(self, version, query, body, force):
        self.engine.answers["cluster_delete"] = {"action": "the-action"}
        response = self.delete(f"/v1/clusters/c{query}", body, version=version, status=202)
        self.assertEqual(b"", response.body)
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))
        self.assertEqual([("cluster_delete", {"identity": "c", "force": force})], self.engine.calls)

    @ddt.data("1.0", "1.14")
    def test_a_force_that_is_none_is_refused_at_every_version(self, version):
        self.delete("/v1/clusters/c", {"force": "x"}, version=version, status=400)
        self.delete("/v1/clusters/c?force=x", version=version, status=400)


@ddt.ddt
class ClusterCollectTest(base.ApiTestCase):
    def test_it_shows_what_the_engine_collected(self):
        collected = [{"id": str(uuid.uuid4()), "value": {"any": [1]}}]
        self.engine.answers["cluster_collect"] = collected
        response = self.get("/v1/clusters/c/attrs/details.status", version="1.2")
        self.assertEqual({"cluster_attributes": collected}, response.json)
        self.assertEqual(
            [("cluster_collect", {"identity": "c", "path": "details.status"})],
            self.engine.calls,
        )

    @ddt.data("None", "%20", "%20None%20")
    def test_a_missing_path_on_an_unknown_cluster(self, path):
        response = self.get(f"/v1/clusters/x/attrs/{path}", version="1.2", status=400)
        self.assert_invalid(response, "Required path attribute is missing.")

    def test_the_gate_below_1_2(self):
        response = self.get("/v1/clusters/x/attrs/None", version="1.1", status=400)
        self.assertEqual(
            "API version '1.1' is not supported on this method.",
            response.json["error"]["message"],
        )


def _unrecognized(value):
    return (
        f"Unrecognized value '{value}', acceptable values are: '0', '1', 'f', 'false', "
        "'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
    )
