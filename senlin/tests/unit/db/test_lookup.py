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

"""Finding objects by what users call them."""

import ddt

from senlin.common import exception
from senlin.db import facade
from senlin.db import lookup
from senlin.db import nodes
from senlin.tests.unit.api import base

# Too long for a pattern in SQLite, too long for an id, and full of wildcards.
_LONG = ("a" * 70_000, "\U0001f4a5" * 20_000, "%" * 37)


@ddt.ddt
class LookupTest(base.ApiTestCase):
    def setUp(self):
        super().setUp()
        # Without a row, no pattern is looked at.
        self.node = self.insert("node")["id"]

    @ddt.data(*_LONG)
    def test_a_name_longer_than_any_id_is_just_not_found(self, identity):
        self.assertRaises(exception.ResourceNotFound, facade.read, lookup.find, "node", identity)

    @ddt.data(*_LONG)
    def test_nor_is_it_among_several(self, identity):
        found = facade.read(nodes.resolve, [identity, self.node[:8]])
        self.assertIsNone(found[identity])
        self.assertEqual(self.node, found[self.node[:8]]["id"])

    def test_all_but_the_last_character_of_an_id_will_do(self):
        self.assertEqual(self.node, facade.read(lookup.find, "node", self.node[:35])["id"])
