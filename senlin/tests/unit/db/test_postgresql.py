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

import sqlalchemy as sa

from senlin.db import postgresql
from senlin.tests.unit import base


class TestMode(base.TestCase):
    def test_it_is_chosen_on_the_connection(self):
        connection = mock.Mock(autocommit=False, closed=False)
        postgresql.set_autocommit(connection, True)
        self.assertIs(True, connection.autocommit)

    def test_a_connection_that_is_broken_is_replaced(self):
        connection = mock.Mock(autocommit=False, closed=True)
        self.assertRaises(sa.exc.InvalidatePoolError, postgresql.set_autocommit, connection, True)
