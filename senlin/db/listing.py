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


"""Pages of a table: filtered, sorted, and continued after a marker.

The order is the same on every database: where NULLs go is spelled out, and the
id breaks ties in the direction of the last key, so that an index on
(project, key, id) serves both directions.
"""

import dataclasses

import sqlalchemy as sa

from senlin.db import filtering

#: Sort keys whose column may hold NULL. For the others the plain column is
#: sorted by, which lets an index give the order.
_MAY_BE_NULL = frozenset({"created_at", "updated_at", "action", "cluster_id", "oname", "status"})


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """One sort term: a column, the direction, and whether NULLs occur."""

    column: sa.Column
    descending: bool
    nullable: bool

    def clauses(self):
        """ORDER BY terms: NULLs first when ascending, last when descending."""
        value = self.column.desc() if self.descending else self.column.asc()
        if not self.nullable:
            return [value]
        is_null = sa.case((self.column.is_(None), 1), else_=0)
        return [is_null.asc() if self.descending else is_null.desc(), value]

    def equals(self, value):
        """The condition for rows that tie with ``value``."""
        return self.column.is_(None) if value is None else self.column == value

    def follows(self, value):
        """The condition for rows that come after those with ``value``."""
        if value is None:
            return sa.false() if self.descending else self.column.is_not(None)
        if not self.descending:
            return self.column > value
        lower = self.column < value
        return sa.or_(lower, self.column.is_(None)) if self.nullable else lower


def rows(conn, table, *, page, default_sort, project=None, filters=None, terms=()):
    """One page of rows as dictionaries.

    :param page: ``limit``, ``marker`` and ``sort`` (pairs of key and descending);
        see :class:`senlin.api.query.Page`. A marker that names no row of the
        list is ignored. If it ``probes``, its ``has_more`` is set.
    :param default_sort: the sort when the page names none.
    :param project: only this project's rows; None = all projects.
    :param filters: column name -> list of wanted values.
    :param terms: further conditions, see :class:`senlin.db.filtering.Term`.
    """
    if page.limit == 0:
        return []
    where = [filtering.condition(table, term) for term in terms]
    if project is not None:
        where.append(table.c.project == project)
    for name, values in (filters or {}).items():
        column = table.c[name]
        where.append(column == values[0] if len(values) == 1 else column.in_(values))
    orders = _orders(table, page.sort or default_sort)
    query = sa.select(table).where(*where)
    if page.marker is not None:
        after = _after(conn, table, orders, page.marker, project)
        if after is not None:
            query = query.where(after)
    query = query.order_by(*(clause for order in orders for clause in order.clauses()))
    if page.limit is not None:
        query = query.limit(page.limit + page.probes)
    found = [dict(row) for row in conn.execute(query).mappings()]
    if page.probes:
        page.has_more = len(found) > page.limit
        del found[page.limit :]
    return found


def _orders(table, sort):
    orders = []
    seen = set()
    for key, descending in sort:
        if key not in seen:
            seen.add(key)
            orders.append(Order(table.c[key], descending, _may_be_null(table, key)))
    descending = orders[-1].descending if orders else False
    return [*orders, Order(table.c.id, descending, nullable=False)]


def _may_be_null(table, key):
    if key == "created_at" and table.name not in ("cluster", "node"):
        return False
    return key in _MAY_BE_NULL and bool(table.c[key].nullable)


def _after(conn, table, orders, marker, project):
    """The condition for rows after the marker; None if the marker is unknown."""
    query = sa.select(*(order.column for order in orders)).where(table.c.id == marker)
    if project is not None:
        query = query.where(table.c.project == project)
    values = conn.execute(query).first()
    if values is None:
        return None
    alternatives = []
    ties = []
    for order, value in zip(orders, values, strict=True):
        alternatives.append(sa.and_(*ties, order.follows(value)))
        ties.append(order.equals(value))
    return sa.or_(*alternatives)
