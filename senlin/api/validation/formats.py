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


"""Formats of values that JSON schema has no keyword for (API contract, 2.3, 2.4).

Each check raises ValueError with the sentence that the client is to read,
where ``{field}`` stands for the field's name. A check looks at the values it
is about and lets others pass: their type is the schema's business.
"""

import re

import jsonschema

from senlin.api import filters
from senlin.api import query
from senlin.conf import CONF

checker = jsonschema.FormatChecker(formats=())

#: Formats made for one parameter: name -> the sort keys; name -> a filter's only
#: words, if it has such, and whether it takes times.
SORT_KEYS = {}
FILTERS = {}

#: The largest number that an INTEGER column of every database can hold.
MAX_INTEGER = 2**31 - 1

_INTEGER = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
_WORDS = ("0", "1", "f", "false", "n", "no", "off", "on", "t", "true", "y", "yes")


def _check(name):
    """Register a function as the check of a format."""

    def register(function):
        def passes(value):
            function(value)
            return True

        checker.checks(name, raises=ValueError)(passes)
        return function

    return register


def as_integer(value):
    """The whole number in a number or a text, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _INTEGER.match(value) and len(value) <= 20:
        return int(value)
    return None


@_check("non-negative-integer")
def non_negative_integer(value):
    """``NNInt``: a number or a text of digits."""
    if value is None:
        return
    number = as_integer(value)
    if number is None:
        raise ValueError(f"The value for {{field}} must be an integer: '{_shown(value)}'.")
    if number < 0:
        raise ValueError("Value must be >= 0 for field '{field}'.")
    if number > MAX_INTEGER:
        raise ValueError(f"Value must be <= {MAX_INTEGER} for field '{{field}}'.")


@_check("optional-non-negative-integer")
def optional_non_negative_integer(value):
    """``QInt``: an empty value counts as none."""
    if value != "":
        non_negative_integer(value)


def _capacity(value, minimum):
    if value is None:
        return
    number = as_integer(value)
    if number is None:
        raise ValueError(f"The value for {{field}} must be an integer: '{_shown(value)}'.")
    maximum = CONF.max_nodes_per_cluster
    if number < minimum:
        raise ValueError(f"Value must be >= {minimum} for field '{{field}}'.")
    if number > maximum:
        raise ValueError(f"Value must be <= {maximum} for field '{{field}}'.")


@_check("capacity")
def capacity(value):
    """``Cap(0)``: a size of a cluster."""
    _capacity(value, 0)


@_check("capacity-or-unlimited")
def capacity_or_unlimited(value):
    """``Cap(-1)``: a size of a cluster, where -1 means that there is no limit."""
    _capacity(value, -1)


@_check("boolean")
def boolean(value):
    """``Bool``: the word list is only reported, words are refused by the type."""
    if isinstance(value, str) and value.lower() not in _WORDS:
        words = ", ".join(f"'{word}'" for word in _WORDS)
        raise ValueError(f"Unrecognized value '{_shown(value)}', acceptable values are: {words}")


@_check("query-boolean")
def query_boolean(value):
    """``QBool``: true or false in any letter case; an empty value counts as none."""
    if value and value.lower() not in ("true", "false"):
        raise ValueError(f"Invalid value '{_shown(value)}' specified for '{{field}}'")


@_check("query-uuid")
def query_uuid(value):
    """``QUuid``."""
    if value and not query.is_uuid(value):
        raise ValueError(f"The value for {{field}} is not a valid UUID: '{_shown(value)}'.")


def register_sort(name, keys):
    """A format for the ``sort`` parameter of a collection with these keys."""

    @_check(name)
    def sort(value):
        problem = query.sort_problem(value, keys) if value else None
        if problem:
            raise ValueError(_literal(problem))

    SORT_KEYS[name] = keys
    return name


#: Filters whose values have no order that would mean anything.
_UNORDERED = frozenset({"cluster_id", "oid", "target", "user"})


def register_filter(format_name, name, words=None):
    """A format for a filter that may have an operator.

    :param name: the filter's; those in ``filters.MOMENTS`` take times.
    :param words: the only values there are; None = any text.
    """
    ordered = name == "level" or (words is None and name not in _UNORDERED)

    @_check(format_name)
    def check(value):
        try:
            operator, values = filters.parse(value)
            if operator in filters.ORDERING and not ordered:
                raise ValueError(f"The operator '{operator}' cannot be used with '{name}'.")
            for each in values:
                if name in filters.MOMENTS:
                    filters.moment(each)
                elif words is not None and each not in words:
                    raise ValueError(f"Field value {each[:255]} is invalid")
        except ValueError as error:
            raise ValueError(_literal(str(error))) from None

    FILTERS[format_name] = (words, name in filters.MOMENTS)
    return format_name


def _literal(text):
    """The text with its braces protected from the substitution of ``{field}``."""
    return text.replace("{", "{{").replace("}", "}}")


def _shown(value, limit=255):
    """A client's value inside a sentence: cut when long."""
    text = str(value)
    return _literal(text if len(text) <= limit else text[:limit] + "...")
