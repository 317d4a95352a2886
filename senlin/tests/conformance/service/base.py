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

"""The whole service, on a cloud that was there before it."""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

import fixtures
from oslotest import base

from senlin.tests import waiting
from senlin.tests.conformance import settings
from senlin.tests.scenario import deployment

CLI_SECONDS = 900
# Of an action: a cloud that has two processors for all of its services makes a server
# in several seconds, and the last of many waits for all others.
ACTION_SECONDS = 3000
POLL_SECONDS = 1.0
# Of one server, from the time it was asked for.
SERVER_SECONDS = 1800


class Service(deployment.Deployment):
    """An API and two engines on a cloud of clouds.yaml.

    The API listens where the catalog says that the clustering service is.
    """

    def __init__(self, directory):
        self.settings = settings.load()
        super().__init__(
            directory,
            self.settings.database,
            self.settings.transport,
            options={"DEFAULT": {"default_nova_timeout": str(SERVER_SECONDS)}},
        )

    def _start_cloud(self):
        """It runs."""

    def _ports(self):
        session = settings.connect(self.settings.admin).session
        url = session.get_endpoint(service_type="clustering", interface="public")
        return [urllib.parse.urlsplit(url).port]

    def _connect_member(self):
        return settings.connect(self.settings.member)

    def _identity(self):
        auth = settings.connect(self.settings.service).config.get_auth_args()
        return auth["auth_url"], auth["password"]


class TestCase(base.BaseTestCase):
    """A test with the service on a cloud, which is left as it was found.

    :ivar service: the running :class:`Service`.
    :ivar member: openstacksdk's connection of the member.
    """

    def setUp(self):
        super().setUp()
        self.settings = settings.load()
        if not (self.settings.database and self.settings.transport):
            raise RuntimeError("tools/conformance service needs --database and --transport")
        self.member = settings.connect(self.settings.member)
        self.before = self.left()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.service = self.useFixture(Service(self.directory))
        self.addOnException(self._show_logs)
        self.clustering = self.service.clustering

    def _show_logs(self, exc_info):
        for path in sorted(pathlib.Path(self.directory).glob("*.log")):
            lines = path.read_text().splitlines()
            told = [line for line in lines if re.search(r" (WARNING|ERROR|CRITICAL) ", line)]
            print(path.name, *told[-40:], sep="\n", file=sys.stderr)

    def servers(self):
        """The member's servers.

        Nova lists a server as DELETED for a moment before it does not list it.
        """
        return [one for one in self.member.compute.servers() if one.status != "DELETED"]

    def left(self):
        """What there is of servers and ports of the member's project."""
        project = self.member.current_project_id
        servers = {one.id for one in self.servers()}
        ports = {
            one.id
            for one in self.member.network.ports(project_id=project)
            if not one.device_owner.startswith("network:")
        }
        return servers, ports

    def assert_nothing_left(self):
        """Servers and ports are those of before the test."""
        self.assertEqual(self.before, self.left())

    def wait(self, action):
        """Wait for the end of an action; gives it."""
        return self.service.wait(action, ACTION_SECONDS, POLL_SECONDS)

    def assert_ended(self, action, status="SUCCEEDED"):
        """Wait for an action and check how it ended; gives it."""
        ended = self.wait(action)
        self.assertEqual(status, ended.status, ended.status_reason)
        return ended

    def assert_one_to_one(self, number):
        """So many nodes, each with the server that bears its mark."""
        servers = {
            one.id: one.metadata["cluster_node_id"]
            for one in self.servers()
            if one.id not in self.before[0]
        }
        nodes = {node.physical_id: node.id for node in self.clustering.nodes()}
        self.assertEqual(nodes, servers)
        self.assertEqual(number, len(nodes))

    def new_profile(self, **properties):
        """A profile of the cloud's small servers."""
        values = {"flavor": self.settings.flavor, "image": self.settings.image}
        values["networks"] = [{"network": self.settings.network}]
        return self.service.new_profile(**{**values, **properties})

    def new_cluster(self, profile, size, status="SUCCEEDED"):
        """A cluster whose creation has ended."""
        cluster = self.clustering.create_cluster(
            name="conformance", profile_id=profile.id, desired_capacity=size
        )
        self.addCleanup(self.remove, cluster)
        self.assert_ended(self.service.action_of(cluster, "CLUSTER_CREATE"), status)
        return self.clustering.get_cluster(cluster.id)

    def remove(self, cluster):
        """Delete a cluster that a failed test left behind."""
        if self.clustering.find_cluster(cluster.id) is not None:
            self.wait(self.clustering.delete_cluster(cluster.id))

    @contextlib.contextmanager
    def timed(self, what):
        """Tell how long something took."""
        started = time.monotonic()
        yield
        print(f"{what}: {time.monotonic() - started:.1f} s", flush=True)

    def openstack(self, *words):
        """Run the openstack command as the member; gives what it writes."""
        done = subprocess.run(
            [str(pathlib.Path(sys.executable).parent / "openstack"), *words],
            env={**os.environ, "OS_CLOUD": self.settings.member},
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=CLI_SECONDS,
        )
        self.assertEqual(0, done.returncode, f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def becomes(self, what, look, seconds=deployment.READY_SECONDS, every=POLL_SECONDS):
        """Wait until ``look`` gives something true; gives that."""
        return waiting.until(look, what, seconds, every=every)
