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

import ddt

from senlin.common import exception
from senlin.common import schema
from senlin.tests.unit import base

SCHEMAS = {
    "size": schema.Integer("How many.", default=1, updatable=True),
    "kind": schema.String(
        "Which kind.", required=True, constraints=[schema.AllowedValues(["A", "B"])]
    ),
    "options": schema.Map(
        "Options.",
        schema={
            "speed": schema.Number(required=True),
            "quiet": schema.Boolean(default=False),
        },
    ),
    "tags": schema.List("Tags.", schema=schema.Map(schema={"tag": schema.String()})),
}


@ddt.ddt
class TestResolve(base.TestCase):
    def resolve(self, **values):
        return schema.resolve_all(SCHEMAS, {"kind": "A", **values}, "properties")

    def refused(self, **values):
        return self.assertRaises(exception.InvalidSpec, self.resolve, **values).message

    def test_defaults_and_nulls_are_filled_in(self):
        self.assertEqual({"size": 1, "kind": "A", "options": None, "tags": None}, self.resolve())

    def test_inner_defaults_come_with_the_map_only(self):
        values = self.resolve(options={"speed": 3})

        self.assertEqual({"speed": 3, "quiet": False}, values["options"])

    def test_inner_required_key_is_demanded_when_the_map_is_given(self):
        self.assertEqual(
            "Required spec item 'properties.options.speed' not provided", self.refused(options={})
        )

    @ddt.data(
        (schema.Integer(), "12", 12),
        (schema.Integer(), 3.0, 3),
        (schema.Integer(), None, None),
        (schema.Number(), "1.5", 1.5),
        (schema.Number(), "7", 7),
        (schema.Boolean(), "yes", True),
        (schema.Boolean(), "off", False),
        (schema.Boolean(), 1, True),
        (schema.Boolean(), "0", False),
        (schema.String(), 1, "1"),
        (schema.String(), 1.5, "1.5"),
        (schema.String(), True, "True"),
    )
    @ddt.unpack
    def test_conversions(self, kind, given, expected):
        value = kind.resolve(given, "x")

        self.assertEqual(expected, value)
        self.assertIs(type(expected), type(value))

    @ddt.data(
        (schema.Integer(), "a"),
        (schema.Integer(), True),
        (schema.Integer(), 1.5),
        (schema.Number(), "a"),
        (schema.Number(), False),
        (schema.Boolean(), "maybe"),
        (schema.Boolean(), 2),
        (schema.Boolean(), 1.0),
        (schema.String(), {}),
        (schema.String(), []),
        (schema.Map(), '{"a": 1}'),
        (schema.Map(), []),
        (schema.List(), "abc"),
        (schema.List(), {}),
    )
    @ddt.unpack
    def test_wrong_types_are_refused_with_their_path(self, kind, given):
        error = self.assertRaises(exception.InvalidSpec, kind.resolve, given, "a.b[0]")

        self.assertIn("'a.b[0]'", error.message)

    @ddt.data(schema.String(), schema.Number(), schema.Boolean(), schema.List(), schema.Map())
    def test_null_is_refused(self, kind):
        self.assertRaises(exception.InvalidSpec, kind.resolve, None, "x")

    def test_unknown_key_at_any_level(self):
        self.assertEqual("Unrecognizable spec item 'bogus'", self.refused(bogus=1))
        self.assertEqual(
            "Unrecognizable spec item 'bogus'", self.refused(options={"speed": 1, "bogus": 1})
        )
        self.assertEqual("Unrecognizable spec item 'bogus'", self.refused(tags=[{"bogus": 1}]))

    def test_value_outside_the_allowed_set(self):
        self.assertEqual("'C' must be one of the allowed values: A, B", self.refused(kind="C"))

    def test_bad_item_is_named_by_its_place(self):
        self.assertIn("'properties.tags[1].tag'", self.refused(tags=[{"tag": "a"}, {"tag": []}]))


class TestSpec(base.TestCase):
    def refused(self, spec, **options):
        error = self.assertRaises(
            exception.InvalidSpec, schema.resolve_spec, SCHEMAS, spec, **options
        )
        return error.message

    def test_numeric_version_becomes_text(self):
        spec = {"type": "t", "version": 1.0, "properties": {"kind": "A"}}

        self.assertEqual(("t", "1.0"), schema.type_of(spec))
        self.assertEqual("A", schema.resolve_spec(SCHEMAS, spec)["kind"])

    def test_what_is_no_spec(self):
        self.assertEqual("The spec is not a map", self.refused([]))
        self.assertIn("'type' key is missing", self.refused({"version": "1.0"}))
        self.assertIn("'version' key is missing", self.refused({"type": "t"}))
        self.assertIn("'properties' not provided", self.refused({"type": "t", "version": "1"}))
        self.assertIn(
            "'properties' is not a map",
            self.refused({"type": "t", "version": "1", "properties": []}),
        )

    def test_description_is_for_policies_only(self):
        spec = {"type": "t", "version": "1", "properties": {"kind": "A"}, "description": "d"}

        self.assertEqual("Unrecognizable spec item 'description'", self.refused(spec))
        schema.resolve_spec(SCHEMAS, spec, description_allowed=True)

    def test_changed_properties_are_named_in_order(self):
        old = {"size": 1, "kind": "A"}
        new = {"kind": "B", "size": 2}

        self.assertEqual(["size", "kind"], schema.changed_properties(SCHEMAS, old, new))


class TestDescribe(base.TestCase):
    def test_descriptor_is_that_of_the_contract(self):
        shown = schema.describe_all(SCHEMAS)

        self.assertEqual(
            {
                "type": "Integer",
                "description": "How many.",
                "required": False,
                "updatable": True,
                "default": 1,
            },
            shown["size"],
        )
        self.assertEqual(
            {
                "type": "String",
                "description": "Which kind.",
                "required": True,
                "updatable": False,
                "constraints": [{"type": "AllowedValues", "constraint": ["A", "B"]}],
            },
            shown["kind"],
        )
        self.assertEqual({"speed", "quiet"}, set(shown["options"]["schema"]))
        self.assertEqual("Map", shown["tags"]["schema"]["*"]["type"])
        self.assertEqual("String", shown["tags"]["schema"]["*"]["schema"]["tag"]["type"])

    def test_operation_shows_its_parameters(self):
        operation = schema.Operation("Do it.", {"how": schema.String("How.", default="fast")})

        self.assertEqual(
            {
                "description": "Do it.",
                "parameters": {
                    "how": {
                        "type": "String",
                        "description": "How.",
                        "required": False,
                        "default": "fast",
                    }
                },
            },
            operation.describe(),
        )

    def test_required_parameter_is_demanded(self):
        operation = schema.Operation("Do it.", {"how": schema.String("How.", required=True)})

        error = self.assertRaises(exception.BadRequest, operation.resolve, {})

        self.assertEqual("Required parameter 'how' not provided.", error.message)
