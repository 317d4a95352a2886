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

"""CLUSTER_CHECK, CLUSTER_RECOVER and CLUSTER_OPERATION: working on all members."""

from senlin.actions import outcomes
from senlin.actions.cluster import base
from senlin.actions.cluster import inputs as checks
from senlin.common import capacity
from senlin.common import consts
from senlin.db import members
from senlin.policies import plan as policy_plan


class ClusterCheck(base.ClusterProgram):
    """Has every member compared with its object."""

    def begin(self, ctx, plan):
        if ctx.inputs.get("delete_check_action"):
            ctx.write(members.forget_checks, ctx.cluster["id"])
        self.enter(ctx, consts.ClusterStatus.CHECKING)
        ids = [row["id"] for row in self.admitted_members(ctx)]
        return self.spawn(ctx, consts.NodeAction.CHECK, ids, "finish")

    def success_reason(self, ctx):
        return "Cluster checking completed."


class ClusterRecover(base.ClusterProgram):
    """Repairs sick members, and the number of members if asked to."""

    def begin(self, ctx, plan):
        self.enter(ctx, consts.ClusterStatus.RECOVERING)
        examine = bool(ctx.inputs.get("check"))
        rows = self.admitted_members(ctx)
        sick = [row["id"] for row in rows if examine or row["status"] != consts.NodeStatus.ACTIVE]
        inputs = {
            key: ctx.inputs[key] for key in ("operation", "operation_params") if key in ctx.inputs
        }
        if examine:
            inputs["check"] = True
        return self.spawn(ctx, consts.NodeAction.RECOVER, sick, "capacity", inputs)

    def step_capacity(self, ctx):
        """Bring the number of members to what is desired, if asked to."""
        end = self.children_end(ctx)
        if end.failed or not ctx.inputs.get("check_capacity"):
            return self.step_finish(ctx)
        rows = ctx.read(members.listing, ctx.cluster["id"])
        lacking = ctx.cluster["desired_capacity"] - len(rows)
        if lacking > 0:
            return self.grow(ctx, lacking, "finish")
        victims = capacity.select_victims(rows, -lacking, ctx.services.random)
        return self.shrink(ctx, policy_plan.Plan(), victims)

    def success_reason(self, ctx):
        return "Cluster recovery succeeded."


class ClusterOperation(base.ClusterProgram):
    """Runs a published operation on the chosen members."""

    def begin(self, ctx, plan):
        wanted, operation = checks.texts(ctx, "nodes"), checks.text(ctx, "operation")
        self.enter(ctx, consts.ClusterStatus.OPERATING)
        present = {row["id"] for row in self.admitted_members(ctx)}
        chosen = [node_id for node_id in wanted if node_id in present]
        if not chosen:
            return outcomes.Next("finish")
        inputs = {"operation": operation, "params": ctx.inputs.get("params") or {}}
        return self.spawn(ctx, consts.NodeAction.OPERATION, chosen, "finish", inputs)

    def evaluate(self, ctx, end):
        ctx.evaluate_cluster(operation=ctx.inputs["operation"])

    def success_reason(self, ctx):
        return f"Cluster operation '{ctx.inputs['operation']}' completed."
