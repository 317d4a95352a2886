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

"""Every method of openstacksdk's clustering proxy, with two microversions.

Without a microversion of its own the SDK sends no header, so that 1.0 holds.
"""

import inspect

import ddt
from openstack import exceptions
from openstack.clustering.v1 import _proxy

from senlin.tests.functional import base
from senlin.tests.functional import calls
from senlin.tests.functional import programs

#: The proxy has them, but no service has ever served them.
NEVER_SERVED = (
    "fetch_cluster_metadata",
    "get_cluster_metadata",
    "set_cluster_metadata",
    "delete_cluster_metadata",
)


class Recorder:
    """A proxy that remembers which of its methods were used."""

    def __init__(self, proxy):
        self._proxy = proxy
        self.used = set()

    def __getattr__(self, name):
        self.used.add(name)
        return getattr(self._proxy, name)


def methods():
    """The names of all public methods of the clustering proxy."""
    return {
        name
        for name, value in vars(_proxy.Proxy).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }


@ddt.ddt
class SdkTest(base.TestCase):
    @ddt.data(None, "1.14")
    def test_every_method_of_the_proxy_works(self, version):
        self.new = version is not None
        options = {"clustering_default_microversion": version}
        self.sdk = Recorder(self.service.connect("senlin", **options).clustering)
        self.admin = Recorder(self.service.connect("senlin-admin", **options).clustering)
        self._use_information()
        self._use_profiles()
        self._use_policies()
        self._use_clusters()
        self._use_nodes()
        self._use_bindings()
        self._use_receivers()
        self._use_records()
        self._use_deletions()
        for name in NEVER_SERVED:
            self.assertRaises(
                exceptions.NotFoundException, getattr(self.sdk, name), self.cluster.id
            )
        self.assertEqual(set(), methods() - self.sdk.used - self.admin.used)

    def gated(self, function, *args, **kwargs):
        """The result of what a later microversion brought; None where it is refused."""
        if self.new:
            return function(*args, **kwargs)
        error = None
        try:
            answer = function(*args, **kwargs)
            if inspect.isgenerator(answer):
                list(answer)
            else:
                error = answer["error"]["message"]
        except exceptions.BadRequestException as caught:
            error = caught.details
        self.assertIn("API version '1.0' is not supported on this method.", error)
        return None

    def assert_done(self, target):
        """The last action on an object succeeds; the SDK keeps its address to itself."""
        self.assert_ended(next(self.sdk.actions(target_id=target.id, sort="created_at:desc")))

    def _use_information(self):
        sdk = self.sdk
        self.assertEqual({"revision": "1.0"}, sdk.get_build_info().engine)
        name = "os.nova.server" if self.new else "os.nova.server-1.0"
        self.assertIn(name, [t.name for t in sdk.profile_types()])
        self.assertIn("flavor", sdk.get_profile_type("os.nova.server-1.0").schema)
        operations = self.gated(sdk.list_profile_type_operations, "os.nova.server-1.0")
        if operations:
            self.assertIn("reboot", operations["operations"])
        name = "senlin.policy.deletion" if self.new else "senlin.policy.deletion-1.1"
        self.assertIn(name, [t.name for t in sdk.policy_types()])
        self.assertIn("criteria", sdk.get_policy_type("senlin.policy.deletion-1.1").schema)
        self.assertRaises(exceptions.ForbiddenException, list, sdk.services())
        (service,) = self.admin.services()
        self.assertEqual(("senlin-standalone", "up"), (service.binary, service.state))

    def _use_profiles(self):
        sdk = self.sdk
        self.profile = sdk.create_profile(name="p1", spec=programs.SERVER_SPEC, metadata={"a": "b"})
        self.assertEqual(programs.SERVER_SPEC, self.profile.spec)
        self.assertEqual(self.profile.id, sdk.find_profile("p1").id)
        self.assertIsNone(sdk.find_profile("p2"))
        self.assertEqual({"a": "b"}, sdk.get_profile(self.profile.id).metadata)
        self.assertEqual("p2", sdk.update_profile(self.profile, name="p2").name)
        self.assertEqual(["p2"], [p.name for p in sdk.profiles(limit=1, sort="name:desc")])
        validated = self.gated(sdk.validate_profile, spec=programs.SERVER_SPEC)
        if validated:
            self.assertEqual("validated_profile", validated.name)
        self.assertRaises(
            exceptions.NotFoundException, sdk.get_profile, "00000000-0000-0000-0000-000000000000"
        )

    def _use_policies(self):
        sdk = self.sdk
        self.policy = sdk.create_policy(name="d1", spec=calls.POLICY_SPEC)
        self.assertEqual(calls.POLICY_SPEC, sdk.get_policy("d1").spec)
        self.assertEqual(self.policy.id, sdk.find_policy("d1").id)
        self.assertEqual("d2", sdk.update_policy(self.policy.id, name="d2").name)
        self.assertEqual([self.policy.id], [p.id for p in sdk.policies(name="d2")])
        validated = self.gated(sdk.validate_policy, spec=calls.POLICY_SPEC)
        if validated:
            self.assertEqual("validated_policy", validated.name)

    def _use_clusters(self):
        sdk = self.sdk
        made = sdk.create_cluster(
            name="c1", profile_id="p2", min_size=0, max_size=8, desired_capacity=1, metadata={}
        )
        self.assert_done(made)
        made = sdk.wait_for_status(made, "ACTIVE", interval=0.1, wait=60)
        self.cluster = sdk.get_cluster("c1")
        self.assertEqual((made.id, 1), (self.cluster.id, len(self.cluster.node_ids)))
        self.assertEqual(made.id, sdk.find_cluster("c1").id)
        updated = sdk.update_cluster(self.cluster, metadata={"k": "v"})
        self.assert_done(updated)
        self.assertEqual([{"k": "v"}], [c.metadata for c in sdk.clusters(status="ACTIVE")])
        self.assert_ended(sdk.scale_out_cluster("c1")["action"])
        self.assert_ended(sdk.scale_in_cluster("c1", 1)["action"])
        resize = {"adjustment_type": "EXACT_CAPACITY", "number": 2, "max_size": 6}
        self.assert_ended(sdk.resize_cluster("c1", **resize)["action"])
        self.assert_ended(sdk.check_cluster("c1")["action"])
        self.assert_ended(sdk.recover_cluster("c1", check=True)["action"])
        reboot = {"params": {"type": "SOFT"}}
        action = self.gated(sdk.perform_operation_on_cluster, "c1", "reboot", **reboot)
        if action:
            self.assert_ended(action["action"])
        values = self.gated(sdk.collect_cluster_attrs, "c1", "details.status")
        if values:
            self.assertEqual(["ACTIVE"] * 2, [v.attr_value for v in values])

    def _use_nodes(self):
        sdk = self.sdk
        made = sdk.create_node(name="n1", profile_id="p2", role="spare")
        self.assert_done(made)
        node = sdk.get_node("n1", details=True)
        self.assertEqual(("ACTIVE", -1), (node.details["status"], node.index))
        self.assertEqual(made.id, sdk.find_node("n1").id)
        updated = sdk.update_node(node.id, role="master")
        self.assert_done(updated)
        self.assertEqual(["master"], [n.role for n in sdk.nodes(name="n1")])
        self.assert_ended(sdk.check_node("n1")["action"])
        self.assert_ended(sdk.recover_node("n1", check=True)["action"])
        action = self.gated(sdk.perform_operation_on_node, "n1", "reboot", type="SOFT")
        if action:
            self.assert_ended(action["action"])
        self.assert_ended(sdk.add_nodes_to_cluster("c1", [node.id])["action"])
        self.assertEqual(3, len(list(sdk.nodes(cluster_id="c1"))))
        self.assert_ended(sdk.remove_nodes_from_cluster("c1", [node.id])["action"])
        old = next(sdk.nodes(cluster_id="c1")).id
        action = self.gated(sdk.replace_nodes_in_cluster, "c1", {old: node.id})
        if action:
            self.assert_ended(action["action"])
            self.assertIn(node.id, sdk.get_cluster("c1").node_ids)
        server = calls.Requests(self.service, self.profile).new_server()
        wanted = {"identity": server, "type": "os.nova.server-1.0"}
        preview = self.gated(sdk.adopt_node, preview=True, **wanted)
        if preview:
            self.assertEqual("os.nova.server", preview["node_profile"]["node_preview"]["type"])
        adopted = self.gated(sdk.adopt_node, name="n2", **wanted)
        if adopted:
            self.assertEqual((server, "n2"), (adopted.physical_id, adopted.name))

    def _use_bindings(self):
        sdk = self.sdk
        action = sdk.attach_policy_to_cluster("c1", "d2", enabled=True)["action"]
        self.assert_ended(action)
        (binding,) = sdk.cluster_policies("c1", is_enabled=True)
        self.assertEqual(self.policy.id, binding.policy_id)
        action = sdk.update_cluster_policy("c1", "d2", enabled=False)["action"]
        self.assert_ended(action)
        self.assertFalse(sdk.get_cluster_policy("d2", "c1").is_enabled)
        self.assert_ended(sdk.detach_policy_from_cluster("c1", "d2")["action"])
        self.assertEqual([], list(sdk.cluster_policies("c1")))

    def _use_receivers(self):
        sdk = self.sdk
        made = sdk.create_receiver(
            name="r1", type="webhook", cluster_id="c1", action="CLUSTER_SCALE_OUT", params={}
        )
        self.assertTrue(made.channel["alarm_url"].endswith("/trigger?V=2"))
        self.assertEqual(made.id, sdk.find_receiver("r1").id)
        self.assertEqual({"count": 2}, sdk.update_receiver(made, params={"count": 2}).params)
        self.assertEqual(["r1"], [r.name for r in sdk.receivers(type="webhook")])
        self.assertEqual("CLUSTER_SCALE_OUT", sdk.get_receiver("r1").action)
        sdk.delete_receiver("r1")
        self.assertIsNone(sdk.find_receiver("r1"))

    def _use_records(self):
        sdk = self.sdk
        action = next(sdk.actions(target_id=self.cluster.id, sort="created_at:asc"))
        self.assertEqual("CLUSTER_CREATE", sdk.get_action(action.id).action)
        error = exceptions.ConflictException if self.new else exceptions.BadRequestException
        self.assertRaises(error, sdk.update_action, action, status="CANCELLED")
        event = next(sdk.events(obj_id=self.cluster.id, limit=2))
        self.assertEqual(self.cluster.id, sdk.get_event(event.id).obj_id)

    def _use_deletions(self):
        sdk = self.sdk
        for node in list(sdk.nodes()):
            if not node.cluster_id:
                self.assert_ended(sdk.delete_node(node, force_delete=self.new))
        cluster = sdk.get_cluster("c1")
        self.assert_ended(sdk.delete_cluster(cluster, force_delete=self.new))
        sdk.wait_for_delete(cluster, interval=0.1, wait=60)
        sdk.delete_policy("d2")
        for profile in list(sdk.profiles()):
            sdk.delete_profile(profile)
        left = [*sdk.clusters(), *sdk.nodes(), *sdk.policies(), *sdk.profiles()]
        self.assertEqual([], left)
