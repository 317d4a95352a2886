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

"""NODE_DELETE: the row goes only when the object is known to be gone."""

from senlin.actions import outcomes
from senlin.actions.node import base
from senlin.common import consts
from senlin.db import members


class NodeDelete(base.NodeProgram):
    """Destroys a node's object and then its row."""

    procedure = "delete"
    entry_status = consts.NodeStatus.DELETING

    def admit(self, ctx):
        """A member that a user deletes must not be one too few."""
        if ctx.is_derived or not ctx.node["cluster_id"] or ctx.cluster is None:
            return None
        refusal = ctx.write(
            members.admit_departure,
            ctx.cluster["id"],
            ctx.node["id"],
            lambda cluster, size: ctx.size_problem(cluster, desired=size, strict=True),
        )
        if refusal:
            return outcomes.Failed(consts.ReasonClass.SIZE, refusal)
        return None

    def node_is_gone(self, ctx):
        return outcomes.Done("The node is gone already.")

    def finished(self, ctx, answer):
        ctx.changes.nodes.pop(ctx.node["id"], None)
        ctx.changes.delete_nodes.append(ctx.node["id"])
        self.settle(ctx, succeeded=True)
        return outcomes.Done("Node deleted", answer.outputs)

    def settle(self, ctx, succeeded):
        if ctx.is_derived or ctx.cluster is None or not ctx.node["cluster_id"]:
            return
        reduce_desired = ctx.data.get("deletion", {}).get("reduce_desired_capacity", True)
        ctx.evaluate_cluster(desired_change=-1 if succeeded and reduce_desired else 0)
