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

import configparser
import socket
import stat
import subprocess

import fixtures
import yaml

from senlin.cmd import statedir
from senlin.common import ports
from senlin.tests.unit import base


class StateDirectoryTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.path = self.useFixture(fixtures.TempDir()).join("state")
        self.directory = statedir.StateDirectory(self.path)

    def acquire(self):
        self.directory.acquire()
        self.addCleanup(self.directory.release)

    def mode(self, name):
        return stat.S_IMODE(self.directory.file(name).stat().st_mode)

    def test_a_directory_has_one_user_at_a_time(self):
        self.acquire()
        error = self.assertRaises(statedir.InUse, statedir.StateDirectory(self.path).acquire)
        self.assertIn(f"process {self.directory.pid()}", str(error))

    def test_a_released_directory_can_be_taken(self):
        self.directory.acquire()
        self.directory.release()
        other = statedir.StateDirectory(self.path)
        other.acquire()
        self.addCleanup(other.release)
        self.assertIsNotNone(other.pid())

    def test_a_released_directory_names_no_process(self):
        self.directory.acquire()
        self.directory.release()
        self.assertIsNone(self.directory.pid())

    def test_nobody_else_can_look_inside(self):
        self.acquire()
        self.assertEqual(0o700, stat.S_IMODE(self.directory.path.stat().st_mode))

    def test_different_parts_get_different_ports(self):
        self.acquire()
        ports = self.directory.choose_ports(API=0, sandbox=0)
        self.assertNotEqual(ports["API"], ports["sandbox"])

    def test_a_later_start_has_the_same_ports(self):
        self.acquire()
        ports = self.directory.choose_ports(API=0, sandbox=0)
        self.assertEqual(ports, self.directory.choose_ports(API=0, sandbox=0))

    def test_a_port_is_chosen_that_no_client_is_given(self):
        port = ports.free()
        self.useFixture(fixtures.MockPatchObject(ports, "free", lambda: port))
        self.acquire()
        self.assertEqual({"API": port}, self.directory.choose_ports(API=0))

    def test_a_port_asked_for_wins_over_the_last_one(self):
        self.acquire()
        first = self.directory.choose_ports(API=0)["API"]
        other = ports.free()
        self.assertNotEqual(first, other)
        self.assertEqual({"API": other}, self.directory.choose_ports(API=other))

    def test_a_taken_port_is_refused_with_its_number(self):
        self.acquire()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            error = self.assertRaises(statedir.PortTaken, self.directory.choose_ports, API=port)
        self.assertIn(f"Port {port}, wanted for the API", str(error))

    def test_the_configuration_names_the_cloud_and_the_port(self):
        self.acquire()
        self.directory.write_configuration("http://127.0.0.1:1/identity", 8777)
        parser = configparser.ConfigParser(interpolation=None, default_section="(none)")
        parser.read(self.directory.file("senlin.conf"))
        self.assertEqual("http://127.0.0.1:1/identity/v3", parser["authentication"]["auth_url"])
        self.assertEqual("8777", parser["senlin_api"]["bind_port"])

    def test_further_settings_are_added_to_the_configuration(self):
        self.acquire()
        more = {"DEFAULT": {"debug": "true"}, "engine": {"threads": "3"}}
        self.directory.write_configuration("http://cloud", 1, more)
        text = self.directory.file("senlin.conf").read_text()
        self.assertIn("debug = true", text)
        self.assertIn("threads = 3", text)
        self.assertIn("transport_url = kombu+memory:///", text)

    def test_own_settings_are_read_last(self):
        self.acquire()
        self.directory.file("local.conf").write_text("[DEFAULT]\n")
        words = self.directory.write_configuration("http://cloud", 1)
        self.assertEqual(str(self.directory.file("local.conf")), words[-1])

    def test_files_with_passwords_are_private(self):
        self.acquire()
        self.directory.write_configuration("http://cloud", 1)
        self.directory.write_client_files("http://cloud")
        self.assertEqual([0o600, 0o600], [self.mode("senlin.conf"), self.mode("clouds.yaml")])

    def test_clouds_yaml_has_users_with_different_rights(self):
        self.acquire()
        self.directory.write_client_files("http://cloud")
        clouds = yaml.safe_load(self.directory.file("clouds.yaml").read_text())["clouds"]
        self.assertEqual(["senlin", "senlin-admin", "senlin-reader", "senlin-other"], list(clouds))
        self.assertEqual("reader", clouds["senlin-reader"]["auth"]["username"])

    def test_openrc_points_the_shell_at_the_cloud(self):
        self.acquire()
        self.directory.write_client_files("http://cloud")
        script = f'export OS_TOKEN=old; source "{self.path}/openrc" senlin-admin; env'
        out = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, check=True, timeout=30
        ).stdout
        self.assertIn("OS_CLOUD=senlin-admin\n", out)
        self.assertIn(f"OS_CLIENT_CONFIG_FILE={self.path}/clouds.yaml\n", out)
        self.assertNotIn("OS_TOKEN", out)
