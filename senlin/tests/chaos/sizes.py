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

"""What ``desired_capacity`` must be: what the accepted requests said, in their order.

The actions on a cluster exclude each other, so that the order in which they
started is the order in which they count. An action that succeeded has had its
effect. One that failed or was cancelled has had it or not, and where it can have
done both, both are allowed; but nothing else is.

The size that a relative request starts from is the number of members, which is
told from the actions that made and removed them; a member that was asked for
meanwhile may be counted or not.
"""

import collections

from senlin.common import consts

_DONE = consts.ActionStatus.SUCCEEDED


def check(picture, promises, violation):
    """The violations of "desired capacity is what the last request said"."""
    history = _History(picture.rows("action"), promises)
    found = []
    for row in picture.rows("cluster"):
        allowed = history.desired(row["id"])
        if allowed is not None and row["desired_capacity"] not in allowed:
            what = (
                f"cluster {row['id']} desires {row['desired_capacity']}; "
                f"the requests said {sorted(allowed)}"
            )
            ids = tuple(action["id"] for action in history.of(row["id"]))
            found.append(
                violation("desired capacity is what was asked for", what, (row["id"], *ids))
            )
    return found


class _History:
    """What happened to the size of each cluster, told from the actions."""

    def __init__(self, actions, promises):
        self._created_with = {
            promise.target: promise.body["cluster"]["desired_capacity"]
            for promise in promises
            if promise.kind == "cluster_create"
        }
        self._requests = collections.defaultdict(list)
        self._children = collections.defaultdict(list)
        self._changes = collections.defaultdict(list)
        for row in actions:
            if row["parent_id"]:
                self._children[row["parent_id"]].append(row)
            elif row["locked"]:
                self._requests[row["cluster_id"]].append(row)
            self._note_membership(row)

    def of(self, cluster_id):
        """The requests on a cluster that have begun, in order."""
        return sorted(self._requests[cluster_id], key=lambda row: row["start_time"])

    def desired(self, cluster_id):
        """The capacities that the cluster may desire now; None = unknown."""
        first = self._created_with.get(cluster_id)
        if first is None:
            return None
        allowed = {first}
        for row in self.of(cluster_id):
            effect = getattr(self, f"_{row['action'].lower()}", None)
            if effect is not None:
                allowed = effect(row, allowed)
        return allowed

    # Membership -----------------------------------------------------------------

    def _note_membership(self, row):
        cluster_id, name = row["cluster_id"], row["action"]
        ended = row["status"] == _DONE and row["end_time"]
        if not cluster_id:
            return
        if name == consts.NodeAction.CREATE:
            self._changes[cluster_id].append((row["created_at"].timestamp(), row["target"], True))
            if _reason_class(row) == consts.ReasonClass.SIZE:
                self._changes[cluster_id].append((row["end_time"], row["target"], False))
        elif name == consts.NodeAction.JOIN and ended:
            self._changes[cluster_id].append((row["end_time"], row["target"], True))
        elif name in (consts.NodeAction.DELETE, consts.NodeAction.LEAVE) and ended:
            self._changes[cluster_id].append((row["end_time"], row["target"], False))

    def _members(self, cluster_id, moment):
        members = set()
        for when, node, is_in in sorted(self._changes[cluster_id]):
            if when <= moment:
                (members.add if is_in else members.discard)(node)
        return members

    def _counts(self, row):
        """How many members there may have been when an action looked."""
        members = self._members(row["cluster_id"], row["start_time"])
        made = {child["target"] for child in self._children[row["id"]]}
        end = row["end_time"] or float("inf")
        arrived = {
            node
            for moment, node, is_in in self._changes[row["cluster_id"]]
            if is_in and row["start_time"] < moment <= end and node not in made | members
        }
        return range(len(members), len(members) + len(arrived) + 1)

    # Effects ----------------------------------------------------------------------

    def _sized(self, row, allowed, said):
        """Sizing sets the capacity together with the children that see to it."""
        if row["status"] == _DONE or self._children[row["id"]]:
            return set(said)
        return allowed | set(said)

    def _cluster_resize(self, row, allowed):
        kind, number = row["inputs"]["adjustment_type"], row["inputs"]["number"]
        if kind is None:
            return allowed
        if kind == consts.Adjustment.EXACT_CAPACITY:
            return self._sized(row, allowed, {number})
        return self._sized(row, allowed, {max(0, count + number) for count in self._counts(row)})

    def _cluster_scale_out(self, row, allowed):
        number = self._decided(row, "creation")
        return self._sized(row, allowed, {count + number for count in self._counts(row)})

    def _cluster_scale_in(self, row, allowed):
        number = self._decided(row, "deletion")
        return self._sized(row, allowed, {max(0, count - number) for count in self._counts(row)})

    def _decided(self, row, what):
        decided = ((row["data"] or {}).get(what) or {}).get("count")
        return row["inputs"].get("count") or 1 if decided is None else decided

    def _cluster_add_nodes(self, row, allowed):
        return self._counted(row, allowed, 1)

    def _cluster_del_nodes(self, row, allowed):
        return self._counted(row, allowed, -1)

    def _counted(self, row, allowed, sign):
        """The capacity follows those children that succeeded, at the end."""
        good = [child for child in self._children[row["id"]] if child["status"] == _DONE]
        after = {max(0, size + sign * len(good)) for size in allowed}
        return after if row["status"] == _DONE else allowed | after

    def _node_create(self, row, allowed):
        if _reason_class(row) == consts.ReasonClass.SIZE:
            return allowed
        after = {size + 1 for size in allowed}
        return after if row["status"] == _DONE else allowed | after

    def _node_delete(self, row, allowed):
        was_member = row["target"] in self._members(row["cluster_id"], row["start_time"])
        if row["status"] != _DONE or not was_member:
            return allowed
        return {max(0, size - 1) for size in allowed}


def _reason_class(row):
    return (row["data"] or {}).get("reason_class")
