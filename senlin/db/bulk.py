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

import functools

import sqlalchemy as sa

#: Rows per statement: far below every database's limit of parameters.
CHUNK = 500
#: Different rows updated by one statement, a power of two.
_CASES = 32


def insert(conn, table, rows):
    """Insert dictionaries, which must all have the same keys."""
    for chunk in chunks(rows):
        conn.execute(_insertion(table), chunk)


def update(conn, table, changes, key="id"):
    """Update different rows to different values.

    Rows that get the same values share one statement, and so do some dozen others: a
    row by itself would cost the driver and the database three times as much.

    :param changes: dictionary key -> {column: value}.
    """
    groups = {}
    for row_id, values in sorted(changes.items()):
        if values:
            groups.setdefault(tuple(sorted(values)), []).append((row_id, values))
    for columns, rows in sorted(groups.items()):
        alike = rows[0][1]
        if any(values != alike for _, values in rows):
            for chunk in chunks(rows, _CASES):
                _update_each(conn, table, key, columns, chunk)
            continue
        parameters = {f"_{name}": value for name, value in alike.items()}
        for chunk in chunks(row_id for row_id, _ in rows):
            conn.execute(_update_alike(table, key, columns), {"_keys": chunk, **parameters})


def chunks(items, size=CHUNK):
    """Cut a sequence into lists of at most ``size``."""
    items = list(items)
    return [items[i : i + size] for i in range(0, len(items), size)]


# Statements are built once for each set of columns: to build one takes longer than to
# execute it.


@functools.cache
def _insertion(table):
    return sa.insert(table)


@functools.lru_cache(512)
def _update_alike(table, key, columns):
    keys = sa.bindparam("_keys", expanding=True)
    return sa.update(table).where(table.c[key].in_(keys)).values(_placeholders(table, columns))


@functools.lru_cache(512)
def _update_cases(table, key, columns, number):
    keys = [sa.bindparam(f"_key{n}", type_=table.c[key].type) for n in range(number)]

    def value(name):
        kind = table.c[name].type
        values = {keys[n]: sa.bindparam(f"_{name}{n}", type_=kind) for n in range(number)}
        # The column itself is never taken: it tells PostgreSQL what type nulls are of.
        return sa.case(values, value=table.c[key], else_=table.c[name])

    values = {name: value(name) for name in columns}
    return sa.update(table).where(table.c[key].in_(keys)).values(values)


def _placeholders(table, columns):
    return {name: sa.bindparam(f"_{name}", type_=table.c[name].type) for name in columns}


def _update_each(conn, table, key, columns, rows):
    # Only powers of two, so that there are few statements to build. To say the same of
    # the last row more than once changes nothing.
    number = 1 << (len(rows) - 1).bit_length()
    rows = rows + rows[-1:] * (number - len(rows))
    parameters = {}
    for n, (row_id, values) in enumerate(rows):
        parameters[f"_key{n}"] = row_id
        parameters.update((f"_{name}{n}", values[name]) for name in columns)
    conn.execute(_update_cases(table, key, columns, number), parameters)
