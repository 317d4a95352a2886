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

"""Lists in requests that are as long as a body may be."""

import time
import tracemalloc

from senlin.api import validation
from senlin.api.schemas import common
from senlin.common import exception
from senlin.tests.unit import base


class HugeListTest(base.TestCase):
    def refusal(self, items):
        validator = validation.make_validator(common.closed({"nodes": common.IDENTITIES}))
        return str(
            self.assertRaises(
                exception.RequestInvalid, validation.check, validator, {"nodes": items}
            )
        )

    def test_many_wrong_items_cost_no_more_than_the_first(self):
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertIn("nodes.0", self.refusal([1] * 100_000))
        _, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 20_000_000)

    def test_items_of_several_types_are_compared_in_linear_time(self):
        begin = time.process_time()
        self.assertIn("nodes.0", self.refusal([1, *map(str, range(20_000))]))
        self.assertLess(time.process_time() - begin, 5)

    def test_a_repeated_item_is_found_among_many(self):
        message = self.refusal([*map(str, range(20_000)), "7"])
        self.assertEqual("Items for 'nodes' must be unique", message)
