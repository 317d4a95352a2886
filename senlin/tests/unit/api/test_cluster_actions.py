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


"""Actions and operations on clusters (API contract, 3.6.7, 3.6.8 and 8.4)."""

import uuid

import ddt

from senlin.db import models
from senlin.tests.unit.api import base

UNRECOGNIZED = (
    "Unrecognized value '{}', acceptable values are: '0', '1', 'f', 'false', "
    "'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
)
VERBS = (
    "add_nodes",
    "del_nodes",
    "replace_nodes",
    "scale_out",
    "scale_in",
    "resize",
    "policy_attach",
    "policy_detach",
    "policy_update",
    "check",
    "recover",
    "complete_lifecycle",
)
DEFAULT_RESIZE = {
    "adjustment_type": None,
    "number": None,
    "min_size": None,
    "max_size": None,
    "min_step": None,
    "strict": True,
}


class _ActionTestCase(base.ApiTestCase):
    def act(self, body, version="1.14", status=202):
        return self.post("/v1/clusters/cluster_id/actions", body, version=version, status=status)

    def refuse(self, body, message, version="1.14"):
        self.assert_invalid(self.act(body, version, status=400), message)
        self.assertEqual([], self.engine.calls)

    def assert_asked(self, method, **arguments):
        self.assertEqual([(method, {"identity": "cluster_id", **arguments})], self.engine.calls)


@ddt.ddt
class EnvelopeTest(_ActionTestCase):
    def test_no_action(self):
        for body in ({}, None):
            self.refuse(body, "No action specified")

    def test_several_actions(self):
        self.refuse({"check": {}, "recover": {}}, "Multiple actions specified")

    def test_an_unknown_action(self):
        self.refuse({"fly": {}}, "Unrecognized action 'fly' specified")

    @ddt.data(*VERBS)
    def test_parameters_that_are_no_map(self, verb):
        for value in ([], None, "x", 1, True):
            self.refuse({verb: value}, "The data provided is not a map")

    def test_it_answers_the_action(self):
        self.engine.answers["cluster_check"] = {"action": "the-action"}
        response = self.act({"check": {}})
        self.assertEqual({"action": "the-action"}, response.json)
        self.assertTrue(response.headers["Location"].endswith("/v1/actions/the-action"))


@ddt.ddt
class MembershipTest(_ActionTestCase):
    @ddt.data("add_nodes", "del_nodes")
    def test_no_nodes(self, verb):
        message = "Value for 'nodes' must have at least 1 item(s)."
        self.refuse({verb: {}}, message)
        self.refuse({verb: {"nodes": []}}, message)

    @ddt.data("add_nodes", "del_nodes")
    def test_repeated_nodes(self, verb):
        message = "Items for 'nodes' must be unique"
        self.refuse({verb: {"nodes": ["a", "b", "a"]}}, message)
        self.refuse({verb: {"nodes": "node_id"}}, message)

    @ddt.data("add_nodes", "del_nodes")
    def test_nodes_that_are_no_list(self, verb):
        for nodes in ("abc", None, {}, 1, [1], [None]):
            self.act({verb: {"nodes": nodes}}, status=400)

    def test_add_nodes(self):
        self.act({"add_nodes": {"nodes": ["a", "b"], "other": "ignored"}})
        self.assert_asked("cluster_add_nodes", nodes=["a", "b"])

    @ddt.data((None, False), (True, True), (False, False))
    @ddt.unpack
    def test_del_nodes(self, value, destroy):
        self.act({"del_nodes": {"nodes": ["a"], "destroy_after_deletion": value}})
        self.assert_asked("cluster_del_nodes", nodes=["a"], destroy_after_deletion=destroy)

    def test_del_nodes_drops_the_field_below_its_version(self):
        body = {"del_nodes": {"nodes": ["a"], "destroy_after_deletion": True}}
        self.act(body, version="1.3")
        self.assert_asked("cluster_del_nodes", nodes=["a"])

    @ddt.data("1.0", "1.14")
    def test_del_nodes_checks_the_field_at_every_version(self, version):
        body = {"del_nodes": {"nodes": ["a"], "destroy_after_deletion": "not_bool"}}
        self.refuse(body, UNRECOGNIZED.format("not_bool"), version)

    def test_replace_nodes(self):
        self.act({"replace_nodes": {"nodes": {"old": "new"}}}, version="1.3")
        self.assert_asked("cluster_replace_nodes", nodes={"old": "new"})

    @ddt.data(
        ({}, "The data provided is not a map"),
        ({"nodes": {}}, "The data provided is not a map"),
        ({"nodes": []}, "The data provided is not a map"),
        ({"nodes": "x"}, "The data provided is not a map"),
        ({"nodes": {"old_node": None}}, "Field `nodes[old_node]' cannot be None"),
        ({"nodes": {"a": "c", "b": "c"}}, "Map contains duplicated values"),
    )
    @ddt.unpack
    def test_replace_nodes_is_refused(self, value, message):
        self.refuse({"replace_nodes": value}, message, version="1.3")


@ddt.ddt
class ScaleTest(_ActionTestCase):
    @ddt.data("scale_out", "scale_in")
    def test_counts(self, verb):
        for given, count in ((1, 1), ("1", 1), (0, 0), (None, None)):
            self.engine.calls.clear()
            self.act({verb: {"count": given, "other": "ignored"}})
            self.assert_asked(f"cluster_{verb}", count=count)

    @ddt.data("scale_out", "scale_in")
    def test_no_count(self, verb):
        self.act({verb: {}})
        self.assert_asked(f"cluster_{verb}", count=None)

    @ddt.data("scale_out", "scale_in")
    def test_counts_that_are_refused(self, verb):
        for count, message in (
            ("bad-count", "The value for count must be an integer: 'bad-count'."),
            (-1, "Value must be >= 0 for field 'count'."),
            ("-1", "Value must be >= 0 for field 'count'."),
            (True, "The value for count must be an integer: 'True'."),
            (1.5, "The value for count must be an integer: '1.5'."),
        ):
            self.refuse({verb: {"count": count}}, message)


@ddt.ddt
class ResizeTest(_ActionTestCase):
    @ddt.data(
        (
            {"adjustment_type": "EXACT_CAPACITY", "number": 5, "min_step": 1},
            {"adjustment_type": "EXACT_CAPACITY", "number": 5},
        ),
        (
            {"adjustment_type": "CHANGE_IN_CAPACITY", "number": -1.9},
            {"adjustment_type": "CHANGE_IN_CAPACITY", "number": -1},
        ),
        (
            {"adjustment_type": "CHANGE_IN_PERCENTAGE", "number": 12.5, "min_step": "2"},
            {"adjustment_type": "CHANGE_IN_PERCENTAGE", "number": 12.5, "min_step": 2},
        ),
        (
            {"max_size": "2", "strict": False, "other": "ignored"},
            {"max_size": 2, "strict": False},
        ),
        (
            {"min_size": 0, "max_size": -1, "strict": None, "number": None},
            {"min_size": 0, "max_size": -1},
        ),
    )
    @ddt.unpack
    def test_it_asks_for(self, given, arguments):
        self.act({"resize": given})
        self.assert_asked("cluster_resize", **{**DEFAULT_RESIZE, **arguments})

    @ddt.data(
        (
            {"adjustment_type": "bogus"},
            "Value 'bogus' is not acceptable for field 'adjustment_type'.",
        ),
        (
            {"adjustment_type": "exact_capacity", "number": 1},
            "Value 'exact_capacity' is not acceptable for field 'adjustment_type'.",
        ),
        (
            {"adjustment_type": "EXACT_CAPACITY"},
            "Missing number value for size adjustment.",
        ),
        ({"number": 1}, "Missing adjustment_type value for size adjustment."),
        (
            {"min_size": 20, "max_size": 10},
            "The specified min_size (20) is greater than the specified max_size (10).",
        ),
    )
    @ddt.unpack
    def test_it_is_refused(self, given, message):
        self.refuse({"resize": given}, message)

    @ddt.data(
        {},
        {"strict": True},
        {"min_step": 1},
        {"number": None, "adjustment_type": None},
        {"adjustment_type": "EXACT_CAPACITY", "number": -1},
        {"adjustment_type": "EXACT_CAPACITY", "number": "1"},
        {"adjustment_type": "EXACT_CAPACITY", "number": True},
        {"adjustment_type": "EXACT_CAPACITY", "number": 10**30},
        {"adjustment_type": "CHANGE_IN_PERCENTAGE", "number": -1e300},
        {"min_size": -1},
        {"max_size": -2},
        {"max_size": 1001},
        {"min_size": 1, "strict": "true"},
    )
    def test_it_is_refused_in_some_words(self, given):
        self.act({"resize": given}, status=400)
        self.assertEqual([], self.engine.calls)


@ddt.ddt
class PolicyVerbTest(_ActionTestCase):
    @ddt.data("policy_attach", "policy_detach", "policy_update")
    def test_no_policy(self, verb):
        self.refuse({verb: {}}, "'policy_id' is a required property")
        self.refuse({verb: {"policy": "p"}}, "'policy_id' is a required property")

    @ddt.data("policy_attach", "policy_update")
    def test_a_bad_word_for_enabled(self, verb):
        body = {verb: {"policy_id": "p", "enabled": "not-bool"}}
        self.refuse(body, UNRECOGNIZED.format("not-bool"))

    @ddt.data("policy_attach", "policy_detach", "policy_update")
    def test_other_keys(self, verb):
        self.refuse(
            {verb: {"policy_id": "p", "identity": "c"}},
            "Additional properties are not allowed ('identity' was unexpected)",
        )

    def test_an_attachment_is_enabled_unless_told_otherwise(self):
        for given, sent in (({}, None), ({"enabled": None}, None), ({"enabled": False}, False)):
            self.engine.calls.clear()
            self.act({"policy_attach": {"policy_id": "p", **given}})
            self.assert_asked("cluster_policy_attach", policy_id="p", enabled=sent)

    def test_updates_and_detachments_are_passed_on(self):
        self.act({"policy_update": {"policy_id": "p", "enabled": True}})
        self.assert_asked("cluster_policy_update", policy_id="p", enabled=True)
        self.engine.calls.clear()
        self.act({"policy_detach": {"policy_id": "p"}})
        self.assert_asked("cluster_policy_detach", policy_id="p")


@ddt.ddt
class CheckAndRecoverTest(_ActionTestCase):
    @ddt.data({}, {"delete_check_action": True}, {"k1": "v1"})
    def test_any_parameters_are_passed_on(self, params):
        for verb in ("check", "recover"):
            self.engine.calls.clear()
            self.act({verb: params})
            self.assert_asked(f"cluster_{verb}", params=params)

    def test_an_unknown_cluster_wins_over_unknown_parameters(self):
        self.engine.answers["cluster_recover"] = base.not_found("cluster", "cluster_id")
        response = self.act({"recover": {"k1": "v1"}}, status=404)
        self.assert_not_found(response, "cluster", "cluster_id")


@ddt.ddt
class LifecycleTest(_ActionTestCase):
    def test_it_completes(self):
        token = str(uuid.uuid4())
        self.engine.answers["cluster_complete_lifecycle"] = {"action": token}
        response = self.act({"complete_lifecycle": {"lifecycle_action_token": token}}, "1.9")
        self.assertEqual({"action": token}, response.json)
        self.assert_asked("cluster_complete_lifecycle", token=token)

    @ddt.data({}, {"lifecycle_action_token": None}, {"lifecycle_action_token": 1})
    def test_a_missing_token(self, value):
        self.act({"complete_lifecycle": value}, status=400)


@ddt.ddt
class OperationTest(base.ApiTestCase):
    def operate(self, body, status=202):
        return self.post("/v1/clusters/c/ops", body, version="1.4", status=status)

    @ddt.data(
        ({"params": {"type": "SOFT"}}, {"type": "SOFT"}, {}),
        ({"filters": {"role": "web"}}, {}, {"role": "web"}),
        ({"params": None, "filters": None}, {}, {}),
        ({"params": {}, "flat": 1}, {}, {}),
        ({"type": "SOFT"}, {"type": "SOFT"}, {}),
        ({}, {}, {}),
    )
    @ddt.unpack
    def test_it_asks_for(self, given, params, filters):
        response = self.operate({"reboot": given})
        self.assertEqual(["action"], list(response.json))
        self.assertEqual(
            [
                (
                    "cluster_op",
                    {
                        "identity": "c",
                        "operation": "reboot",
                        "params": params,
                        "filters": filters,
                    },
                )
            ],
            self.engine.calls,
        )

    def test_none_and_several(self):
        self.assert_invalid(self.operate({}, 400), "No operation specified")
        self.assert_invalid(self.operate(None, 400), "No operation specified")
        self.assert_invalid(self.operate({"a": {}, "b": {}}, 400), "Multiple operations specified")

    @ddt.data([], "x", 1, None, {"params": []}, {"filters": "x"})
    def test_a_value_that_is_no_map(self, value):
        self.operate({"reboot": value}, status=400)
        self.assertEqual([], self.engine.calls)


class ClusterPolicyTest(base.ApiTestCase):
    """Policies of a cluster (API contract, 3.7)."""

    def setUp(self):
        super().setUp()
        self.cluster = self.insert("cluster", name="c")
        self.policy = self.insert("policy", name="p", type="senlin.policy.scaling-1.0")

    def attach(self, **values):
        return self.insert(
            models.ClusterPolicy.__table__,
            cluster_id=self.cluster["id"],
            policy_id=self.policy["id"],
            **values,
        )

    def test_a_binding_has_all_keys(self):
        binding = self.attach()
        shown = self.get("/v1/clusters/c/policies").json["cluster_policies"]
        self.assertEqual(
            [
                {
                    "id": binding["id"],
                    "cluster_id": self.cluster["id"],
                    "cluster_name": "c",
                    "policy_id": self.policy["id"],
                    "policy_name": "p",
                    "policy_type": "senlin.policy.scaling-1.0",
                    "enabled": True,
                    "priority": 500,
                    "data": None,
                    "last_op": None,
                }
            ],
            shown,
        )
        one = self.get("/v1/clusters/c/policies/p?ignored=1").json
        self.assertEqual({"cluster_policy": shown[0]}, one)

    def test_filters(self):
        self.attach(enabled=False)
        for query, count in (
            ("enabled=True", 0),
            ("enabled=false", 1),
            ("enabled=", 1),
            ("policy_name=p", 1),
            ("policy_name=q", 0),
            ("policy_type=senlin.policy.scaling-1.0", 1),
            ("policy_type=senlin.policy.scaling", 0),
            ("sort=enabled:desc", 1),
        ):
            found = self.get(f"/v1/clusters/c/policies?{query}").json["cluster_policies"]
            self.assertEqual(count, len(found), query)

    def test_bad_parameters_on_an_unknown_cluster(self):
        for query, message in (
            ("bogus=1", "Invalid parameter bogus"),
            ("limit=1", "Invalid parameter limit"),
            ("marker=x", "Invalid parameter marker"),
            ("global_project=True", "Invalid parameter global_project"),
            ("name=p", "Invalid parameter name"),
            ("sort=bogus", "Unsupported sort key 'bogus' for 'sort'."),
            ("enabled=bad-enabled", "Invalid value 'bad-enabled' specified for 'enabled'"),
        ):
            response = self.get(f"/v1/clusters/unknown/policies?{query}", status=400)
            self.assert_invalid(response, message)

    def test_an_unknown_cluster(self):
        for path in ("/v1/clusters/x/policies", "/v1/clusters/x/policies/p"):
            self.assert_not_found(self.get(path, status=404), "cluster", "x")

    def test_an_unknown_policy(self):
        response = self.get("/v1/clusters/c/policies/fake_policy", status=404)
        self.assert_not_found(response, "policy", "fake_policy")

    def test_a_policy_that_is_not_attached(self):
        response = self.get("/v1/clusters/c/policies/p", status=404)
        self.assert_refused(
            response,
            404,
            "The policy 'p' is not found attached to the specified cluster 'c'.",
            "PolicyBindingNotFound",
        )

    def test_an_ambiguous_policy(self):
        self.attach()
        self.insert("policy", name="p")
        response = self.get("/v1/clusters/c/policies/p", status=400)
        self.assertEqual("MultipleChoices", response.json["error"]["type"])
