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


"""Reading a request's JSON body (API contract, 2.2)."""

import json
import math

from senlin.common import exception

#: Brackets may be nested this deep, far below what exhausts a stack.
MAX_DEPTH = 100

_NESTING = frozenset("[{")


def read(stream, declared_length, chunked, limit):
    """The body's bytes; b"" when there is none.

    :param declared_length: value of Content-Length, 0 when absent.
    :param chunked: whether the body comes without a length.
    :raises RequestLimitExceeded: there are more than ``limit`` bytes.
    """
    if declared_length:
        return stream.read(declared_length)
    if not chunked:
        return b""
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise exception.RequestLimitExceeded(limit=limit)
    return raw


def is_json(content_type):
    """Whether a body of this Content-Type is looked at."""
    media_type = content_type.partition(";")[0].strip().lower()
    return not media_type or media_type == "text/plain" or "json" in media_type


def decode(raw):
    """The JSON object in ``raw``, or None when there is something else or nothing.

    :raises RequestInvalid: the text starts like an object but is not JSON, or
        holds what no database or client could be given back.
    """
    try:
        text = raw.decode("utf-8").lstrip(" \t\r\n")
    except UnicodeDecodeError as error:
        raise exception.RequestInvalid(f"The request body is not valid UTF-8: {error.reason}.")
    if not text.startswith("{"):
        return None
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _check_depth(text)
    try:
        document = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise exception.RequestInvalid(f"The request body is not valid JSON: {error}")
    if "\\u" in text:
        _check_texts(document)
    return document


def _refuse_constant(name):
    raise ValueError(f"{name} is not a number that JSON knows")


def _finite_float(literal):
    number = float(literal)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite_float)


def _check_depth(text):
    """Refuse too many open brackets, before the recursive parser sees them."""
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in _NESTING:
            depth += 1
            if depth > MAX_DEPTH:
                raise exception.RequestInvalid(
                    f"The request body is nested deeper than {MAX_DEPTH} levels."
                )
        elif character in "]}":
            depth -= 1


def _check_texts(document):
    """Refuse escapes that make no text: NUL and halves of surrogate pairs.

    PostgreSQL stores neither, and UTF-8 has no spelling for the latter.
    """
    remaining = [document]
    while remaining:
        item = remaining.pop()
        if isinstance(item, dict):
            remaining.extend(item.keys())
            remaining.extend(item.values())
        elif isinstance(item, list):
            remaining.extend(item)
        elif isinstance(item, str) and not _is_storable(item):
            raise exception.RequestInvalid(
                "The request body holds a character that cannot be stored "
                "(NUL or an unpaired surrogate)."
            )


def _is_storable(text):
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
