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

"""The database and the broker go away in the middle of work, and come back."""

import threading

import requests
import sqlalchemy as sa
import testscenarios

from senlin.common import exception
from senlin.db import facade
from senlin.tests.scenario import base
from senlin.tests.scenario import servers
from senlin.tests.unit import base as unit_base

NODES = 40
#: Seconds within which each request has to be answered, whatever is away.
DEADLINE = 60
#: Seconds after which the service has to be itself again.
HEALING = 30

load_tests = testscenarios.load_tests_apply_scenarios


class RestartsTest(base.ScenarioTestCase):
    scenarios = [
        ("mariadb", {"database_class": servers.MariaDB}),
        ("postgresql", {"database_class": servers.PostgreSQL}),
    ]

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(self.database_class())
        self.broker = self.useFixture(servers.RabbitMQ())
        self.deploy(
            self.database.url,
            self.broker.url,
            options={"DEFAULT": {"rpc_response_timeout": "10"}},
        )
        # Its databases are to be dropped at the end.
        self.addCleanup(self.database.start)

    def test_a_database_killed_in_the_middle_of_work_costs_nothing(self):
        def restart():
            self.database.kill()
            self._assert_unavailable_meanwhile()
            self.database.start()

        self._create_while(restart)

    def test_sessions_of_the_database_cut_again_and_again_cost_nothing(self):
        pause = threading.Event()

        def cut():
            for _ in range(10):
                self.database.cut_connections()
                pause.wait(0.3)

        self._create_while(cut)

    def test_a_broker_killed_in_the_middle_of_work_costs_nothing(self):
        def restart():
            self.broker.kill()
            self._assert_writes_unavailable_meanwhile()
            self.broker.start()

        self._create_while(restart)

    def test_connections_to_the_broker_closed_again_and_again_cost_nothing(self):
        pause = threading.Event()

        def cut():
            for _ in range(5):
                self.broker.cut_connections()
                pause.wait(0.3)

        self._create_while(cut)

    def _create_while(self, disturb):
        def disturb_and_heal():
            disturb()
            self.wait_until(self._is_healed, HEALING)

        self.create_while(NODES, disturb_and_heal)

    def _assert_unavailable_meanwhile(self):
        """Nothing can be read or written, which is said in time and as it should be."""
        self._assert_unavailable("GET", "/v1/clusters")
        self._assert_unavailable("POST", "/v1/profiles", self._profile())

    def _assert_writes_unavailable_meanwhile(self):
        """Reads are answered; writes are refused in time and as they should be."""
        self.assertEqual(200, self._request("GET", "/v1/clusters").status_code)
        self._assert_unavailable("POST", "/v1/profiles", self._profile())

    def _assert_unavailable(self, method, path, body=None):
        answer = self._request(method, path, body)
        self.assertEqual(503, answer.status_code, answer.text)
        self.assertIn("Retry-After", answer.headers)

    def _is_healed(self):
        """Whether reading and writing work again; they may not fail in an unknown way."""
        answers = [
            self._request("GET", "/v1/clusters").status_code,
            self._request("POST", "/v1/profiles", self._profile()).status_code,
        ]
        self.assertNotIn(500, answers)
        return answers == [200, 201]

    def _profile(self):
        properties = {"flavor": "m1.tiny", "image": "cirros"}
        spec = {"type": "os.nova.server", "version": "1.0", "properties": properties}
        return {"profile": {"name": "p2", "spec": spec}}

    def _request(self, method, path, body=None):
        return requests.request(
            method,
            self.service.url + path,
            json=body,
            headers={"X-Auth-Token": self.service.cloud.auth_token},
            timeout=DEADLINE,
        )


class HangTest(unit_base.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(servers.MariaDB())
        facade.configure(self.database.url, answer_seconds=1)
        self.addCleanup(facade.dispose)

    def test_a_database_that_hangs_is_given_up_and_used_again_when_it_answers(self):
        self.assertEqual(1, facade.read(self._one))
        self.database.pause()
        self.addCleanup(self.database.resume)

        self.assertRaises(exception.DatabaseUnavailable, facade.read, self._one)

        self.database.resume()
        self.assertEqual(1, facade.read(self._one))

    @staticmethod
    def _one(connection):
        return connection.execute(sa.text("SELECT 1")).scalar()
