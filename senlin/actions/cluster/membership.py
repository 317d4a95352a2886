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

"""CLUSTER_ADD_NODES, CLUSTER_DEL_NODES and CLUSTER_REPLACE_NODES: who belongs."""

from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions.cluster import base
from senlin.actions.cluster import inputs
from senlin.common import consts
from senlin.db import lookup
from senlin.db import members


def _refuse_unfit(ctx, node_ids):
    """New members must exist in this project, be ACTIVE and belong to nobody else."""
    rows = ctx.read(lookup.get_many, "node", node_ids)
    problems = []
    for node_id in node_ids:
        row = rows.get(node_id)
        if row is None or row["project"] != ctx.cluster["project"]:
            problems.append(f"Node {node_id} is not found.")
        elif row["cluster_id"] and row["cluster_id"] != ctx.cluster["id"]:
            problems.append(f"Node {node_id} is already owned by cluster {row['cluster_id']}.")
        elif row["status"] != consts.NodeStatus.ACTIVE:
            problems.append(f"Node {node_id} is not in ACTIVE status.")
    if problems:
        raise program.Refused(consts.ReasonClass.INVALID, "\n".join(problems))


class ClusterAddNodes(base.ClusterProgram):
    """Makes orphans members."""

    def begin(self, ctx, plan):
        node_ids = inputs.texts(ctx, "nodes")
        _refuse_unfit(ctx, node_ids)
        self.refuse_size(ctx, desired=ctx.read(members.count, ctx.cluster["id"]) + len(node_ids))
        ctx.save_data(creation={"count": len(node_ids), "nodes": node_ids})
        return self.spawn(
            ctx, consts.NodeAction.JOIN, node_ids, "finish", {"cluster_id": ctx.cluster["id"]}
        )

    def evaluate(self, ctx, end):
        ctx.evaluate_cluster(desired_change=len(end.succeeded))

    def outputs(self, ctx, end):
        return {"nodes_added": [row["target"] for row in end.succeeded]}

    def success_reason(self, ctx):
        return "Completed adding nodes."


class ClusterDelNodes(base.ClusterProgram):
    """Takes named members away; destroys them if asked to."""

    def first_plan(self, ctx):
        plan = super().first_plan(ctx)
        destroy = bool(ctx.inputs.get("destroy_after_deletion", False))
        victims = tuple(inputs.texts(ctx, "candidates"))
        return plan.but(victims=victims, destroy=destroy)

    def begin(self, ctx, plan):
        ids = {row["id"] for row in ctx.read(members.listing, ctx.cluster["id"])}
        rows = ctx.read(lookup.get_many, "node", plan.victims)
        missing = [node_id for node_id in plan.victims if node_id not in rows]
        if missing:
            raise program.Refused(
                consts.ReasonClass.NOT_FOUND, f"Nodes not found: {', '.join(missing)}."
            )
        victims = [node_id for node_id in plan.victims if node_id in ids]
        self.refuse_size(ctx, desired=len(ids) - len(victims))
        return self.shrink(ctx, plan, victims)

    def evaluate(self, ctx, end):
        reduces = ctx.data.get("deletion", {}).get("reduce_desired_capacity", True)
        ctx.evaluate_cluster(desired_change=-len(end.succeeded) if reduces else 0)

    def outputs(self, ctx, end):
        return {"nodes_removed": [row["target"] for row in end.succeeded]}

    def success_reason(self, ctx):
        return "Completed deleting nodes."


class ClusterReplaceNodes(base.ClusterProgram):
    """Lets new members in and then the old ones go, pair by pair."""

    def begin(self, ctx, plan):
        pairs = inputs.pairs(ctx, "candidates")
        present = {row["id"] for row in ctx.read(members.listing, ctx.cluster["id"])}
        strangers = [old for old in pairs if old not in present]
        if strangers:
            raise inputs.refusal(f"Nodes are no members: {', '.join(strangers)}.")
        _refuse_unfit(ctx, list(pairs.values()))
        return self.spawn(
            ctx,
            consts.NodeAction.JOIN,
            list(pairs.values()),
            "let_go",
            {"cluster_id": ctx.cluster["id"]},
        )

    def step_let_go(self, ctx):
        """An old member leaves only if its replacement has come."""
        end = self.children_end(ctx)
        joined = {row["target"] for row in end.succeeded}
        leaving = [old for old, new in ctx.inputs["candidates"].items() if new in joined]
        if end.failed:
            ctx.state["join_failure"] = end.reason
        if not leaving:
            return outcomes.Failed(end.reason_class, end.reason)
        return self.spawn(ctx, consts.NodeAction.LEAVE, leaving, "finish")

    def step_finish(self, ctx):
        outcome = super().step_finish(ctx)
        failure = ctx.state.get("join_failure")
        if failure and isinstance(outcome, outcomes.Done):
            return outcomes.Failed(consts.ReasonClass.INTERNAL, failure)
        return outcome

    def success_reason(self, ctx):
        return "Completed replacing nodes."
