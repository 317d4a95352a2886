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

"""Reading spec files."""

import pathlib

import fixtures
from osc_lib import exceptions

from senlin.osc import specfile
from senlin.tests.unit import base


class SpecFileTestCase(base.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def _refusal(self, path):
        return str(self.assertRaises(exceptions.CommandError, specfile.load, path))

    def test_yaml_and_json_give_the_same(self):
        wanted = {"type": "t", "version": 1.0, "properties": {"a": [1]}}
        yaml_path = self._write("s.yaml", "type: t\nversion: 1.0\nproperties: {a: [1]}\n")
        json_path = self._write("s.json", '{"type": "t", "version": 1.0, "properties": {"a": [1]}}')
        self.assertEqual(wanted, specfile.load(yaml_path))
        self.assertEqual(wanted, specfile.load(json_path))

    def test_dates_stay_text_as_json_has_none(self):
        path = self._write("s.yaml", "since: 2015-04-30\n")
        self.assertEqual({"since": "2015-04-30"}, specfile.load(path))

    def test_a_missing_file_is_named(self):
        message = self._refusal(str(self.folder / "none.yaml"))
        self.assertIn("none.yaml': No such file or directory", message)

    def test_a_broken_file_is_named_with_the_place(self):
        message = self._refusal(self._write("bad.yaml", "a: [1\nb: 2\n"))
        self.assertIn("bad.yaml' is not valid YAML or JSON", message)
        self.assertIn("line 2", message)

    def test_a_file_which_is_no_map_is_named(self):
        message = self._refusal(self._write("list.yaml", "- 1\n"))
        self.assertIn("list.yaml' has to be a map, but is a list", message)
        message = self._refusal(self._write("empty.yaml", ""))
        self.assertIn("empty.yaml' has to be a map, but is empty", message)

    def test_yaml_that_would_make_python_objects_is_refused(self):
        path = self._write("evil.yaml", "a: !!python/object/apply:os.system ['true']\n")
        self.assertIn("evil.yaml' is not valid YAML", self._refusal(path))

    def test_a_stack_spec_may_name_its_template_file(self):
        self._write("web.yaml", "heat_template_version: 2021-04-16\n")
        path = self._write(
            "s.yaml", "type: os.heat.stack\nversion: 1.0\nproperties: {template: web.yaml}\n"
        )
        self.assertEqual(
            {"heat_template_version": "2021-04-16"},
            specfile.load(path)["properties"]["template"],
        )

    def test_a_missing_template_file_is_named(self):
        path = self._write(
            "s.yaml", "type: os.heat.stack\nversion: 1.0\nproperties: {template: no.yaml}\n"
        )
        self.assertIn("stack template file", self._refusal(path))
