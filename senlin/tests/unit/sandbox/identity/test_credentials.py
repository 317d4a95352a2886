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

import hashlib

from keystoneclient.contrib.ec2 import utils

from senlin.sandbox.identity import seed
from senlin.tests.unit.sandbox import harness

DEMO = seed.fixed_id("user", "demo")
APPLICATION = f"/identity/v3/users/{DEMO}/application_credentials"
EC2 = f"/identity/v3/users/{DEMO}/credentials/OS-EC2"


class ApplicationCredentialTest(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")

    def create(self, token=None, **values):
        body = {"application_credential": {"name": "robot", **values}}
        return self.call("POST", APPLICATION, body, token=token or self.demo)

    def made(self, **values):
        answer = self.create(**values)
        self.assertEqual(201, answer.status, answer.body)
        return answer.json["application_credential"]

    def enter(self, credential, secret=None):
        section = {"id": credential["id"], "secret": secret or credential["secret"]}
        methods = ["application_credential"]
        return self.login({"methods": methods, "application_credential": section})

    def test_id_and_secret_give_a_token_of_the_project(self):
        answer = self.enter(self.made())
        self.assertEqual("demo", answer.json["token"]["project"]["name"])
        self.assertEqual(["member", "reader"], self.roles(answer))
        self.assertEqual(
            {"name": "robot", "restricted": True},
            {k: answer.json["token"]["application_credential"][k] for k in ("name", "restricted")},
        )

    def test_name_and_user_do_for_the_id(self):
        made = self.made()
        user = {"name": "demo", "domain": {"id": "default"}}
        section = {"name": "robot", "user": user, "secret": made["secret"]}
        methods = ["application_credential"]
        answer = self.login({"methods": methods, "application_credential": section})
        self.assertEqual(201, answer.status)

    def test_a_wrong_secret_is_401(self):
        self.assertEqual(401, self.enter(self.made(), "wrong").status)

    def test_roles_can_be_fewer(self):
        made = self.made(roles=[{"name": "reader"}])
        self.assertEqual(["reader"], self.roles(self.enter(made)))

    def test_the_secret_is_shown_only_once(self):
        made = self.made(secret="mine")
        self.assertEqual("mine", made["secret"])
        shown = self.call("GET", f"{APPLICATION}/{made['id']}", token=self.demo)
        self.assertNotIn("mine", shown.body.decode())
        (listed,) = self.call("GET", APPLICATION, token=self.demo).json["application_credentials"]
        self.assertEqual(made["id"], listed["id"])

    def test_a_name_can_be_taken_once(self):
        self.made()
        self.assertEqual(409, self.create().status)

    def test_only_the_user_himself_may_make_one(self):
        self.assertEqual(403, self.create(token=self.token("admin")).status)

    def test_a_restricted_one_cannot_make_another_or_a_trust(self):
        token = self.enter(self.made()).headers["X-Subject-Token"]
        self.assertEqual(403, self.create(token=token, name="second").status)
        trust = {
            "trustor_user_id": DEMO,
            "trustee_user_id": seed.fixed_id("user", "clustering"),
            "project_id": seed.fixed_id("project", "demo"),
            "impersonation": True,
            "roles": [{"name": "member"}],
        }
        answer = self.call("POST", "/identity/v3/OS-TRUST/trusts", {"trust": trust}, token=token)
        self.assertEqual(403, answer.status)

    def test_a_deleted_one_ends_its_tokens(self):
        made = self.made()
        token = self.enter(made).headers["X-Subject-Token"]
        self.assertEqual(200, self.call("GET", "/network/v2.0/ports", token=token).status)
        answer = self.call("DELETE", f"{APPLICATION}/{made['id']}", token=self.demo)
        self.assertEqual(204, answer.status)
        self.assertEqual(401, self.call("GET", "/network/v2.0/ports", token=token).status)
        self.assertEqual(401, self.enter(made).status)


class Ec2Test(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")
        body = {"tenant_id": seed.fixed_id("project", "demo")}
        answer = self.call("POST", EC2, body, token=self.demo)
        self.assertEqual(201, answer.status)
        self.credential = answer.json["credential"]

    def signed(self, secret):
        request = {
            "access": self.credential["access"],
            "host": "127.0.0.1:8000",
            "verb": "GET",
            "path": "/v1/",
            "params": {
                "Action": "DescribeAutoScalingGroups",
                "SignatureVersion": "2",
                "SignatureMethod": "HmacSHA256",
                "AWSAccessKeyId": self.credential["access"],
            },
            "headers": {},
            "body_hash": hashlib.sha256(b"").hexdigest(),
        }
        signer = utils.Ec2Signer(secret)
        copied = {**request, "params": dict(request["params"])}
        return {**request, "signature": signer.generate(copied)}

    def exchange(self, credentials, token=None):
        token = token or self.token("clustering", "service")
        body = {"credentials": credentials}
        return self.call("POST", "/identity/v3/ec2tokens", body, token=token)

    def test_a_signed_request_gives_a_token_of_who_signed_it(self):
        answer = self.exchange(self.signed(self.credential["secret"]))
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual("demo", answer.json["token"]["user"]["name"])
        token = answer.headers["X-Subject-Token"]
        self.assertEqual(200, self.call("GET", "/network/v2.0/ports", token=token).status)

    def test_a_wrong_signature_is_401(self):
        self.assertEqual(401, self.exchange(self.signed("wrong")).status)

    def test_an_unknown_signature_version_is_401(self):
        credentials = self.signed(self.credential["secret"])
        credentials["params"]["SignatureVersion"] = "9"
        self.assertEqual(401, self.exchange(credentials).status)

    def test_only_a_service_may_ask(self):
        answer = self.exchange(self.signed(self.credential["secret"]), token=self.demo)
        self.assertEqual(403, answer.status)

    def test_keys_are_listed_shown_and_deleted(self):
        (listed,) = self.call("GET", EC2, token=self.demo).json["credentials"]
        self.assertEqual(self.credential["access"], listed["access"])
        url = f"{EC2}/{listed['access']}"
        shown = self.call("GET", url, token=self.demo).json["credential"]
        self.assertEqual(self.credential["secret"], shown["secret"])
        self.assertEqual(204, self.call("DELETE", url, token=self.demo).status)
        self.assertEqual(404, self.call("GET", url, token=self.demo).status)

    def test_another_user_cannot_see_them(self):
        self.assertEqual(403, self.call("GET", EC2, token=self.token("alt")).status)
