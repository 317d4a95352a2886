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

"""Several engines on one database: they share the work and outlive each other."""

import testscenarios

from senlin.tests.scenario import base
from senlin.tests.scenario import servers

NODES = 60

load_tests = testscenarios.load_tests_apply_scenarios


class EnginesTest(base.ScenarioTestCase):
    scenarios = testscenarios.multiply_scenarios(
        [
            ("mariadb", {"database_class": servers.MariaDB}),
            ("postgresql", {"database_class": servers.PostgreSQL}),
        ],
        [("threading", {"green": False}), ("eventlet", {"green": True})],
    )

    def setUp(self):
        super().setUp()
        database, broker = servers.shared(self.database_class), servers.shared(servers.RabbitMQ)
        self.deploy(database.url, broker.url, green=self.green)

    def test_the_work_of_a_killed_engine_is_done_by_the_other(self):
        self.create_while(NODES, self.service.engines[0].kill)

    def test_all_engines_killed_and_started_again_go_on(self):
        def power_failure():
            for engine in self.service.engines:
                engine.kill()
            for engine in self.service.engines:
                engine.start()

        self.create_while(NODES, power_failure)
