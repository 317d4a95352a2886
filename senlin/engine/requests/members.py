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

"""Requests that change who belongs to a cluster (API contract, 3.6.7)."""

from senlin.common import capacity
from senlin.common import consts
from senlin.common import exception
from senlin.db import lookup
from senlin.db import nodes
from senlin.engine.requests import base
from senlin.engine.requests.nodes import refuse_needed_node
from senlin.rpc import server as rpc_server


class MemberRequests(base.Endpoint):
    """Add, remove and replace members."""

    @rpc_server.request
    def cluster_add_nodes(self, context, identity, nodes):
        """Admit the joining of existing nodes."""
        return self._change_one(context, "cluster", identity, self._add, wanted=nodes)

    @rpc_server.request
    def cluster_del_nodes(self, context, identity, nodes, destroy_after_deletion=None):
        """Admit the leaving of members; they stay as orphans unless destroyed."""
        return self._change_one(
            context,
            "cluster",
            identity,
            self._remove,
            wanted=nodes,
            destroy=destroy_after_deletion,
        )

    @rpc_server.request
    def cluster_replace_nodes(self, context, identity, nodes):
        """Admit the exchange of members: ``nodes`` maps old to new."""
        return self._change_one(context, "cluster", identity, self._replace, wanted=nodes)

    def _add(self, conn, context, cluster, wanted):
        found, missing = self._resolve(conn, context, cluster, wanted)
        rows = list(found.values())
        foreign = _of_other_type(conn, cluster, rows)
        base.refuse(
            [
                foreign
                and f"Profile type of nodes {base.quoted(foreign)} does not match that of the "
                "cluster.",
                _about("Nodes {} already owned by some cluster.", rows, _is_owned),
                _about("Nodes are not ACTIVE: {}.", rows, _is_not_active),
                missing and f"Nodes not found: {base.quoted(missing)}.",
            ]
        )
        self._check_size(cluster, len(rows))
        return self._admit(
            conn, context, cluster, consts.ClusterAction.ADD_NODES, {"nodes": list(found)}
        )

    def _remove(self, conn, context, cluster, wanted, destroy):
        found, missing = self._resolve(conn, context, cluster, wanted)
        rows = list(found.values())
        strangers = [row["id"] for row in rows if row["cluster_id"] != cluster["id"]]
        for row in rows:
            refuse_needed_node(row)
        base.refuse(
            [
                missing and f"Nodes not found: {base.quoted(missing)}.",
                strangers and f"Nodes not members of specified cluster: {base.quoted(strangers)}.",
            ]
        )
        self._check_size(cluster, -len(rows))
        inputs = {"candidates": list(found), "count": len(found)}
        if destroy is not None:
            inputs["destroy_after_deletion"] = destroy
        return self._admit(conn, context, cluster, consts.ClusterAction.DEL_NODES, inputs)

    def _replace(self, conn, context, cluster, wanted):
        identities = [*wanted.keys(), *wanted.values()]
        known = nodes.resolve(conn, identities, self._scope(context, cluster))
        pairs = [
            (known[old], known[new]) for old, new in wanted.items() if known[old] and known[new]
        ]
        olds, news = [old for old, _ in pairs], [new for _, new in pairs]
        strangers = [row["id"] for row in olds if row["cluster_id"] != cluster["id"]]
        foreign = _of_other_type(conn, cluster, news)
        lost_old = [old for old in wanted if not known[old]]
        lost_new = [new for new in wanted.values() if not known[new]]
        base.refuse(
            [
                strangers
                and f"The specified nodes {base.quoted(strangers)} to be replaced are not members "
                f"of the cluster {cluster['id']}.",
                _about("Nodes {} already member of a cluster.", news, _is_owned),
                _about("Nodes are not ACTIVE: {}.", news, _is_not_active),
                foreign
                and f"Profile type of nodes {base.quoted(foreign)} do not match that of the "
                "cluster.",
                lost_old and f"Original nodes not found: {base.quoted(lost_old)}.",
                lost_new and f"Replacement nodes not found: {base.quoted(lost_new)}.",
            ]
        )
        candidates = {old["id"]: new["id"] for old, new in pairs}
        if len(set(candidates.values())) < len(wanted):
            raise exception.BadRequest("Map contains duplicated values")
        return self._admit(
            conn,
            context,
            cluster,
            consts.ClusterAction.REPLACE_NODES,
            {"candidates": candidates},
        )

    def _scope(self, context, cluster):
        # An administrator may work in any project, but not mix them.
        return cluster["project"] if context.is_admin else context.project_scope

    def _resolve(self, conn, context, cluster, identities):
        """(id -> row of those found, identities of those not)."""
        known = nodes.resolve(conn, identities, self._scope(context, cluster))
        found = {row["id"]: row for row in known.values() if row}
        return found, [identity for identity in identities if not known[identity]]

    def _check_size(self, cluster, change):
        base.refuse(
            [
                capacity.check(
                    self._conf.max_nodes_per_cluster,
                    desired=cluster["desired_capacity"] + change,
                    cluster=cluster,
                )
            ]
        )

    def _admit(self, conn, context, cluster, action, inputs):
        verb = action.value.lower()
        return {"action": self._submit(conn, context, action, cluster, verb, inputs)}


def _is_owned(row):
    return bool(row["cluster_id"])


def _is_not_active(row):
    return row["status"] != consts.NodeStatus.ACTIVE


def _about(sentence, rows, condition):
    ids = [row["id"] for row in rows if condition(row)]
    return sentence.format(base.quoted(ids)) if ids else None


def _of_other_type(conn, cluster, rows):
    """Ids of those nodes whose profile type is not that of the cluster."""
    wanted = {row["profile_id"] for row in rows} | {cluster["profile_id"]}
    types = {
        profile_id: profile["type"]
        for profile_id, profile in lookup.get_many(conn, "profile", wanted).items()
    }
    own = types.get(cluster["profile_id"])
    return [row["id"] for row in rows if types.get(row["profile_id"]) != own]
