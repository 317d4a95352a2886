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

"""Schemas without the formats of ours, in the words that every validator knows.

The service takes a little more, such as other ways to write a boolean in a query.
"""

from senlin.api.validation import formats
from senlin.conf import CONF

_UUID = "^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$"
_OPERATORS = "^(in|nin|neq|gt|gte|lt|lte):.+"
_MAY_BE_EMPTY = frozenset({"optional-non-negative-integer", "query-boolean", "query-uuid"})


def may_be_empty(schema):
    """Whether an empty value of a query's parameter counts as none."""
    name = schema.get("format", "")
    return name in _MAY_BE_EMPTY or name in formats.SORT_KEYS


def schema(given):
    """The schema with each format of ours replaced by other keywords."""
    result = {}
    for keyword, value in given.items():
        if keyword == "properties":
            result[keyword] = {name: schema(part) for name, part in value.items()}
        elif keyword in ("items", "additionalProperties") and isinstance(value, dict):
            result[keyword] = schema(value)
        elif keyword != "format":
            result[keyword] = value
    name = given.get("format")
    return result if name is None else _translated(name, result)


def _translated(name, rest):
    if name in formats.SORT_KEYS:
        return {**rest, "pattern": _sort_pattern(formats.SORT_KEYS[name])}
    if name in formats.FILTERS:
        return {"anyOf": [_filter_value(*formats.FILTERS[name]), _text(_OPERATORS)]}
    return _TRANSLATORS[name](rest)


def _sort_pattern(keys):
    one = f"({'|'.join(keys)})(:(asc|desc))?"
    return f"^{one}(,{one})*$"


def _filter_value(words, is_moment):
    if words is not None:
        return {"type": "string", "enum": list(words)}
    return {"type": "string", **({"format": "date-time"} if is_moment else {})}


def _text(pattern):
    return {"type": "string", "pattern": pattern}


def _whole_number(minimum, maximum):
    """A number, or a text that holds one."""

    def translate(rest):
        choices = [
            {"type": "integer", "minimum": minimum, "maximum": maximum()},
            _text("^[0-9]{1,3}$" if minimum == 0 else "^(-1|[0-9]{1,3})$"),
        ]
        if "null" in rest["type"]:
            choices.append({"type": "null"})
        return {"anyOf": choices}

    return translate


_TRANSLATORS = {
    "boolean": lambda rest: rest,
    "query-boolean": lambda rest: {"type": "boolean"},
    "query-uuid": lambda rest: _text(_UUID),
    "optional-non-negative-integer": lambda rest: {
        "type": "integer",
        "minimum": 0,
        "maximum": formats.MAX_INTEGER,
    },
    "non-negative-integer": _whole_number(0, lambda: formats.MAX_INTEGER),
    "capacity": _whole_number(0, lambda: CONF.max_nodes_per_cluster),
    "capacity-or-unlimited": _whole_number(-1, lambda: CONF.max_nodes_per_cluster),
}
