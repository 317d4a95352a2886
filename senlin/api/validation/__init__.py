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


"""Schemas of requests and responses, declared on the methods they are for.

::

    @validation.request_body_schema(schemas.CREATE, wrapper="cluster")
    @validation.request_query_schema(schemas.NO_QUERY)
    @validation.response_body_schema(schemas.SHOWN, "1.0", "1.12")
    @validation.response_body_schema(schemas.SHOWN_TAINTED, "1.13")
    def create(self, call): ...

Declaring only stores the schemas on the function, as ``request_body``,
``request_query`` and ``response_body``; ``senlin.api.operations`` applies them in
the order of the API contract, section 2.1.
"""

import dataclasses
import itertools
import json

import jsonschema

from senlin.api import faults
from senlin.api import microversions
from senlin.api.validation import formats
from senlin.api.validation import texts
from senlin.common import exception

UNKNOWN_PARAMETER = "Invalid parameter {name}"

#: Problems to choose the foremost from: more than any object has fields, and not as
#: many as a list may have items.
_PROBLEMS = 100


def make_validator(schema):
    """A validator of a schema, made once because making one is slow."""
    jsonschema.Draft4Validator.check_schema(schema)
    return _Validator(schema, format_checker=formats.checker)


def _unique(validator, wanted, instance, schema):
    """``uniqueItems`` in linear time: jsonschema's own is quadratic for mixed types."""
    if wanted and validator.is_type(instance, "array"):
        different = {json.dumps(item, sort_keys=True) for item in instance}
        if len(different) < len(instance):
            yield jsonschema.ValidationError("has items that are not unique")


_Validator = jsonschema.validators.extend(jsonschema.Draft4Validator, {"uniqueItems": _unique})


def _problems(validator, value):
    return list(itertools.islice(validator.iter_errors(value), _PROBLEMS))


def check(validator, value):
    """Check a value of a body.

    :raises RequestInvalid: with the sentence of the API contract.
    """
    errors = _problems(validator, value)
    if errors:
        raise exception.RequestInvalid(texts.body_problem(errors))


class Schemas:
    """Schemas of one thing by range of microversions, without gap or overlap."""

    def __init__(self):
        self.ranges = []

    def add(self, schema, minimum, maximum):
        """Add the schema for the versions from ``minimum`` to ``maximum``."""
        for low, high, _ in self.ranges:
            if minimum <= high and low <= maximum:
                raise ValueError(f"Two schemas for version {max(low, minimum)}")
        self.ranges.append((minimum, maximum, make_validator(schema)))
        self.ranges.sort(key=lambda entry: entry[:2])
        for (_, high, _), (low, _, _) in zip(self.ranges, self.ranges[1:], strict=False):
            if low != (high[0], high[1] + 1):
                raise ValueError(f"No schema between versions {high} and {low}")

    def validator(self, version):
        """The validator for a version; None below the first range."""
        for low, high, validator in self.ranges:
            if low <= version <= high:
                return validator
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class ByVersion:
    """Schemas that differ by microversion: (schema, minimum, maximum) each."""

    ranges: tuple


class BodySchemas(Schemas):
    """Schemas of a request's body, and how it is wrapped."""

    def __init__(self, wrapper, updates, optional, lenient):
        super().__init__()
        self.wrapper = wrapper
        self.updates = updates
        self.optional = optional
        self.lenient = lenient
        self.described = self

    def document(self, version):
        """The schema of the whole body, as clients are told it."""
        schema = self.described.validator(version).schema
        if self.wrapper is None:
            return schema
        return {
            "type": "object",
            "properties": {self.wrapper: schema},
            "required": [self.wrapper],
        }

    def accept(self, document, version):
        """The wrapped object of a body, checked.

        :param document: the decoded body, None when there is none.
        :raises RequestInvalid: wrapper, fields or values are not as they must be.
        """
        value = self._unwrapped(document)
        check(self.validator(version), value)
        return value

    def _unwrapped(self, document):
        if document is None:
            if self.optional:
                return {}
            raise exception.RequestInvalid(faults.MALFORMED)
        if self.wrapper is None:
            return document
        if self.updates:
            if document.get(self.wrapper) is None:
                raise exception.RequestInvalid(
                    f"Malformed request data, missing '{self.wrapper}' key in request body."
                )
        elif self.wrapper not in document:
            raise exception.RequestInvalid(f"Request body missing '{self.wrapper}' key.")
        value = document[self.wrapper]
        if value is None:
            raise exception.RequestInvalid(faults.MALFORMED)
        if not isinstance(value, dict):
            raise exception.RequestInvalid(f"The value of '{self.wrapper}' is not an object.")
        return value


class QuerySchemas(Schemas):
    """Schemas of a request's query, whose values are lists of texts."""

    def __init__(self, unknown):
        super().__init__()
        self.unknown = unknown

    def accept(self, parameters, version):
        """The parameters, checked; of a single-valued one the last value.

        :raises RequestInvalid: a parameter is unknown or not as it must be.
        """
        if not parameters:
            return parameters
        validator = self.validator(version)
        known = validator.schema.get("properties", {})
        values = {
            name: given if known.get(name, {}).get("type") == "array" else given[-1]
            for name, given in parameters.items()
        }
        errors = _problems(validator, values)
        if errors:
            raise exception.RequestInvalid(texts.query_problem(errors, self.unknown))
        return values


class ResponseSchemas(Schemas):
    """Schemas of a response's body; None as schema means no body."""

    def check(self, document, version):
        """The problem with a response, as a text, or None."""
        validator = self.validator(version)
        if validator is None:
            return f"no schema for version {version}"
        error = next(validator.iter_errors(document), None)
        return None if error is None else f"{'.'.join(map(str, error.path))}: {error.message}"


def _declare(attribute, make, schema, minimum, maximum):
    low = _version(minimum) or microversions.MINIMUM
    high = _version(maximum) or microversions.MAXIMUM

    def decorate(function):
        schemas = getattr(function, attribute, None)
        if schemas is None:
            schemas = make()
            setattr(function, attribute, schemas)
        schemas.add(schema, low, high)
        return function

    return decorate


def _version(text):
    if text is None:
        return None
    major, minor = text.split(".")
    return microversions.Version(int(major), int(minor))


def request_body_schema(
    schema,
    minimum=None,
    maximum=None,
    *,
    wrapper=None,
    updates=False,
    optional=False,
    lenient=False,
    described=None,
):
    """Declare what a method takes as body.

    :param wrapper: the key that holds the object; None: the body is the object.
    :param updates: the object is a change, with the error text of changes.
    :param optional: no body means an empty object.
    :param lenient: what is not JSON counts as no body.
    :param described: a :class:`ByVersion` that tells clients more than ``schema``,
        where the method checks the rest by itself to find the right words.
    """

    def make():
        schemas = BodySchemas(wrapper, updates, optional, lenient)
        if described is not None:
            schemas.described = _by_version(described)
        return schemas

    return _declare("request_body", make, schema, minimum, maximum)


def _by_version(declared):
    schemas = Schemas()
    for schema, minimum, maximum in declared.ranges:
        schemas.add(
            schema,
            _version(minimum) or microversions.MINIMUM,
            _version(maximum) or microversions.MAXIMUM,
        )
    return schemas


def request_query_schema(schema, minimum=None, maximum=None, *, unknown=UNKNOWN_PARAMETER):
    """Declare what a method takes as query.

    :param schema: one, or a :class:`ByVersion` with its own ranges.
    :param unknown: the error text for a parameter that the schema does not know.
    """
    ranges = schema.ranges if isinstance(schema, ByVersion) else [(schema, minimum, maximum)]

    def decorate(function):
        for part in ranges:
            _declare("request_query", lambda: QuerySchemas(unknown), *part)(function)
        return function

    return decorate


def response_body_schema(schema, minimum=None, maximum=None):
    """Declare what a method answers when it succeeds."""
    return _declare("response_body", ResponseSchemas, schema, minimum, maximum)
