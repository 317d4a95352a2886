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

"""The language of specs: what a profile, a policy or an operation accepts.

A type declares its properties as a mapping of names to the classes below. The
same declaration is published by the API (API contract, sections 3.2 and Annex
H), checks what users send, and gives the engine typed values. Texts of errors
follow the API contract, section 3.3: where a text is fixed it is kept to the
letter, elsewhere it names the path of the offending key.
"""

import collections.abc
import dataclasses

from oslo_utils import strutils

from senlin.common import exception

_TRUE_WORDS = ("true", "yes", "on", "1", "t", "y")
_FALSE_WORDS = ("false", "no", "off", "0", "f", "n")


@dataclasses.dataclass(frozen=True, slots=True)
class AllowedValues:
    """The property takes one of these values only."""

    values: tuple

    def __init__(self, values):
        object.__setattr__(self, "values", tuple(values))

    def describe(self):
        """The constraint as the API shows it."""
        return {"type": "AllowedValues", "constraint": list(self.values)}

    def check(self, value):
        """Raise InvalidSpec, with the contract's text, for another value."""
        if value not in self.values:
            allowed = ", ".join(str(item) for item in self.values)
            raise exception.InvalidSpec(f"'{value}' must be one of the allowed values: {allowed}")


class Schema:
    """One property: what it means, what it accepts, whether it may change.

    :param description: prose for users.
    :param default: used when the property is left out; None = no default.
    :param required: whether leaving it out is an error.
    :param updatable: whether a change of profile may change it.
    :param constraints: further checks of a value.
    :param schema: the inner schema of a list or a map.
    """

    type_name = ""
    null_allowed = False

    def __init__(
        self,
        description="",
        *,
        default=None,
        required=False,
        updatable=False,
        constraints=(),
        schema=None,
    ):
        self.description = description
        self.default = default
        self.required = required
        self.updatable = updatable
        self.constraints = tuple(constraints)
        self.schema = schema

    def describe(self):
        """The descriptor published for a property (API contract, 3.2)."""
        result = self.describe_parameter()
        result["updatable"] = self.updatable
        inner = self._describe_inner()
        if inner is not None:
            result["schema"] = inner
        return result

    def describe_parameter(self):
        """The descriptor published for a parameter of an operation."""
        result = {"type": self.type_name, "required": self.required}
        if self.description:
            result["description"] = self.description
        if self.default is not None:
            result["default"] = self.default
        if self.constraints:
            result["constraints"] = [item.describe() for item in self.constraints]
        return result

    def resolve(self, value, path):
        """The value in its own type.

        :param path: where it stands, for the error's text.
        :raises InvalidSpec: if it has another type or breaks a constraint.
        """
        if value is None:
            if self.null_allowed:
                return None
            raise exception.InvalidSpec(
                f"The value of '{path}' must not be null; leave the item out instead"
            )
        value = self._convert(value, path)
        for constraint in self.constraints:
            constraint.check(value)
        return value

    def _describe_inner(self):
        return None

    def _convert(self, value, path):
        raise NotImplementedError

    def _wrong_type(self, value, path, what):
        return exception.InvalidSpec(f"The value {value!r} of '{path}' is not {what}")


class String(Schema):
    """Text; numbers and booleans are turned into text."""

    type_name = "String"

    def _convert(self, value, path):
        if isinstance(value, str):
            return value
        if isinstance(value, (bool, int, float)):
            return str(value)
        raise self._wrong_type(value, path, "a string")


class Integer(Schema):
    """A whole number or text that spells one; null is tolerated."""

    type_name = "Integer"
    null_allowed = True

    def _convert(self, value, path):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, str):
            try:
                return int(value)
            except ValueError:
                pass  # the common refusal below says it
        raise self._wrong_type(value, path, "an integer")


class Number(Schema):
    """Any number or text that spells one."""

    type_name = "Number"

    def _convert(self, value, path):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            for kind in (int, float):
                try:
                    return kind(value)
                except ValueError:
                    continue
        raise self._wrong_type(value, path, "a number")


class Boolean(Schema):
    """True or false, or a word that strictly means one of them."""

    type_name = "Boolean"

    def _convert(self, value, path):
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if isinstance(value, (str, int)) and word in _TRUE_WORDS + _FALSE_WORDS:
            return strutils.bool_from_string(word, strict=True)
        raise self._wrong_type(value, path, "a boolean")


class List(Schema):
    """A sequence; ``schema`` describes each item."""

    type_name = "List"

    def _describe_inner(self):
        return None if self.schema is None else {"*": self.schema.describe()}

    def _convert(self, value, path):
        if isinstance(value, (str, bytes)) or not isinstance(value, collections.abc.Sequence):
            raise self._wrong_type(value, path, "a list")
        if self.schema is None:
            return list(value)
        return [self.schema.resolve(item, f"{path}[{n}]") for n, item in enumerate(value)]


class Map(Schema):
    """A mapping; ``schema``, if given, names all keys that are known.

    The default of a map is used as it stands: defaults of inner keys are
    filled in only when the user gives the map, even an empty one.
    """

    type_name = "Map"

    def _describe_inner(self):
        return None if self.schema is None else describe_all(self.schema)

    def _convert(self, value, path):
        if not isinstance(value, collections.abc.Mapping):
            raise self._wrong_type(value, path, "a map")
        if self.schema is None:
            return dict(value)
        return resolve_all(self.schema, value, path)


def describe_all(schemas):
    """The published ``schema`` of a type: property name -> descriptor."""
    return {name: schema.describe() for name, schema in schemas.items()}


def resolve_all(schemas, values, path=""):
    """Every declared key with its value, its default or None.

    :raises InvalidSpec: for an unknown key, a missing one or a bad value.
    """
    for key in values:
        if key not in schemas:
            raise exception.InvalidSpec(f"Unrecognizable spec item '{key}'")
    result = {}
    for name, schema in schemas.items():
        here = f"{path}.{name}" if path else name
        if name in values:
            result[name] = schema.resolve(values[name], here)
        elif schema.default is not None:
            result[name] = schema.default
        elif schema.required:
            raise exception.InvalidSpec(f"Required spec item '{here}' not provided")
        else:
            result[name] = None
    return result


def type_of(spec):
    """The (type, version) that a spec names; a numeric version becomes text.

    :raises InvalidSpec: if the spec is no map or does not say.
    """
    if not isinstance(spec, collections.abc.Mapping):
        raise exception.InvalidSpec("The spec is not a map")
    for key in ("type", "version"):
        if spec.get(key) in (None, ""):
            raise exception.InvalidSpec(f"The '{key}' key is missing from the provided spec map")
    if not isinstance(spec["type"], str):
        raise exception.InvalidSpec("The value of 'type' is not a string")
    version = spec["version"]
    if isinstance(version, bool) or not isinstance(version, (str, int, float)):
        raise exception.InvalidSpec("The value of 'version' is neither a string nor a number")
    return spec["type"], str(version)


def resolve_spec(schemas, spec, description_allowed=False):
    """The typed properties of a whole spec.

    :param description_allowed: policies may carry a ``description``.
    :raises InvalidSpec: with the texts of the API contract, section 3.3.
    """
    type_of(spec)
    known = {"type", "version", "properties"}
    if description_allowed:
        known.add("description")
    for key in spec:
        if key not in known:
            raise exception.InvalidSpec(f"Unrecognizable spec item '{key}'")
    if description_allowed and "description" in spec:
        String().resolve(spec["description"], "description")
    if "properties" not in spec:
        raise exception.InvalidSpec("Required spec item 'properties' not provided")
    return Map(schema=schemas).resolve(spec["properties"], "properties")


def changed_properties(schemas, old, new):
    """Names of the properties whose resolved values differ, in declared order."""
    return [name for name in schemas if old.get(name) != new.get(name)]


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """A published operation: what it does and the parameters it takes."""

    description: str
    parameters: dict = dataclasses.field(default_factory=dict)

    def describe(self):
        """The operation as the API shows it (API contract, 3.2)."""
        return {
            "description": self.description,
            "parameters": {
                name: schema.describe_parameter() for name, schema in self.parameters.items()
            },
        }

    def resolve(self, params):
        """Typed parameters: the given ones and those that have a default.

        :raises BadRequest: for an unknown, missing or bad parameter.
        """
        if params is None:
            params = {}
        if not isinstance(params, collections.abc.Mapping):
            raise exception.BadRequest("The params provided is not a map")
        for key in params:
            if key not in self.parameters:
                raise exception.BadRequest(f"Unrecognizable parameter '{key}'")
        for name, schema in self.parameters.items():
            if schema.required and name not in params:
                raise exception.BadRequest(f"Required parameter '{name}' not provided")
        try:
            values = resolve_all(self.parameters, params)
        except exception.InvalidSpec as error:
            raise exception.BadRequest(error.message)
        return {name: value for name, value in values.items() if value is not None}
