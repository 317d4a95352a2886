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


"""The API reference tells what the code does: calls, fields, samples."""

import dataclasses
import json
import pathlib
import re

import ddt
import yaml

from senlin.api import microversions
from senlin.api import routes
from senlin.api.schemas import cluster_actions
from senlin.tests.unit import base

_SOURCE = pathlib.Path(__file__).resolve().parents[4] / "api-ref" / "source"
_UNVERSIONED = {"GET /", "GET /v1/"}


@dataclasses.dataclass
class Entry:
    """One call as the reference describes it."""

    name: str
    text: str

    @property
    def call(self):
        """Method and path with nameless variables, as in the route table."""
        method, path = re.search(r"\.\. rest_method:: (\S+) (\S+)", self.text).groups()
        return f"{method} {_nameless(path)}"

    def section(self, title):
        """The part under a heading, or nothing."""
        match = re.search(rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n---|\Z)", self.text, re.M | re.S)
        return match[1] if match else ""

    def fields(self, title):
        """The names and keys of a section's parameters."""
        return re.findall(r"^   - (\S+): (\S+)$", self.section(title), re.MULTILINE)

    def sample(self, title):
        """The example of a section, or None."""
        match = re.search(r"literalinclude:: (\S+)", self.section(title))
        return json.loads((_SOURCE / match[1]).read_text()) if match else None


def _nameless(path):
    return re.sub(r"\{\w+\}", "{}", path)


def _entries():
    for path in sorted(_SOURCE.glob("*.inc")):
        parts = re.split(r"^(?=[^\n]+\n~~~)", path.read_text(), flags=re.MULTILINE)
        for part in parts[1:]:
            yield Entry(part.partition("\n")[0], part)


_ENTRIES = list(_entries()) if _SOURCE.exists() else []
_CALLS = {
    f"{method} {_nameless('/v1' + path)}": call
    for path, methods in routes.ROUTES.items()
    for method, call in methods.items()
}
_PARAMETERS = yaml.safe_load((_SOURCE / "parameters.yaml").read_text()) if _ENTRIES else {}


def _cases():
    return [(f"{entry.call} ({entry.name})", entry) for entry in _ENTRIES]


def _latest(schemas):
    return schemas.ranges[-1][2]


def _inner(schema):
    """The fields of the object or of the items in a response's only key."""
    (inner,) = schema["properties"].values()
    return set(inner.get("items", inner).get("properties", ()))


class CoverageTest(base.TestCase):
    def test_the_reference_describes_exactly_the_calls_there_are(self):
        described = {entry.call for entry in _ENTRIES} - _UNVERSIONED
        self.assertEqual(set(_CALLS), described)

    def test_every_verb_of_clusters_is_described(self):
        verbs = {
            verb
            for entry in _ENTRIES
            if entry.call == "POST /v1/clusters/{}/actions"
            for verb in entry.sample("Request")
        }
        self.assertEqual(set(cluster_actions.VERBS), verbs)

    def test_every_parameter_is_used_and_every_used_one_defined(self):
        used = {
            key
            for entry in _ENTRIES
            for title in ("Request", "Response")
            for _, key in entry.fields(title)
        }
        self.assertEqual(set(_PARAMETERS), used)


@ddt.ddt
class EntryTest(base.TestCase):
    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_query_is_described(self, name, entry):
        call = _CALLS.get(entry.call)
        if call is None:
            return
        described = self.described(entry, "Request", "query")
        known = set(_latest(call.request_query).schema["properties"]) - {"show_details"}
        self.assertEqual(known, described - {"show_details"})

    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_fields_of_a_wrapped_body_are_described(self, name, entry):
        schemas = getattr(_CALLS.get(entry.call), "request_body", None)
        if schemas is None or schemas.wrapper is None:
            return
        known = set(_latest(schemas).schema["properties"]) | {schemas.wrapper}
        ignored = {"force"} if schemas.wrapper == "action" else set()
        self.assertEqual(known - ignored, self.described(entry, "Request", "body"))

    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_fields_of_a_response_are_described(self, name, entry):
        schemas = getattr(_CALLS.get(entry.call), "response_body", None)
        if schemas is None:
            return
        schema = _latest(schemas).schema
        described = self.described(entry, "Response", "body")
        self.assertEqual(
            set(),
            (set(schema["properties"]) | _inner(schema)) - described - {"api", "engine"},
        )

    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_headers_are_described(self, name, entry):
        call = _CALLS.get(entry.call)
        if call is None or call.status >= 400:
            return
        taken = {"Idempotency-Key"} if name.startswith("POST") else set()
        taken |= {"If-Match"} if call.conditional or call.tagged else set()
        taken |= {"If-None-Match"} if call.tagged else set()
        self.assertEqual(taken, self.described(entry, "Request", "header"))
        shown = self.described(entry, "Response", "header")
        self.assertEqual(call.tagged, "ETag" in shown)

    @ddt.data(*_cases())
    @ddt.unpack
    def test_every_body_has_a_sample(self, name, entry):
        call = _CALLS.get(entry.call)
        if call is None or call.status >= 400:
            return
        if hasattr(call, "request_body") and not name.startswith("DELETE"):
            self.assertIsNotNone(entry.sample("Request"))
        if hasattr(call, "response_body"):
            self.assertIsNotNone(entry.sample("Response"))

    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_samples_are_valid(self, name, entry):
        call = _CALLS.get(entry.call)
        request, response = entry.sample("Request"), entry.sample("Response")
        if request is not None:
            call.request_body.accept(request, microversions.MAXIMUM)
        if response is not None and call is not None:
            self.assertIsNone(call.response_body.check(response, microversions.MAXIMUM))

    @ddt.data(*_cases())
    @ddt.unpack
    def test_the_version_is_told(self, name, entry):
        since = getattr(_CALLS.get(entry.call), "since", None)
        if since is not None:
            text = " ".join(entry.text.split())
            self.assertIn(f"Needs microversion {since}.", text)

    def described(self, entry, title, place):
        return {name for name, key in entry.fields(title) if _PARAMETERS[key]["in"] == place}
