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


"""The sentence for what a schema found wrong (API contract, 2.3)."""

_MAX_DETAIL = 500


def body_problem(errors):
    """The one sentence to answer for these errors of a body's schema."""
    error = _foremost(errors)
    return _WRITERS.get(error.validator, _other)(error)


def query_problem(errors, unknown_template):
    """The one sentence to answer for these errors of a query's schema.

    :param unknown_template: the sentence for an unknown parameter.
    """
    for error in errors:
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            name = next(name for name in error.instance if name not in known)
            return unknown_template.format(name=_cut(name))
    error = _foremost(errors)
    if error.validator == "enum":
        return f"Field value {_cut(str(error.instance))} is invalid"
    return _WRITERS.get(error.validator, _other)(error)


def _foremost(errors):
    """Missing fields come first, then unknown ones, then the schema's order.

    A format tells more than a type about the same value.
    """
    ranks = {"required": 0, "additionalProperties": 1}
    first = min(errors, key=lambda error: ranks.get(error.validator, 2))
    if first.validator == "required":
        missing = [e for e in errors if e.validator == "required" and e.path == first.path]
        return min(missing, key=_missing_name)
    if first.validator == "type" and first.instance is not None:
        for error in errors:
            if error.validator == "format" and error.path == first.path:
                return error
    return first


def _missing_name(error):
    return next(name for name in sorted(error.validator_value) if name not in error.instance)


def _required(error):
    name = min(n for n in error.validator_value if n not in error.instance)
    if "minItems" in error.schema.get("properties", {}).get(name, {}):
        return _at_least_one_item(name)
    return f"'{name}' is a required property"


def _type(error):
    if error.instance is None:
        return f"Field `{_field(error)}' cannot be None"
    if isinstance(error.instance, str) and "uniqueItems" in error.schema:
        return _text_for_list(error)
    return _other(error)


def _text_for_list(error):
    """A list of identities was given as one text: judged as list of characters."""
    if len(set(error.instance)) < len(error.instance):
        return _repeated_items(_field(error))
    return _other(error)


def _format(error):
    return str(error.cause).format(field=_field(error))


def _enum(error):
    if error.instance is None:
        return f"Field `{_field(error)}' cannot be None"
    value = _cut(str(error.instance))
    return f"Value '{value}' is not acceptable for field '{_field(error)}'."


def _min_items(error):
    return _at_least_one_item(_field(error))


def _unique_items(error):
    return _repeated_items(_field(error))


def _additional_properties(error):
    return _cut(error.message)


def _other(error):
    return f"Invalid input for field '{_path(error)}': {_cut(error.message)}"


def _at_least_one_item(field):
    return f"Value for '{field}' must have at least 1 item(s)."


def _repeated_items(field):
    return f"Items for '{field}' must be unique"


def _field(error):
    return str(error.path[-1]) if error.path else ""


def _path(error):
    return ".".join(str(part) for part in error.absolute_path)


def _cut(text):
    return text if len(text) <= _MAX_DETAIL else text[:_MAX_DETAIL] + "..."


_WRITERS = {
    "required": _required,
    "type": _type,
    "format": _format,
    "enum": _enum,
    "minItems": _min_items,
    "uniqueItems": _unique_items,
    "additionalProperties": _additional_properties,
}
