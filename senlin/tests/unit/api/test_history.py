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

"""The history for readers keeps up with the versions."""

import pathlib
import re

from senlin import api
from senlin.api import microversions
from senlin.tests.unit import base

_HISTORY = pathlib.Path(next(iter(api.__path__))) / "rest_api_version_history.rst"


class HistoryTest(base.TestCase):
    def test_it_has_an_entry_for_each_version(self):
        entries = re.findall(r"^(1\.\d+)\n-+$", _HISTORY.read_text(), re.MULTILINE)
        expected = [f"1.{minor}" for minor in range(microversions.MAXIMUM.minor + 1)]
        self.assertEqual(expected, entries)
