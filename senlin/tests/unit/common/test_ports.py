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

import pathlib
import socket

import fixtures

from senlin.common import ports
from senlin.tests.unit import base


class PortsTest(base.TestCase):
    def set_range(self, text):
        """What the system says of the ports of clients."""
        path = pathlib.Path(self.useFixture(fixtures.TempDir()).path) / "range"
        path.write_text(text)
        self.useFixture(fixtures.MockPatchObject(ports, "_CLIENTS", path))

    def choose_from(self, *numbers):
        """Have these ports looked at, one after the other."""
        chosen = self.useFixture(fixtures.MockPatchObject(ports, "_random")).mock
        chosen.randrange.side_effect = numbers
        return chosen.randrange

    def assert_below(self, end, *also):
        """A port is chosen of those from 10000 to this one."""
        asked = self.choose_from(10000)
        self.useFixture(fixtures.MockPatchObject(ports, "_is_free", lambda number: True))
        self.assertEqual(10000, ports.free(*also))
        asked.assert_called_once_with(10000, end)

    def take(self, port):
        # Kept: a green socket that nobody refers to is closed.
        self.taken = socket.create_server((ports.HOST, port))
        self.addCleanup(self.taken.close)

    def test_a_free_port_can_be_taken(self):
        self.take(ports.free())

    def test_those_of_clients_are_left_to_them(self):
        self.set_range("20000\t30000\n")
        self.assert_below(20000)

    def test_the_neighbours_are_no_clients_either(self):
        self.set_range("32768\t60999\n")
        self.assert_below(12768, 1, 20000)

    def test_any_will_do_where_clients_may_have_all(self):
        self.set_range("1024\t65535\n")
        self.assert_below(65536)

    def test_a_system_that_says_nothing_is_taken_for_a_usual_one(self):
        self.set_range("")
        self.assert_below(32768)

    def test_a_taken_one_is_passed_over(self):
        taken, other = ports.free(), ports.free()
        self.take(taken)
        self.choose_from(taken, other)
        self.assertEqual(other, ports.free())

    def test_one_whose_neighbour_is_taken_is_passed_over(self):
        one, other = ports.free(1), ports.free(1)
        self.take(one + 1)
        self.choose_from(one, other)
        self.assertEqual(other, ports.free(1))

    def test_it_is_an_error_if_all_are_taken(self):
        self.useFixture(fixtures.MockPatchObject(ports, "_is_free", lambda number: False))
        self.assertRaises(OSError, ports.free)
