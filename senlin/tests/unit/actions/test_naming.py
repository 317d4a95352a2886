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

import random
import string

import hypothesis
from hypothesis import strategies

from senlin.actions import naming
from senlin.tests.unit import base


class TestNodeName(base.TestCase):
    def test_without_a_format_it_is_node_and_eight_random_characters(self):
        for nothing in (None, "", 5):
            self.assertRegex(naming.node_name(nothing, 1), r"^node-[A-Za-z][A-Za-z0-9]{7}$")

    def test_the_width_of_random_text_can_be_said(self):
        self.assertRegex(naming.node_name("web-$3R", 1), r"^web-[A-Za-z][A-Za-z0-9]{2}$")
        self.assertRegex(naming.node_name("$R", 1), r"^[A-Za-z][A-Za-z0-9]{7}$")

    def test_small_r_is_lower_case(self):
        names = "".join(naming.node_name("$200r", n) for n in range(3))
        self.assertEqual(names.lower(), names)

    def test_the_index_is_padded_to_its_width(self):
        self.assertEqual("N01", naming.node_name("N$2I", 1))
        self.assertEqual("N123", naming.node_name("N$2I", 123))
        self.assertEqual("N7", naming.node_name("N$I", 7))

    def test_other_text_is_literal(self):
        self.assertEqual("test-node", naming.node_name("test-node", 3))
        self.assertEqual("a$x$", naming.node_name("a$x$", 3))

    def test_directives_can_be_mixed(self):
        self.assertRegex(naming.node_name("$2I-$4r-x", 5), r"^05-[a-z][a-z0-9]{3}-x$")

    def test_a_format_that_leaves_nothing_still_names_the_node(self):
        self.assertRegex(naming.node_name("$0R", 1), r"^node-\w{8}$")

    def test_the_same_seed_gives_the_same_name(self):
        self.assertEqual(
            naming.node_name(None, 1, random.Random(7)), naming.node_name(None, 1, random.Random(7))
        )

    @hypothesis.given(
        strategies.text(string.ascii_letters + string.digits + "$RrI-", max_size=300),
        strategies.integers(1, 10**9),
    )
    def test_any_format_gives_a_name_that_fits_the_column(self, name_format, index):
        name = naming.node_name(name_format, index)
        self.assertTrue(1 <= len(name) <= naming.MAX_LENGTH)


class TestActionName(base.TestCase):
    def test_it_ends_in_the_first_eight_characters_of_the_target(self):
        self.assertEqual(
            "cluster_scale_out_0123abcd",
            naming.action_name("cluster_scale_out", "0123abcd-4567-89ab"),
        )
