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

"""The README's tour by unmodified openstacksdk."""

from senlin.tests.functional import base


class TourTest(base.TestCase):
    def test_a_cluster_lives_is_healed_and_goes(self):
        service = self.service
        profile = service.new_profile()
        cluster = service.new_cluster(profile, 3)
        self.assertEqual("ACTIVE", cluster.status)
        self.assertEqual(3, len(service.servers()))

        answer = self.clustering.resize_cluster(
            cluster.id, adjustment_type="EXACT_CAPACITY", number=10
        )
        self.assert_ended(answer["action"])
        self.assertEqual(10, len(service.servers()))

        self.assert_ended(self.clustering.scale_in_cluster(cluster.id, 2)["action"])
        self.assert_one_to_one()

        victim = next(self.clustering.nodes(cluster_id=cluster.id))
        server = service.cloud.compute.get_server(victim.physical_id)
        service.cloud.compute.delete_server(server)
        service.cloud.compute.wait_for_delete(server, interval=0.2)
        self.assert_ended(self.clustering.check_cluster(cluster.id)["action"])
        self.assertEqual("ERROR", self.clustering.get_node(victim.id).status)
        self.assertEqual("WARNING", self.clustering.get_cluster(cluster.id).status)

        self.assert_ended(self.clustering.recover_cluster(cluster.id)["action"])
        self.assertEqual("ACTIVE", self.clustering.get_node(victim.id).status)
        self.assertEqual("ACTIVE", self.clustering.get_cluster(cluster.id).status)
        self.assert_one_to_one()

        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assertEqual([], service.servers())
        self.assertEqual([], list(self.clustering.nodes()))
        self.clustering.delete_profile(profile.id)
        self.assertEqual([], list(self.clustering.profiles()))


class FaultyCloudTest(base.TestCase):
    def test_lost_replies_and_refusals_neither_leak_nor_double(self):
        self.service.set_knobs(
            rules=[
                {"kind": "drop_reply", "service": "compute", "method": "POST", "rate": 0.2},
                {
                    "kind": "error",
                    "status": 503,
                    "service": "compute",
                    "method": "POST",
                    "rate": 0.1,
                },
                {"kind": "drop_reply", "service": "compute", "method": "DELETE", "rate": 0.2},
            ]
        )
        cluster = self.service.new_cluster(self.service.new_profile(), 20)
        self.assertEqual("ACTIVE", cluster.status, cluster.status_reason)
        self.assert_one_to_one()
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assertEqual([], self.service.servers())

    def test_a_server_that_cannot_be_built_is_reported_with_its_reason(self):
        self.service.set_knobs(build_failure_rate=1.0)
        cluster = self.service.new_cluster(self.service.new_profile(), 2)
        self.assertEqual("WARNING", cluster.status)
        action = self.service.action_of(cluster, "CLUSTER_CREATE")
        self.assertEqual("FAILED", action.status)
        self.assertIn("2 of 2 node actions failed: capacity: 2", action.status_reason)
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assertEqual([], self.service.servers())
