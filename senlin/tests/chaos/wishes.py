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

from senlin.tests.functional import programs

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

    :ivar kind: what it is counted as.
    :ivar target: the id of the cluster or node that it is about.
    :ivar shelf: where the id of what it creates is kept, as (shelf, place).
    """

    kind: str
    method: str
    path: str
    body: dict | None = None
    target: str | None = None
    shelf: tuple | None = None


class Wishes:
    """What one project has, and what may be asked about it.

    :param user: a ``workload.User`` who has logged in.
    """

    def __init__(self, user):
        self._user = user
        self._lock = threading.Lock()
        # (shelf, place) -> id of the cluster or node outside clusters there.
        self._things = {}
        self._profiles = [self._make("profile", f"p{n}", _profile(n)) for n in range(2)]
        self._policies = [
            self._make("policy", f"policy{n}", spec) for n, spec in enumerate(_POLICIES)
        ]

    def wish(self, request, last_action):
        """The call for a drawn request; None if there is nothing to ask for.

        What is not there yet is created first, and is checked instead of created again.
        """
        if request.kind == "action_cancel":
            return self._cancel(last_action)
        shelf = "node" if request.kind.startswith("node_") else "cluster"
        place = (shelf, request.place)
        with self._lock:
            found = self._things.get(place)
        if found is None:
            return self._creation(place, request)
        kind = request.kind
        if kind == f"{shelf}_create":
            kind = f"{shelf}_check"
        wish = getattr(self, f"_{kind}")(found, request)
        return wish and dataclasses.replace(wish, kind=kind)

    def keep(self, wish, answer):
        """Note what an accepted call has made or asked away; gives the target's id."""
        if wish.shelf is not None:
            target = answer.json()[wish.shelf[0]]["id"]
            with self._lock:
                self._things[wish.shelf] = target
            return target
        if wish.method == "DELETE":
            self._forget(wish.target)
        return wish.target

    def _forget(self, target):
        with self._lock:
            for place, found in list(self._things.items()):
                if found == target:
                    del self._things[place]

    # Creating -----------------------------------------------------------------

    def _make(self, kind, name, spec):
        path = {"profile": "/v1/profiles", "policy": "/v1/policies"}[kind]
        answer = self._user.insist("POST", path, {kind: {"name": name, "spec": spec}})
        answer.raise_for_status()
        return answer.json()[kind]["id"]

    def _creation(self, place, request):
        shelf, number = place
        body = {"name": f"{shelf}{number}", "profile_id": self._profiles[0]}
        if shelf == "cluster":
            body["desired_capacity"] = request.number
            if request.lot < _SHORT_OF_TIME:
                body["timeout"] = _SHORT_TIMEOUT
        return Wish(f"{shelf}_create", "POST", f"/v1/{shelf}s", {shelf: body}, shelf=place)

    # Clusters -----------------------------------------------------------------

    def _cluster_resize(self, cluster, request):
        return self._act(cluster, "resize", adjustment_type="EXACT_CAPACITY", number=request.number)

    def _cluster_grow(self, cluster, request):
        number = min(request.number - 3 or 1, 5)
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
        return self._change("cluster", cluster, metadata={"lot": str(request.lot)})

    def _cluster_reprofile(self, cluster, request):
        return self._change("cluster", cluster, profile_id=self._profiles[request.number % 2])

    def _cluster_delete(self, cluster, request):
        return self._delete("cluster", cluster)

    def _cluster_force_delete(self, cluster, request):
        return self._delete("cluster", cluster, force=True)

    def _policy_attach(self, cluster, request):
        return self._act(cluster, "policy_attach", policy_id=self._policies[request.number % 2])

    def _policy_detach(self, cluster, request):
        return self._act(cluster, "policy_detach", policy_id=self._policies[request.number % 2])

    def _members_add(self, cluster, request):
        with self._lock:
            nodes = sorted(found for (shelf, _), found in self._things.items() if shelf == "node")
        if not nodes:
            return None
        node = _chosen(nodes, request)
        # Whatever comes of it, the next node at its place is another one.
        self._forget(node)
        return self._act(cluster, "add_nodes", nodes=[node])

    def _members_remove(self, cluster, request):
        members = self._members(cluster)
        if not members:
            return None
        first = members.index(_chosen(members, request))
        destroy = request.number % 2 == 0
        nodes = members[first : first + 2]
        return self._act(cluster, "del_nodes", nodes=nodes, destroy_after_deletion=destroy)

    def _members(self, cluster):
        answer = self._user.send("GET", f"/v1/nodes?cluster_id={cluster}")
        return sorted(node["id"] for node in answer.json()["nodes"]) if answer.ok else []

    # Members, and nodes outside clusters ----------------------------------------

    def _member_create(self, cluster, request):
        body = {"name": "member", "profile_id": self._profiles[0], "cluster_id": cluster}
        return Wish("", "POST", "/v1/nodes", {"node": body}, target=cluster)

    def _member_delete(self, cluster, request):
        return self._on_member(cluster, request, self._node_delete)

    def _member_check(self, cluster, request):
        return self._on_member(cluster, request, self._node_check)

    def _member_recover(self, cluster, request):
        return self._on_member(cluster, request, self._node_recover)

    def _on_member(self, cluster, request, wish):
        members = self._members(cluster)
        return wish(_chosen(members, request), request) if members else None

    def _node_check(self, node, request):
        return self._act(node, "check", of="nodes")

    def _node_recover(self, node, request):
        operation = "REBUILD" if request.lot < 0.3 else "RECREATE"
        return self._act(node, "recover", of="nodes", operation=operation)

    def _node_update(self, node, request):
        return self._change("node", node, metadata={"lot": str(request.lot)})

    def _node_delete(self, node, request):
        return self._delete("node", node, force=request.lot < 0.2)

    # The calls ----------------------------------------------------------------

    def _act(self, target, verb, of="clusters", **arguments):
        return Wish("", "POST", f"/v1/{of}/{target}/actions", {verb: arguments}, target)

    def _change(self, kind, target, **values):
        return Wish("", "PATCH", f"/v1/{kind}s/{target}", {kind: values}, target)

    def _delete(self, kind, target, force=False):
        return Wish(
            "", "DELETE", f"/v1/{kind}s/{target}", {"force": True} if force else None, target
        )

    def _cancel(self, action):
        if action is None:
            return None
        body = {"action": {"status": "CANCELLED"}}
        return Wish("action_cancel", "PATCH", f"/v1/actions/{action}", body)


def _profile(number):
    properties = {**programs.SERVER_SPEC["properties"], "metadata": {"generation": str(number)}}
    return {**programs.SERVER_SPEC, "properties": properties}


def _chosen(things, request):
    return things[int(request.lot * len(things))]


def _count(request):
    return {} if request.lot < 0.3 else {"count": 1 + request.number % 3}
