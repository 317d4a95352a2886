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

"""Transactions against a database that goes away."""

from unittest import mock

import fixtures
from oslo_db import exception as db_exception
import sqlalchemy as sa

from senlin.common import exception
from senlin.db import facade
from senlin.db import services
from senlin.tests.unit import base

_SERVICE = {
    "service_id": "s1",
    "host": "h",
    "binary": "senlin-engine",
    "topic": "t",
    "release": "1",
    "now": 1000.0,
}


class TransactionTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        # The waits between tries.
        self.useFixture(fixtures.MockPatch("oslo_db.api.time.sleep"))

    def test_a_read_is_repeated_after_a_lost_connection(self):
        function = mock.Mock(side_effect=[db_exception.DBConnectionError(), 7])
        self.assertEqual(7, facade.read(function))

    def test_a_write_is_repeated_after_a_lost_connection(self):
        function = mock.Mock(side_effect=[db_exception.DBConnectionError(), 7])
        self.assertEqual(7, facade.write(function))

    def test_a_write_is_repeated_after_a_deadlock(self):
        function = mock.Mock(side_effect=[db_exception.DBDeadlock(), 7])
        self.assertEqual(7, facade.write(function))

    def test_a_database_that_stays_away_is_reported_as_such(self):
        for call in (facade.read, facade.write):
            function = mock.Mock(side_effect=db_exception.DBConnectionError())
            self.assertRaises(exception.DatabaseUnavailable, call, function)

    def test_a_full_pool_is_reported_without_more_waiting(self):
        function = mock.Mock(side_effect=sa.exc.TimeoutError())
        self.assertRaises(exception.DatabaseUnavailable, facade.read, function)
        self.assertEqual(1, function.call_count)

    def test_a_mistake_is_not_repeated(self):
        function = mock.Mock(side_effect=ValueError())
        self.assertRaises(ValueError, facade.write, function)
        self.assertEqual(1, function.call_count)

    def test_a_write_is_not_repeated_when_its_commit_was_not_answered(self):
        listener = (facade.engine(), "commit", _lose_connection)
        sa.event.listen(*listener)
        self.addCleanup(sa.event.remove, *listener)
        function = mock.Mock(side_effect=services.heartbeats)
        self.assertRaises(exception.OutcomeUnknown, facade.write, function)
        self.assertEqual(1, function.call_count)

    def test_a_write_that_fails_leaves_nothing_also_where_others_read_before(self):
        function = mock.Mock(side_effect=ValueError())

        def write(conn):
            services.register(conn, **_SERVICE)
            function()

        for _ in range(3):
            facade.read(services.heartbeats)
            self.assertRaises(ValueError, facade.write, write)

        self.assertFalse(facade.read(services.heartbeats))

    def test_connections_that_break_before_their_use_are_a_database_that_is_away(self):
        def broken(*_arguments):
            raise sa.exc.InvalidatePoolError()

        listener = (facade.engine(), "checkout", broken)
        sa.event.listen(*listener)
        for call in (facade.read, facade.write):
            self.assertRaises(exception.DatabaseUnavailable, call, services.heartbeats)
        sa.event.remove(*listener)

        self.assertEqual({}, facade.read(services.heartbeats))

    def test_the_answer_to_a_user_is_503_with_retry_after(self):
        for error in (exception.DatabaseUnavailable(), exception.OutcomeUnknown()):
            self.assertEqual(503, error.http_code)
            self.assertGreater(error.retry_after, 0)


class ConnectingTest(base.TestCase):
    """A server that is not there, as each driver says it."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MockPatch("oslo_db.api.time.sleep"))
        self.addCleanup(facade.dispose)

    def test_no_mariadb(self):
        facade.configure("mysql+pymysql://user@127.0.0.1:1/senlin")
        self.assertRaises(exception.DatabaseUnavailable, facade.read, services.heartbeats)

    def test_no_postgresql(self):
        facade.configure("postgresql+psycopg://user@127.0.0.1:1/senlin")
        self.assertRaises(exception.DatabaseUnavailable, facade.write, services.heartbeats)


def _lose_connection(connection):
    connection.invalidate()
    raise db_exception.DBConnectionError()
