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


"""Reading a request's query string (API contract, 2.4 and 2.6)."""

import dataclasses
import urllib.parse
import uuid

from oslo_utils import uuidutils

from senlin.common import exception

_MAX_PARAMETERS = 1000


@dataclasses.dataclass(slots=True)
class Page:
    """Which rows of a list are wanted, in which order.

    ``sort`` holds (key, descending) pairs; ``limit`` None means all rows. With
    ``probes`` there is a limit, and whoever reads the rows sets ``has_more``.
    """

    limit: int | None = None
    marker: str | None = None
    sort: tuple = ()
    probes: bool = False
    has_more: bool = False


def parse(query_string):
    """The parameters as a dictionary name -> list of values, decoded.

    :raises RequestInvalid: there are too many of them.
    """
    if not query_string:
        return {}
    try:
        pairs = urllib.parse.parse_qsl(
            query_string, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS
        )
    except ValueError:
        raise exception.RequestInvalid(
            f"The query string has more than {_MAX_PARAMETERS} parameters."
        )
    parameters = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def boolean(query, name, default=False):
    """A validated QBool; empty and absent mean ``default``."""
    value = query.get(name)
    return value.lower() == "true" if value else default


def page(query, maximum=None):
    """The validated paging parameters of a list request.

    :param maximum: the most rows of one page; None = as many as there are. Where there
        is one, pages are followed by others, and so probe for more.
    """
    limit = int(query["limit"]) if query.get("limit") else None
    marker = query.get("marker")
    return Page(
        limit=maximum if limit is None else min(limit, maximum or limit),
        marker=str(uuid.UUID(marker)) if marker else None,
        sort=_sort_terms(query.get("sort")),
        probes=maximum is not None and limit != 0,
    )


def _sort_terms(text):
    terms = []
    for item in text.split(",") if text else ():
        key, _, direction = item.strip().partition(":")
        terms.append((key, direction == "desc"))
    return tuple(terms)


def sort_problem(text, keys):
    """What is wrong with a ``sort`` parameter, as a sentence, or None."""
    for item in text.split(","):
        key, _, direction = item.strip().partition(":")
        if not key:
            return "A sort key is missing in the value of 'sort'."
        if direction not in ("", "asc", "desc"):
            return f"Unsupported sort dir '{direction}' for 'sort'."
        if key not in keys:
            return f"Unsupported sort key '{key}' for 'sort'."
    return None


def is_uuid(text):
    """Whether the text is a UUID: 32 hex digits, with or without dashes."""
    return uuidutils.is_uuid_like(text)
