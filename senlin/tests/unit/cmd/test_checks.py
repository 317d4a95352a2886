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

import time

import fixtures
from oslo_upgradecheck import upgradecheck

from senlin.cmd import checks
from senlin.common import secrets
from senlin.db import facade
from senlin.db import migration
from senlin.db import services
from senlin.rpc import transport
from senlin.rpc import versions
from senlin.tests import database
from senlin.tests import releases
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

SUCCESS = upgradecheck.Code.SUCCESS
WARNING = upgradecheck.Code.WARNING
FAILURE = upgradecheck.Code.FAILURE


class ChecksTestCase(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(database.Database(with_tables=False))

    def assert_result(self, code, result, text=""):
        self.assertEqual(code, result.code, result.details)
        self.assertIn(text, result.details or "")


class SchemaTest(ChecksTestCase):
    def test_a_new_database_fails(self):
        self.assert_result(FAILURE, checks.schema(), "senlin-manage db expand")
        self.assert_result(WARNING, checks.data(), "expanded")

    def test_a_contraction_to_come_is_a_warning(self):
        migration.expand()
        self.assert_result(WARNING, checks.schema(), "senlin-manage db contract")
        migration.contract()
        self.assert_result(SUCCESS, checks.schema())

    def test_data_that_are_not_moved_fail(self):
        migration.sync()
        self.assert_result(SUCCESS, checks.data())
        world.World().node()
        self.useFixture(releases.NextRelease())
        migration.expand()
        self.assert_result(FAILURE, checks.data(), "Give nodes nicknames (1 rows)")


class KeyTest(ChecksTestCase):
    def setUp(self):
        super().setUp()
        self.path = self.useFixture(fixtures.TempDir()).join("keys")
        self.config(secrets_key_file=self.path)

    def test_a_missing_key_fails(self):
        self.assert_result(FAILURE, checks.secrets_key(), "create-key")

    def test_a_broken_key_fails(self):
        with open(self.path, "w") as target:
            target.write("not a key\n")
        self.assert_result(FAILURE, checks.secrets_key(), self.path)

    def test_a_good_key_passes(self):
        secrets.create_key_file(self.path)
        self.assert_result(SUCCESS, checks.secrets_key())


class ReleasesTest(ChecksTestCase):
    """This release being 21.0, and 20.0 the one before."""

    def setUp(self):
        super().setUp()
        migration.sync()
        for name, value in (
            ("RELEASES", {"20.0": "1.0", "21.0": "1.1"}),
            ("RELEASE", "21.0"),
            ("CURRENT", "1.1"),
        ):
            self.useFixture(fixtures.MockPatchObject(versions, name, value))

    def _run_engines(self, *names, age=0, binary="senlin-engine"):
        for number, name in enumerate(names):
            row = (f"{binary}-{name}-{number}", "host", binary, "topic", name, time.time() - age)
            facade.write(services.register, *row)

    def test_engines_of_this_release_pass(self):
        self._run_engines("21.0", "21.0")
        self.assert_result(SUCCESS, checks.releases())

    def test_no_engines_pass(self):
        self.assert_result(SUCCESS, checks.releases())

    def test_older_engines_ask_for_a_pin(self):
        self._run_engines("21.0", "20.0")
        self.assert_result(WARNING, checks.releases(), "set [upgrade_levels] engine = 20.0")

    def test_older_engines_with_a_pin_pass(self):
        self.config(group="upgrade_levels", engine="20.0")
        self._run_engines("21.0", "20.0")
        self.assert_result(SUCCESS, checks.releases())

    def test_a_pin_that_is_not_needed_any_more_is_a_warning(self):
        self.config(group="upgrade_levels", engine="20.0")
        self._run_engines("21.0")
        self.assert_result(WARNING, checks.releases(), "can be taken out")

    def test_dead_engines_and_other_programs_do_not_count(self):
        self._run_engines("20.0", age=1000)
        self._run_engines("20.0", binary="senlin-other")
        self.assert_result(SUCCESS, checks.releases())

    def test_engines_of_unknown_releases_are_a_warning(self):
        self._run_engines("22.0", None)
        self.assert_result(WARNING, checks.releases(), "22.0, None")

    def test_an_unknown_pin_fails(self):
        self.config(group="upgrade_levels", engine="19.0")
        self.assert_result(FAILURE, checks.releases(), "19.0")


class ConfigurationTest(ChecksTestCase):
    def setUp(self):
        super().setUp()
        for name in ("auth_url", "service_password"):
            self.config(group="authentication", **{name: "set"})

    def test_a_lease_that_is_too_short_is_a_warning(self):
        self.config(group="engine", lease=3.0, heartbeat_interval=2.0)
        self.assert_result(WARNING, checks.configuration(), "at least 3 times")

    def test_a_missing_service_user_is_a_warning(self):
        self.config(group="authentication", service_password="")
        self.assert_result(WARNING, checks.configuration(), "[authentication]")

    def test_databases_and_buses_of_one_process_are_a_warning(self):
        if facade.engine().dialect.name == "sqlite":
            self.assert_result(WARNING, checks.configuration(), "SQLite")
        transport.register_opts(self.conf)
        self.config(transport_url="kombu+memory:///")
        self.assert_result(WARNING, checks.configuration(), "transport_url")

    def test_the_default_options_fit_together(self):
        problems = checks.configuration().details or ""
        self.assertNotIn("[engine]", problems)
        self.assertNotIn("transport_url", problems)
        self.assertNotIn("[authentication]", problems)
