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

"""What must hold when everything has come to rest."""

import collections
import json

from senlin.common import consts

#: For SQL: the final statuses of actions.
FINAL = ", ".join(f"'{status}'" for status in consts.FINAL_ACTION_STATUSES)
_FINAL = {str(status) for status in consts.FINAL_ACTION_STATUSES}
_AT_REST = ("ACTIVE", "ERROR", "WARNING")
_RESIZING = (
    "CLUSTER_CREATE",
    # One that is stopped leaves as many members as there are by then.
    "CLUSTER_DELETE",
    "CLUSTER_RESIZE",
    "CLUSTER_SCALE_OUT",
    "CLUSTER_SCALE_IN",
    "CLUSTER_ADD_NODES",
    "CLUSTER_DEL_NODES",
    "CLUSTER_RECOVER",
    "CLUSTER_REPLACE_NODES",
    "NODE_CREATE",
    "NODE_DELETE",
)


class Unbalanced(Exception):
    """Something was lost, leaked, doubled or left standing."""


def has_ended(action):
    """Whether an action's status is final."""
    return action["status"] in _FINAL


def check(schedule):
    """Look at everything.

    :raises Unbalanced: with all that is wrong.
    """
    found = _Books(schedule)
    problems = [
        *found.actions(),
        *found.locks(),
        *found.machines(),
        *found.statuses(),
        *found.health(),
        *found.deletions(),
        *found.sizes(),
        *found.events(),
        *schedule.storage.caught,
    ]
    if problems:
        raise Unbalanced("\n".join(problems))


class _Books:
    def __init__(self, schedule):
        self._schedule = schedule
        self._storage = schedule.storage
        self._actions = {row["id"]: row for row in self._storage.rows("action")}
        self._nodes = {row["id"]: row for row in self._storage.rows("node")}
        self._clusters = {row["id"]: row for row in self._storage.rows("cluster")}

    def actions(self):
        """Every action has ended, after its children, and for a reason."""
        for row in self._actions.values():
            open_ends = (row["owner"], row["run_at"], row["blocked_on"])
            if not has_ended(row) or any(open_ends) or row["pending"] != 0:
                yield f"An action has not ended in order: {row}"
            if (row["status_reason"] or "").startswith(("Internal", "The result of a step")):
                yield f"An action met an error of the engine: {row}"
            late = json.loads(row["data"]).get("reason_class") == "timeout"
            if late and self._schedule.patient:
                yield f"An action slept over its time: {row}"
            parent = self._actions.get(row["parent_id"])
            if parent and not self._schedule.skewed and row["end_time"] > parent["end_time"]:
                yield f"A parent ended before its child: {row}"
        for action_id, unknowing in self._schedule.cancelled.items():
            row = self._actions.get(action_id)
            if row and row["status"] == "SUCCEEDED" and row["step_fence"] > unknowing:
                yield f"A cancel was not minded: {row}"
        for method, _, envelope in self._schedule.answers:
            result = envelope.get("result")
            if result and result.get("action") not in self._actions:
                yield f"An accepted {method} has no action."

    def locks(self):
        """Nobody holds anything."""
        for table in ("cluster_lock", "node_lock"):
            for row in self._storage.rows(table):
                yield f"A lock is left: {row}"

    def machines(self):
        """Machines and nodes match one to one."""
        machines = self._schedule.cloud.machines
        marks = collections.Counter(machine.node for machine in machines.values())
        for node_id, number in marks.items():
            if number > 1:
                yield f"Node {node_id} has {number} machines."
        for machine_id, machine in machines.items():
            node = self._nodes.get(machine.node)
            if node is None:
                yield f"Machine {machine_id} of node {machine.node} belongs to nobody."
            elif node["physical_id"] != machine_id:
                yield f"Machine {machine_id} is not known to its node: {node}"
        there = machines.keys() | self._schedule.cloud.lost
        for node in self._nodes.values():
            if node["status"] == "ACTIVE" and node["physical_id"] not in there:
                yield f"A node is ACTIVE without a machine: {node}"

    def statuses(self):
        """Nothing is in between; no two members have one index."""
        for kind in (self._nodes, self._clusters):
            for row in kind.values():
                if row["status"] not in _AT_REST:
                    yield f"An object is left in between: {row}"
        indexes = collections.Counter(
            (row["cluster_id"], row["index"]) for row in self._nodes.values() if row["cluster_id"]
        )
        for (cluster_id, index), number in indexes.items():
            if number > 1:
                yield f"{number} members of cluster {cluster_id} have the index {index}."
            if cluster_id not in self._clusters:
                yield f"A node's cluster {cluster_id} is gone."
            elif index >= self._clusters[cluster_id]["next_index"]:
                yield f"The index {index} of cluster {cluster_id} was never given out."

    def health(self):
        """A cluster that has fewer ACTIVE members than are desired says so."""
        active = collections.Counter(
            node["cluster_id"] for node in self._nodes.values() if node["status"] == "ACTIVE"
        )
        for cluster in self._clusters.values():
            number = active[cluster["id"]]
            if cluster["status"] == "ACTIVE" and number < cluster["desired_capacity"]:
                yield f"{number} members are ACTIVE in {cluster}"

    def deletions(self):
        """What was deleted is gone, with all that belonged to it."""
        for row in self._actions.values():
            if row["status"] == "SUCCEEDED" and row["action"].endswith("_DELETE"):
                if row["target"] in self._clusters or row["target"] in self._nodes:
                    yield f"A deleted object is there: {row}"
        for row in self._storage.rows("cluster_policy"):
            if row["cluster_id"] not in self._clusters:
                yield f"A binding's cluster is gone: {row}"

    def sizes(self):
        """A cluster has what the last successful request for an exact size said."""
        if self._schedule.skewed:
            return
        for cluster in self._clusters.values():
            of_cluster = [
                row
                for row in self._actions.values()
                if row["cluster_id"] == cluster["id"]
                and row["action"] in _RESIZING
                and row["parent_id"] is None
            ]
            last = max(of_cluster, key=lambda row: row["end_time"], default=None)
            if last is None or last["status"] != "SUCCEEDED":
                continue
            wanted = self._exact_size(cluster, last)
            if wanted is None:
                continue
            members = {n["id"] for n in self._nodes.values() if n["cluster_id"] == cluster["id"]}
            born = len(members - self._unborn_since(last, of_cluster))
            if cluster["desired_capacity"] != wanted or not born <= wanted <= len(members):
                yield (
                    f"{len(members)} members, {born} of them born, in {cluster}, "
                    f"but {wanted} were asked for by {last}"
                )

    @staticmethod
    def _unborn_since(resize, of_cluster):
        """Nodes that a user asked for while a resize was at work, and that came to nothing.

        They stay members, in ERROR. The resize has counted those that were there when it
        began, and not those that came later.
        """
        return {
            row["target"]
            for row in of_cluster
            if row["action"] == "NODE_CREATE"
            and row["status"] != "SUCCEEDED"
            and row["created_at"] > resize["created_at"]
        }

    def _exact_size(self, cluster, action):
        if self._storage.count("cluster_policy", "cluster_id = :id", id=cluster["id"]):
            return None
        inputs = json.loads(action["inputs"])
        detached = any(
            row["target"] == cluster["id"] and row["action"].endswith("_POLICY")
            for row in self._actions.values()
        )
        if detached:
            return None
        if action["action"] == "CLUSTER_RESIZE" and inputs.get("strict"):
            return inputs.get("number")
        return None

    def events(self):
        """Of each request it is told once that it began, and once how it ended."""
        told = collections.Counter()
        for row in self._storage.rows("event"):
            told[json.loads(row["meta_data"])["action_id"], row["status"] == "start"] += 1
        for (action_id, is_start), number in told.items():
            if number > 1:
                yield f"{number} events tell of one {'start' if is_start else 'end'}: {action_id}"
            if is_start and not told[action_id, False]:
                yield f"No event tells of the end: {self._actions.get(action_id)}"
            if not is_start and not told[action_id, True] and self._has_begun(action_id):
                yield f"No event tells of the start: {self._actions.get(action_id)}"

    def _has_begun(self, action_id):
        return self._actions[action_id]["locked"]
