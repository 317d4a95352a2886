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

"""The server profile against a simulated cloud over HTTP, with trusts and sessions."""

import time
import uuid

from senlin.cloud import calls
from senlin.common import exception
from senlin.profiles import base as profiles
from senlin.tests.unit.cloud import sandbox
from senlin.tests.unit.profiles.nova import driver

_ROUNDS = 400


class HttpDriver(driver.Driver):
    """A driver of nodes of the sandbox: time is real there."""

    def __init__(self, cloud, profile, name):
        a_node = driver.node(id=str(uuid.uuid4()), name=name)
        super().__init__(_Ticking(cloud), profile, a_node)
        self.real = cloud


class _Ticking:
    """The cloud, with a moment's pause where the one in memory has its tick."""

    def __init__(self, cloud):
        self._cloud = cloud

    def __getattr__(self, name):
        return getattr(self._cloud, name)

    def tick(self):
        time.sleep(0.02)


class TestServerProfile(sandbox.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.cloud = self.demo_cloud()

    def profile(self, **properties):
        values = {"flavor": "m1.nano", "networks": [{"network": "private"}], **properties}
        return driver.server_profile(**values)

    def created(self, profile=None, name="node-1"):
        one = HttpDriver(self.cloud, profile or self.profile(), name)
        one.run("create")
        return one

    def ports(self):
        return [p for p in self.cloud.network.ports() if p["name"].startswith("senlin-")]

    def test_life_of_a_server(self):
        profile = self.profile()
        profile.validate(self.cloud)
        one = self.created(profile)

        self.assertTrue(one.run("check").healthy)
        for operation in ("stop", "start", "pause", "unpause", "suspend", "resume", "reboot"):
            one.run("operate", {"operation": operation, "params": {}})
        for operation in ("rescue", "unrescue", "rebuild", "lock", "unlock"):
            one.run("operate", {"operation": operation, "params": {}})
        details = profile.details(self.cloud, [one.node.physical_id])[one.node.physical_id]
        self.assertEqual("ACTIVE", details["status"])
        self.assertIn("private", details["addresses"])
        for operation in ("REBOOT", "REBUILD", "RECREATE"):
            one.run("recover", {"operation": operation})
        one.run("delete")
        self.assertEqual([], self.cloud.compute.servers())

    def test_a_node_is_recovered_though_all_hosts_of_its_servers_zone_are_lost(self):
        one = self.created()
        lost = one.node.data["placement"]["zone"]
        self.sandbox.knobs.update({"down_zones": [lost]})

        one.run("recover", {"operation": "RECREATE"})

        (server,) = self.cloud.compute.servers()
        self.assertEqual("ACTIVE", server["status"])
        self.assertNotEqual(lost, server["OS-EXT-AZ:availability_zone"])

    def test_stopped_server_is_healthy_until_it_is_gone(self):
        one = self.created()
        one.run("operate", {"operation": "stop", "params": {}})
        self.assertTrue(one.run("check").healthy)

        self.cloud.compute.delete_server(one.node.physical_id)

        self.assertFalse(one.run("check").healthy)
        self.assertIsNone(one.node.physical_id)

    def test_update_of_everything_and_back(self):
        before = self.profile(metadata={"a": "1"})
        after = self.profile(
            flavor="m1.micro",
            image="fedora",
            name="other",
            metadata={"b": "2"},
            networks=[
                {"network": "private"},
                {
                    "network": "private",
                    "security_groups": ["default"],
                    "floating_network": "public",
                },
            ],
        )
        one = self.created(before)

        one.run("update", {}, after)
        server = self.cloud.compute.server(one.node.physical_id)
        self.assertEqual("other", server["name"])
        self.assertEqual({"b": "2", "cluster_node_id": one.node.id}, server["metadata"])
        self.assertEqual(2, len(self.cloud.compute.interfaces(server["id"])))
        self.assertEqual(1, len(self.ports()))

        one.profile = after
        one.run("update", {}, before)
        server = self.cloud.compute.server(one.node.physical_id)
        self.assertEqual("node-1", server["name"])
        self.assertEqual("ACTIVE", server["status"])
        self.assertEqual(1, len(self.cloud.compute.interfaces(server["id"])))
        self.assertEqual([], self.ports())
        self.assertEqual([], self.cloud.network.floating_ips())

    def test_boot_from_volume_is_not_offered_by_a_cloud_without_volumes(self):
        device = {"source_type": "volume", "destination_type": "volume", "volume_size": 1}
        profile = self.profile(image=None, block_device_mapping_v2=[{**device, "uuid": "v"}])

        error = self.assertRaises(profiles.ProcedureFailed, self.created, profile)

        self.assertIn("block-storage", str(error))

    def test_dropped_reply_makes_no_second_server(self):
        self.cloud.compute.servers()
        self.break_calls("drop_reply", method="POST", path="/servers$", count=1)

        one = self.created()

        (server,) = self.cloud.compute.servers()
        self.assertEqual(server["id"], one.node.physical_id)

    def test_dropped_request_is_sent_again(self):
        self.cloud.compute.servers()
        self.break_calls("reset", method="POST", path="/servers$", count=1)

        self.created()

        self.assertEqual(1, len(self.cloud.compute.servers()))

    def test_failed_build_leaves_nothing_and_says_why(self):
        self.sandbox.knobs.update({"build_failure_rate": 1.0})
        profile = self.profile(networks=[{"network": "private", "security_groups": ["default"]}])

        error = self.assertRaises(profiles.ProcedureFailed, self.created, profile)

        self.assertTrue(error.message)
        self.assertEqual([], self.cloud.compute.servers())
        self.assertEqual([], self.ports())

    def test_adopted_server_can_be_made_again_from_its_spec(self):
        one = self.created(self.profile(metadata={"a": "b"}))

        found = one.profile.adopt(self.cloud, one.node.physical_id)

        self.assertEqual({"a": "b"}, found["metadata"])
        self.assertEqual(one.node.physical_id, one.profile.find(self.cloud, "node-1"))
        driver.server_profile(**found).validate(self.cloud)

    def test_membership_marks(self):
        one = self.created(self.profile(metadata={"a": "b"}))
        one.node = driver.node(
            id=one.node.id, physical_id=one.node.physical_id, cluster_id="c", index=4
        )

        one.run("join")
        joined = self.cloud.compute.server(one.node.physical_id)["metadata"]
        one.run("leave")
        left = self.cloud.compute.server(one.node.physical_id)["metadata"]

        self.assertEqual({"a": "b", "cluster_node_id": one.node.id}, left)
        self.assertEqual({**left, "cluster_id": "c", "cluster_node_index": "4"}, joined)

    def test_validation_names_what_is_missing(self):
        for properties in (
            {"flavor": "none"},
            {"image": "none"},
            {"key_name": "none"},
            {"availability_zone": "none"},
            {"networks": [{"network": "none"}]},
            {"networks": [{"network": "private", "subnet": "none"}]},
            {"networks": [{"port": "none"}]},
        ):
            error = self.assertRaises(
                exception.InvalidSpec, self.profile(**properties).validate, self.cloud
            )
            self.assertIn("'none' could not be found", error.message)

    def test_fifty_nodes_cost_one_call_each_to_make_and_few_reads(self):
        profile = self.profile()
        states = self._begin_all(profile, "create", 50)
        calls.reset()
        nodes = self._finish_all(profile, "create", states)

        self.assertEqual(50, len(self.cloud.compute.servers()))
        self.assertLessEqual(self.requests(), 0.1 * 50 + 1)

        calls.reset()
        states = self._begin_all(profile, "delete", nodes=nodes)
        self.assertEqual(50, calls.counts()[("compute", "DELETE")])
        calls.reset()
        self._finish_all(profile, "delete", states)
        self.assertEqual([], self.cloud.compute.servers())
        self.assertLessEqual(self.requests(), 0.1 * 50 + 1)

    def _begin_all(self, profile, procedure, count=0, nodes=None):
        """Give each node its first call; gives (node, state) pairs."""
        nodes = nodes or [
            driver.node(id=str(uuid.uuid4()), name=f"n{number}") for number in range(count)
        ]
        return [self._call(profile, procedure, node, {}, None) for node in nodes]

    def _finish_all(self, profile, procedure, pairs):
        """Look at all that wait at once, until all have ended."""
        done = []
        for _ in range(_ROUNDS):
            waiting = [pair for pair in pairs if pair[1] is not None]
            done += [node for node, state in pairs if state is None]
            if not waiting:
                return done
            time.sleep(0.5)
            seen = profile.observe(self.cloud, [node.physical_id for node, _ in waiting], 0)
            pairs = [
                self._call(profile, procedure, node, state, seen.get(node.physical_id))
                for node, state in waiting
            ]
        raise AssertionError("It does not end.")

    def _call(self, profile, procedure, node, state, observed):
        task = profiles.Task(
            cloud=self.cloud,
            node=node,
            inputs={},
            state=state,
            restarted=False,
            observed=observed,
            now=time.time(),
        )
        answer = getattr(profile, procedure)(task)
        fields = {name: getattr(node, name) for name in node.__slots__}
        state = None if isinstance(answer, profiles.Finished) else answer.state
        return profiles.NodeView(**{**fields, **answer.node}), state
