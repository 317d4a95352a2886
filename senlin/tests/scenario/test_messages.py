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

"""Messages only say that there is work: none of them matters, however often it comes."""

import testscenarios

from senlin.tests.scenario import base
from senlin.tests.scenario import servers

NODES = 20

load_tests = testscenarios.load_tests_apply_scenarios


class MessagesTest(base.ScenarioTestCase):
    scenarios = [
        ("mariadb", {"database_class": servers.MariaDB}),
        ("postgresql", {"database_class": servers.PostgreSQL}),
    ]

    def setUp(self):
        super().setUp()
        self.database_url = self.useFixture(self.database_class()).url
        self.broker_url = self.useFixture(servers.RabbitMQ()).url

    def test_work_is_done_when_every_cast_is_lost(self):
        self.deploy(self.database_url, self.broker_url, alteration="deaf")
        self.create_while(NODES, lambda: None)

    def test_nothing_is_done_twice_when_every_message_comes_twice(self):
        self.deploy(self.database_url, self.broker_url, alteration="doubling")
        self.create_while(NODES, lambda: None)
        self._assert_requests_count_once()

    def _assert_requests_count_once(self):
        clustering = self.service.clustering
        profile = self.service.new_profile(name="once")
        cluster = self.service.new_cluster(profile, 2, name="once")
        self.assert_succeeds(clustering.scale_out_cluster(cluster.id, 1)["action"])
        node = clustering.create_node(name="once", profile_id=profile.id)
        self.wait_until(lambda: clustering.get_node(node.id).status == "ACTIVE", 60)
        for found in (clustering.profiles(), clustering.clusters()):
            self.assertEqual(["once"], [one.name for one in found if one.name == "once"])
        self.assert_one_to_one(4)
        actions = [one.action for one in clustering.actions() if one.action.startswith("CLUSTER")]
        self.assertEqual(
            # The first two are of the cluster that was made and deleted before.
            ["CLUSTER_CREATE", "CLUSTER_DELETE", "CLUSTER_CREATE", "CLUSTER_SCALE_OUT"],
            actions,
        )
