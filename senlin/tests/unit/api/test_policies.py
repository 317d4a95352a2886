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

"""Policies (API contract, 3.4, 3.5), and the order of bindings (3.7)."""

import ddt

from senlin.common import exception
from senlin.db import models
from senlin.tests.unit.api import base

SPEC = {"type": "senlin.policy.deletion", "version": 1.0, "properties": {}}
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


class PolicyTypeTest(base.ApiTestCase):
    def test_the_support_is_shown_from_1_5(self):
        status = {"1.0": [{"status": "SUPPORTED", "since": "2016.04"}]}
        name = "senlin.policy.deletion-1.0"
        found = {"name": name, "schema": {}, "support_status": status}
        self.engine.answers["policy_type_get"] = found
        shown = self.get(f"/v1/policy-types/{name}", version="1.4").json["policy_type"]
        self.assertEqual({"name": name, "schema": {}}, shown)
        shown = self.get(f"/v1/policy-types/{name}", version="1.5").json["policy_type"]
        self.assertEqual(found, shown)


class PolicyListTest(base.ApiTestCase):
    def test_a_list_is_filtered_by_type(self):
        rows = [self.insert("policy", type=f"senlin.policy.t{n}-1.0") for n in range(3)]
        for query, numbers in (
            ("type=senlin.policy.t1-1.0", [1]),
            ("type=senlin.policy.t0-1.0&type=senlin.policy.t2-1.0", [0, 2]),
            ("type=senlin.policy.t1", []),
        ):
            found = self.get(f"/v1/policies?{query}").json["policies"]
            self.assertEqual([rows[n]["id"] for n in numbers], [row["id"] for row in found], query)


@ddt.ddt
class PolicyCreateTest(base.ApiTestCase):
    def test_a_policy_is_created(self):
        row = self.row("policy", name="p", spec=SPEC, updated_at=None)
        self.engine.answers["policy_create"] = row
        body = {"policy": {"name": "p", "spec": SPEC}}
        response = self.post("/v1/policies", body, status=201)
        self.assertNotIn("Location", response.headers)
        self.assertEqual(SPEC, response.json["policy"]["spec"])
        self.assertEqual([("policy_create", {"name": "p", "spec": SPEC})], self.engine.calls)

    def test_a_validated_policy_has_a_policys_form(self):
        self.engine.answers["policy_validate"] = {"type": "senlin.policy.t-1.0", "spec": SPEC}
        body = {"policy": {"spec": SPEC}}
        shown = self.post("/v1/policies/validate", body, version="1.2", status=200).json["policy"]
        self.insert("policy", name="p")
        self.assertEqual(set(self.get("/v1/policies/p").json["policy"]), set(shown))
        self.assertEqual(
            (None, "validated_policy", SPEC, None, base.PROJECT),
            tuple(shown[k] for k in ("id", "name", "spec", "created_at", "project")),
        )

    def test_a_name_is_not_validated(self):
        body = {"policy": {"spec": SPEC, "name": "p"}}
        response = self.post("/v1/policies/validate", body, version="1.2", status=400)
        self.assert_invalid(
            response, "Additional properties are not allowed ('name' was unexpected)"
        )

    @ddt.data("policies", "profiles", "clusters", "nodes", "receivers", "actions")
    def test_moments_are_told_alike_everywhere(self, collection):
        kind = "policy" if collection == "policies" else collection[:-1]
        row = self.insert(kind, updated_at=base.MOMENT)
        for path in (f"/v1/{collection}", f"/v1/{collection}/{row['id']}"):
            (shown,) = self.get(path).json.values()
            shown = shown[0] if isinstance(shown, list) else shown
            self.assertRegex(shown["created_at"], MOMENT)
            self.assertRegex(shown["updated_at"], MOMENT)


class PolicyDeleteTest(base.ApiTestCase):
    def test_it_is_attached(self):
        error = exception.ResourceInUse(
            type="policy", id="p", reason="still attached to some clusters"
        )
        self.engine.answers["policy_delete"] = error
        self.assert_refused(
            self.delete("/v1/policies/p", status=409),
            409,
            "The policy 'p' cannot be deleted: still attached to some clusters.",
            "ResourceInUse",
        )


class BindingOrderTest(base.ApiTestCase):
    def test_disabled_ones_come_first_or_last(self):
        cluster = self.insert("cluster", name="c")
        for enabled in (True, False):
            policy = self.insert("policy")
            self.insert(
                models.ClusterPolicy.__table__,
                cluster_id=cluster["id"],
                policy_id=policy["id"],
                enabled=enabled,
            )
        for query, expected in (
            ("sort=enabled", [False, True]),
            ("sort=enabled:desc", [True, False]),
        ):
            found = self.get(f"/v1/clusters/c/policies?{query}").json["cluster_policies"]
            self.assertEqual(expected, [binding["enabled"] for binding in found])
