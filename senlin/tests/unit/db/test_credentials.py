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

from senlin.db import credentials
from senlin.tests.unit import base


class TestCredentials(base.DatabaseTestCase):
    def test_unknown_owner_has_none(self):
        self.assertIsNone(credentials.load("u", "p"))

    def test_saved_one_comes_back(self):
        credentials.save("u", "p", "sealed")

        self.assertEqual("sealed", credentials.load("u", "p"))
        self.assertIsNone(credentials.load("u", "other"))

    def test_later_one_takes_its_place(self):
        credentials.save("u", "p", "first")
        credentials.save("u", "p", "second")

        self.assertEqual("second", credentials.load("u", "p"))
