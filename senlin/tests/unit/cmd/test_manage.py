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
import os
import re
import subprocess
import sys

import fixtures

from senlin.tests.unit import base


class CommandTestCase(base.TestCase):
    """Programs run as processes: they set up what a process has only once."""

    module = None

    def setUp(self):
        super().setUp()
        self.place = self.useFixture(fixtures.TempDir())
        self.file = self.place.join("senlin.conf")
        self.configure()

    def configure(self, **options):
        settings = {"secrets_key_file": self.place.join("keys"), **options}
        lines = [f"{name} = {value}" for name, value in settings.items()]
        text = "[DEFAULT]\n" + "\n".join(lines)
        text += f"\n[database]\nconnection = sqlite:///{self.place.join('senlin.db')}\n"
        with open(self.file, "w") as target:
            target.write(text)

    def run_command(self, *words):
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", self.module, "--config-file", self.file, *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={name: value for name, value in os.environ.items() if name[:3] != "OS_"},
        )

    def succeed(self, *words):
        done = self.run_command(*words)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout


class ManageTest(CommandTestCase):
    module = "senlin.cmd.manage"

    def test_a_new_database_has_no_revision_and_a_synced_one_has(self):
        self.assertEqual("\n", self.succeed("db", "version"))
        self.succeed("db", "sync")
        self.assertNotEqual("\n", self.succeed("db", "version"))

    def test_sync_can_be_repeated(self):
        self.succeed("db", "sync")
        first = self.succeed("db", "version")
        self.succeed("db_sync")
        self.assertEqual(first, self.succeed("db_version"))

    def test_expand_and_contract_together_are_sync(self):
        self.succeed("db", "expand")
        self.succeed("db", "contract")
        expanded = self.succeed("db", "version")
        self.succeed("db", "sync")
        self.assertEqual(expanded, self.succeed("db", "version"))

    def test_the_check_says_what_is_due(self):
        self.assertEqual(2, self.run_command("db", "check").returncode)
        self.succeed("db", "expand")
        self.assertEqual(4, self.run_command("db", "check").returncode)
        self.succeed("db", "contract")
        self.succeed("db", "check")

    def test_data_are_moved_when_there_are_none(self):
        self.assertEqual(1, self.run_command("db", "online_data_migrations").returncode)
        self.succeed("db", "sync")
        self.succeed("db", "online_data_migrations")
        self.succeed("db", "online_data_migrations", "--max-count", "10")

    def test_a_count_of_rows_is_positive(self):
        done = self.run_command("db", "online_data_migrations", "--max-count", "0")
        self.assertEqual(2, done.returncode)

    def test_services_are_listed(self):
        self.succeed("db", "sync")
        self.assertIn("Binary", self.succeed("service", "list"))

    def test_cleaning_tells_how_many_services_were_removed(self):
        self.succeed("db", "sync")
        self.assertIn("0 removed", self.succeed("service", "clean"))

    def test_purging_tells_how_much_was_removed(self):
        self.succeed("db", "sync")
        self.assertEqual("0 events removed.\n", self.succeed("event_purge", "30"))
        self.assertEqual(
            "0 actions removed.\n", self.succeed("action_purge", "-g", "hours", "-p", "x", "2")
        )

    def test_actions_that_may_still_run_are_not_purged(self):
        self.succeed("db", "sync")
        done = self.run_command("action_purge", "-g", "minutes", "5")
        self.assertEqual(1, done.returncode)
        self.assertIn("300 seconds is below default_action_timeout (3600", done.stderr)

    def test_the_api_is_described_without_a_database(self):
        described = json.loads(self.succeed("openapi", "--microversion", "1.14"))
        self.assertEqual("1.14", described["info"]["version"])
        self.assertFalse(os.path.exists(self.place.join("senlin.db")))

    def test_a_microversion_that_is_not_served_is_not_described(self):
        done = self.run_command("openapi", "--microversion", "1.9999")
        self.assertEqual(1, done.returncode)
        self.assertIn("'1.9999' is not supported", done.stderr)

    def test_a_negative_age_is_refused(self):
        self.assertEqual(2, self.run_command("event_purge", "--", "-1").returncode)

    def test_a_key_file_is_made_once(self):
        self.assertIn("was made", self.succeed("secrets", "create-key"))
        self.assertIn("left alone", self.succeed("secrets", "create-key"))


class StatusTest(CommandTestCase):
    module = "senlin.cmd.status"

    def prepare(self, *words):
        self.module = "senlin.cmd.manage"
        self.succeed(*words)
        self.module = StatusTest.module

    def test_an_installation_that_is_ready_passes(self):
        self.prepare("db", "sync")
        self.prepare("secrets", "create-key")
        done = self.run_command("upgrade", "check")
        # SQLite and the missing service user are no more than warnings.
        self.assertEqual(1, done.returncode)
        self.assertEqual(5, done.stdout.count("Success"), done.stdout)

    def test_a_schema_that_is_not_current_fails(self):
        self.prepare("secrets", "create-key")
        done = self.run_command("upgrade", "check")
        self.assertEqual(2, done.returncode)
        self.assertIn("senlin-manage db sync", re.sub(r"\W+\|\s*\|?\s*", " ", done.stdout))

    def test_a_missing_key_file_fails(self):
        self.prepare("db", "sync")
        done = self.run_command("upgrade", "check")
        self.assertEqual(2, done.returncode)
        self.assertIn("cannot be read", done.stdout)
