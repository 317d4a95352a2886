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

"""From a drawn request to an HTTP call on what the project has just now."""

import dataclasses
import threading

from senlin.tests.chaos import plan

_PROFILE = {
    "type": "os.nova.server",
    "version": "1.0",
    "properties": {
        "flavor": "m1.tiny",
        "image": "cirros",
        "networks": [{"network": "private"}],
    },
}
_OUT = {"type": "CHANGE_IN_CAPACITY", "number": 2, "cooldown": 1}
_POLICIES = (
    {
        "type": "senlin.policy.scaling",
        "version": "1.0",
        "properties": {"event": "CLUSTER_SCALE_OUT", "adjustment": _OUT},
    },
    {
        "type": "senlin.policy.deletion",
        "version": "1.1",
        "properties": {"criteria": "OLDEST_FIRST"},
    },
)
#: The share of clusters whose actions get little time, and how many seconds.
_SHORT_OF_TIME = 0.15
_SHORT_TIMEOUT = 20
_LARGEST = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """A call to be made.

    :ivar shelf: where what it makes is kept, or None; ``place``: there.
    """

    kind: str
    method: str
    path: str
    body: dict | None = None
    target: str | None = None
    shelf: str | None = None
    place: int = 0


class Wishes:
    """What one project has, and what may be asked about it.

    :param user: a ``workload.User`` who has logged in.
    """

    def __init__(self, user):
        self._user = user
        self._lock = threading.Lock()
        self._shelves = {"clusters": {}, "nodes": {}}
        self._deleting = set()
        self._profiles = [self._make("profile", f"p{n}", self._spec(n)) for n in range(2)]
        self._policies = [
            self._make("policy", f"policy{n}", spec) for n, spec in enumerate(_POLICIES)
        ]

    def wish(self, request, last_action):
        """The call for a drawn request; None if there is nothing to ask for.

        What is not there yet is created first, what is there is not created again.
        """
        family = request.kind.split("_")[0]
        if family == "action":
            return self._cancel(last_action)
        shelf = "nodes" if family == "node" else "clusters"
        with self._lock:
            found = self._shelves[shelf].get(request.place)
        if found is None:
            return self._creation(shelf, request)
        kind = request.kind
        if kind.endswith("_create") and family != "member":
            kind = f"{family}_check"
        call = getattr(self, f"_{kind}")(found, request)
        if call is None:
            return None
        return Wish(kind=kind, target=call[3] if len(call) > 3 else found, method=call[0],
                    path=call[1], body=call[2])  # fmt: skip

    def keep(self, wish, answer):
        """Note what an accepted call has made or asked away; gives the target's id."""
        if wish.shelf is None:
            if wish.kind in ("cluster_delete", "cluster_force_delete", "node_delete"):
                with self._lock:
                    self._deleting.add(wish.target)
                    for shelf in self._shelves.values():
                        for place, found in list(shelf.items()):
                            if found == wish.target:
                                del shelf[place]
            return wish.target
        target = answer.json()["cluster" if wish.shelf == "clusters" else "node"]["id"]
        with self._lock:
            self._shelves[wish.shelf][wish.place] = target
        return target

    # Creating -----------------------------------------------------------------

    def _make(self, kind, name, spec):
        path = {"profile": "/v1/profiles", "policy": "/v1/policies"}[kind]
        answer = self._user.insist("POST", path, {kind: {"name": name, "spec": spec}})
        answer.raise_for_status()
        return answer.json()[kind]["id"]

    def _spec(self, number):
        properties = {**_PROFILE["properties"], "metadata": {"generation": str(number)}}
        return {**_PROFILE, "properties": properties}

    def _creation(self, shelf, request):
        if shelf == "nodes":
            body = {"name": f"single{request.place}", "profile_id": self._profiles[0]}
            return Wish("node_create", "POST", "/v1/nodes", {"node": body}, None, shelf,
                        request.place)  # fmt: skip
        body = {
            "name": f"group{request.place}",
            "profile_id": self._profiles[0],
            "desired_capacity": request.number,
        }
        if request.lot < _SHORT_OF_TIME:
            body["timeout"] = _SHORT_TIMEOUT
        return Wish("cluster_create", "POST", "/v1/clusters", {"cluster": body}, None, shelf,
                    request.place)  # fmt: skip

    # Clusters -----------------------------------------------------------------

    def _cluster_resize(self, cluster, request):
        return self._act(cluster, "resize", adjustment_type="EXACT_CAPACITY", number=request.number)

    def _cluster_grow(self, cluster, request):
        number = request.number - 3 or 1
        number = min(number, 5)
        return self._act(cluster, "resize", adjustment_type="CHANGE_IN_CAPACITY", number=number)

    def _cluster_limits(self, cluster, request):
        low = min(request.number, 2)
        high = -1 if request.lot < 0.5 else _LARGEST
        return self._act(cluster, "resize", min_size=low, max_size=high)

    def _cluster_scale_out(self, cluster, request):
        return self._act(cluster, "scale_out", **_count(request))

    def _cluster_scale_in(self, cluster, request):
        return self._act(cluster, "scale_in", **_count(request))

    def _cluster_check(self, cluster, request):
        return self._act(cluster, "check")

    def _cluster_recover(self, cluster, request):
        more = {"check": True} if request.lot < 0.7 else {}
        if request.lot < 0.4:
            more["check_capacity"] = True
        return self._act(cluster, "recover", operation="RECREATE", **more)

    def _cluster_update(self, cluster, request):
        body = {"cluster": {"metadata": {"lot": str(request.lot)}}}
        return "PATCH", f"/v1/clusters/{cluster}", body

    def _cluster_reprofile(self, cluster, request):
        body = {"cluster": {"profile_id": self._profiles[request.number % 2]}}
        return "PATCH", f"/v1/clusters/{cluster}", body

    def _cluster_delete(self, cluster, request):
        return "DELETE", f"/v1/clusters/{cluster}", None

    def _cluster_force_delete(self, cluster, request):
        return "DELETE", f"/v1/clusters/{cluster}", {"force": True}

    def _policy_attach(self, cluster, request):
        return self._act(cluster, "policy_attach", policy_id=self._policies[request.number % 2])

    def _policy_detach(self, cluster, request):
        return self._act(cluster, "policy_detach", policy_id=self._policies[request.number % 2])

    def _members_add(self, cluster, request):
        with self._lock:
            nodes = sorted(self._shelves["nodes"].items())
        if not nodes:
            return None
        place, node = nodes[int(request.lot * len(nodes))]
        with self._lock:
            # From now on it belongs to the cluster, if anything comes of it.
            self._shelves["nodes"].pop(place, None)
        return self._act(cluster, "add_nodes", nodes=[node])

    def _members_remove(self, cluster, request):
        members = self._members(cluster)
        if not members:
            return None
        first = int(request.lot * len(members))
        destroy = request.number % 2 == 0
        nodes = members[first : first + 2]
        return self._act(cluster, "del_nodes", nodes=nodes, destroy_after_deletion=destroy)

    def _act(self, cluster, verb, **arguments):
        return "POST", f"/v1/clusters/{cluster}/actions", {verb: arguments}

    # Members, and nodes outside clusters ----------------------------------------

    def _member_create(self, cluster, request):
        body = {"name": "member", "profile_id": self._profiles[0], "cluster_id": cluster}
        return "POST", "/v1/nodes", {"node": body}, cluster

    def _member_delete(self, cluster, request):
        return self._on_member(cluster, request, self._node_delete)

    def _member_check(self, cluster, request):
        return self._on_member(cluster, request, self._node_check)

    def _member_recover(self, cluster, request):
        return self._on_member(cluster, request, self._node_recover)

    def _on_member(self, cluster, request, call):
        members = self._members(cluster)
        if not members:
            return None
        node = members[int(request.lot * len(members))]
        return *call(node, request), node

    def _members(self, cluster):
        answer = self._user.send("GET", f"/v1/nodes?cluster_id={cluster}")
        return sorted(node["id"] for node in answer.json()["nodes"]) if answer.ok else []

    def _node_check(self, node, request):
        return "POST", f"/v1/nodes/{node}/actions", {"check": {}}

    def _node_recover(self, node, request):
        operation = "REBUILD" if request.lot < 0.3 else "RECREATE"
        return "POST", f"/v1/nodes/{node}/actions", {"recover": {"operation": operation}}

    def _node_update(self, node, request):
        return "PATCH", f"/v1/nodes/{node}", {"node": {"metadata": {"lot": str(request.lot)}}}

    def _node_delete(self, node, request):
        return "DELETE", f"/v1/nodes/{node}", {"force": True} if request.lot < 0.2 else None

    # Actions ------------------------------------------------------------------

    def _cancel(self, action):
        if action is None:
            return None
        body = {"action": {"status": "CANCELLED"}}
        return Wish("action_cancel", "PATCH", f"/v1/actions/{action}", body)


def _count(request):
    return {} if request.lot < 0.3 else {"count": 1 + request.number % 3}


assert set(plan.REQUESTS) - {"action_cancel", "cluster_create", "node_create"} <= {
    name[1:] for name in dir(Wishes)
}
