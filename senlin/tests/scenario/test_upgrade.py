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

"""An upgrade to the next release without a stop, with both releases side by side."""

import sqlalchemy as sa
import testscenarios

from senlin.cmd import checks
from senlin.cmd import schema
from senlin.cmd import startup
from senlin.conf import CONF
from senlin.db import facade
from senlin.tests import releases
from senlin.tests.scenario import base
from senlin.tests.scenario import deployment
from senlin.tests.scenario import servers

NODES = 8
#: An engine takes two actions at a time, so that there are some left for the other.
_SHARING = {"engine": {"threads": "1", "claim_batch": "1"}}

load_tests = testscenarios.load_tests_apply_scenarios


class UpgradeTest(base.ScenarioTestCase):
    """This process is the operator, with the tools of the next release."""

    scenarios = [
        ("mariadb", {"database_class": servers.MariaDB}),
        ("postgresql", {"database_class": servers.PostgreSQL}),
    ]

    def setUp(self):
        super().setUp()
        database = self.useFixture(self.database_class())
        self.deploy(database.url, self.useFixture(servers.RabbitMQ()).url, options=_SHARING)
        startup.register_library_opts(CONF)
        CONF([], project=startup.PROJECT, default_config_files=[], default_config_dirs=[])
        facade.configure(self.service.database_url)
        self.addCleanup(facade.dispose)

    def test_a_release_is_replaced_by_the_next_without_a_stop(self):
        service = self.service
        profile = service.new_profile(name="old")
        old = service.new_cluster(profile, 3, name="old")
        self.useFixture(releases.NextRelease())

        self.assertEqual(schema.NEEDS_EXPAND, schema.check())
        self.create_while(NODES, schema.expand)
        self._assert_check("20.0")

        self._restart(service.engines[0])
        self._replace(service.engines[1], "engine")
        self._assert_engines("20.0", "21.0")
        self._assert_check("20.0")
        self._assert_both_work()

        self._replace(service.engines[0], "engine")
        self._replace(service.apis[0], "api")
        self._assert_engines("21.0", "21.0")
        self._assert_check(None)

        self.assertEqual(schema.NEEDS_MIGRATIONS, schema.check())
        self.create_while(NODES, self._move_data)
        self.assertEqual(schema.NEEDS_CONTRACT, schema.check())
        self.create_while(NODES, schema.contract)
        self.assertEqual(schema.CURRENT, schema.check())
        self.assert_succeeds(service.clustering.scale_out_cluster(old.id, 1)["action"])
        self.assert_one_to_one(4)

    def _restart(self, daemon):
        daemon.stop()
        daemon.start()
        self.service.wait_until_ready()

    def _replace(self, daemon, what):
        daemon.become(deployment.altered("next", what))
        self._restart(daemon)

    def _move_data(self):
        self.assertEqual(schema.MORE_TO_DO, schema.migrate_data(1))
        self.assertEqual(schema.ALL_DONE, schema.migrate_data(None))

    def _assert_engines(self, *expected):
        def are_there():
            return sorted(row.release for row in self._rows("service", "release")) == [*expected]

        self.wait_until(are_there, 60)

    def _assert_check(self, pin):
        """The upgrade check asks for this pin of the APIs, or for none."""
        details = checks.releases().details or ""
        self.assertEqual(f"set [upgrade_levels] engine = {pin}" in details, pin is not None)

    def _assert_both_work(self):
        """Engines of both releases take part in making a cluster."""
        seen = set()

        def both_have_worked():
            seen.update(row.owner for row in self._rows("action", "owner") if row.owner)
            return len(seen) == 2

        self.create_while(NODES, lambda: self.wait_until(both_have_worked, 60), slow=1.0)

    def _rows(self, table, column):
        with facade.reader() as conn:
            return conn.execute(sa.select(sa.column(column)).select_from(sa.table(table))).all()
