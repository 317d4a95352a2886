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

from senlin.common import exception
from senlin.common import schema
from senlin.profiles import registry
from senlin.tests.unit import base


class Thing:
    """Counts how often it is made."""

    made = 0

    def __init__(self, spec):
        schema.resolve_spec({}, spec)
        type(self).made += 1


def a_row(id_, type_="os.thing-1.0"):
    return {
        "id": id_,
        "type": type_,
        "spec": {"type": "os.thing", "version": "1.0", "properties": {}},
    }


class TestRegistry(base.TestCase):
    def setUp(self):
        super().setUp()
        Thing.made = 0

    def registry(self, **options):
        return registry.Registry({"os.thing-1.0": Thing}, **options)

    def test_a_type_is_found_by_its_joined_name(self):
        self.assertIs(Thing, self.registry().get("os.thing-1.0"))

    def test_an_unknown_type_is_not_found(self):
        error = self.assertRaises(exception.ResourceNotFound, self.registry().get, "os.thing-2.0")
        self.assertEqual("The profile_type 'os.thing-2.0' could not be found.", error.message)

    def test_an_instance_is_made_once_for_a_profile(self):
        known = self.registry()
        self.assertIs(known.load(a_row("a")), known.load(a_row("a")))
        self.assertIsNot(known.load(a_row("a")), known.load(a_row("b")))
        self.assertEqual(2, Thing.made)

    def test_the_instances_used_last_are_kept(self):
        known = self.registry(cache_size=2)
        kept = known.load(a_row("a"))
        known.load(a_row("b"))
        known.load(a_row("a"))
        known.load(a_row("c"))
        self.assertIs(kept, known.load(a_row("a")))
        known.load(a_row("b"))
        self.assertEqual(4, Thing.made)

    def test_long_specs_leave_room_for_few(self):
        known = registry.Registry({"os.thing-1.0": dict}, cache_characters=2500)
        row = a_row("a")
        row["spec"]["properties"] = {"text": "x" * 1000}
        for id_ in "abcd":
            known.load({**row, "id": id_})
        self.assertEqual(
            [False, False, True, True], [known.kept(id_) is not None for id_ in "abcd"]
        )

    def test_a_spec_longer_than_all_may_be_is_kept_alone(self):
        known = self.registry(cache_characters=10)
        known.load(a_row("a"))
        known.load(a_row("b"))
        self.assertIsNone(known.kept("a"))
        self.assertIsNotNone(known.kept("b"))

    def test_a_spec_is_built_without_being_kept(self):
        known = self.registry()
        spec = a_row("a")["spec"]
        self.assertIsNot(known.build(spec), known.build(spec))

    def test_a_spec_that_breaks_the_schema_is_refused(self):
        spec = {**a_row("a")["spec"], "properties": {"bogus": 1}}
        self.assertRaises(exception.InvalidSpec, self.registry().build, spec)

    def test_a_numeric_version_is_understood(self):
        self.assertEqual("os.thing-1.0", registry.joined_type({"type": "os.thing", "version": 1.0}))

    def test_servers_are_a_member_type_of_this_tree(self):
        known = registry.Registry()
        names = [name for name, _ in known.types()]
        self.assertIn("os.nova.server-1.0", names)
        self.assertEqual("os.nova.server", known.get("os.nova.server-1.0").TYPE)

    def test_every_own_type_can_be_imported(self):
        for name in registry._OWN_TYPES:
            self.assertIsNotNone(registry._import(registry._OWN_TYPES[name]))
