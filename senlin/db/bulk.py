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

"""Many rows in one statement."""

import sqlalchemy as sa

#: Rows per statement: far below every database's limit of parameters.
CHUNK = 500


def insert(conn, table, rows):
    """Insert dictionaries, which must all have the same keys."""
    for chunk in chunks(rows):
        conn.execute(sa.insert(table), chunk)


def update(conn, table, changes, key="id"):
    """Update different rows to different values.

    :param changes: dictionary key -> {column: value}. A value may be a SQL
        expression. Rows with the same set of columns share a statement, in
        which a column with one common value is written plainly and others by
        CASE.
    """
    groups = {}
    for row_id, values in changes.items():
        if values:
            groups.setdefault(tuple(sorted(values)), []).append((row_id, values))
    for columns, rows in sorted(groups.items()):
        for chunk in chunks(sorted(rows, key=lambda row: row[0])):
            _update_chunk(conn, table, table.c[key], columns, chunk)


def chunks(items, size=CHUNK):
    """Cut a sequence into lists of at most ``size``."""
    items = list(items)
    return [items[i : i + size] for i in range(0, len(items), size)]


def _update_chunk(conn, table, key, columns, rows):
    assignments = {}
    for name in columns:
        column = table.c[name]
        values = [values[name] for _, values in rows]
        if all(_same(value, values[0]) for value in values[1:]):
            assignments[name] = values[0]
        else:
            assignments[name] = sa.case(
                *[
                    (key == row_id, _literal(value, column))
                    for (row_id, _), value in zip(rows, values)
                ],
                else_=column,
            )
    conn.execute(
        sa.update(table).where(key.in_([row_id for row_id, _ in rows])).values(assignments)
    )


def _same(one, other):
    if isinstance(one, sa.ClauseElement) or isinstance(other, sa.ClauseElement):
        return one is other
    return one == other


def _literal(value, column):
    return value if isinstance(value, sa.ClauseElement) else sa.literal(value, type_=column.type)
