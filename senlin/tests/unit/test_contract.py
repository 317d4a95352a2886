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

"""Each row of the API contract's tables names the tests that prove it."""

import importlib
import re

import ddt

from senlin.api import routes
from senlin.tests import pages
from senlin.tests.unit import base

ROWS = pages.read("contributor/contract.csv")
CALLS = {
    f"{method} {path}": call
    for path, methods in routes.ROUTES.items()
    for method, call in methods.items()
}
#: What is served outside the table of routes.
DISCOVERY = {"GET /", "GET /versions", "GET /v1", "GET /vx"}
_WORDS = re.compile(r"[a-zA-Z_]+")


def exists(name):
    """Whether there is a test of this name below ``senlin.tests``.

    A test with data has the name of one of its cases, which goes on after it.
    """
    module, class_name, method = name.rsplit(".", 2)
    case = getattr(importlib.import_module(f"senlin.tests.{module}"), class_name)
    return any(
        found == method or re.fullmatch(rf"{method}_\d+(_.*)?", found) for found in dir(case)
    )


@ddt.ddt
class ContractTest(base.TestCase):
    @ddt.data(*sorted({name for row in ROWS for name in row["tests"].split()}))
    def test_the_test_exists(self, name):
        self.assertTrue(exists(name), name)

    def test_each_row_has_a_test(self):
        self.assertEqual([], [row for row in ROWS if not row["tests"]])

    def test_each_row_is_about_a_call_that_is_served(self):
        known = {*CALLS, *DISCOVERY, "all"}
        self.assertEqual([], [row["call"] for row in ROWS if row["call"] not in known])

    def test_each_row_is_there_once(self):
        keys = [(row["section"], row["call"], row["about"]) for row in ROWS]
        self.assertEqual(sorted(set(keys)), sorted(keys))

    @ddt.data(*CALLS)
    def test_a_call_has_a_row_for_its_success(self, name):
        statuses = {s for row in self._rows(name) for s in row["status"].split(", ")}
        expected = "403" if name == "POST /actions" else str(CALLS[name].status)
        if name == "POST /receivers/{id}/notify":
            # Receivers of messages are still to come.
            expected = "400"
        self.assertIn(expected, statuses)

    @ddt.data(*CALLS)
    def test_a_call_has_a_row_for_each_of_its_parameters(self, name):
        words = {word for row in self._rows(name) for word in _WORDS.findall(row["about"])}
        self.assertEqual(set(), set(_parameters(CALLS[name])) - words)

    def _rows(self, name):
        return [row for row in ROWS if row["call"] == name]


def _parameters(call):
    """The names in the query and the body of a call, up to microversion 1.14."""
    for kind in ("request_query", "request_body"):
        schemas = getattr(call, kind, None)
        if schemas is not None:
            _, _, validator = schemas.ranges[0]
            yield from validator.schema.get("properties", ())
