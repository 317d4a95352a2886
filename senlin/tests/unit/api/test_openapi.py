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

"""The OpenAPI documents are valid, whole, and tell what the service does."""

import json
import re

import ddt
import openapi_spec_validator

from senlin.api import microversions
from senlin.api import openapi
from senlin.api import routes
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.validation import plain
from senlin.tests.unit import base

VERSIONS = [microversions.Version(1, minor) for minor in range(microversions.MAXIMUM.minor + 1)]


def _operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


class ValidityTest(base.TestCase):
    def test_the_documents_of_all_versions_are_valid(self):
        seen = set()
        for version in VERSIONS:
            document = openapi.document(version)
            # What is as in an earlier version need not be looked at again.
            texts = {path: json.dumps(item) for path, item in document["paths"].items()}
            document["paths"] = {
                path: item for path, item in document["paths"].items() if texts[path] not in seen
            }
            openapi_spec_validator.OpenAPIV31SpecValidator(document).validate()
            seen.update(texts.values())

    def test_the_names_of_operations_are_unique(self):
        document = openapi.document(microversions.MAXIMUM)
        names = [operation["operationId"] for _, _, operation in _operations(document)]
        self.assertEqual(sorted(set(names)), sorted(names))

    def test_no_format_of_ours_is_left(self):
        for version in VERSIONS:
            formats = re.findall(r'"format": "([^"]+)"', json.dumps(openapi.document(version)))
            self.assertLessEqual(set(formats), {"date-time"})


class ContentTest(base.TestCase):
    def test_every_route_is_there_from_its_version_on(self):
        for version in VERSIONS:
            described = {(path, m) for path, m, _ in _operations(openapi.document(version))}
            served = {
                (f"/v1{path}", method.lower())
                for path, methods in routes.ROUTES.items()
                for method, call in methods.items()
                if (call.since or microversions.MINIMUM) <= version
            }
            self.assertEqual(served, described - {("/", "get"), ("/v1", "get")})

    def test_a_body_is_told_with_its_wrapper(self):
        post = openapi.document(microversions.MAXIMUM)["paths"]["/v1/clusters"]["post"]
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual(["cluster"], schema["required"])
        self.assertIn("profile_id", schema["properties"]["cluster"]["properties"])

    def test_verbs_appear_with_the_version_that_brought_them(self):
        self.assertNotIn("replace_nodes", self.verbs("1.2"))
        self.assertIn("replace_nodes", self.verbs("1.3"))
        self.assertNotIn("complete_lifecycle", self.verbs("1.8"))
        self.assertIn("complete_lifecycle", self.verbs("1.9"))

    def test_webhooks_need_no_token(self):
        trigger = openapi.document(microversions.MAXIMUM)["paths"]["/v1/webhooks/{id}/trigger"]
        self.assertEqual([], trigger["post"]["security"])

    def verbs(self, version):
        minor = int(version.partition(".")[2])
        document = openapi.document(microversions.Version(1, minor))
        post = document["paths"]["/v1/clusters/{id}/actions"]["post"]
        return post["requestBody"]["content"]["application/json"]["schema"]["properties"]


_SORT = common.sort("openapi-test", ("name", "status"))


@ddt.ddt
class PlainSchemaTest(base.TestCase):
    """Both forms of a schema judge the same value alike."""

    @ddt.data(
        (common.CAPACITY, 0, 1000, "7"),
        (common.CAPACITY_OR_UNLIMITED, -1, 5, "-1"),
        (common.INTEGER, 0, 2**31 - 1, "12"),
        (common.nullable(common.INTEGER), None, 3),
        (common.BOOLEAN, True, False),
        (_SORT, "name", "name:asc,status:desc"),
        ({"type": "string", "format": "query-uuid"}, "0" * 32),
    )
    def test_what_is_taken(self, values):
        schema, *taken = values
        for value in taken:
            self.assertEqual((True, True), self.judged(schema, value), value)

    @ddt.data(
        (common.CAPACITY, -1, 1001, "-1", "x", None, True),
        (common.CAPACITY_OR_UNLIMITED, -2, "-2", 1001),
        (common.INTEGER, -1, 2**31, "1.5", None),
        (common.BOOLEAN, "true", 1, None),
        (_SORT, "size", "name:up", ",name"),
        ({"type": "string", "format": "query-uuid"}, "web"),
    )
    def test_what_is_refused(self, values):
        schema, *refused = values
        for value in refused:
            self.assertEqual((False, False), self.judged(schema, value), value)

    def judged(self, schema, value):
        forms = (schema, plain.schema(schema))
        return tuple(validation.make_validator(form).is_valid(value) for form in forms)
