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

from senlin.actions import deciding
from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions.node import base
from senlin.actions.node import hooks
from senlin.common import consts
from senlin.db import members
from senlin.policies import plan as policy_plan


class NodeDelete(hooks.HookMixin, base.NodeProgram):
    """Destroys a node's object and then its row."""

    procedure = "delete"
    entry_status = consts.NodeStatus.DELETING

    def step_start(self, ctx):
        """For a user's deletion of a member: ask its cluster's policies first."""
        if ctx.node is None or self._is_alone(ctx):
            return super().step_start(ctx)
        try:
            plan = deciding.decide(ctx, policy_plan.Plan())
        except program.Refused as refusal:
            return outcomes.Failed(refusal.reason_class, refusal.reason)
        outcome = super().step_start(ctx)
        if not isinstance(outcome, outcomes.Next):
            return outcome
        if plan.hook and ctx.node["status"] == consts.NodeStatus.ACTIVE:
            ctx.save_data(hook=plan.hook)
            return outcomes.Next("hook", after=plan.grace_period)
        return outcomes.Next(outcome.step, after=plan.grace_period)

    def step_work(self, ctx):
        if ctx.node is not None and ctx.node["status"] != self.entry_status:
            # It has come by a hook, before which it was none of this.
            ctx.update_node(
                status=str(self.entry_status), status_reason=f"{ctx.action['action']} is running."
            )
        return super().step_work(ctx)

    def _is_alone(self, ctx):
        """Whether no cluster has a say: it has had it, or there is none."""
        return ctx.is_derived or ctx.cluster is None or not ctx.node["cluster_id"]

    def admit(self, ctx):
        """A member that a user deletes must not be one too few."""
        if self._is_alone(ctx):
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
        if self._is_alone(ctx):
            return
        deciding.conclude(ctx, succeeded, int(succeeded))
        reduce_desired = ctx.data.get("deletion", {}).get("reduce_desired_capacity", True)
        ctx.evaluate_cluster(desired_change=-1 if succeeded and reduce_desired else 0)
