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

"""A bus inside the process, for tests of what travels over it."""

from senlin.rpc import transport as rpc_transport
from senlin.tests.unit import base


class BusTestCase(base.TestCase):
    """Has a transport of its own; kombu's in-memory one is global by name only."""

    def setUp(self):
        super().setUp()
        rpc_transport.register_opts(self.conf)
        self.config(transport_url="kombu+memory:///", rpc_response_timeout=10)
        self.transport = rpc_transport.get(self.conf)
        self.addCleanup(self.transport.cleanup)
