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

"""Conditions on columns, as the filters of lists ask for them."""

import dataclasses
import datetime

import sqlalchemy as sa


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """All moments from ``start`` up to but not including ``end``.

    A moment that is given in seconds means all of its second, since seconds are
    what clients see of it.
    """

    start: datetime.datetime
    end: datetime.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """A condition on one column.

    :ivar operator: in, nin, neq, gt, gte, lt or lte; the first three take any
        number of values, the others exactly one.
    :ivar values: numbers, texts or :class:`Span`.
    """

    column: str
    operator: str
    values: tuple


def condition(table, term):
    """The WHERE condition of a term. What is unset differs from every value."""
    column = table.c[term.column]
    if term.operator == "in":
        return _is_any(column, term.values)
    if term.operator in ("nin", "neq"):
        return sa.or_(column.is_(None), sa.not_(_is_any(column, term.values)))
    (value,) = term.values
    span = value if isinstance(value, Span) else None
    match term.operator:
        case "gt":
            return column >= span.end if span else column > value
        case "gte":
            return column >= (span.start if span else value)
        case "lt":
            return column < (span.start if span else value)
        case "lte":
            return column < span.end if span else column <= value
    raise ValueError(f"Unknown operator {term.operator}")


def _is_any(column, values):
    if any(isinstance(value, Span) for value in values):
        return sa.or_(*(sa.and_(column >= v.start, column < v.end) for v in values))
    return column == values[0] if len(values) == 1 else column.in_(values)
