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

"""Policies as users have them: scaling with a cool-down, deletion by age."""

from openstack import exceptions

from senlin.tests.functional import base


def _spec(kind, version="1.0", **properties):
    return {"type": f"senlin.policy.{kind}", "version": version, "properties": properties}


class PolicyTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.cluster = self.service.new_cluster(self.service.new_profile(), 2)

    def attach(self, name, spec):
        policy = self.clustering.create_policy(name=name, spec=spec)
        action = self.clustering.attach_policy_to_cluster(self.cluster.id, policy.id)
        self.assert_ended(action["action"])
        return policy

    def test_scaling_cooldown_and_deletion_by_age(self):
        adjustment = {"type": "CHANGE_IN_CAPACITY", "number": 2, "cooldown": 600}
        out = self.attach("out", _spec("scaling", event="CLUSTER_SCALE_OUT", adjustment=adjustment))
        self.attach("oldest", _spec("deletion", "1.1", criteria="OLDEST_FIRST"))
        first = {node.id for node in self.clustering.nodes(cluster_id=self.cluster.id)}

        action = self.clustering.scale_out_cluster(self.cluster.id)
        self.assert_ended(action["action"])
        self.assertEqual(4, len(self.service.servers()))

        # The SDK hands on what is answered here, whatever the status.
        refused = self.clustering.scale_out_cluster(self.cluster.id)
        self.assertEqual("ActionCooldown", refused["error"]["type"])

        action = self.clustering.scale_in_cluster(self.cluster.id, 2)
        self.assert_ended(action["action"])
        left = {node.id for node in self.clustering.nodes(cluster_id=self.cluster.id)}
        self.assertEqual((2, set()), (len(left), left & first))
        self.assert_one_to_one()

        self.assertRaises(exceptions.ConflictException, self.clustering.delete_policy, out.id)
        action = self.clustering.detach_policy_from_cluster(self.cluster.id, out.id)
        self.assert_ended(action["action"])
        self.clustering.delete_policy(out.id)
        self.assertEqual(1, len(list(self.clustering.cluster_policies(self.cluster.id))))
