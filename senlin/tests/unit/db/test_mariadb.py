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

from unittest import mock

import fixtures
import pymysql
from pymysql import connections
from pymysql.constants import SERVER_STATUS
import sqlalchemy as sa

from senlin.db import mariadb
from senlin.tests.unit import base

_AUTOCOMMIT = SERVER_STATUS.SERVER_STATUS_AUTOCOMMIT


def _connection():
    connection = mariadb.Connection(defer_connect=True)
    connection.server_status = 0
    return connection


class TestMode(base.TestCase):
    """Whether each statement is a transaction of its own."""

    def setUp(self):
        super().setUp()
        self.connection = _connection()
        self.autocommit = self.useFixture(
            fixtures.MockPatchObject(self.connection, "autocommit")
        ).mock

    def test_the_server_is_told_when_it_changes(self):
        mariadb.set_autocommit(self.connection, True)
        self.autocommit.assert_called_once_with(True)

    def test_nothing_is_told_when_it_stays(self):
        mariadb.set_autocommit(self.connection, False)
        self.connection.server_status = _AUTOCOMMIT
        mariadb.set_autocommit(self.connection, True)
        self.autocommit.assert_not_called()

    def test_a_connection_that_breaks_over_it_is_replaced(self):
        self.autocommit.side_effect = pymysql.err.OperationalError(2013, "gone")
        self.assertRaises(sa.exc.InvalidatePoolError, mariadb.set_autocommit, self.connection, True)


class TestConnection(base.TestCase):
    """What the connection sends, seen at PyMySQL's own methods."""

    def setUp(self):
        super().setUp()
        self.sent = []
        for name in ("query", "begin", "commit", "rollback", "ping"):
            self._record(name)
        self.now = 1000.0
        patched = mock.patch.object(mariadb.time, "monotonic", lambda: self.now)
        patched.start()
        self.addCleanup(patched.stop)
        self.connection = _connection()

    def _record(self, name):
        patched = mock.patch.object(
            connections.Connection, name, lambda *_args: self.sent.append(name)
        )
        patched.start()
        self.addCleanup(patched.stop)

    def test_nothing_is_rolled_back_after_a_commit(self):
        self.connection.query("UPDATE node")
        self.connection.commit()
        self.connection.rollback()

        self.assertEqual(["query", "commit"], self.sent)

    def test_what_was_asked_is_rolled_back(self):
        self.connection.query("UPDATE node")
        self.connection.commit()
        self.connection.query("SELECT 1")
        self.connection.rollback()
        self.connection.rollback()

        self.assertEqual(["query", "commit", "query", "rollback"], self.sent)

    def test_a_transaction_begun_by_name_is_rolled_back(self):
        self.connection.query("UPDATE node")
        self.connection.commit()
        self.connection.begin()
        self.connection.rollback()

        self.assertEqual(["query", "commit", "begin", "rollback"], self.sent)

    def test_there_is_nothing_to_roll_back_where_each_statement_is_a_transaction(self):
        self.connection.server_status = _AUTOCOMMIT
        self.connection.query("SELECT 1")
        self.connection.rollback()

        self.assertEqual(["query"], self.sent)

    def test_a_new_connection_is_asked_for_a_sign_of_life(self):
        self.connection.ping()

        self.assertEqual(["ping"], self.sent)

    def test_an_answer_is_a_sign_of_life_for_a_moment(self):
        self.connection.query("SELECT 1")
        self.now += 1
        self.connection.ping()
        self.assertEqual(["query"], self.sent)

        self.now += 2
        self.connection.ping()
        self.assertEqual(["query", "ping"], self.sent)
