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

"""The command reference in the documentation."""

import pathlib

import senlin
from senlin.tests.unit import base
from senlin.tests.unit.osc import base as osc_base

REFERENCE = pathlib.Path(senlin.__file__).parent.parent / "doc/source/cli/reference.rst"


class ReferenceTestCase(base.TestCase):
    def test_every_command_is_in_the_reference(self):
        text = REFERENCE.read_text(encoding="utf-8")
        missing = [
            name
            for name in osc_base.commands()
            if f"``openstack {name} " not in text and f"``openstack {name}``" not in text
        ]
        self.assertEqual([], missing)
