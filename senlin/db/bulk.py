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


def insert(conn, table, rows):
    """Insert dictionaries, which must all have the same keys."""
    for chunk in chunks(rows):
        conn.execute(_insertion(table), chunk)


def update(conn, table, changes, key="id"):
    """Update different rows to different values.

    Rows that get the same values share one statement. The others are sent as one
    prepared statement with a list of parameters, which drivers do fast; a CASE
    over all rows would be one statement, but costs more to compile than it saves.

    :param changes: dictionary key -> {column: value}.
    """
    groups = {}
    for row_id, values in sorted(changes.items()):
        if values:
            groups.setdefault(tuple(sorted(values)), []).append((row_id, values))
    for columns, rows in sorted(groups.items()):
        varying = [
            name for name in columns if any(row[1][name] != rows[0][1][name] for row in rows[1:])
        ]
        common = {name: rows[0][1][name] for name in columns if name not in varying}
        if varying:
            _update_each(conn, table, key, columns, rows)
            continue
        alike = {f"_{name}": value for name, value in common.items()}
        for chunk in chunks(row_id for row_id, _ in rows):
            conn.execute(_update_alike(table, key, columns), {"_keys": chunk, **alike})


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
def _update_one(table, key, columns):
    mine = table.c[key] == sa.bindparam("_key")
    return sa.update(table).where(mine).values(_placeholders(table, columns))


def _placeholders(table, columns):
    return {name: sa.bindparam(f"_{name}", type_=table.c[name].type) for name in columns}


def _update_each(conn, table, key, columns, rows):
    parameters = [
        {"_key": row_id, **{f"_{name}": values[name] for name in columns}}
        for row_id, values in rows
    ]
    conn.execute(_update_one(table, key, columns), parameters)
