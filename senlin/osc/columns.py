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

"""How fields of resources become columns.

Tables are made for people: ids may be short and structures are indented. The machine
formats (json, yaml, csv, value, shell) always get whole ids and structured values.
"""

import dataclasses
import datetime
import json

from cliff import columns
from osc_lib.cli import format_columns

SHORT_ID = 8


class ShortId(columns.FormattableColumn):
    """An id: its first characters for people, all of it for machines."""

    def human_readable(self):
        return (self._value or "")[:SHORT_ID]


class ShortIds(columns.FormattableColumn):
    """A list of ids, one a line for people."""

    def human_readable(self):
        return "\n".join(value[:SHORT_ID] for value in self._value or [])

    def machine_readable(self):
        return list(self._value or [])


class Lines(columns.FormattableColumn):
    """A list of texts, one a line for people."""

    def human_readable(self):
        return "\n".join(str(value) for value in self._value or [])

    def machine_readable(self):
        return list(self._value or [])


class Structure(columns.FormattableColumn):
    """Any JSON value: indented for people."""

    def human_readable(self):
        if self._value is None:
            return ""
        if isinstance(self._value, str):
            return self._value
        return json.dumps(self._value, indent=2, sort_keys=True, ensure_ascii=False)


class Map(format_columns.DictColumn):
    """A flat map: ``key='value'`` pairs for people."""

    def human_readable(self):
        return super().human_readable() or ""


class EpochTime(columns.FormattableColumn):
    """Seconds since 1970: a date in UTC for people."""

    def human_readable(self):
        if self._value is None:
            return ""
        moment = datetime.datetime.fromtimestamp(float(self._value), datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


#: What stands in for a kind of column when the user asks for whole ids.
_WHOLE = {ShortId: None, ShortIds: Lines}


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One column.

    :param name: the column's title, which is also the key in machine formats.
    :param kind: a FormattableColumn class, or None for plain values.
    :param attribute: the resource's attribute, when it is not called as the column.
    """

    name: str
    kind: type | None = None
    attribute: str | None = None

    def value(self, resource, full_id=True):
        """Give the cell of this column for ``resource``."""
        raw = getattr(resource, self.attribute or self.name, None)
        kind = _WHOLE.get(self.kind, self.kind) if full_id else self.kind
        return raw if kind is None else kind(raw)


def titles(fields):
    """Give the titles of columns."""
    return tuple(field.name for field in fields)


def row(resource, fields, full_id=True):
    """Give one row of a list."""
    return tuple(field.value(resource, full_id) for field in fields)


def show(resource, fields):
    """Give titles and values of one resource."""
    return titles(fields), row(resource, fields)
