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


"""Bodies, headers and hostile input (API contract, 2.2, 4.1 and 5)."""

import io
import json
import logging

import ddt
import fixtures
from oslo_context import context as oslo_context
import webtest

from senlin.api import app
from senlin.api import body
from senlin.common import exception
from senlin.tests.unit import base as unit_base
from senlin.tests.unit.api import base


class HeaderTest(base.ApiTestCase):
    def test_every_response_has_a_request_id(self):
        self.engine.answers["profile_delete"] = None
        responses = [
            self.app.get("/", status=300),
            self.app.get("/v1/clusters", status=401),
            self.app.get("/v9", status=404),
            self.app.get("/healthcheck", status=200),
            self.get("/v1/nothing", status=404),
            self.get("/v1/build-info"),
            self.delete("/v1/profiles/x", status=204),
        ]
        for response in responses:
            self.assertRegex(response.headers["X-OpenStack-Request-ID"], "^req-[0-9a-f-]{36}$")

    def test_a_line_break_in_a_path_makes_no_line_in_the_log(self):
        log = self.useFixture(fixtures.FakeLogger("senlin.api", level=logging.INFO))
        self.get("/v1/clusters/a%0Aforged", status=404)
        self.assertIn("/v1/clusters/a%0Aforged", log.output)
        self.assertNotIn("\nforged", log.output)

    def test_a_request_without_token_is_not_logged_as_somebody_elses(self):
        self.get("/v1/build-info")
        self.assertEqual(base.USER, oslo_context.get_current().user_id)
        refused = self.app.get("/v1/clusters", status=401)
        self.assertIsNone(oslo_context.get_current().user_id)
        self.assertEqual(
            refused.headers["X-OpenStack-Request-ID"], oslo_context.get_current().request_id
        )

    def test_the_callers_request_id_is_not_taken_for_ours(self):
        callers = "req-11111111-2222-3333-4444-555555555555"
        response = self.get("/v1/build-info", **{"X-OpenStack-Request-ID": callers})
        self.assertNotEqual(callers, response.headers["X-OpenStack-Request-ID"])

    def test_an_empty_response_has_neither_type_nor_body(self):
        self.engine.answers["profile_delete"] = None
        response = self.delete("/v1/profiles/x", status=204)
        self.assertEqual(b"", response.body)
        self.assertNotIn("Content-Type", response.headers)

    def test_errors_are_json_whatever_the_client_accepts(self):
        response = self.get("/v1/clusters/x", status=404, Accept="text/html")
        self.assertEqual("application/json", response.content_type)

    def test_json_is_answered_whatever_the_client_accepts(self):
        response = self.get("/v1/clusters", Accept="application/xml")
        self.assertEqual({"clusters": []}, response.json)

    def test_a_get_has_no_location(self):
        self.assertNotIn("Location", self.get("/v1/clusters").headers)

    def test_a_location_includes_the_prefix_and_ends_with_the_id(self):
        self.engine.answers["cluster_delete"] = {"action": "the-id"}
        response = self.app.delete(
            "/v1/clusters/c",
            headers=self.headers(),
            extra_environ={"SCRIPT_NAME": "/clustering", "HTTP_HOST": "cloud.test"},
            status=202,
        )
        self.assertEqual(
            "http://cloud.test/clustering/v1/actions/the-id", response.headers["Location"]
        )

    def test_proxies_are_believed_where_the_operator_says_so(self):
        self.config(group="oslo_middleware", enable_proxy_headers_parsing=True)
        application = app.build_application(
            self.conf, engine=self.engine, authentication=base.FakeKeystone
        )
        headers = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "public.test",
            "X-Forwarded-Prefix": "/cl",
        }
        element = (
            webtest.TestApp(application).get("/", headers=headers, status=300).json["versions"][0]
        )
        self.assertEqual("https://public.test/cl/v1", element["links"][0]["href"])

    def test_proxies_are_not_believed_by_default(self):
        headers = {"X-Forwarded-Host": "evil.test"}
        element = self.app.get("/", headers=headers, status=300).json["versions"][0]
        self.assertNotIn("evil.test", element["links"][0]["href"])


class CorsTest(base.ApiTestCase):
    def test_it_is_off_by_default(self):
        response = self.app.options(
            "/v1/clusters", headers={"Origin": "http://ui.test"}, status="*"
        )
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)

    def test_a_configured_origin_may_ask_and_gets_a_request_id(self):
        self.config(group="cors", allowed_origin=["http://ui.test"])
        application = app.build_application(
            self.conf, engine=self.engine, authentication=base.FakeKeystone
        )
        headers = {"Origin": "http://ui.test", "Access-Control-Request-Method": "PATCH"}
        response = webtest.TestApp(application).options("/v1/clusters", headers=headers)
        self.assertEqual("http://ui.test", response.headers["Access-Control-Allow-Origin"])
        self.assertIn("X-OpenStack-Request-ID", response.headers)


class FaultTest(base.ApiTestCase):
    def test_a_fault_has_the_four_keys_of_the_contract(self):
        response = self.get("/v1/clusters/x", status=404)
        self.assertEqual({"code", "title", "explanation", "error"}, set(response.json))
        self.assertEqual(
            {
                "code": 404,
                "message": "The cluster 'x' could not be found.",
                "type": "ResourceNotFound",
            },
            response.json["error"],
        )
        self.assertEqual("Not Found", response.json["title"])

    def test_an_unexpected_error_tells_nothing_but_the_request_id(self):
        self.engine.answers["profile_type_list"] = KeyError("secret detail")
        response = self.get("/v1/profile-types", status=500)
        self.assertNotIn("secret detail", response.text)
        self.assertIn(response.headers["X-OpenStack-Request-ID"], response.json["error"]["message"])

    def test_an_engine_that_does_not_answer_is_503_with_retry_after(self):
        self.engine.answers["profile_type_list"] = exception.ServiceUnavailable()
        response = self.get("/v1/profile-types", status=503)
        self.assertEqual("ServiceUnavailable", response.json["error"]["type"])
        self.assertGreater(int(response.headers["Retry-After"]), 0)

    def test_a_message_that_quotes_a_huge_request_is_cut(self):
        self.engine.answers["policy_create"] = exception.InvalidSpec("x" * 500_000)
        response = self.post("/v1/policies", {"policy": {"name": "p", "spec": {}}}, status=400)
        message = response.json["error"]["message"]
        self.assertEqual(10_004, len(message))
        self.assertTrue(message.endswith("x ..."))

    def test_lines_of_a_message_are_kept(self):
        text = "Nodes ['a'] already owned by some cluster.\nNodes not found: ['b']."
        self.engine.answers["cluster_add_nodes"] = exception.BadRequest(text)
        response = self.post(
            "/v1/clusters/c/actions", {"add_nodes": {"nodes": ["a", "b"]}}, status=400
        )
        self.assert_refused(response, 400, text, "BadRequest")


@ddt.ddt
class RoutingTest(base.ApiTestCase):
    @ddt.data(
        ("GET", "/v1/nothing"),
        ("GET", "/v1/clusters/"),
        ("GET", "/v1/clusters//actions"),
        ("GET", "/v1//clusters"),
        ("GET", "/v1/clusters/x/metadata"),
        ("PUT", "/v1/clusters"),
        ("DELETE", "/v1/clusters"),
        ("HEAD", "/v1/clusters"),
        ("OPTIONS", "/v1/clusters"),
        ("PATCH", "/v1/events/x"),
        ("DELETE", "/v1/actions/x"),
        ("GET", "/v1/clusters/x/attrs/"),
        ("POST", "/v1/webhooks/x/trigger?V=2"),
    )
    @ddt.unpack
    def test_an_address_that_is_not_served_is_404(self, method, path):
        response = self.app.request(path, method=method, headers=self.headers(), status=404)
        if method != "HEAD":
            self.assertEqual(404, response.json["error"]["code"])

    def test_validate_is_an_identity_for_other_methods(self):
        response = self.get("/v1/profiles/validate", status=404)
        self.assert_not_found(response, "profile", "validate")

    def test_a_suffix_is_part_of_the_identity(self):
        response = self.get("/v1/clusters/web.json", status=404)
        self.assert_not_found(response, "cluster", "web.json")

    def test_an_identity_is_decoded_once(self):
        response = self.get("/v1/clusters/a%2520b", status=404)
        self.assert_not_found(response, "cluster", "a%20b")

    def test_an_identity_may_be_any_text(self):
        response = self.get("/v1/clusters/%E4%B8%AD%27%25_", status=404)
        self.assert_not_found(response, "cluster", "中'%_")

    def test_a_method_override_is_not_honoured(self):
        self.post("/v1/clusters?_method=DELETE", {}, status=400)


@ddt.ddt
class BodyHandlingTest(base.ApiTestCase):
    def send_raw(self, raw, content_type="application/json", path="/v1/clusters", status=400):
        headers = self.headers()
        if content_type is not None:
            headers["Content-Type"] = content_type
        return webtest.TestApp(self.application, lint=False).request(
            path, method="POST", body=raw, headers=headers, status=status
        )

    @ddt.data(
        None,
        "",
        "text/plain",
        "application/json",
        "application/json; charset=UTF-8",
        "Application/JSON",
        "application/vnd.api+json",
    )
    def test_a_body_of_this_type_is_read(self, content_type):
        response = self.send_raw(b' \n{"wrong": {}}', content_type)
        self.assert_invalid(response, "Request body missing 'cluster' key.")

    @ddt.data("application/xml", "application/x-www-form-urlencoded", "multipart/form-data")
    def test_a_body_of_another_type_counts_as_none(self, content_type):
        response = self.send_raw(b'{"wrong": {}}', content_type)
        self.assertIn("malformed", response.json["error"]["message"])

    @ddt.data(b"[]", b'"x"', b"1", b"null", b"true", b"", b"   ")
    def test_what_is_no_object_counts_as_none(self, raw):
        response = self.send_raw(raw)
        self.assertIn("malformed", response.json["error"]["message"])

    @ddt.data(
        b"{",
        b'{"cluster": }',
        b'{"cluster": NaN}',
        b'{"cluster": Infinity}',
        b'{"cluster": -Infinity}',
        b'{"cluster": 1e999}',
        b'{"cluster": ' + b"9" * 5000 + b"}",
        b'{"cluster": "\xff"}',
        b'{"cluster": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"cluster": {"name": "a\\u0000b"}}',
        b'{"cluster": "\x00"}',
        b'{"cluster": ' + b"[" * 101 + b"]" * 101 + b"}",
        b'{"cluster": ' + b"[" * 200000,
        b"\xfe\xff",
    )
    def test_bytes_that_are_no_storable_json_are_400(self, raw):
        response = self.send_raw(raw)
        self.assertEqual("HTTPBadRequest", response.json["error"]["type"])
        self.assertEqual([], self.engine.calls)

    def test_the_last_of_duplicate_keys_wins(self):
        self.engine.answers["profile_create"] = self.row("profile")
        raw = b'{"profile": {"name": "a", "name": "b", "spec": {}}}'
        self.send_raw(raw, path="/v1/profiles", status=201)
        self.assertEqual("b", self.engine.calls[0][1]["name"])

    def test_a_pair_of_surrogates_is_a_character(self):
        self.engine.answers["profile_create"] = self.row("profile")
        raw = b'{"profile": {"name": "a", "spec": {"x": "\\ud83d\\ude00"}}}'
        self.send_raw(raw, path="/v1/profiles", status=201)
        self.assertEqual({"x": "😀"}, self.engine.calls[0][1]["spec"])

    def test_a_large_body_is_refused(self):
        response = self.send_raw(b"{" + b" " * 1048576 + b"}")
        self.assertEqual("RequestLimitExceeded", response.json["error"]["type"])

    def test_a_large_body_without_a_length_is_refused(self):
        raw = b"{" + b" " * 1048576 + b"}"
        environ = webtest.TestRequest.blank("/v1/clusters", method="POST").environ
        environ.update(
            {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in self.headers().items()}
        )
        environ["wsgi.input"] = io.BytesIO(raw)
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
        environ.pop("CONTENT_LENGTH", None)
        statuses = []
        chunks = self.application(environ, lambda status, headers: statuses.append(status))
        self.assertEqual(["400 Bad Request"], statuses)
        self.assertEqual("RequestLimitExceeded", json.loads(b"".join(chunks))["error"]["type"])

    def test_a_length_that_is_no_number_is_refused(self):
        response = webtest.TestApp(self.application, lint=False).get(
            "/v1/clusters",
            headers=self.headers(),
            extra_environ={"CONTENT_LENGTH": "many"},
            status=400,
        )
        self.assertIn("Content-Length", response.json["error"]["message"])

    def test_a_body_on_a_get_is_ignored(self):
        response = self.send("GET", "/v1/clusters", {"x": 1}, status=200)
        self.assertEqual({"clusters": []}, response.json)

    def test_a_body_on_a_profiles_delete_is_ignored(self):
        self.engine.answers["profile_delete"] = None
        self.delete("/v1/profiles/x", {"x": 1}, status=204)

    def test_keys_beside_the_wrapper_are_ignored(self):
        self.engine.answers["profile_create"] = self.row("profile")
        self.post("/v1/profiles", {"profile": {"name": "a", "spec": {}}, "x": 1}, status=201)

    @ddt.data(
        "/v1/clusters/a%00b",
        "/v1/clusters?name=a%00b",
        "/v1/clusters/%ff",
        "/v1/clusters?name=%ff",
        "/v1/clusters?%00=1",
    )
    def test_an_address_that_is_no_text_is_400(self, path):
        response = self.app.get(path, headers=self.headers(), status=400)
        self.assertEqual("HTTPBadRequest", response.json["error"]["type"])

    def test_thousands_of_parameters_are_refused(self):
        path = "/v1/clusters?" + "&".join(f"name=n{i}" for i in range(1001))
        self.get(path, status=400)


@ddt.ddt
class DecodeTest(unit_base.TestCase):
    def test_brackets_in_texts_do_not_count_as_nesting(self):
        raw = json.dumps({"a": "[" * 500 + '\\"' + "{" * 500}).encode()
        self.assertEqual("[" * 500 + '\\"' + "{" * 500, body.decode(raw)["a"])

    def test_many_lists_beside_each_other_are_fine(self):
        raw = json.dumps({"a": [[] for _ in range(500)]}).encode()
        self.assertEqual(500, len(body.decode(raw)["a"]))

    def test_a_hundred_levels_are_fine(self):
        raw = b'{"a": ' + b"[" * 99 + b"]" * 99 + b"}"
        self.assertIn("a", body.decode(raw))
