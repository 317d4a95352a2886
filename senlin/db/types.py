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

"""Column types that behave alike on SQLite, MariaDB/MySQL and PostgreSQL."""

import datetime
import json

import sqlalchemy as sa
from sqlalchemy.dialects import mysql


class UtcDateTime(sa.types.TypeDecorator):
    """An aware UTC moment with microseconds.

    Naive values are refused, since they would be silently local time. MySQL
    needs ``DATETIME(6)``, else ordering by time lies.
    """

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime())

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime cannot be stored: %r" % value)
        return value.astimezone(datetime.UTC).replace(tzinfo=None)

    def process_result_value(self, value, dialect):
        return None if value is None else value.replace(tzinfo=datetime.UTC)


def long_text():
    """Text of any length: MySQL's plain TEXT ends at 64 KiB."""
    return sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Json(sa.types.TypeDecorator):
    """A JSON document kept as text.

    As text it is written and read alike by the three databases, and MySQL
    does not re-order its keys (a spec is shown exactly as it was sent).
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(long_text())

    def process_bind_param(self, value, dialect):
        return None if value is None else _encode(value)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        # Most documents are empty.
        return {} if value == "{}" else json.loads(value)


def epoch():
    """Seconds since 1970 as a double: exact to the microsecond, cheap to compare."""
    return sa.Float(53).with_variant(mysql.DOUBLE(asdecimal=False), "mysql", "mariadb")
