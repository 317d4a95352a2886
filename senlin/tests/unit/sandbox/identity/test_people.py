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

V3 = "/identity/v3"


class PeopleTest(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.admin = self.token("admin")
        self.demo = self.token("demo")

    def get(self, path, token=None):
        return self.call("GET", V3 + path, token=token or self.admin)

    def test_the_seeded_users_and_projects_are_there(self):
        users = {user["name"] for user in self.get("/users").json["users"]}
        self.assertEqual({"admin", "demo", "alt", "reader", "manager", "clustering"}, users)
        projects = {project["name"] for project in self.get("/projects").json["projects"]}
        self.assertEqual({"admin", "demo", "alt", "service"}, projects)

    def test_lists_are_filtered_by_name(self):
        (user,) = self.get("/users?name=demo").json["users"]
        self.assertEqual(seed.fixed_id("user", "demo"), user["id"])
        (role,) = self.get("/roles?name=member").json["roles"]
        self.assertEqual(seed.fixed_id("role", "member"), role["id"])

    def test_passwords_are_never_shown(self):
        self.assertNotIn("password_hash", self.get("/users").body.decode())

    def test_lists_are_for_admins(self):
        for path in ("/users", "/projects", "/roles", "/role_assignments", "/services"):
            self.assertEqual(403, self.get(path, self.demo).status, path)

    def test_a_user_sees_himself_and_his_projects(self):
        mine = f"/users/{seed.fixed_id('user', 'demo')}"
        self.assertEqual("demo", self.get(mine, self.demo).json["user"]["name"])
        (project,) = self.get(f"{mine}/projects", self.demo).json["projects"]
        self.assertEqual(("demo", True), (project["name"], project["enabled"]))
        self.assertIn("self", project["links"])
        other = f"/users/{seed.fixed_id('user', 'alt')}"
        self.assertEqual(403, self.get(other, self.demo).status)

    def test_a_user_sees_his_project_but_no_other(self):
        mine, other = (f"/projects/{seed.fixed_id('project', name)}" for name in ("demo", "alt"))
        self.assertEqual(200, self.get(mine, self.demo).status)
        self.assertEqual(403, self.get(other, self.demo).status)

    def test_a_new_user_with_a_role_in_a_new_project_can_log_in(self):
        user = {"user": {"name": "eve", "password": "apple"}}
        user = self.call("POST", f"{V3}/users", user, token=self.admin).json["user"]
        project = {"project": {"name": "garden"}}
        project = self.call("POST", f"{V3}/projects", project, token=self.admin).json["project"]
        role = seed.fixed_id("role", "member")
        grant = f"{V3}/projects/{project['id']}/users/{user['id']}/roles/{role}"
        self.assertEqual(404, self.call("HEAD", grant, token=self.admin).status)
        self.assertEqual(204, self.call("PUT", grant, token=self.admin).status)
        self.assertEqual(204, self.call("HEAD", grant, token=self.admin).status)
        answer = self.login(harness.password("eve", "apple"), harness.in_project("garden"))
        self.assertEqual(201, answer.status)

    def test_a_name_can_be_taken_once(self):
        body = {"user": {"name": "demo", "password": "x"}}
        self.assertEqual(409, self.call("POST", f"{V3}/users", body, token=self.admin).status)

    def test_a_user_changes_his_password(self):
        url = f"{V3}/users/{seed.fixed_id('user', 'demo')}/password"
        body = {"user": {"original_password": "secret", "password": "new"}}
        self.assertEqual(204, self.call("POST", url, body, token=self.demo).status)
        self.assertEqual(401, self.login(harness.password("demo")).status)
        self.assertEqual(201, self.login(harness.password("demo", "new")).status)

    def test_a_deleted_project_ends_the_tokens_in_it(self):
        url = f"{V3}/projects/{seed.fixed_id('project', 'demo')}"
        self.assertEqual(204, self.call("DELETE", url, token=self.admin).status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=self.demo).status)

    def test_assignments_are_listed_with_names_and_what_they_imply(self):
        user, project = seed.fixed_id("user", "demo"), seed.fixed_id("project", "demo")
        query = f"?user.id={user}&scope.project.id={project}"
        found = self.get(f"/role_assignments{query}&include_names").json["role_assignments"]
        self.assertEqual(["member"], [one["role"]["name"] for one in found])
        self.assertEqual("demo", found[0]["scope"]["project"]["name"])
        found = self.get(f"/role_assignments{query}&effective&include_names=True")
        names = {one["role"]["name"] for one in found.json["role_assignments"]}
        self.assertEqual({"member", "reader"}, names)

    def test_implied_roles_are_listed(self):
        (implied,) = self.get(f"/roles/{seed.fixed_id('role', 'member')}/implies").json[
            "role_inference"
        ]["implies"]
        self.assertEqual("reader", implied["name"])

    def test_an_admin_registers_an_endpoint_that_the_catalogue_then_shows(self):
        body = {"service": {"type": "clustering", "name": "senlin"}}
        service = self.call("POST", f"{V3}/services", body, token=self.admin).json["service"]
        body = {"endpoint": {"service_id": service["id"], "interface": "public", "url": "http://x"}}
        answer = self.call("POST", f"{V3}/endpoints", body, token=self.admin)
        self.assertEqual(201, answer.status)
        catalogue = self.get("/auth/catalog").json["catalog"]
        (entry,) = [entry for entry in catalogue if entry["type"] == "clustering"]
        self.assertEqual(["http://x"], [endpoint["url"] for endpoint in entry["endpoints"]])
        url = f"{V3}/services/{service['id']}"
        self.assertEqual(204, self.call("DELETE", url, token=self.admin).status)
        kinds = {entry["type"] for entry in self.get("/auth/catalog").json["catalog"]}
        self.assertNotIn("clustering", kinds)

    def test_regions_and_domains_are_shown(self):
        self.assertEqual("RegionOne", self.get("/regions").json["regions"][0]["id"])
        self.assertEqual("Default", self.get("/domains/default").json["domain"]["name"])

    def test_version_documents_are_keystone_s(self):
        answer = self.call("GET", "/identity")
        self.assertEqual(300, answer.status)
        self.assertEqual("v3.14", answer.json["versions"]["values"][0]["id"])
        self.assertEqual("stable", self.call("GET", V3).json["version"]["status"])
