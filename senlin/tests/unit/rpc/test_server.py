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

import threading
import time

from senlin.common import context as senlin_context
from senlin.common import exception
from senlin.common import turns
from senlin.rpc import client
from senlin.rpc import server
from senlin.tests.unit.rpc import base


class Endpoint:
    """Answers a few of the requests that the client knows."""

    target = server.TARGET

    def __init__(self):
        self.contexts = []
        self.entered = threading.Semaphore(0)
        self.release = threading.Event()

    @server.request
    def profile_type_list(self, context):
        self.contexts.append(context)
        return [{"name": "os.thing"}]

    @server.request
    def profile_type_get(self, context, type_name):
        raise exception.ResourceNotFound(type="profile_type", id=type_name)

    @server.request
    def profile_type_ops(self, context, type_name):
        raise RuntimeError("the password is 1234")

    @server.request
    def policy_type_list(self, context):
        self.entered.release()
        self.release.wait(20)
        return []

    def policy_type_get(self, context, type_name):
        raise AssertionError("not a request")


class TestServer(base.BusTestCase):
    def setUp(self):
        super().setUp()
        self.endpoint = Endpoint()
        self.client = client.EngineClient(self.transport)
        self.context = senlin_context.RequestContext(
            user_id="u1", project_id="p1", is_admin=True, request_id="req-7", overwrite=False
        )

    def start(self, **options):
        options.setdefault("topic", f"topic-{self.id()}")
        self.client = client.EngineClient(self.transport, topic=options["topic"])
        request_server = server.RequestServer(self.transport, [self.endpoint], "host-1", **options)
        request_server.start()
        self.addCleanup(request_server.stop, 5)
        self.addCleanup(self.endpoint.release.set)
        return request_server

    def test_a_result_comes_back(self):
        self.start()
        self.assertEqual([{"name": "os.thing"}], self.client.profile_type_list(self.context))

    def test_the_requesters_context_arrives(self):
        self.start()
        self.client.profile_type_list(self.context)
        seen = self.endpoint.contexts[0]
        self.assertEqual(
            ("u1", "p1", True, "req-7"),
            (seen.user_id, seen.project_id, seen.is_admin, seen.request_id),
        )

    def test_an_error_comes_back_as_its_own_class(self):
        self.start()
        error = self.assertRaises(
            exception.ResourceNotFound,
            self.client.profile_type_get,
            self.context,
            type_name="os.none-1.0",
        )
        self.assertEqual("The profile_type 'os.none-1.0' could not be found.", error.message)

    def test_an_unexpected_error_tells_nothing_but_the_requests_id(self):
        self.start()
        error = self.assertRaises(
            exception.InternalError, self.client.profile_type_ops, self.context, type_name="x"
        )
        self.assertIn("req-7", error.message)
        self.assertNotIn("1234", error.message)

    def test_only_requests_can_be_called(self):
        self.start()
        self.assertRaises(
            exception.ServiceUnavailable, self.client.policy_type_get, self.context, type_name="x"
        )

    def test_too_many_requests_are_refused_at_once(self):
        request_server = self.start(threads=1, queue=1)
        callers = [threading.Thread(target=self.call_slow) for _ in range(2)]
        self.answers = []
        callers[0].start()
        self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        callers[1].start()
        self.wait_for(lambda: request_server.waiting == 1)
        error = self.assertRaises(
            exception.ServiceUnavailable, self.client.profile_type_list, self.context
        )
        self.assertEqual(503, error.http_code)
        # The one that was refused is done with: two are no crowd.
        self.assertEqual(float("-inf"), request_server.crowded_at)
        self.endpoint.release.set()
        for caller in callers:
            caller.join(10)
        self.assertEqual([[], []], self.answers)

    def test_a_request_that_comes_while_two_are_answered_makes_a_crowd(self):
        request_server = self.start(threads=3)
        for _ in range(5):
            self.client.profile_type_list(self.context)
        self.assertEqual(float("-inf"), request_server.crowded_at)
        self.answers = []
        callers = [threading.Thread(target=self.call_slow) for _ in range(2)]
        for caller in callers:
            caller.start()
            self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        before = time.monotonic()
        self.client.profile_type_list(self.context)
        self.assertTrue(before < request_server.crowded_at < time.monotonic())
        self.endpoint.release.set()
        for caller in callers:
            caller.join(10)

    def test_one_call_too_many_of_a_client_is_refused_after_a_moment(self):
        self.start()
        limited = client.EngineClient(self.transport, limit=1, topic=f"topic-{self.id()}")
        caller = threading.Thread(target=limited.policy_type_list, args=[self.context])
        caller.start()
        self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        error = self.assertRaises(
            exception.ServiceUnavailable, limited.profile_type_list, self.context
        )
        self.assertEqual(5, error.retry_after)
        self.endpoint.release.set()
        caller.join(10)
        self.assertEqual([{"name": "os.thing"}], limited.profile_type_list(self.context))

    def test_who_waits_for_an_engine_has_passed_its_turn_on(self):
        self.start()
        waiting = turns.Turns(size=2, at_once=1, patience=1000.0)
        waiting.put(self.context, timeout=0)
        caller = threading.Thread(
            target=lambda: self.client.policy_type_list(waiting.get()), daemon=True
        )
        caller.start()
        self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        waiting.put("next", timeout=0)
        taken = []
        other = threading.Thread(target=lambda: taken.append(waiting.get()), daemon=True)
        other.start()
        other.join(5)
        self.assertEqual(["next"], taken)
        self.endpoint.release.set()
        caller.join(10)

    def test_a_bus_that_works_takes_a_message_that_nobody_gets(self):
        self.client.ping()

    def test_a_request_whose_client_gave_up_is_not_carried_out(self):
        request_server = self.start(threads=1, patience=0.5)
        self.answers = []
        caller = threading.Thread(target=self.call_slow)
        caller.start()
        self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        impatient = client.EngineClient(self.transport, timeout=1, topic=f"topic-{self.id()}")
        self.assertRaises(exception.ServiceUnavailable, impatient.profile_type_list, self.context)
        self.endpoint.release.set()
        caller.join(10)
        self.wait_for(lambda: request_server.waiting == 0)
        self.assertTrue(request_server.stop(5))
        self.assertEqual([], self.endpoint.contexts)

    def test_nobody_to_answer_is_service_unavailable(self):
        lonely = client.EngineClient(self.transport, timeout=0.2, topic="topic-nobody")
        self.assertRaises(exception.ServiceUnavailable, lonely.profile_type_list, self.context)

    def test_stopping_is_bounded_by_its_deadline(self):
        request_server = self.start(threads=1)
        self.answers = []
        caller = threading.Thread(target=self.call_slow)
        caller.start()
        self.assertTrue(self.endpoint.entered.acquire(timeout=5))
        self.assertFalse(request_server.stop(0.1))
        self.endpoint.release.set()
        caller.join(10)

    def test_a_server_that_never_started_is_stopped_already(self):
        never = server.RequestServer(self.transport, [self.endpoint], "host-1")
        self.assertTrue(never.stop(0.1))

    def test_missing_and_unknown_arguments_are_programming_errors(self):
        self.assertRaises(TypeError, self.client.profile_type_get, self.context)
        self.assertRaises(TypeError, self.client.profile_type_list, self.context, bogus=1)

    def call_slow(self):
        self.answers.append(self.client.policy_type_list(self.context))

    def wait_for(self, condition):
        pause = threading.Event()
        for _ in range(1000):
            if condition():
                return
            pause.wait(0.01)
        self.fail("it did not come about in ten seconds")
