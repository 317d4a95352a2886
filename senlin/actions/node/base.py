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

"""What the actions on one node share: running a procedure of its profile."""

import dataclasses

from senlin.actions import outcomes
from senlin.actions import program
from senlin.cloud import errors
from senlin.common import consts
from senlin.db import changes
from senlin.profiles import base as profiles

#: Waiting for the cloud: look again after this share of the time waited so far.
_PATIENCE = 0.25
_FIRST_LOOK = 0.5

#: Statuses of a cluster that tell of its members (engine contract, 3.4), not of work.
_OF_MEMBERS = frozenset(
    {consts.ClusterStatus.ACTIVE, consts.ClusterStatus.WARNING, consts.ClusterStatus.ERROR}
)


class NodeProgram(program.Program):
    """Runs one procedure of the node's profile to its end.

    Subclasses name the ``procedure`` and say what its end means for the node;
    they return results, and only this class and ``ends`` write statuses.
    """

    procedure = ""
    success_status = consts.NodeStatus.ACTIVE
    failure_status = consts.NodeStatus.ERROR

    def step_start(self, ctx):
        """Admit the action and mark the node as being worked on.

        Children do not come by here: their parent was admitted for them, and
        the claim marks their nodes in bulk.
        """
        if ctx.node is None:
            return self.node_is_gone(ctx)
        refusal = self.admit(ctx)
        if refusal is not None:
            return refusal
        if self.entry_status:
            ctx.update_node(
                status=str(self.entry_status), status_reason=f"{ctx.action['action']} is running."
            )
        return outcomes.Next("work")

    def step_work(self, ctx):
        """Call the procedure once."""
        if ctx.node is None:
            return self.node_is_gone(ctx)
        profile = ctx.services.profile(ctx.node["profile_id"])
        answer = self.call(ctx, profile)
        ctx.state.pop("reply_lost", None)
        if answer.node:
            ctx.update_node(**_columns(answer.node))
        if isinstance(answer, profiles.Working):
            if answer.made:
                ctx.changes.made = _made(ctx.node, answer.made)
            if answer.state != ctx.state.get("procedure"):
                ctx.state.pop("waiting_since", None)
            ctx.state["procedure"] = answer.state
            ctx.changes.action["step"] = "work"
            return outcomes.Again(self._pause(ctx, answer), observing=answer.observe)
        return self.finished(ctx, answer)

    def call(self, ctx, profile):
        """One call of the profile's procedure."""
        task = self.task(ctx, profile)
        return getattr(profile, self.procedure)(task)

    def examine(self, ctx, profile):
        """Look at the node's object before the procedure: Working, or what was found.

        An object that does not exist any more is the node's no longer.
        """
        answer = profile.check(self.task(ctx, profile))
        if isinstance(answer, profiles.Finished):
            columns = _columns(answer.node)
            ctx.node.update(columns)
            ctx.update_node(**columns)
            ctx.state["procedure"] = {}
            ctx.observed = None
        return answer

    def task(self, ctx, profile, **more):
        """What the procedure is told."""
        return profiles.Task(
            cloud=ctx.cloud_of(ctx.node, profile),
            node=view(ctx.node),
            inputs=ctx.inputs,
            state=ctx.state.get("procedure", {}),
            restarted=ctx.restarted,
            observed=ctx.observed,
            now=ctx.now,
            config=(ctx.cluster or {}).get("config") or {},
            **more,
        )

    def admit(self, ctx):
        """An outcome that refuses the action; None admits it."""

    def node_is_gone(self, ctx):
        """The outcome if the node's row does not exist any more."""
        return outcomes.Failed(
            consts.ReasonClass.NOT_FOUND, f"The node '{ctx.action['target']}' could not be found."
        )

    def finished(self, ctx, answer):
        """The procedure reached its end."""
        self.set_status(ctx, self.success_status, self.success_reason(ctx, answer))
        self.settle(ctx, succeeded=True)
        return outcomes.Done(self.success_reason(ctx, answer), answer.outputs)

    def success_reason(self, ctx, answer):
        """The sentence shown as the node's and the action's reason."""
        return answer.reason or f"{_words(ctx.action['action'])} completed successfully."

    def failed(self, ctx, failure):
        if ctx.node is not None:
            self.set_status(ctx, self.failure_status, failure.reason)
            self.settle(ctx, succeeded=False)
        return failure

    def stopped(self, ctx, outcome):
        if ctx.node is None:
            return outcome
        marked = ctx.node["status"] == self.entry_status or ctx.state.get("procedure")
        if (marked and ctx.action["locked"]) or ctx.node["status"] == consts.NodeStatus.INIT:
            self.set_status(ctx, self.failure_status, outcome.reason)
            self.settle(ctx, succeeded=False)
        return outcome

    def own_stray(self, ctx):
        """Give the node what an interrupted call may have made for it.

        :returns: None, or when to look again, since the cloud refuses to tell.
        """
        called = ctx.restarted or ctx.state.get("procedure")
        if not (called and ctx.action["locked"]):
            # Interrupted was perhaps the end of what never held its lock.
            return None
        profile = ctx.services.profile(ctx.node["profile_id"])
        try:
            found = profile.locate(self.task(ctx, profile))
        except errors.CloudError as error:
            refused = ctx.state.get("refused", 0)
            pause = errors.pause_before_looking_again(error, refused)
            ctx.state["refused"] = refused + 1
            return outcomes.Again(pause)
        ctx.update_node(**found)
        return None

    def settle(self, ctx, succeeded):
        """Tell the cluster, if a user asked for this action on a member.

        Who is ACTIVE may have changed. While an action of the cluster's own goes on,
        that one derives the status when it ends.
        """
        if not ctx.is_derived and ctx.cluster and ctx.cluster["status"] in _OF_MEMBERS:
            ctx.evaluate_cluster()

    def set_status(self, ctx, status, reason):
        """Write the node's status and the time of its change."""
        ctx.update_node(status=str(status), status_reason=reason, updated_at=ctx.moment)

    def _pause(self, ctx, answer):
        if answer.after is not None:
            return answer.after
        if not answer.observe:
            return 0.0
        since = ctx.state.setdefault("waiting_since", ctx.now)
        waited = ctx.now - since
        return min(max(waited * _PATIENCE, _FIRST_LOOK), ctx.settings.poll_interval * 5)


def view(row):
    """A node row as profiles may see it."""
    return profiles.NodeView(
        id=row["id"],
        name=row["name"],
        cluster_id=row["cluster_id"],
        physical_id=row["physical_id"],
        index=row["index"],
        role=row["role"],
        status=row["status"],
        user=row["user"],
        project=row["project"],
        metadata=row["meta_data"] or {},
        data=row["data"] or {},
    )


def renamed(row, **columns):
    """A copy of a node's view with other values."""
    return dataclasses.replace(view(row), **columns)


def _made(node, physical_id):
    return changes.Made(physical_id, node["id"], node["profile_id"], node["user"], node["project"])


def _columns(values):
    """Profile words to column names; the status belongs to the engine."""
    columns = {k: v for k, v in values.items() if k not in ("status", "status_reason")}
    if "metadata" in columns:
        columns["meta_data"] = columns.pop("metadata")
    return columns


def _words(action_name):
    return action_name.replace("_", " ").capitalize()
