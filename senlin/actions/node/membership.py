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

"""NODE_JOIN and NODE_LEAVE: membership, and its marks on the object."""

import dataclasses

from senlin.actions import outcomes
from senlin.actions.node import base
from senlin.actions.node import hooks
from senlin.common import consts
from senlin.db import members
from senlin.profiles import base as profiles


class _Membership(base.NodeProgram):
    """Changes membership only; the node's status stays as it is."""

    def set_status(self, ctx, status, reason):
        ctx.update_node(updated_at=ctx.moment)

    def stopped(self, ctx, outcome):
        # What held no lock, or is stopped at its first claim, has called nothing.
        called = ctx.action["locked"] and ctx.action["fence"] > 1
        if called and ctx.node is not None and ctx.node["physical_id"]:
            self.mark_again(ctx, ctx.services.profile(ctx.node["profile_id"]))
        return super().stopped(ctx, outcome)

    def mark_again(self, ctx, profile):
        """Have the object's marks say what the row says, whatever calls went through."""
        task = dataclasses.replace(self.task(ctx, profile), state={})
        restore = profile.join if ctx.node["cluster_id"] else profile.leave
        answer = restore(task)
        while isinstance(answer, profiles.Working):
            # One key in a call; to take it away again does no harm.
            answer = restore(dataclasses.replace(task, state=answer.state))


class NodeJoin(_Membership):
    """Makes an orphan a member of ``inputs['cluster_id']``."""

    procedure = "join"

    def admit(self, ctx):
        cluster_id = ctx.inputs["cluster_id"]
        if ctx.node["cluster_id"] == cluster_id:
            return outcomes.Done("The node is a member already.")
        if ctx.node["cluster_id"]:
            return outcomes.Failed(
                consts.ReasonClass.CONFLICT,
                f"The node '{ctx.node['id']}' is a member of another cluster.",
            )
        # Reserved before the object is marked, so that the mark is right.
        ctx.state["index"] = ctx.write(members.reserve_indexes, cluster_id, 1)
        return None

    def call(self, ctx, profile):
        if not ctx.node["physical_id"]:
            return profiles.Finished()
        task = self.task(ctx, profile)
        member = base.renamed(
            ctx.node, cluster_id=ctx.inputs["cluster_id"], index=ctx.state["index"]
        )
        return profile.join(dataclasses.replace(task, node=member))

    def finished(self, ctx, answer):
        ctx.update_node(
            cluster_id=ctx.inputs["cluster_id"],
            index=ctx.state["index"],
            updated_at=ctx.moment,
        )
        return outcomes.Done("Node joined the cluster")


class NodeLeave(hooks.HookMixin, _Membership):
    """Makes a member an orphan; its object lives on."""

    procedure = "leave"
    after_hook = "start"

    def admit(self, ctx):
        return None if ctx.node["cluster_id"] else outcomes.Done("The node is an orphan already.")

    def call(self, ctx, profile):
        return (
            profile.leave(self.task(ctx, profile))
            if ctx.node["physical_id"]
            else (profiles.Finished())
        )

    def finished(self, ctx, answer):
        ctx.update_node(cluster_id="", index=consts.ORPHAN_INDEX, updated_at=ctx.moment)
        return outcomes.Done("Node left the cluster")

    def node_is_gone(self, ctx):
        return outcomes.Done("The node is gone already.")
