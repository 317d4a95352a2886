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

import json
import threading

import webob

from senlin.common import health
from senlin.tests.unit import base


class HealthTest(base.TestCase):
    def get(self, application, method="GET"):
        return webob.Request.blank("/healthcheck", method=method).get_response(application)

    def test_a_process_is_fit_when_all_checks_say_nothing(self):
        answer = self.get(health.Health(queue=lambda: None))
        self.assertEqual(200, answer.status_code)
        self.assertEqual({"status": "ok", "checks": {"queue": "ok"}}, answer.json)

    def test_one_failed_check_is_enough_and_says_why(self):
        answer = self.get(health.Health(queue=lambda: None, heartbeat=lambda: "it stopped"))
        self.assertEqual(503, answer.status_code)
        self.assertEqual("failed", answer.json["status"])
        self.assertEqual({"queue": "ok", "heartbeat": "it stopped"}, answer.json["checks"])

    def test_head_is_answered_without_a_body(self):
        answer = self.get(health.Health(queue=lambda: None), "HEAD")
        self.assertEqual((200, b""), (answer.status_code, answer.body))


class ProbeTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.asked = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.addCleanup(self.go_on.set)

    def hang(self):
        self.asked.release()
        self.go_on.wait(20)

    def test_what_works_is_no_problem(self):
        self.assertIsNone(health.Probe(lambda: None)())

    def test_the_text_of_an_error_is_not_shown(self):
        def fail():
            raise ConnectionError("mysql://senlin:secret@db")

        self.assertEqual("does not work (ConnectionError)", health.Probe(fail)())

    def test_callers_do_not_wait_for_what_hangs(self):
        probe = health.Probe(self.hang, patience=0.01)
        self.assertEqual("no answer within 0.01 seconds", probe())

    def test_what_hangs_is_asked_once_however_often_it_is_looked_at(self):
        probe = health.Probe(self.hang, patience=0.01)
        for _ in range(5):
            probe()
        self.assertTrue(self.asked.acquire(timeout=10))
        self.assertFalse(self.asked.acquire(blocking=False))

    def test_an_answer_is_good_for_a_while(self):
        probe = health.Probe(self.asked.release, lifetime=1000)
        probe()
        probe()
        self.assertTrue(self.asked.acquire(timeout=10))
        self.assertFalse(self.asked.acquire(blocking=False))

    def test_an_old_answer_is_not_believed(self):
        probe = health.Probe(self.asked.release, lifetime=0)
        probe()
        probe()
        self.assertTrue(self.asked.acquire(timeout=10))
        self.assertTrue(self.asked.acquire(timeout=10))

    def test_it_recovers_with_whom_it_asks(self):
        probe = health.Probe(self.hang, patience=10, lifetime=0)
        self.go_on.set()
        self.assertIsNone(probe())


class JsonTest(base.TestCase):
    def test_the_page_is_json_of_a_known_length(self):
        answer = webob.Request.blank("/").get_response(health.Health(a=lambda: None))
        self.assertEqual(len(json.dumps(answer.json)), answer.content_length)
        self.assertEqual("application/json", answer.content_type)
