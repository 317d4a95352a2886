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


"""Values that several requests and responses share (API contract, 2.4)."""

from senlin.api import validation
from senlin.api.validation import formats

#: ``$`` alone would also match before a newline at the end.
NAME = {
    "type": "string",
    "minLength": 1,
    "maxLength": 255,
    "pattern": "^[a-zA-Z0-9\u4e00-\u9fa5_.~-]+$(?!\n)",
}
NAME_OR_EMPTY = {**NAME, "minLength": 0, "pattern": NAME["pattern"].replace("+", "*")}
STRING = {"type": "string"}
OBJECT = {"type": "object"}
BOOLEAN = {"type": "boolean", "format": "boolean"}
NUMBER = {"type": "number"}
INTEGER = {"type": ["integer", "string"], "format": "non-negative-integer"}
CAPACITY = {"type": ["integer", "string"], "format": "capacity"}
CAPACITY_OR_UNLIMITED = {"type": ["integer", "string"], "format": "capacity-or-unlimited"}
IDENTITIES = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 1,
    "uniqueItems": True,
}

#: For calls that ignore whatever query they are given.
ANY_QUERY = {"type": "object", "properties": {}}


def enum(values):
    """One of these words, in exactly this case."""
    return {"type": "string", "enum": [str(value) for value in values]}


def nullable(schema):
    """The schema, or null."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    result = {**schema, "type": [*types, "null"]}
    if "enum" in schema:
        result["enum"] = [*schema["enum"], None]
    return result


def closed(properties, required=()):
    """An object with these keys and no others."""
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = sorted(required)
    return schema


def opened(properties, required=()):
    """An object with these keys, and any others."""
    schema = {"type": "object", "properties": properties, "additionalProperties": True}
    if required:
        schema["required"] = sorted(required)
    return schema


def one_key(schemas):
    """An object with exactly one of these keys: a verb, with what it takes."""
    return {**closed(schemas), "minProperties": 1, "maxProperties": 1}


def one_of_any(schema):
    """An object with exactly one key, of whatever name."""
    return {
        "type": "object",
        "additionalProperties": schema,
        "minProperties": 1,
        "maxProperties": 1,
    }


def document(properties, optional=()):
    """An object of a response: these keys, all there but the optional ones."""
    return closed(properties, required=set(properties) - set(optional))


# ---- queries ---------------------------------------------------------------

SINGLE = {"type": "string"}
QUERY_BOOLEAN = {"type": "string", "format": "query-boolean"}
_LIMIT = {"type": "string", "format": "optional-non-negative-integer"}
_MARKER = {"type": "string", "format": "query-uuid"}


_MOMENTS = {
    "clusters": ("init_at", "created_at", "updated_at"),
    "nodes": ("init_at", "created_at", "updated_at"),
    "profiles": ("created_at", "updated_at"),
    "policies": ("created_at", "updated_at"),
    "receivers": ("created_at", "updated_at"),
    "actions": ("created_at", "updated_at"),
    "events": ("timestamp",),
}


def multi(values=None):
    """A filter that may be repeated, of certain words or any text."""
    items = {"type": "string"}
    if values is not None:
        items["enum"] = [str(value) for value in values]
    return {"type": "array", "items": items}


def sort(collection, keys):
    """The ``sort`` parameter of a collection."""
    return {"type": "string", "format": formats.register_sort(f"sort-{collection}", keys)}


def list_query(collection, sort_keys, filters):
    """The query of a list: filters, and the parameters of paging.

    Since microversion 1.15 filters have operators, and there are some by time.
    """
    paging = {
        "limit": _LIMIT,
        "marker": _MARKER,
        "sort": sort(collection, sort_keys),
        "global_project": QUERY_BOOLEAN,
    }
    advanced = {name: _advanced(collection, name, plain) for name, plain in filters.items()}
    for name in _MOMENTS[collection]:
        advanced[name] = _advanced(collection, name, SINGLE)
    return validation.ByVersion(
        (
            (closed({**filters, **paging}), None, "1.14"),
            (closed({**advanced, **paging}), "1.15", None),
        )
    )


def _advanced(collection, name, plain):
    """A filter with operators in place of a plain one."""
    if plain == QUERY_BOOLEAN:
        return plain
    words = plain.get("items", {}).get("enum")
    format_name = formats.register_filter(f"filter-{collection}-{name}", name, words)
    return {"type": "array", "items": {"type": "string", "format": format_name}}


# ---- responses -------------------------------------------------------------

UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"}
TIMESTAMP = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$"}
NULLABLE_TIMESTAMP = {**TIMESTAMP, "type": ["string", "null"]}
NULLABLE_STRING = {"type": ["string", "null"]}
SHOWN_INTEGER = {"type": "integer"}
SHOWN_BOOLEAN = {"type": "boolean"}
OWNER = {"user": STRING, "project": STRING, "domain": NULLABLE_STRING}
ACTION_ID = document({"action": {"type": "string"}})


def one(key, schema):
    """A response with the one key of an object."""
    return document({key: schema})


def many(key, schema):
    """A response with the one key of a list."""
    return document({key: {"type": "array", "items": schema}})
