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

from senlin.sandbox.identity import seed
from senlin.tests.unit.sandbox import harness

TRUSTS = "/identity/v3/OS-TRUST/trusts"


class TrustTest(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")
        self.service = self.token("clustering", "service")

    def create(self, token=None, **values):
        trust = {
            "trustor_user_id": seed.fixed_id("user", "demo"),
            "trustee_user_id": seed.fixed_id("user", "clustering"),
            "project_id": seed.fixed_id("project", "demo"),
            "impersonation": True,
            "roles": [{"name": "member"}],
            **values,
        }
        return self.call("POST", TRUSTS, {"trust": trust}, token=token or self.demo)

    def enter(self, trust_id, user="clustering"):
        return self.login(harness.password(user), {"OS-TRUST:trust": {"id": trust_id}})

    def made(self, **values):
        answer = self.create(**values)
        self.assertEqual(201, answer.status, answer.body)
        return answer.json["trust"]

    def test_the_trustee_acts_as_the_trustor_in_his_project(self):
        trust = self.made()
        token = self.enter(trust["id"]).json["token"]
        self.assertEqual(("demo", "demo"), (token["user"]["name"], token["project"]["name"]))
        section = token["OS-TRUST:trust"]
        self.assertEqual((trust["id"], True), (section["id"], section["impersonation"]))
        self.assertEqual(seed.fixed_id("user", "clustering"), section["trustee_user"]["id"])

    def test_a_trust_lends_only_its_roles_and_what_they_imply(self):
        lesser = self.made(roles=[{"id": seed.fixed_id("role", "reader")}])
        self.assertEqual(["reader"], self.roles(self.enter(lesser["id"])))
        self.assertEqual(["member", "reader"], self.roles(self.enter(self.made()["id"])))

    def test_without_impersonation_the_trustee_stays_himself(self):
        token = self.enter(self.made(impersonation=False)["id"]).json["token"]
        self.assertEqual("clustering", token["user"]["name"])
        self.assertEqual("demo", token["project"]["name"])

    def test_services_take_the_token_of_a_trust(self):
        token = self.enter(self.made()["id"]).headers["X-Subject-Token"]
        body = {"network": {"name": "mine"}}
        answer = self.call("POST", "/network/v2.0/networks", body, token=token)
        self.assertEqual(seed.fixed_id("project", "demo"), answer.json["network"]["project_id"])

    def test_the_trustor_may_not_revoke_a_token_of_his_trust_and_its_trustee_may(self):
        token = self.enter(self.made()["id"]).headers["X-Subject-Token"]
        for caller, status in ((self.demo, 403), (token, 403), (self.service, 204)):
            answer = self.call(
                "DELETE",
                "/identity/v3/auth/tokens",
                token=caller,
                headers={"X-Subject-Token": token},
            )
            self.assertEqual(status, answer.status, answer.body)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=token).status)

    def test_only_the_trustor_may_make_a_trust(self):
        self.assertEqual(403, self.create(token=self.service).status)

    def test_a_role_that_the_trustor_lacks_is_404(self):
        self.assertEqual(404, self.create(roles=[{"name": "admin"}]).status)

    def test_a_trust_in_a_project_needs_roles(self):
        self.assertEqual(403, self.create(roles=[]).status)

    def test_an_unknown_trustee_is_404(self):
        self.assertEqual(404, self.create(trustee_user_id="nobody").status)

    def test_a_trust_that_ended_before_it_began_is_400(self):
        self.assertEqual(400, self.create(expires_at="2001-01-01T00:00:00Z").status)

    def test_a_trust_without_impersonation_being_said_is_400(self):
        answer = self.create(impersonation=None)
        self.assertEqual(400, answer.status)
        self.assertIn("impersonation", answer.message)

    def test_another_user_cannot_enter(self):
        self.assertEqual(403, self.enter(self.made()["id"], "alt").status)

    def test_a_deleted_trust_is_404_and_ends_its_tokens(self):
        trust = self.made()
        token = self.enter(trust["id"]).headers["X-Subject-Token"]
        self.assertEqual(200, self.call("GET", "/network/v2.0/ports", token=token).status)
        answer = self.call("DELETE", f"{TRUSTS}/{trust['id']}", token=self.demo)
        self.assertEqual(204, answer.status)
        self.assertEqual(404, self.enter(trust["id"]).status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=token).status)
        self.assertEqual(404, self.call("GET", f"{TRUSTS}/{trust['id']}", token=self.demo).status)

    def test_the_trustee_may_look_at_a_trust_but_not_delete_it(self):
        trustee = self.token("alt")
        trust = self.made(trustee_user_id=seed.fixed_id("user", "alt"))
        url = f"{TRUSTS}/{trust['id']}"
        self.assertEqual(200, self.call("GET", url, token=trustee).status)
        self.assertEqual(403, self.call("DELETE", url, token=trustee).status)

    def test_a_stranger_may_not_look_at_a_trust(self):
        url = f"{TRUSTS}/{self.made()['id']}"
        self.assertEqual(403, self.call("GET", url, token=self.token("alt")).status)

    def test_a_user_lists_the_trusts_he_made(self):
        trust = self.made()
        url = f"{TRUSTS}?trustor_user_id={seed.fixed_id('user', 'demo')}"
        found = self.call("GET", url, token=self.demo).json["trusts"]
        self.assertEqual([trust["id"]], [one["id"] for one in found])

    def test_a_user_cannot_list_the_trusts_of_others(self):
        self.made()
        self.assertEqual(403, self.call("GET", TRUSTS, token=self.token("alt")).status)
        url = f"{TRUSTS}?trustor_user_id={seed.fixed_id('user', 'demo')}"
        self.assertEqual(403, self.call("GET", url, token=self.token("alt")).status)

    def test_the_roles_of_a_trust_are_listed(self):
        url = f"{TRUSTS}/{self.made()['id']}/roles"
        found = self.call("GET", url, token=self.demo).json["roles"]
        self.assertEqual(["member"], [role["name"] for role in found])

    def test_a_trust_ends_with_the_role_it_lends(self):
        trust = self.made()
        path = "/identity/v3/projects/{}/users/{}/roles/{}".format(
            seed.fixed_id("project", "demo"),
            seed.fixed_id("user", "demo"),
            seed.fixed_id("role", "member"),
        )
        self.call("DELETE", path, token=self.token("admin"))
        self.assertEqual(403, self.enter(trust["id"]).status)

    def test_a_trust_can_be_used_up(self):
        trust = self.made(remaining_uses=1)
        self.assertEqual(201, self.enter(trust["id"]).status)
        self.assertEqual(404, self.enter(trust["id"]).status)

    def test_a_token_of_a_trust_ends_with_the_trust(self):
        end = "2027-01-15T08:10:00Z"
        self.clock.seconds = 1_800_000_000.0
        trust = self.made(expires_at=end)
        token = self.enter(trust["id"]).json["token"]
        self.assertEqual("2027-01-15T08:10:00.000000Z", token["expires_at"])
        self.clock.seconds += 3600
        self.assertEqual(404, self.enter(trust["id"]).status)

    def test_a_token_of_a_trust_cannot_leave_it(self):
        token = self.enter(self.made()["id"]).headers["X-Subject-Token"]
        answer = self.login(harness.by_token(token), harness.in_project("demo"))
        self.assertEqual(403, answer.status)
        self.assertEqual(403, self.create(token=token).status)
