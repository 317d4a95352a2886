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

"""NODE_CREATE: from a row to a living object."""

from senlin.actions import outcomes
from senlin.actions.node import base
from senlin.common import consts
from senlin.db import members


class NodeCreate(base.NodeProgram):
    """Creates the object of a node; for a user's new member also makes room."""

    procedure = "create"
    entry_status = consts.NodeStatus.CREATING

    def admit(self, ctx):
        """A user's new member must fit: the count includes this very node."""
        if ctx.is_derived or not ctx.node["cluster_id"]:
            return None
        if ctx.cluster is None:
            return self.failed(
                ctx,
                outcomes.Failed(
                    consts.ReasonClass.NOT_FOUND,
                    f"The cluster '{ctx.node['cluster_id']}' could not be found.",
                ),
            )
        refusal = ctx.write(
            members.admit_arrival,
            ctx.cluster["id"],
            ctx.node["id"],
            lambda cluster, size: ctx.size_problem(cluster, desired=size, strict=True),
        )
        if refusal:
            # It was never admitted: it leaves the cluster, as an orphan that the
            # user may look at and delete.
            ctx.update_node(cluster_id="", index=consts.ORPHAN_INDEX)
            self.set_status(ctx, consts.NodeStatus.ERROR, refusal)
            return outcomes.Failed(consts.ReasonClass.SIZE, refusal)
        ctx.state["admitted"] = True
        return None

    def stopped(self, ctx, outcome):
        again = None if ctx.node is None else self.own_stray(ctx)
        return again or super().stopped(ctx, outcome)

    def finished(self, ctx, answer):
        if ctx.node["created_at"] is None:
            ctx.update_node(created_at=ctx.moment)
        return super().finished(ctx, answer)

    def success_reason(self, ctx, answer):
        return answer.reason or "Creation succeeded"

    def settle(self, ctx, succeeded):
        if ctx.is_derived or ctx.cluster is None or not ctx.state.get("admitted"):
            return
        # The user asked for one more, whatever became of it.
        ctx.evaluate_cluster(desired_change=1)
