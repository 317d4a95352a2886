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

"""The README's tour, and more nodes than it has, through Keystone trusts."""

from senlin.tests.conformance import settings
from senlin.tests.conformance.service import base

WEB = """
type: os.nova.server
version: 1.0
properties:
  name: web
  flavor: {flavor}
  image: {image}
  networks:
    - network: {network}
"""


class TourTest(base.TestCase):
    def test_the_tour_of_the_readme_works_with_the_openstack_command(self):
        number = self.settings.nodes * 3 // 5
        with self.timed(f"tour with {number} nodes"):
            self._begin()
            self._heal()
            self._resize_through_a_power_failure(number)
            self.openstack("cluster", "delete", "--wait", "group")
        self.openstack("cluster", "profile", "delete", "web")
        self.assert_nothing_left()

    def _begin(self):
        with open(f"{self.directory}/web.yaml", "w") as spec:
            spec.write(
                WEB.format(
                    flavor=self.settings.flavor,
                    image=self.settings.image,
                    network=self.settings.network,
                )
            )
        self.openstack("cluster", "build", "info")
        self.openstack("cluster", "profile", "create", "--spec-file", "web.yaml", "web")
        options = ["--profile", "web", "--desired-capacity", "3", "--max-size", "100"]
        self.openstack("cluster", "create", *options, "--wait", "group")
        self.assertEqual("ACTIVE", self.status())
        self.assert_one_to_one(3)

    def _heal(self):
        victim = next(self.clustering.nodes()).physical_id
        self.openstack("server", "delete", "--wait", victim)
        self.openstack("cluster", "check", "--wait", "group")
        self.assertEqual("WARNING", self.status())
        self.openstack("cluster", "recover", "--wait", "group")
        self.assertEqual("ACTIVE", self.status())
        self.assert_one_to_one(3)

    def _resize_through_a_power_failure(self, number):
        self.openstack("cluster", "resize", "--capacity", str(number), "group")
        cluster = self.clustering.get_cluster("group")
        self.becomes("servers come", lambda: len(self.left()[0]) > len(self.before[0]) + 5)
        for daemon in (*self.service.engines, *self.service.apis):
            daemon.kill()
        for daemon in (*self.service.engines, *self.service.apis):
            daemon.start()
        self.service.wait_until_ready()
        self.assert_ended(self.service.action_of(cluster, "CLUSTER_RESIZE"))
        self.assert_one_to_one(number)

    def status(self):
        """Of the cluster, as the command shows it."""
        return self.openstack("cluster", "show", "group", "-f", "value", "-c", "status").strip()


class ManyNodesTest(base.TestCase):
    def test_many_nodes_are_created_checked_recovered_and_deleted(self):
        number = self.settings.nodes
        with self.timed(f"{number} nodes created"):
            cluster = self.new_cluster(self.new_profile(), number)
        self.assertEqual("ACTIVE", cluster.status)
        self.assert_one_to_one(number)
        with self.timed(f"{number} nodes checked"):
            self.assert_ended(self.clustering.check_cluster(cluster.id)["action"])
        before = {node.id: node.physical_id for node in self.clustering.nodes()}
        self._break(list(before.values()))
        with self.timed(f"{number} broken nodes checked"):
            self.assert_ended(self.clustering.check_cluster(cluster.id)["action"])
        self.assertEqual({"ERROR"}, {node.status for node in self.clustering.nodes()})
        with self.timed(f"{number} of {number} nodes recovered"):
            self.assert_ended(self.clustering.recover_cluster(cluster.id)["action"])
        self.assert_one_to_one(number)
        after = {node.id: node.physical_id for node in self.clustering.nodes()}
        self.assertEqual(set(before), set(after))
        self.assertEqual(set(), set(before.values()) & set(after.values()))
        self.assertEqual("ACTIVE", self.clustering.get_cluster(cluster.id).status)
        with self.timed(f"{number} nodes deleted"):
            self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()

    def _break(self, servers):
        """Delete every tenth server behind the service's back; let the others fail."""
        deleted = servers[::10]
        admin = settings.connect(self.settings.admin)
        for server in servers:
            if server in deleted:
                self.member.compute.delete_server(server)
            else:
                admin.compute.reset_server_state(server, "error")
        self.becomes(
            "the deleted servers are gone",
            lambda: not self.left()[0] & set(deleted),
            seconds=base.SERVER_SECONDS,
        )

    def test_ports_and_addresses_made_for_nodes_go_with_them(self):
        network = {
            "network": self.settings.network,
            "floating_network": self.settings.external,
            "security_groups": ["default"],
        }
        profile = self.new_profile(networks=[network])
        cluster = self.new_cluster(profile, 3)
        addresses = list(self.member.network.ips(project_id=self.member.current_project_id))
        self.assertEqual(3, len([one for one in addresses if one.port_id]))
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()
        self.assertEqual(
            [], [one for one in self.member.network.ips() if one.description.startswith("senlin")]
        )
