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

"""Reading values of arguments."""

import argparse

from senlin.osc import options
from senlin.tests.unit import base


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(message)


class ValuesTestCase(base.TestCase):
    def _parse(self, action, *values):
        parser = _Parser()
        parser.add_argument("--x", action=action)
        argv = [word for value in values for word in ("--x", value)]
        return parser.parse_args(argv).x

    def _refusal(self, action, value):
        return str(self.assertRaises(ValueError, self._parse, action, value))

    def test_repeated_pairs_and_semicolons_give_the_same(self):
        wanted = {"a": "1", "b": "2"}
        self.assertEqual(wanted, self._parse(options.KeyValues, "a=1", "b=2"))
        self.assertEqual(wanted, self._parse(options.KeyValues, "a=1;b=2"))
        self.assertEqual(wanted, self._parse(options.KeyValues, "a=1; b=2;"))

    def test_a_value_may_contain_equal_signs(self):
        self.assertEqual({"a": "b=c"}, self._parse(options.KeyValues, "a=b=c"))

    def test_a_json_object_keeps_the_types_of_its_values(self):
        self.assertEqual({"count": 2}, self._parse(options.KeyValues, '{"count": 2}'))

    def test_an_empty_json_object_is_a_value_and_not_an_absence(self):
        self.assertEqual({}, self._parse(options.KeyValues, "{}"))
        self.assertIsNone(self._parse(options.KeyValues))

    def test_text_without_an_equal_sign_is_refused(self):
        self.assertIn("expected <key>=<value>, got 'b'", self._refusal(options.KeyValues, "a=1;b"))
        self.assertIn("expected <key>=<value>", self._refusal(options.KeyValues, "=1"))
        self.assertIn("not a JSON object", self._refusal(options.KeyValues, '{"a": '))

    def test_repeated_filter_keys_collect_their_values(self):
        self.assertEqual(
            {"status": ["ACTIVE", "ERROR"], "name": ["x"]},
            self._parse(options.MultiValues, "status=ACTIVE;name=x", "status=ERROR"),
        )

    def test_names_are_separated_by_commas_or_semicolons_or_repeated(self):
        self.assertEqual(["a", "b", "c", "d"], self._parse(options.Names, "a, b;c", "d"))

    def test_an_empty_list_of_names_is_refused(self):
        self.assertIn("expected names", self._refusal(options.Names, " ,"))

    def test_pairs_of_names_are_separated_by_commas(self):
        self.assertEqual(
            {"o1": "n1", "o2": "n2", "o3": "n3"},
            self._parse(options.NamePairs, "o1=n1,o2=n2", "o3=n3"),
        )

    def test_booleans_are_read_in_the_usual_words(self):
        for word in ("true", "True", "yes", "1", "on"):
            self.assertIs(True, options.boolean(word))
        for word in ("false", "No", "0", "off"):
            self.assertIs(False, options.boolean(word))
        self.assertRaises(argparse.ArgumentTypeError, options.boolean, "maybe")

    def test_numbers_outside_their_range_are_refused(self):
        self.assertEqual(0, options.natural("0"))
        self.assertEqual(-1, options.upper_bound("-1"))
        for read, text in (
            (options.natural, "-1"),
            (options.positive, "0"),
            (options.upper_bound, "-2"),
            (options.natural, "x"),
            (options.positive_number, "0"),
            (options.positive_number, "nan"),
        ):
            self.assertRaises(argparse.ArgumentTypeError, read, text)

    def test_an_identity_cannot_leave_its_place_in_the_url(self):
        self.assertEqual("a%2Fb%3Fc", options.segment("a/b?c"))
