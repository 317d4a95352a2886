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

"""Tokens that end, builds that fail and hosts that go, while the service works."""

import contextlib
import subprocess
import threading

import requests

from senlin.tests.conformance import base as driver
from senlin.tests.conformance import settings
from senlin.tests.conformance.service import base


class TokenTest(base.TestCase):
    def create_and_revoke(self, **cluster):
        """Ask for a cluster with a token that is revoked at once; gives the cluster."""
        token = self.member.session.get_token()
        asked = requests.post(
            f"{self.service.url}/v1/clusters",
            json={"cluster": cluster},
            headers={"X-Auth-Token": token},
            timeout=60,
        )
        self.assertEqual(202, asked.status_code, asked.text)
        revoked = self.member.identity.delete("/auth/tokens", headers={"X-Subject-Token": token})
        self.assertEqual(204, revoked.status_code, revoked.text)
        return self.clustering.get_cluster(asked.json()["cluster"]["id"])

    @driver.needs("faults")
    def test_work_goes_on_when_the_token_it_was_asked_with_is_revoked(self):
        profile = self.new_profile(metadata={"bench.delay": "5"})
        cluster = self.create_and_revoke(
            name="conformance", profile_id=profile.id, desired_capacity=5
        )
        self.addCleanup(self.remove, cluster)
        self.assert_ended(self.service.action_of(cluster, "CLUSTER_CREATE"))
        self.assert_one_to_one(5)
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()

    @driver.needs("short-tokens")
    def test_work_goes_on_when_all_tokens_of_the_service_have_ended(self):
        cluster = self.new_cluster(self.new_profile(), 3)
        threading.Event().wait(self.settings.token_lifetime + 5)
        self.assert_ended(self.clustering.scale_out_cluster(cluster.id, 2)["action"])
        self.assert_one_to_one(5)
        threading.Event().wait(self.settings.token_lifetime + 5)
        self.assert_ended(self.clustering.check_cluster(cluster.id)["action"])
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()

    def test_a_lost_trust_is_told_and_made_anew_at_the_next_request(self):
        cluster = self.new_cluster(self.new_profile(), 1)
        user = self.member.current_user_id
        found = self.member.identity.get(f"/OS-TRUST/trusts?trustor_user_id={user}").json()
        for trust in found["trusts"]:
            self.member.identity.delete(f"/OS-TRUST/trusts/{trust['id']}")
        for engine in self.service.engines:
            engine.stop()
            engine.start()
        # What comes first finds the trust lost; what comes next has a new one.
        first = self.wait(self.clustering.scale_out_cluster(cluster.id, 1)["action"])
        if first.status == "FAILED":
            self.assertIn("trust", first.status_reason.lower())
        self.assert_ended(self.clustering.recover_cluster(cluster.id)["action"])
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()


class FailureTest(base.TestCase):
    def test_what_fits_nowhere_fails_for_want_of_capacity_and_leaves_nothing(self):
        admin = settings.connect(self.settings.admin)
        flavor = admin.compute.create_flavor(
            name="conformance-huge", ram=64, vcpus=100_000, disk=1, is_public=True
        )
        self.addCleanup(admin.compute.delete_flavor, flavor)
        profile = self.new_profile(flavor=flavor.name)
        cluster = self.new_cluster(profile, 2, status="FAILED")
        action = self.service.action_of(cluster, "CLUSTER_CREATE")
        self.assertIn("capacity: 2", action.status_reason)
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()

    @driver.needs("quotas")
    def test_a_full_quota_is_told_and_what_fits_is_made(self):
        admin = settings.connect(self.settings.admin)
        path = f"/os-quota-sets/{self.member.current_project_id}"
        before = admin.compute.get(path).json()["quota_set"]["instances"]
        self.addCleanup(admin.compute.put, path, json={"quota_set": {"instances": before}})
        room = len(self.before[0]) + 2
        admin.compute.put(path, json={"quota_set": {"instances": room}})
        cluster = self.new_cluster(self.new_profile(), 4, status="FAILED")
        action = self.service.action_of(cluster, "CLUSTER_CREATE")
        self.assertIn("quota: 2", action.status_reason)
        self.assertEqual("WARNING", cluster.status)
        active = [node for node in self.clustering.nodes() if node.status == "ACTIVE"]
        self.assertEqual(2, len(active))
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()

    @driver.needs("faults")
    def test_a_hypervisor_that_fails_is_told_with_its_words(self):
        profile = self.new_profile(metadata={"bench.fail": "spawn"})
        cluster = self.new_cluster(profile, 1, status="FAILED")
        (node,) = self.clustering.nodes()
        self.assertIn("aborted", node.status_reason)
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()


class HostTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.admin = settings.connect(self.settings.admin)

    def run_command(self, command):
        """Run what the operator of the cloud gave us."""
        subprocess.run(command, shell=True, check=True, timeout=base.CLI_SECONDS)  # noqa: S602

    def hosts(self):
        """Server id -> its host, of this project's servers."""
        project = self.member.current_project_id
        found = self.admin.compute.servers(all_projects=True, project_id=project)
        return {one.id: one.compute_host for one in found}

    def services(self):
        """Host -> up or down."""
        return {
            one.host: one.state
            for one in self.admin.compute.services()
            if one.binary == "nova-compute"
        }

    @contextlib.contextmanager
    def only(self, chosen):
        """Let new servers go to one host, whatever the scheduler thinks of it."""
        services = self.admin.compute.services(binary="nova-compute")
        others = [one for one in services if one.host != chosen]
        try:
            for one in others:
                self.admin.compute.disable_service(one)
            yield
        finally:
            for one in others:
                self.admin.compute.enable_service(one)

    @driver.needs("host-failure")
    def test_nodes_of_a_lost_host_are_made_anew_on_another(self):
        cluster = self.new_cluster(self.new_profile(), 0)
        places = sorted(self.services())
        for host in places:
            with self.only(host):
                self.assert_ended(self.clustering.scale_out_cluster(cluster.id, 3)["action"])
        number = 3 * len(places)
        self.assert_one_to_one(number)
        self.addCleanup(self.run_command, self.settings.mend_host)
        self.run_command(self.settings.break_host)
        (lost,) = self.becomes(
            "nova misses a host",
            lambda: [host for host, state in self.services().items() if state == "down"],
            seconds=180,
        )
        hosts = self.hosts()
        nodes = list(self.clustering.nodes())
        victims = [node for node in nodes if hosts.get(node.physical_id) == lost]
        self.assertEqual(3, len(victims))
        # Nova goes on showing them as it last knew them.
        self.assert_ended(self.clustering.check_cluster(cluster.id)["action"])
        with self.timed(f"{len(victims)} nodes moved off a lost host"):
            for node in victims:
                self.assert_ended(self.clustering.recover_node(node.id, check=False)["action"])
        self.assert_one_to_one(number)
        self.assertNotIn(lost, [self.hosts()[one.physical_id] for one in self.clustering.nodes()])
        self.assert_ended(self.clustering.delete_cluster(cluster.id))
        self.assert_nothing_left()
