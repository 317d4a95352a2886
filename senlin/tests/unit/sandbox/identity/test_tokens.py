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

import fixtures

from senlin.sandbox.identity import seed
from senlin.tests.unit.sandbox import harness

TOKENS = "/identity/v3/auth/tokens"


class LoginTest(harness.SandboxTestCase):
    def test_a_password_and_a_project_give_a_scoped_token(self):
        answer = self.login(harness.password("demo"), harness.in_project("demo"))
        self.assertEqual(201, answer.status)
        token = answer.json["token"]
        self.assertEqual(("demo", "demo"), (token["user"]["name"], token["project"]["name"]))
        self.assertEqual({"id": "default", "name": "Default"}, token["project"]["domain"])
        self.assertEqual(["password"], token["methods"])

    def test_a_role_brings_the_roles_it_implies(self):
        scoped = {
            (user, project): self.roles(
                self.login(harness.password(user), harness.in_project(project))
            )
            for user, project in (
                ("admin", "demo"),
                ("manager", "demo"),
                ("demo", "demo"),
                ("reader", "demo"),
                ("clustering", "service"),
            )
        }
        everything = ["admin", "manager", "member", "reader"]
        self.assertEqual(everything, scoped["admin", "demo"])
        self.assertEqual(everything[1:], scoped["manager", "demo"])
        self.assertEqual(["member", "reader"], scoped["demo", "demo"])
        self.assertEqual(["reader"], scoped["reader", "demo"])
        self.assertEqual([*everything, "service"], scoped["clustering", "service"])

    def test_no_scope_gives_a_token_without_project_roles_and_catalogue(self):
        token = self.login(harness.password("demo")).json["token"]
        self.assertFalse({"project", "roles", "catalog"} & set(token))

    def test_a_wrong_password_is_401(self):
        answer = self.login(harness.password("demo", "wrong"), harness.in_project("demo"))
        self.assertEqual(401, answer.status)
        self.assertEqual(401, answer.json["error"]["code"])

    def test_an_unknown_user_is_401(self):
        self.assertEqual(401, self.login(harness.password("nobody")).status)

    def test_a_project_without_a_role_is_401(self):
        answer = self.login(harness.password("demo"), harness.in_project("alt"))
        self.assertEqual(401, answer.status)

    def test_a_body_without_auth_is_400(self):
        self.assertEqual(400, self.call("POST", TOKENS, {"user": "demo"}).status)

    def test_a_token_can_be_changed_into_one_of_a_project(self):
        unscoped = self.login(harness.password("demo")).headers["X-Subject-Token"]
        answer = self.login(harness.by_token(unscoped), harness.in_project("demo"))
        self.assertEqual(["password", "token"], answer.json["token"]["methods"])

    def test_a_token_made_from_a_token_does_not_live_longer(self):
        first = self.login(harness.password("demo"))
        self.clock.seconds += 1000
        second = self.login(
            harness.by_token(first.headers["X-Subject-Token"]), harness.in_project("demo")
        )
        self.assertEqual(first.json["token"]["expires_at"], second.json["token"]["expires_at"])

    def test_the_admin_has_a_role_on_the_system(self):
        answer = self.login(harness.password("admin"), {"system": {"all": True}})
        self.assertEqual({"all": True}, answer.json["token"]["system"])
        self.assertIn("admin", self.roles(answer))

    def test_users_have_no_role_on_the_domain(self):
        answer = self.login(harness.password("demo"), {"domain": {"id": "default"}})
        self.assertEqual(401, answer.status)

    def test_the_catalogue_lists_each_service_on_three_interfaces(self):
        token = self.login(harness.password("demo"), harness.in_project("demo")).json["token"]
        urls = {
            entry["type"]: {(e["interface"], e["region_id"], e["url"]) for e in entry["endpoints"]}
            for entry in token["catalog"]
        }
        url = f"{harness.BASE_URL}/network"
        expected = {(kind, "RegionOne", url) for kind in ("public", "internal", "admin")}
        self.assertEqual(expected, urls["network"])

    def test_nocatalog_leaves_the_catalogue_out(self):
        auth = {"identity": harness.password("demo"), "scope": harness.in_project("demo")}
        answer = self.call("POST", f"{TOKENS}?nocatalog", {"auth": auth})
        self.assertNotIn("catalog", answer.json["token"])


class ValidationTest(harness.SandboxTestCase):
    def validate(self, caller, subject, method="GET", query=""):
        headers = {"X-Subject-Token": subject}
        return self.call(method, TOKENS + query, token=caller, headers=headers)

    def test_a_service_learns_what_a_token_means(self):
        answer = self.validate(self.token("clustering", "service"), self.token("demo"))
        self.assertEqual("demo", answer.json["token"]["project"]["name"])
        self.assertIn("catalog", answer.json["token"])

    def test_everybody_may_look_at_his_own_token(self):
        mine = self.token("demo")
        self.assertEqual(200, self.validate(mine, mine).status)

    def test_a_user_may_not_look_at_the_token_of_another(self):
        self.assertEqual(403, self.validate(self.token("demo"), self.token("alt")).status)

    def test_an_unknown_token_is_404(self):
        self.assertEqual(404, self.validate(self.token("admin"), "nonsense").status)

    def test_head_says_whether_a_token_is_valid(self):
        admin = self.token("admin")
        self.assertEqual(200, self.validate(admin, self.token("demo"), "HEAD").status)
        self.assertEqual(404, self.validate(admin, "nonsense", "HEAD").status)

    def test_a_token_ends_with_its_lifetime(self):
        demo = self.token("demo")
        self.clock.seconds += 3601
        self.assertEqual(404, self.validate(self.token("admin"), demo).status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=demo).status)

    def test_an_expired_token_can_be_looked_at_with_allow_expired(self):
        demo = self.token("demo")
        self.clock.seconds += 3601
        answer = self.validate(self.token("admin"), demo, query="?allow_expired=1")
        self.assertEqual(200, answer.status)

    def test_tokens_that_ended_long_ago_are_thrown_away(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.identity.tokens._PURGE_EVERY", 3))
        old = self.token("demo")
        self.clock.seconds += 100_000
        new = [self.token("demo"), self.token("demo")]
        self.assertEqual(set(new), set(self.cloud.store.table("identity.tokens")))
        self.assertNotIn(old, new)

    def test_a_revoked_token_is_worth_nothing(self):
        demo = self.token("demo")
        self.assertEqual(204, self.validate(demo, demo, "DELETE").status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=demo).status)

    def test_a_disabled_user_loses_his_tokens(self):
        demo = self.token("demo")
        self.call("GET", "/network/v2.0/ports", token=demo)
        url = f"/identity/v3/users/{seed.fixed_id('user', 'demo')}"
        self.call("PATCH", url, {"user": {"enabled": False}}, token=self.token("admin"))
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=demo).status)

    def test_a_user_without_roles_loses_his_tokens(self):
        demo = self.token("demo")
        ids = [seed.fixed_id(*one) for one in (("project", "demo"), ("user", "demo"))]
        url = f"/identity/v3/projects/{ids[0]}/users/{ids[1]}/roles/"
        role = seed.fixed_id("role", "member")
        self.assertEqual(204, self.call("DELETE", url + role, token=self.token("admin")).status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=demo).status)

    def test_a_bearer_sees_his_projects_and_the_catalogue(self):
        admin = self.token("admin")
        found = self.call("GET", "/identity/v3/auth/projects", token=admin).json["projects"]
        self.assertEqual(["admin", "demo"], [project["name"] for project in found])
        found = self.call("GET", "/identity/v3/auth/catalog", token=admin).json["catalog"]
        self.assertEqual({"identity", "network", "image"}, {entry["type"] for entry in found})
