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

from senlin.sandbox import application
from senlin.sandbox import faults
from senlin.sandbox import routing
from senlin.sandbox import web
from senlin.tests.unit import base
from senlin.tests.unit.sandbox import harness


class Thing(web.Service):
    """A service with microversions, to look at the application with."""

    name = "thing"
    root = "/thing"
    version = "/v1"
    microversion_type = "thing"
    min_microversion = (1, 1)
    max_microversion = (1, 5)
    legacy_microversion_header = "X-Thing-Version"

    def __init__(self):
        self.made = []

    def versions_document(self, request):
        return {"versions": []}

    def version_document(self, request):
        return {"version": "v1"}

    @web.route("GET", "/things/{thing_id}")
    def show(self, request, thing_id):
        return {"id": thing_id, "user": request.token.user_name, "mv": request.microversion}

    @web.route("GET", "/things/detail")
    def detail(self, request):
        return {"detail": True}

    @web.route("POST", "/things")
    def create(self, request):
        self.made.append(request.json())
        return web.Response(202, {"made": len(self.made)})

    @web.route("DELETE", "/things/{thing_id}")
    def delete(self, request, thing_id):
        return None

    @web.route("GET", "/broken")
    def broken(self, request):
        raise ZeroDivisionError

    @web.route("GET", "/open", authenticated=False)
    def open(self, request):
        return {"token": request.token is not None}


class ApplicationTest(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.thing = Thing()
        self.cloud.application.mount(self.thing)
        self.demo = self.token("demo")

    def get(self, path, **headers):
        return self.call("GET", f"/thing/v1{path}", token=self.demo, headers=headers)

    def knobs(self, **settings):
        self.cloud.knobs.replace(settings)

    def test_path_segments_reach_the_handler(self):
        self.assertEqual("7", self.get("/things/7").json["id"])

    def test_a_path_may_have_any_letters(self):
        self.assertEqual("gr\u00fcn", self.get("/things/gr%C3%BCn").json["id"])

    def test_a_literal_route_wins_over_a_parameter(self):
        self.assertEqual({"detail": True}, self.get("/things/detail").json)

    def test_the_handler_knows_the_caller(self):
        self.assertEqual("demo", self.get("/things/7").json["user"])

    def test_a_call_without_a_token_is_401_and_says_where_to_log_in(self):
        answer = self.call("GET", "/thing/v1/things/7")
        self.assertEqual(401, answer.status)
        self.assertIn("/identity", answer.headers["WWW-Authenticate"])

    def test_a_call_with_a_wrong_token_is_401(self):
        self.assertEqual(401, self.call("GET", "/thing/v1/things/7", token="nonsense").status)

    def test_an_open_route_needs_no_token(self):
        self.assertEqual({"token": False}, self.call("GET", "/thing/v1/open").json)
        self.assertEqual({"token": True}, self.get("/open").json)

    def test_version_documents_need_no_token(self):
        self.assertEqual(200, self.call("GET", "/thing").status)
        self.assertEqual({"version": "v1"}, self.call("GET", "/thing/v1/").json)

    def test_an_unknown_path_is_404_in_the_service_own_words(self):
        answer = self.get("/nothing")
        self.assertEqual(404, answer.status)
        self.assertEqual(404, answer.json["itemNotFound"]["code"])

    def test_an_unknown_method_is_405_and_names_the_others(self):
        answer = self.call("PATCH", "/thing/v1/things/7", token=self.demo)
        self.assertEqual((405, "DELETE, GET"), (answer.status, answer.headers["Allow"]))

    def test_an_unknown_service_is_404(self):
        self.assertEqual(404, self.call("GET", "/elsewhere/v1").status)

    def test_a_handler_that_gives_nothing_answers_204(self):
        answer = self.call("DELETE", "/thing/v1/things/7", token=self.demo)
        self.assertEqual((204, b""), (answer.status, answer.body))

    def test_head_is_answered_by_get_without_a_body(self):
        answer = self.call("HEAD", "/thing/v1/things/7", token=self.demo)
        self.assertEqual((200, b""), (answer.status, answer.body))

    def test_a_body_that_is_not_json_is_400(self):
        answer = self.call("POST", "/thing/v1/things", b"{", token=self.demo)
        self.assertEqual(400, answer.status)

    def test_a_failing_handler_is_a_500_with_a_request_id(self):
        self.useFixture(fixtures.FakeLogger("senlin.sandbox.application"))
        answer = self.get("/broken")
        self.assertEqual(500, answer.status)
        self.assertTrue(answer.headers["x-openstack-request-id"].startswith("req-"))

    def test_the_oldest_microversion_holds_when_none_is_asked_for(self):
        answer = self.get("/things/7")
        self.assertEqual([1, 1], answer.json["mv"])
        self.assertEqual("thing 1.1", answer.headers["OpenStack-API-Version"])

    def test_a_microversion_can_be_asked_for_in_both_headers(self):
        new = self.get("/things/7", **{"OpenStack-API-Version": "other 2.0, thing 1.3"})
        old = self.get("/things/7", **{"X-Thing-Version": "latest"})
        self.assertEqual(([1, 3], [1, 5]), (new.json["mv"], old.json["mv"]))

    def test_a_microversion_out_of_range_is_406(self):
        self.assertEqual(406, self.get("/things/7", **{"X-Thing-Version": "1.6"}).status)

    def test_a_malformed_microversion_is_400(self):
        self.assertEqual(400, self.get("/things/7", **{"X-Thing-Version": "new"}).status)

    def test_calls_are_counted_by_route(self):
        self.get("/things/1")
        self.get("/things/2")
        self.get("/nothing")
        found = self.call("GET", "/sandbox/counters").json["services"]["thing"]
        self.assertEqual({"GET /things/{thing_id}": 2, "GET (no route)": 1}, found["routes"])
        self.assertEqual({"404": 1}, found["failures"])

    def test_counters_can_be_set_to_zero(self):
        self.get("/things/1")
        self.assertEqual(204, self.call("DELETE", "/sandbox/counters").status)
        self.assertEqual(0, self.call("GET", "/sandbox/counters").json["total"])

    def test_an_error_rule_answers_instead_of_the_handler(self):
        self.knobs(rules=[{"kind": "error", "status": 503, "seconds": 2, "service": "thing"}])
        answer = self.call("POST", "/thing/v1/things", {}, token=self.demo)
        self.assertEqual((503, "2"), (answer.status, answer.headers["Retry-After"]))
        self.assertEqual([], self.thing.made)

    def test_a_rate_limit_rule_answers_429_with_retry_after(self):
        self.knobs(rules=[{"kind": "rate_limit", "seconds": 3, "count": 1}])
        answer = self.get("/things/7")
        self.assertEqual((429, "3"), (answer.status, answer.headers["Retry-After"]))
        self.assertEqual("3", answer.json["overLimit"]["retryAfter"])
        self.assertEqual(200, self.get("/things/7").status)

    def test_a_service_rate_limit_answers_429(self):
        self.knobs(rate_limits={"thing": 2})
        self.assertEqual([200, 200, 429], [self.get("/things/7").status for _ in range(3)])

    def test_a_reset_breaks_the_connection_before_the_work(self):
        self.knobs(rules=[{"kind": "reset", "service": "thing"}])
        self.assertRaises(
            application.ConnectionBroken,
            self.call, "POST", "/thing/v1/things", {}, token=self.demo,
        )  # fmt: skip
        self.assertEqual([], self.thing.made)

    def test_a_dropped_reply_breaks_the_connection_after_the_work(self):
        self.knobs(rules=[{"kind": "drop_reply", "service": "thing"}])
        self.assertRaises(
            application.ConnectionBroken,
            self.call, "POST", "/thing/v1/things", {"a": 1}, token=self.demo,
        )  # fmt: skip
        self.assertEqual([{"a": 1}], self.thing.made)

    def test_a_stopping_cloud_does_not_wait_for_injected_delays(self):
        self.knobs(latency=3000, rules=[{"kind": "delay", "seconds": 3000}])
        self.cloud.application.stop()
        self.assertEqual(200, self.get("/things/7").status)


class ControlTest(harness.SandboxTestCase):
    def test_knobs_can_be_set_one_by_one_or_all_at_once(self):
        self.call("PATCH", "/sandbox/knobs", {"active_delay": 4})
        answer = self.call("PATCH", "/sandbox/knobs", {"delete_delay": 2})
        self.assertEqual((4, 2), (answer.json["active_delay"], answer.json["delete_delay"]))
        answer = self.call("PUT", "/sandbox/knobs", {"delete_delay": 3})
        self.assertEqual((0.05, 3), (answer.json["active_delay"], answer.json["delete_delay"]))

    def test_a_bad_knob_is_400_and_named(self):
        answer = self.call("PATCH", "/sandbox/knobs", {"latency": "slow"})
        self.assertEqual(400, answer.status)
        self.assertIn("latency", answer.message)

    def test_a_reset_forgets_everything_but_the_seeds_and_the_knobs(self):
        token = self.token("demo")
        self.call("PATCH", "/sandbox/knobs", {"delete_delay": 2})
        before = self.call("GET", "/image/v2/images", token=token).json["images"]
        self.call("POST", "/image/v2/images", {"name": "mine"}, token=token)
        self.assertEqual(204, self.call("POST", "/sandbox/reset").status)
        self.assertEqual(401, self.call("GET", "/image/v2/images", token=token).status)
        after = self.call("GET", "/image/v2/images", token=self.token("demo")).json["images"]
        self.assertEqual([one["id"] for one in before], [one["id"] for one in after])
        self.assertEqual(2, self.call("GET", "/sandbox/knobs").json["delete_delay"])

    def test_injected_faults_never_hit_the_control_api(self):
        self.call("PUT", "/sandbox/knobs", {"rules": [{"kind": "error"}]})
        self.assertEqual(200, self.call("GET", "/sandbox/knobs").status)


class RouterTest(base.TestCase):
    def test_two_handlers_of_one_route_are_refused(self):
        router = routing.Router()
        router.add(routing.Route("GET", "/a/{b}", None))
        self.assertRaises(ValueError, router.add, routing.Route("GET", "/a/{c}", None))

    def test_a_dead_end_of_literals_falls_back_to_a_parameter(self):
        router = routing.Router()
        router.add(routing.Route("GET", "/a/fixed/x", None))
        router.add(routing.Route("GET", "/a/{name}/y", None))
        self.assertEqual({"name": "fixed"}, router.find("GET", "/a/fixed/y")[1])


class FaultsTest(base.TestCase):
    def test_each_service_words_a_404_in_its_own_way(self):
        fault = web.Fault(404, "It is gone.")
        self.assertEqual(
            {"itemNotFound": {"code": 404, "message": "It is gone."}}, faults.nova(fault, "req-1")
        )
        self.assertEqual(
            {"error": {"code": 404, "message": "It is gone.", "title": "Not Found"}},
            faults.keystone(fault, "req-1"),
        )
        self.assertEqual(
            {"NeutronError": {"type": "HTTPNotFound", "message": "It is gone.", "detail": ""}},
            faults.neutron(fault, "req-1"),
        )
        self.assertEqual("404 Not Found", faults.glance(fault, "req-1")["code"])
        (error,) = faults.placement(fault, "req-1")["errors"]
        self.assertEqual((404, "req-1"), (error["status"], error["request_id"]))
