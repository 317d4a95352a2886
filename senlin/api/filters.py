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

"""Filters with operators, since microversion 1.15.

They follow OpenStack's API guidelines: ``in:a,b``, ``nin:a,b``, ``neq:a``, ``gt:a``,
``gte:a``, ``lt:a`` and ``lte:a``. A value with a comma or a double quote in it is put
into double quotes, where a backslash protects a quote or a backslash. Without an
operator, values mean equality, and several of them any of them; operators add up.
"""

import datetime
import re

from oslo_utils import timeutils

from senlin.db import filtering

#: Filters by time, of whatever collection.
MOMENTS = frozenset({"init_at", "created_at", "updated_at", "timestamp"})
ORDERING = frozenset({"gt", "gte", "lt", "lte"})

_OPERATOR = re.compile(r"(in|nin|neq|gt|gte|lt|lte):(.*)\Z", re.DOTALL)
_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|([^",]*)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SECONDS = re.compile(r"\d\d:?\d\d:?\d\d")
_FRACTION = re.compile(r"\d[.,]\d")


def parse(text):
    """Operator and values of a filter; None as operator for a plain value.

    :raises ValueError: with the sentence to answer.
    """
    match = _OPERATOR.match(text)
    if match is None:
        return None, (text,)
    operator, rest = match.groups()
    values = tuple(_split(rest))
    if operator not in ("in", "nin") and len(values) != 1:
        raise ValueError(f"The operator '{operator}' takes one value, not '{rest}'.")
    return operator, values


def terms(name, texts):
    """The conditions of one filter, which all have to hold.

    :param texts: its values, already checked.
    """
    parsed = [parse(text) for text in texts]
    plain = [value for operator, (value, *_) in parsed if operator is None]
    found = [("in", plain)] if plain else []
    found += [(operator, values) for operator, values in parsed if operator is not None]
    make = moment if name in MOMENTS else str
    return [
        filtering.Term(name, operator, tuple(make(value) for value in values))
        for operator, values in found
    ]


def moment(text):
    """The time that a text means: a day, a second, or a fraction of one.

    :raises ValueError: it is not a time by ISO 8601.
    """
    if _FRACTION.search(text):
        length = datetime.timedelta(microseconds=1)
    elif _SECONDS.search(text):
        length = datetime.timedelta(seconds=1)
    elif ":" not in text:
        length = datetime.timedelta(days=1)
    else:
        length = datetime.timedelta(minutes=1)
    try:
        start = timeutils.parse_isotime(text).astimezone(datetime.UTC)
        return filtering.Span(start, start + length)
    except (ValueError, OverflowError):
        raise ValueError(f"'{text[:64]}' is not a time as in '2026-01-31T12:00:00Z'.") from None


def _split(text):
    position = 0
    while True:
        match = _ITEM.match(text, position)
        quoted, plain = match.groups()
        yield plain if quoted is None else _ESCAPE.sub(r"\1", quoted)
        position = match.end()
        if position == len(text):
            return
        if text[position] != ",":
            raise ValueError(f"The quotes in '{text[:64]}' are not in order.")
        position += 1
