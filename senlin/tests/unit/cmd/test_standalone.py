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

import contextlib
import io

import ddt
import fixtures

from senlin.cmd import standalone
from senlin.cmd import statedir
from senlin.tests.unit import base


@ddt.ddt
class ArgumentsTest(base.TestCase):
    def refuse(self, *words):
        with contextlib.redirect_stderr(io.StringIO()) as told:
            self.assertRaises(SystemExit, standalone.parse, list(words))
        return told.getvalue()

    def test_any_free_port_is_the_default(self):
        self.assertEqual(0, standalone.parse([]).port)

    def test_knobs_are_a_json_object(self):
        knobs = standalone.parse(["--sandbox-knobs", '{"boot_seconds": 2}']).sandbox_knobs
        self.assertEqual({"boot_seconds": 2}, knobs)

    @ddt.data("{", "[1]", "3")
    def test_knobs_that_are_no_object_are_refused(self, text):
        self.assertIn("JSON", self.refuse("--sandbox-knobs", text))

    @ddt.data("65536", "-1")
    def test_a_port_out_of_range_is_refused(self, text):
        self.assertIn("between 0 and 65535", self.refuse(f"--port={text}"))


class StartTest(base.TestCase):
    def test_a_second_service_on_a_directory_is_refused(self):
        place = self.useFixture(fixtures.TempDir()).path
        first = statedir.StateDirectory(place)
        first.acquire()
        self.addCleanup(first.release)
        with contextlib.redirect_stderr(io.StringIO()) as told:
            self.assertEqual(1, standalone.main(["--state-dir", place]))
        self.assertIn("Another service runs", told.getvalue())

    def test_every_part_is_stopped_even_if_one_cannot(self):
        stopped = []

        def fail():
            raise RuntimeError("stuck")

        whole = standalone.Standalone(None, None)
        whole._running = [("first", lambda: stopped.append("first")), ("second", fail)]
        whole.stop()
        self.assertEqual(["first"], stopped)
