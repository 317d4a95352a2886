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

"""``ETag``, ``If-Match`` and ``If-None-Match`` on single objects (since 1.16).

Comparison is by RFC 9110, section 13.1. A change's condition is only read here; the engine
decides on it, in the transaction of the change.
"""

import re

from senlin.common import exception

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|\Z)')
_MAX_LENGTH = 8192


def header(tag):
    """The value of the header for a tag."""
    return f'"{tag}"'


def required(if_match):
    """The tags in an If-Match header; None if any will do.

    A weak tag never equals a strong one, and ours are strong.

    :raises RequestInvalid: it is not a list of tags.
    """
    parsed = _parse("If-Match", if_match)
    return None if parsed is None else [tag for is_weak, tag in parsed if not is_weak]


def is_unchanged(if_none_match, tag):
    """Whether the sender of an If-None-Match header has this state already.

    :raises RequestInvalid: it is not a list of tags.
    """
    parsed = _parse("If-None-Match", if_none_match)
    return parsed is None or any(known == tag for _, known in parsed)


def _parse(name, value):
    """Pairs of whether a tag is weak, and the tag; None for ``*``."""
    if value.strip() == "*":
        return None
    tags = []
    position = 0
    while position < len(value) and len(value) <= _MAX_LENGTH:
        match = _TAG.match(value, position)
        if match is None:
            break
        tags.append((match[1] is not None, match[2]))
        position = match.end()
    if not tags or position != len(value):
        raise exception.RequestInvalid(f'The {name} header must be "*" or tags as in "1a2b".')
    return tags
