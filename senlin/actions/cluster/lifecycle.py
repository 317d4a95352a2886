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

"""CLUSTER_CREATE and CLUSTER_DELETE: the life of a group."""

from senlin.actions import outcomes
from senlin.actions.cluster import base
from senlin.common import consts
from senlin.db import members
from senlin.policies import plan as policy_plan

#: How often members that appeared while a cluster was being deleted are
#: deleted as well before the deletion is given up.
_SWEEPS = 5


class ClusterCreate(base.ClusterProgram):
    """Makes the members that a new cluster is to have."""

    def begin(self, ctx, plan):
        if ctx.cluster["status"] not in (
            consts.ClusterStatus.INIT,
            consts.ClusterStatus.CREATING,
        ):
            return outcomes.Failed(
                consts.ReasonClass.CONFLICT,
                f"The cluster is in status {ctx.cluster['status']}, expected INIT.",
            )
        self.enter(ctx, consts.ClusterStatus.CREATING)
        return self.grow(ctx, ctx.cluster["desired_capacity"], "finish")

    def evaluate(self, ctx, end):
        values = {} if end.failed else {"created_at": ctx.moment}
        ctx.evaluate_cluster(**values)

    def outputs(self, ctx, end):
        return {"nodes_added": [row["target"] for row in end.succeeded]}

    def success_reason(self, ctx):
        return "Cluster creation succeeded."


class ClusterDelete(base.ClusterProgram):
    """Deletes all members, and the cluster when they are known to be gone."""

    def step_start(self, ctx):
        if ctx.cluster is None:
            return outcomes.Done("The cluster is gone already.")
        return super().step_start(ctx)

    def begin(self, ctx, plan):
        self.enter(ctx, consts.ClusterStatus.DELETING)
        return self._sweep(ctx)

    def step_finish(self, ctx):
        end = self.children_end(ctx)
        if end.failed:
            ctx.evaluate_cluster()
            return outcomes.Failed(end.reason_class, end.reason)
        return self._sweep(ctx)

    def _sweep(self, ctx):
        left = [row["id"] for row in ctx.read(members.listing, ctx.cluster["id"])]
        if not left:
            ctx.changes.clusters.clear()
            ctx.changes.delete_cluster = ctx.cluster["id"]
            return outcomes.Done("Cluster deleted")
        ctx.state["sweeps"] = ctx.state.get("sweeps", 0) + 1
        if ctx.state["sweeps"] > _SWEEPS:
            return outcomes.Failed(
                consts.ReasonClass.CONFLICT, f"{len(left)} nodes keep appearing in the cluster."
            )
        return self.shrink(ctx, policy_plan.Plan(), left)
