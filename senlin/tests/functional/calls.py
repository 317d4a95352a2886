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

"""One working request for every call of the API, and the objects it needs."""

import dataclasses
import itertools
import threading
import typing

from senlin.tests.functional import programs

POLICY_SPEC = {
    "type": "senlin.policy.deletion",
    "version": "1.0",
    "properties": {"criteria": "RANDOM"},
}
TYPES = {"profile-types": "os.nova.server-1.0", "policy-types": "senlin.policy.deletion-1.0"}


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the values of the path's variables, and the JSON body."""

    names: dict = dataclasses.field(default_factory=dict)
    body: typing.Any = None


class Requests:
    """Makes objects by a member of the project, and requests on them.

    :param service: a running :class:`senlin.tests.functional.programs.Client`.
    :param profile: of the clusters and nodes; a new one by default.
    """

    def __init__(self, service, profile=None):
        self._service = service
        self._clustering = service.clustering
        self._numbers = itertools.count()
        self.profile = profile or service.new_profile("shared")

    def make(self, method, path):
        """A request for a call, on objects that nobody has used yet."""
        collection = path.split("/")[1]
        if collection in TYPES:
            return Request({"type": TYPES[collection]})
        name = f"{method} {path}".lower()
        for character in " /-{}":
            name = name.replace(character, "_")
        return getattr(self, f"_{name.replace('__', '_').strip('_')}")()

    def _name(self, kind):
        return f"{kind}-{next(self._numbers)}"

    def _new_profile(self):
        return self._service.new_profile(self._name("profile")).id

    def new_policy(self):
        """The id of a policy."""
        made = self._clustering.create_policy(name=self._name("policy"), spec=POLICY_SPEC)
        return made.id

    def new_cluster(self):
        """The id of an empty cluster."""
        return self._service.new_cluster(self.profile, 0, self._name("cluster")).id

    def new_node(self):
        """The id of a node without a cluster."""
        node = self._clustering.create_node(name=self._name("node"), profile_id=self.profile.id)
        actions = self._clustering.actions(target_id=node.id)
        self._service.wait(next(iter(actions)))
        return node.id

    def new_receiver(self, cluster=None):
        """The id of a webhook, by default of a cluster of its own."""
        made = self._clustering.create_receiver(
            name=self._name("receiver"),
            type="webhook",
            cluster_id=cluster or self.new_cluster(),
            action="CLUSTER_CHECK",
        )
        return made.id

    def new_server(self):
        """The id of a server that belongs to no node."""
        compute = self._service.cloud.compute
        server = compute.create_server(
            name=self._name("server"),
            flavor_id=compute.find_flavor("m1.tiny").id,
            image_id=self._service.cloud.image.find_image("cirros").id,
            networks=[{"uuid": self._service.cloud.network.find_network("private").id}],
        )
        return compute.wait_for_server(server, interval=0.1).id

    def _running_action(self):
        self._service.set_knobs(active_delay=3)
        name = self._name("cluster")
        cluster = self._clustering.create_cluster(
            name=name, profile_id=self.profile.id, desired_capacity=1
        )
        action = self._service.action_of(cluster, "CLUSTER_CREATE").id
        pause = threading.Event()
        while self._clustering.get_action(action).status not in ("RUNNING", "WAITING"):
            pause.wait(0.05)
        self._service.set_knobs(active_delay=0.1)
        return action

    def _get_build_info(self):
        return Request()

    _get_profiles = _get_policies = _get_clusters = _get_nodes = _get_build_info
    _get_receivers = _get_actions = _get_events = _get_services = _get_build_info

    def _post_profiles(self):
        return Request(body={"profile": {"name": self._name("new"), "spec": programs.SERVER_SPEC}})

    def _post_profiles_validate(self):
        return Request(body={"profile": {"spec": programs.SERVER_SPEC}})

    def _get_profiles_id(self):
        return Request({"id": self.profile.id})

    def _patch_profiles_id(self):
        return Request({"id": self._new_profile()}, {"profile": {"name": self._name("new")}})

    def _delete_profiles_id(self):
        return Request({"id": self._new_profile()})

    def _post_policies(self):
        return Request(body={"policy": {"name": self._name("new"), "spec": POLICY_SPEC}})

    def _post_policies_validate(self):
        return Request(body={"policy": {"spec": POLICY_SPEC}})

    def _get_policies_id(self):
        return Request({"id": self.new_policy()})

    _delete_policies_id = _get_policies_id

    def _patch_policies_id(self):
        return Request({"id": self.new_policy()}, {"policy": {"name": self._name("new")}})

    def _post_clusters(self):
        return Request(body={"cluster": {"name": self._name("new"), "profile_id": self.profile.id}})

    def _get_clusters_id(self):
        return Request({"id": self.new_cluster()})

    _delete_clusters_id = _get_clusters_id_policies = _get_clusters_id

    def _patch_clusters_id(self):
        return Request({"id": self.new_cluster()}, {"cluster": {"name": self._name("new")}})

    def _post_clusters_id_actions(self):
        return Request({"id": self.new_cluster()}, {"check": {}})

    def _post_clusters_id_ops(self):
        cluster = self._service.new_cluster(self.profile, 1, self._name("cluster"))
        return Request({"id": cluster.id}, {"pause": {}})

    def _get_clusters_id_attrs_path(self):
        return Request({"id": self.new_cluster(), "path": "name"})

    def _get_clusters_id_policies_policy(self):
        names = {"id": self.new_cluster(), "policy": self.new_policy()}
        answer = self._clustering.attach_policy_to_cluster(names["id"], names["policy"])
        self._service.wait(answer["action"])
        return Request(names)

    def _post_nodes(self):
        return Request(body={"node": {"name": self._name("new"), "profile_id": self.profile.id}})

    def _post_nodes_adopt(self):
        return Request(body={"identity": self.new_server(), "type": "os.nova.server-1.0"})

    _post_nodes_adopt_preview = _post_nodes_adopt

    def _get_nodes_id(self):
        return Request({"id": self.new_node()})

    _delete_nodes_id = _get_nodes_id

    def _patch_nodes_id(self):
        return Request({"id": self.new_node()}, {"node": {"name": self._name("new")}})

    def _post_nodes_id_actions(self):
        return Request({"id": self.new_node()}, {"check": {}})

    def _post_nodes_id_ops(self):
        return Request({"id": self.new_node()}, {"pause": {}})

    def _post_receivers(self):
        given = {"name": self._name("new"), "type": "webhook", "action": "CLUSTER_CHECK"}
        return Request(body={"receiver": {**given, "cluster_id": self.new_cluster()}})

    def _get_receivers_id(self):
        return Request({"id": self.new_receiver()})

    _delete_receivers_id = _post_receivers_id_notify = _get_receivers_id
    _post_webhooks_id_trigger = _get_receivers_id

    def _patch_receivers_id(self):
        return Request({"id": self.new_receiver()}, {"receiver": {"name": self._name("new")}})

    def _post_actions(self):
        return Request(body={"action": {"name": self._name("new")}})

    def _get_actions_id(self):
        return Request({"id": next(iter(self._clustering.actions())).id})

    def _patch_actions_id(self):
        return Request({"id": self._running_action()}, {"action": {"status": "CANCELLED"}})

    def _get_events_id(self):
        self.new_cluster()
        return Request({"id": next(iter(self._clustering.events())).id})
