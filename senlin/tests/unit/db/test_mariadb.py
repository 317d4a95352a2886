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

from pymysql import connections

from senlin.db import mariadb
from senlin.tests.unit import base


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
        self.connection = mariadb.Connection(defer_connect=True)

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
