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

"""How soon others go on with the work of an engine that died, with the default options.

``SENLIN_TEST_TAKEOVER_NODES=500`` makes the cluster larger.
"""

import os
import re
import time

import sqlalchemy as sa
import testscenarios

from senlin.conf import CONF
from senlin.tests.scenario import base
from senlin.tests.scenario import servers

NODES = int(os.environ.get("SENLIN_TEST_TAKEOVER_NODES", "60"))
#: Seconds after a death within which all its work has to be in other hands. It is
#: less than 15 on a machine that has time; how long it took is printed.
LONGEST = 60
#: Seconds that a server takes: those that are there are waited for when the engine dies.
BUILD_SECONDS = 30
_DEFAULTS = ("heartbeat_interval", "lease", "scan_interval")
#: Calls of the cloud that an engine makes at once: several rounds for all nodes, so that
#: the one that has taken most has some in hand after the first server.
_THREADS = 8

load_tests = testscenarios.load_tests_apply_scenarios


class TakeoverTest(base.ScenarioTestCase):
    scenarios = [
        ("mariadb", {"database_class": servers.MariaDB}),
        ("postgresql", {"database_class": servers.PostgreSQL}),
    ]

    def setUp(self):
        super().setUp()
        defaults = {name: str(getattr(CONF.engine, name)) for name in _DEFAULTS}
        self.deploy(
            self.useFixture(self.database_class()).url,
            self.useFixture(servers.RabbitMQ()).url,
            options={"engine": {**defaults, "threads": str(_THREADS)}},
        )
        self.database = sa.create_engine(self.service.database_url, poolclass=sa.NullPool)

    def test_others_go_on_soon_with_what_a_killed_engine_had_in_hand(self):
        self.create_while(NODES, self._kill_and_measure, build_seconds=BUILD_SECONDS, slow=1.0)

    def _kill_and_measure(self):
        engine, owner = self.wait_until(self._busy_engine, 60)
        engine.kill()
        died = time.monotonic()
        abandoned = self._claims(owner)
        self.assertNotEqual({}, abandoned)
        self.wait_until(lambda: self._taken_over(abandoned), LONGEST)
        seconds = time.monotonic() - died
        print(f"{len(abandoned)} actions of {NODES} nodes were taken over in {seconds:.1f} s")

    def _busy_engine(self):
        """An engine with some rounds of servers to make in hand, and its id."""
        for engine in self.service.engines:
            owner = self._service_id(engine)
            if len(self._claims(owner, observing=False)) > 2 * _THREADS:
                return engine, owner
        return None

    def _service_id(self, engine):
        text = (self.service.directory / f"{engine.name}.log").read_text()
        return re.search(r"Engine ([0-9a-f-]{36}) is ready", text)[1]

    def _claims(self, owner, **values):
        """Fences of the actions that a service owns and that have these values, by id."""
        values["owner"] = owner
        where = " AND ".join(f"{name} = :{name}" for name in values)
        rows = self._rows(f"SELECT id, fence FROM action WHERE {where}", **values)
        return {row.id: row.fence for row in rows}

    def _taken_over(self, abandoned):
        fences = {row.id: row.fence for row in self._rows("SELECT id, fence FROM action")}
        return all(fences[action_id] > fence for action_id, fence in abandoned.items())

    def _rows(self, statement, **parameters):
        with self.database.connect() as connection:
            return connection.execute(sa.text(statement), parameters).all()
