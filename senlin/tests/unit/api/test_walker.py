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


"""Every call of the API declares who may make it and what it takes and gives."""

import ddt

from senlin.api import microversions
from senlin.api import routes
from senlin.api import rules
from senlin.tests.unit import base

CALLS = [
    (f"{method} {path}", call)
    for path, methods in routes.ROUTES.items()
    for method, call in methods.items()
]
#: Calls whose successful response has no body.
_SILENT = {
    "DELETE /profiles/{id}",
    "DELETE /policies/{id}",
    "DELETE /receivers/{id}",
    "DELETE /clusters/{id}",
    "DELETE /nodes/{id}",
    "POST /receivers/{id}/notify",
    "POST /actions",
    "PATCH /actions/{id}",
}


@ddt.ddt
class DeclarationTest(base.TestCase):
    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_call_asks_a_rule_that_exists(self, name, call):
        self.assertIn(call.rule, [rule.name for rule in rules.list_rules()])

    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_call_declares_its_query_for_all_versions(self, name, call):
        self.assert_covers(call.request_query, call.since)

    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_call_that_may_have_a_body_declares_it(self, name, call):
        if name.startswith(("POST", "PATCH")) and "notify" not in name:
            self.assert_covers(call.request_body, call.since)

    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_call_that_answers_with_a_body_declares_it(self, name, call):
        if name in _SILENT:
            self.assertFalse(hasattr(call, "response_body"), name)
        else:
            self.assert_covers(call.response_body, call.since)

    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_response_has_one_key(self, name, call):
        if name not in _SILENT:
            for _, _, validator in call.response_body.ranges:
                self.assertEqual(1, len(validator.schema["properties"]), name)

    @ddt.data(*CALLS)
    @ddt.unpack
    def test_a_request_says_whether_other_keys_are_allowed(self, name, call):
        for kind in ("request_body", "response_body"):
            for _, _, validator in getattr(call, kind, _Nothing).ranges:
                for schema in _objects_with_properties(validator.schema):
                    self.assertIn("additionalProperties", schema, name)

    def assert_covers(self, schemas, since):
        first = since or microversions.MINIMUM
        self.assertLessEqual(schemas.ranges[0][0], first)
        self.assertEqual(microversions.MAXIMUM, schemas.ranges[-1][1])


class _Nothing:
    ranges = ()


def _objects_with_properties(schema):
    found = [schema] if "properties" in schema else []
    for part in schema.get("properties", {}).values():
        found.extend(_objects_with_properties(part))
    items = schema.get("items")
    return found + (_objects_with_properties(items) if items else [])


class RuleUseTest(base.TestCase):
    def test_each_rule_is_asked_somewhere(self):
        asked = {call.rule for _, call in CALLS}
        # Asked by verbs, not by one whole call.
        asked.update(f"cluster_policies:{verb}" for verb in ("attach", "detach", "update"))
        documented = [rule.name for rule in rules.list_rules() if hasattr(rule, "operations")]
        self.assertEqual([], [name for name in documented if name not in asked])

    def test_each_operation_of_a_rule_is_routed(self):
        served = {name for name, _ in CALLS}
        for rule in rules.list_rules():
            for operation in getattr(rule, "operations", ()):
                path = operation["path"].removeprefix("/v1")
                self.assertIn(f"{operation['method']} {path}", served)
