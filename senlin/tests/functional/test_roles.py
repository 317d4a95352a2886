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

"""What every role may do, asked of a running service and written to a page."""

import string

import requests

from senlin.api import routes
from senlin.tests import pages
from senlin.tests.functional import base
from senlin.tests.functional import calls
from senlin.tests.functional import programs

PAGE = "configuration/roles.csv"
#: Column of the page -> (cloud in clouds.yaml, user in place of its own).
ROLES = {
    "reader": ("senlin-reader", {}),
    "member": ("senlin", {}),
    "manager": ("senlin", {"username": "manager"}),
    "admin": ("senlin", {"username": "admin"}),
    "service": ("senlin", {"username": "queue"}),
    "member elsewhere": ("senlin-other", {}),
    "admin elsewhere": ("senlin-admin", {}),
}
#: These change what they are allowed to: each gets objects of its own.
_CHANGING = ("member", "manager", "admin", "admin elsewhere")


class RoleMatrixTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self._make_service_user()
        self.url = self.service.cloud.endpoint_for("clustering")
        # An administrator sees how the actions of all projects end.
        self.watcher = programs.Client()
        self.watcher.clustering = self.service.connect("senlin-admin").clustering
        self.tokens = {"no token": None}
        for role, (cloud, user) in ROLES.items():
            auth = {**self.service.clouds[cloud]["auth"], **user}
            self.tokens[role] = self.service.connect(cloud, auth=auth).auth_token

    def _make_service_user(self):
        identity = self.service.connect("senlin-admin").identity
        project = identity.find_project("demo")
        user = identity.create_user(name="queue", password="secret", domain_id="default")
        role = identity.find_role("service")
        identity.assign_project_role_to_user(project, user, role)

    def test_each_call_answers_each_role_as_the_page_says(self):
        made = calls.Requests(self.service)
        rows = [
            self._row(made, method, path, call.rule)
            for path, methods in routes.ROUTES.items()
            for method, call in methods.items()
        ]
        self.assertEqual([], pages.difference(PAGE, rows))

    def _row(self, made, method, path, rule):
        row = {"call": f"{method} {path}", "rule": rule}
        request = made.make(method, path)
        for role in self.tokens:
            if method != "GET" and role in _CHANGING:
                request = made.make(method, path)
            row[role] = str(self._status(method, path, request, role))
        return row

    def _status(self, method, path, request, role):
        filled = string.Template(path.replace("{", "${")).substitute(request.names)
        headers = {"OpenStack-API-Version": "clustering 1.14"}
        if self.tokens[role] is not None:
            headers["X-Auth-Token"] = self.tokens[role]
        query = "?V=2" if "webhooks" in path else ""
        answer = requests.request(
            method, f"{self.url}/v1{filled}{query}", json=request.body, headers=headers, timeout=30
        )
        self.assertLess(answer.status_code, 500, answer.text)
        if answer.status_code == 202 and "Location" in answer.headers:
            self.watcher.wait(answer.headers["Location"].rpartition("/")[2])
        return answer.status_code
