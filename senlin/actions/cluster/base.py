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

"""What the actions on a cluster share: deciding, children, growing, shrinking."""

import dataclasses
import uuid

from senlin.actions import deciding
from senlin.actions import naming
from senlin.actions import outcomes
from senlin.actions import program
from senlin.common import consts
from senlin.db import admission
from senlin.db import members
from senlin.policies import plan as policy_plan

_SHOWN_FAILURES = 3

#: Children begin with their work, since their parent was admitted for them; but
#: these look first whether there is anything to do.
_CHILD_STEPS = {consts.NodeAction.JOIN: "start", consts.NodeAction.LEAVE: "start"}


#: Children whose success adds or removes a member.
_MEMBERSHIP = frozenset(
    str(action)
    for action in (
        consts.NodeAction.CREATE,
        consts.NodeAction.DELETE,
        consts.NodeAction.JOIN,
        consts.NodeAction.LEAVE,
    )
)


@dataclasses.dataclass(frozen=True, slots=True)
class ChildrenEnd:
    """How the children of one round ended."""

    total: int
    succeeded: tuple
    failed: tuple

    @property
    def reason(self):
        """One sentence: how many failed, of what, and the cloud's own words."""
        by_class = {}
        for row in self.failed:
            name = (row["data"] or {}).get("reason_class") or str(row["status"]).lower()
            by_class.setdefault(name, []).append(row["status_reason"])
        parts = [
            f"{name}: {len(reasons)} ({reasons[0]})"
            for name, reasons in sorted(by_class.items())[:_SHOWN_FAILURES]
        ]
        return f"{len(self.failed)} of {self.total} node actions failed: " + "; ".join(parts)

    @property
    def reason_class(self):
        """The class of the first failure."""
        for row in self.failed:
            name = (row["data"] or {}).get("reason_class")
            if name:
                return consts.ReasonClass(name)
        return consts.ReasonClass.INTERNAL


class ClusterProgram(program.Program):
    """Decide, then act: start -> (children) -> finish.

    Subclasses implement ``begin``, which gets the merged plan of the policies
    and answers an outcome; ``step_finish`` judges the children.
    """

    def step_start(self, ctx):
        if ctx.cluster is None:
            return outcomes.Failed(
                consts.ReasonClass.NOT_FOUND,
                f"The cluster '{ctx.action['target']}' could not be found.",
            )
        return self.begin(ctx, self.decide(ctx))

    def begin(self, ctx, plan):
        """Check, write what is decided, and set the children going."""
        raise NotImplementedError

    def decide(self, ctx):
        """The plan on which all enabled policies of the cluster agree."""
        return deciding.decide(ctx, self.first_plan(ctx))

    def first_plan(self, ctx):
        """What the request itself says, before any policy."""
        return policy_plan.Plan()

    def step_finish(self, ctx):
        """Judge the children, let the policies note it, derive the status."""
        end = self.children_end(ctx)
        self.conclude_policies(ctx, not end.failed)
        if end.failed:
            self.evaluate(ctx, end)
            return outcomes.Failed(end.reason_class, end.reason, self.outputs(ctx, end))
        self.evaluate(ctx, end)
        return outcomes.Done(self.success_reason(ctx), self.outputs(ctx, end))

    def evaluate(self, ctx, end):
        """Have the cluster's status derived; more columns may be given."""
        ctx.evaluate_cluster()

    def outputs(self, ctx, end):
        """What the action shows as its outputs."""
        return {}

    def success_reason(self, ctx):
        return f"{ctx.action['action']} completed successfully."

    def failed(self, ctx, failure):
        if ctx.cluster is not None:
            self.conclude_policies(ctx, False)
            if ctx.cluster["id"] not in ctx.changes.evaluate:
                ctx.evaluate_cluster()
        return failure

    def stopped(self, ctx, outcome):
        if ctx.cluster is None:
            return outcome
        unborn = ctx.cluster["status"] == consts.ClusterStatus.INIT
        if ctx.action["locked"]:
            self.conclude_policies(ctx, False)
        if ctx.action["locked"] or unborn:
            ctx.evaluate_cluster()
        return outcome

    def conclude_policies(self, ctx, succeeded):
        """Let policies note the end of the action, e.g. to begin a cool-down."""
        end = self.children_end(ctx)
        changed = [row for row in end.succeeded if row["action"] in _MEMBERSHIP]
        deciding.conclude(ctx, succeeded, len(changed))

    def enter(self, ctx, status, **columns):
        """Show that the cluster is being worked on."""
        ctx.update_cluster(
            status=str(status),
            status_reason=f"{ctx.action['action']} is running.",
            updated_at=ctx.moment,
            **columns,
        )
        ctx.cluster.update(columns)

    def refuse_size(self, ctx, strict=True, **sizes):
        """Fail the action if sizes break a limit (API contract, Annex B)."""
        problem = ctx.size_problem(strict=strict, **sizes)
        if problem:
            raise program.Refused(consts.ReasonClass.SIZE, problem)

    def admitted_members(self, ctx):
        """The members' rows, without those whose creation waits for this action's end.

        Such a node has no object yet: to look for it or to repair it would be
        wrong, and its creation, when it comes, would make another one.
        """
        rows = ctx.read(members.listing, ctx.cluster["id"])
        return [row for row in rows if row["status"] != consts.NodeStatus.INIT]

    # Children ---------------------------------------------------------------

    def spawn(self, ctx, action, node_ids, then, inputs=None, hook=None):
        """Make one child action per node; go on with ``then`` when all ended.

        :param hook: see ``senlin.policies.plan``; who is told before each starts.
        """
        more = {} if hook is None else {"hook": hook}
        cause = consts.Cause.DERIVED if hook is None else consts.Cause.DERIVED_WITH_HOOK
        first = "hook" if hook else _CHILD_STEPS.get(action, "work")
        ctx.state["round"] = ctx.state.get("round", 0) + 1
        owner = {key: ctx.action[key] for key in ("user", "project", "domain")}
        for node_id in node_ids:
            ctx.changes.insert_actions.append(
                admission.new_action(
                    action=action,
                    target=node_id,
                    cluster_id=ctx.cluster["id"],
                    name=naming.action_name(action.lower(), node_id),
                    owner=owner,
                    timeout=ctx.settings.default_action_timeout,
                    now=ctx.now,
                    inputs=inputs,
                    data={"round": ctx.state["round"], **more},
                    cause=cause,
                    request_id=ctx.action["request_id"],
                    parent_id=ctx.action["id"],
                    deadline=ctx.action["deadline"],
                    step=first,
                )
            )
        return outcomes.WaitChildren(then)

    def children_end(self, ctx):
        """How the children of the last round ended."""
        current = ctx.state.get("round", 0)
        if not current:
            return ChildrenEnd(0, (), ())
        rows = [
            row
            for row in ctx.read(members.children, ctx.action["id"])
            if (row["data"] or {}).get("round") == current
        ]
        good = tuple(r for r in rows if r["status"] == consts.ActionStatus.SUCCEEDED)
        bad = tuple(r for r in rows if r["status"] != consts.ActionStatus.SUCCEEDED)
        return ChildrenEnd(len(rows), good, bad)

    # Growing ----------------------------------------------------------------

    def grow(self, ctx, count, then, placements=()):
        """Make ``count`` members and set their creation going.

        :param placements: maps for the new nodes' ``data.placement``, in order.
        """
        if count <= 0:
            return outcomes.Next(then)
        first = ctx.write(members.reserve_indexes, ctx.cluster["id"], count)
        pattern = (ctx.cluster["config"] or {}).get(consts.CONFIG_NODE_NAME_FORMAT)
        rows = []
        for offset in range(count):
            data = {}
            if offset < len(placements):
                data["placement"] = placements[offset]
            rows.append(_node_row(ctx, first + offset, pattern, data))
        ctx.changes.insert_nodes.extend(rows)
        ctx.save_data(creation={"count": count, "nodes": [row["id"] for row in rows]})
        return self.spawn(ctx, consts.NodeAction.CREATE, [row["id"] for row in rows], then)

    # Shrinking --------------------------------------------------------------

    def shrink(self, ctx, plan, victims):
        """Take members away, in steps; ends in ``step_finish``."""
        if not victims:
            return outcomes.Next("finish")
        ctx.save_data(
            deletion={
                "count": len(victims),
                "candidates": list(victims),
                "destroy_after_deletion": plan.destroy,
                "grace_period": plan.grace_period,
                "reduce_desired_capacity": plan.reduce_desired,
            },
            **({"hooks": plan.hook} if plan.hook else {}),
        )
        return outcomes.Next("stop_members", after=plan.grace_period)

    def step_stop_members(self, ctx):
        """Stop the victims first, if the cluster's config says so."""
        deletion = ctx.data["deletion"]
        config = ctx.cluster["config"] or {}
        if not (
            deletion["destroy_after_deletion"] and config.get(consts.CONFIG_STOP_BEFORE_DELETE)
        ):
            return self.step_remove_members(ctx)
        return self.spawn(
            ctx,
            consts.NodeAction.OPERATION,
            deletion["candidates"],
            "remove_members",
            {"operation": "stop", "params": {}},
        )

    def step_remove_members(self, ctx):
        """Delete the victims, or let them go; whether stopping worked is no matter."""
        deletion = ctx.data["deletion"]
        destroy = deletion["destroy_after_deletion"]
        action = consts.NodeAction.DELETE if destroy else consts.NodeAction.LEAVE
        hook = ctx.data.get("hooks")
        return self.spawn(ctx, action, deletion["candidates"], "finish", hook=hook)


def _node_row(ctx, index, pattern, data):
    return {
        "id": str(uuid.uuid4()),
        "name": naming.node_name(pattern, index, ctx.services.random),
        "cluster_id": ctx.cluster["id"],
        "physical_id": None,
        "profile_id": ctx.cluster["profile_id"],
        "user": ctx.cluster["user"],
        "project": ctx.cluster["project"],
        "domain": ctx.cluster["domain"],
        "index": index,
        "role": "",
        "init_at": ctx.moment,
        "created_at": None,
        "updated_at": None,
        "tainted": False,
        "status": str(consts.NodeStatus.INIT),
        "status_reason": "Initializing",
        "meta_data": {},
        "data": data,
        "dependents": {},
    }
