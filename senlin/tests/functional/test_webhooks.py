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

"""Webhooks as alarms use them: a plain POST, without token or headers."""

import requests

from senlin.tests.functional import base


class WebhookTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.cluster = self.service.new_cluster(self.service.new_profile(), 1)

    def receiver(self, action, **params):
        return self.clustering.create_receiver(
            name="hook", type="webhook", cluster_id=self.cluster.id, action=action, params=params
        )

    def post(self, receiver, status=202, **options):
        answer = requests.post(receiver.channel["alarm_url"], timeout=30, **options)
        self.assertEqual(status, answer.status_code, answer.text)
        return answer.json()

    def test_an_alarm_grows_a_cluster(self):
        hook = self.receiver("CLUSTER_SCALE_OUT", count="2")
        self.assertTrue(hook.channel["alarm_url"].endswith("/trigger?V=2&count=2"))

        ended = self.assert_ended(self.post(hook)["action"])
        self.assertEqual(f"webhook_{hook.id[:8]}", ended.name)
        self.assertEqual(3, self.clustering.get_cluster(self.cluster.id).desired_capacity)

        self.assert_ended(self.post(hook, json={"count": 1, "severity": "low"})["action"])
        self.assertEqual(4, len(self.service.servers()))
        self.assert_one_to_one()

        ended = self.assert_ended(self.post(hook, json={"count": "abc"})["action"], "FAILED")
        self.assertIn("Invalid count (abc)", ended.status_reason)

    def test_a_resize_of_limits_alone(self):
        hook = self.receiver("CLUSTER_RESIZE", max_size=2)
        self.assert_ended(self.post(hook)["action"])
        self.assertEqual(2, self.clustering.get_cluster(self.cluster.id).max_size)

    def test_inputs_that_make_no_sense_fail_the_action_and_no_more(self):
        hook = self.receiver("CLUSTER_OPERATION")
        self.assert_ended(self.post(hook, json={"nodes": 7})["action"], "FAILED")
        for action in ("CLUSTER_ADD_NODES", "CLUSTER_REPLACE_NODES", "CLUSTER_UPDATE"):
            self.clustering.update_receiver(hook.id, action=action)
            self.service.wait(self.post(hook, json={"nodes": 7, "candidates": 7})["action"])
        self.assertEqual(1, len(self.service.servers()))

    def test_a_receiver_acts_until_its_owners_trust_is_gone(self):
        hook = self.receiver("CLUSTER_CHECK")
        self.assert_ended(self.post(hook)["action"])
        # A new engine has no token of the owner's trust any more.
        self.service.terminate()
        self.service.start()
        identity = self.service.cloud.identity
        for trust in identity.trusts(trustor_user_id=self.service.cloud.current_user_id):
            identity.delete_trust(trust)
        self.post(hook, status=403)

    def test_a_receiver_goes_with_its_cluster(self):
        hook = self.receiver("CLUSTER_DELETE")
        self.assert_ended(self.post(hook)["action"])
        self.assertEqual([], list(self.clustering.receivers()))
        self.post(hook, status=404)
        self.assertEqual([], self.service.servers())
