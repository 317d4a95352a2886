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

"""The systemd units, against the programs that they start."""

import configparser
import importlib.metadata
import pathlib

from senlin.cmd import startup
from senlin.sandbox import server as sandbox_server
from senlin.tests.unit import base

ROOT = pathlib.Path(__file__).resolve().parents[4]
DAEMONS = ("senlin-api", "senlin-engine", "senlin-sandbox")


class UnitsTest(base.TestCase):
    def read(self, name):
        # Values may be given several times, and mean something with a %.
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str
        parser.read(ROOT / f"etc/systemd/{name}.service")
        return parser

    def test_every_daemon_has_one_and_each_starts_a_program_that_there_is(self):
        names = {path.stem for path in (ROOT / "etc/systemd").iterdir()}
        self.assertEqual(set(DAEMONS), names)
        programs = {
            entry.name for entry in importlib.metadata.entry_points(group="console_scripts")
        }
        for name in DAEMONS:
            command = self.read(name)["Service"]["ExecStart"].split()[0]
            self.assertEqual(name, pathlib.Path(command).name)
            self.assertIn(name, programs)

    def test_systemd_waits_until_a_daemon_has_drained_and_left(self):
        bounds = {
            "senlin-api": self.conf.senlin_api.drain_timeout + startup.LEAVING_SECONDS,
            "senlin-engine": self.conf.engine.drain_timeout + startup.LEAVING_SECONDS,
            "senlin-sandbox": sandbox_server._STOP_SECONDS,
        }
        for name, bound in bounds.items():
            patience = int(self.read(name)["Service"]["TimeoutStopSec"])
            self.assertGreater(patience, bound, name)

    def test_the_first_process_alone_is_told_to_end_and_to_read_anew(self):
        for name in DAEMONS:
            section = self.read(name)["Service"]
            self.assertEqual("mixed", section["KillMode"])
            self.assertEqual("/bin/kill -HUP $MAINPID", section["ExecReload"])

    def test_none_of_them_can_gain_rights_or_write_where_it_has_nothing(self):
        for name in DAEMONS:
            section = self.read(name)["Service"]
            self.assertEqual("senlin", section["User"])
            self.assertEqual("", section["CapabilityBoundingSet"])
            self.assertEqual("yes", section["NoNewPrivileges"])
            self.assertEqual("strict", section["ProtectSystem"])

    def test_the_engine_may_ask_for_the_addresses_of_its_machine(self):
        # openstacksdk does, for each connection, and fails where it may not.
        families = self.read("senlin-engine")["Service"]["RestrictAddressFamilies"].split()
        self.assertIn("AF_NETLINK", families)
