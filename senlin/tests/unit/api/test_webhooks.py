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

"""Triggers of webhooks: no token, two forms of bodies (API contract, 3.12)."""

import json

import ddt

from senlin.common import exception
from senlin.tests.unit.api import base

ACTION = "8a0c6c1e-2e33-4b8a-9f41-3c5f8a1d7e11"


@ddt.ddt
class WebhookTest(base.ApiTestCase):
    def setUp(self):
        super().setUp()
        self.hook = self.insert("receiver", name="hook")
        self.engine.answers["webhook_trigger"] = {"action": ACTION}

    def trigger(self, query="?V=2", body=None, version=None, status=202, method="POST", **headers):
        if version is not None:
            headers["OpenStack-API-Version"] = f"clustering {version}"
        return self.app.request(
            f"/v1/webhooks/{self.hook['id']}/trigger{query}",
            method=method,
            headers=headers,
            status=status,
            **({} if body is None else {"body": body, "content_type": "application/json"}),
        )

    def inputs(self):
        ((method, arguments),) = self.engine.calls
        self.assertEqual("webhook_trigger", method)
        self.assertEqual(self.hook["id"], arguments["identity"])
        return arguments["params"]

    def test_nothing_but_the_address_is_needed(self):
        response = self.trigger("?V=2&count=1")
        self.assertEqual({"action": ACTION}, response.json)
        self.assertEqual(f"http://localhost:80/v1/actions/{ACTION}", response.headers["Location"])
        self.assertEqual({}, self.inputs())

    @ddt.data("", "?V=", "?v=2", "?count=1")
    def test_the_parameter_v_is_needed(self, query):
        response = self.trigger(query, status=400)
        self.assert_invalid(response, "The parameter 'V' is missing in the webhook's URL.")

    @ddt.data("unknown", "hook", "%C3%A9")
    def test_only_a_whole_id_leads_to_a_receiver(self, identity):
        for known in (identity, self.hook["id"][:8]):
            response = self.app.post(f"/v1/webhooks/{known}/trigger?V=2", status=404)
            self.assertEqual("ResourceNotFound", response.json["error"]["type"])

    @ddt.data("GET", "PUT", "DELETE", "PATCH")
    def test_other_methods_lead_nowhere(self, method):
        response = self.trigger(method=method, status=404)
        self.assertEqual(404, response.json["code"])

    @ddt.data("/v1/webhooks/x", "/v1/webhooks/x/trigger/", "/v1/webhooks/x/y/trigger")
    def test_other_addresses_need_a_token(self, path):
        self.app.post(f"{path}?V=2", status=401)

    @ddt.data(
        ("?V=2", None),
        ("?V=3", "1.0"),
        ("?V=1&V=1", "1.0"),
        ("?V=1", "1.10"),
    )
    @ddt.unpack
    def test_the_whole_body_is_the_inputs(self, query, version):
        self.trigger(query, b'{"count": 2, "params": {}}', version)
        self.assertEqual({"count": 2, "params": {}}, self.inputs())

    @ddt.data("{}", '{"params": null}', "", "[1]")
    def test_the_first_form_without_inputs(self, body):
        self.trigger("?V=1", body.encode(), "1.9")
        self.assertEqual({}, self.inputs())

    def test_the_first_form_has_its_inputs_apart(self):
        self.trigger("?V=1", b'{"params": {"count": 2}}', "1.9")
        self.assertEqual({"count": 2}, self.inputs())

    @ddt.data({"count": 2}, {"params": 1}, {"params": {}, "more": 1})
    def test_the_first_form_takes_nothing_else(self, body):
        self.trigger("?V=1", json.dumps(body).encode(), "1.9", status=400)
        self.assertEqual([], self.engine.calls)

    @ddt.data(b"[]", b"7", b"hello", b"{broken", b"\xff", b'"x"', b'{"a": NaN}')
    def test_a_body_that_is_no_object_is_none(self, body):
        self.trigger(body=body)
        self.assertEqual({}, self.inputs())

    @ddt.data(
        (exception.Forbidden(), 403),
        (exception.BadRequest("The referenced cluster 'c' could not be found."), 400),
        (exception.ActionConflict(type="t", target="x", actions="y"), 409),
    )
    @ddt.unpack
    def test_what_the_engine_refuses(self, error, status):
        self.engine.answers["webhook_trigger"] = error
        response = self.trigger(status=status)
        self.assert_refused(response, status, error.message)


class IdentityTest(base.ApiTestCase):
    """As whom the engine is asked."""

    def setUp(self):
        super().setUp()
        self.engine.webhook_trigger = self.answer
        self.contexts = []

    def answer(self, context, **arguments):
        self.contexts.append(context)
        return {"action": ACTION}

    def trigger(self, hook, **headers):
        self.app.post(f"/v1/webhooks/{hook['id']}/trigger?V=2", headers=headers)
        (context,) = self.contexts
        return context

    def test_the_owner_of_the_receiver(self):
        context = self.trigger(self.insert("receiver", user="u", project="p"))
        self.assertEqual(("u", "p"), (context.user_id, context.project_id))
        self.assertEqual("default", context.owner_fields["domain"])
        self.assertFalse(context.is_admin)

    def test_whom_the_receiver_acts_for(self):
        actor = {"user": "u", "project": "p", "domain": None}
        context = self.trigger(self.insert("receiver", actor=actor))
        self.assertEqual(("u", "p"), (context.user_id, context.project_id))

    def test_nobody_whom_the_caller_claims_to_be(self):
        context = self.trigger(
            self.insert("receiver", user="u", project="p"),
            **{
                "X-User-Id": "evil",
                "X-Project-Id": "evil",
                "X-Roles": "admin",
                "X-Auth-Token": "evil",
                "OpenStack-System-Scope": "all",
                "X-Service-Roles": "service",
            },
        )
        self.assertEqual(("u", "p"), (context.user_id, context.project_id))
        self.assertEqual(
            ([], [], None, None),
            (context.roles, context.service_roles, context.auth_token, context.system_scope),
        )
        self.assertFalse(context.is_admin)
