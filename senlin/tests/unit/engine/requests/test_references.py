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

"""Objects that a request's body refers to."""

from senlin.common import exception
from senlin.tests.unit.engine.requests import base


class AmbiguousClusterTest(base.RequestTestCase):
    def test_a_node_and_a_receiver_are_told_so(self):
        profile = self.make_profile()
        for _ in range(2):
            self.make_cluster(name="twice")
        expected = (
            "Multiple results found matching the query criteria 'twice'. Please be more specific."
        )
        node = {"name": "n", "role": "", "metadata": {}, "profile_id": profile["id"]}
        receiver = {"name": "r", "type": "webhook", "action": "CLUSTER_CHECK"}
        for method, given in (("node_create", node), ("receiver_create", receiver)):
            message = self.refused(exception.MultipleChoices, method, cluster_id="twice", **given)
            self.assertEqual(expected, message, method)
