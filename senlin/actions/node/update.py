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

"""NODE_UPDATE: another profile, name, role, metadata or taint."""

from senlin.actions import outcomes
from senlin.actions.node import base
from senlin.common import consts
from senlin.profiles import base as profiles

_PLAIN = {"name": "name", "role": "role", "metadata": "meta_data", "tainted": "tainted"}


class NodeUpdate(base.NodeProgram):
    """Brings the object in line with the new profile, then saves the node's fields.

    Fields alone say nothing of the object: a node that was not ACTIVE before gets so
    only if a look at its object finds that healthy.
    """

    procedure = "update"
    entry_status = consts.NodeStatus.UPDATING

    def step_start(self, ctx):
        if ctx.node is not None:
            ctx.state["doubted"] = ctx.node["status"] != consts.NodeStatus.ACTIVE
        return super().step_start(ctx)

    def call(self, ctx, profile):
        """A new name reaches the object too, as a new profile does."""
        if not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND, "The node has no physical object to update."
            )
        new_profile_id = ctx.inputs.get("new_profile_id") or ctx.node["profile_id"]
        if new_profile_id == ctx.node["profile_id"]:
            looking = self._look(ctx, profile)
            if looking is not None:
                return looking
            if not ctx.inputs.get("name"):
                return profiles.Finished()
        return profile.update(
            self.task(ctx, profile, new_profile=ctx.services.profile(new_profile_id))
        )

    def _look(self, ctx, profile):
        """What to answer while the object of a doubtful node is looked at; None = go on.

        The status that a child's node had before is not known: it is doubtful.
        """
        if "sickness" in ctx.state or not ctx.state.get("doubted", True):
            return None
        answer = self.examine(ctx, profile)
        if isinstance(answer, profiles.Working):
            return answer
        if not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND, answer.reason, {"physical_id": None}
            )
        ctx.state["sickness"] = "" if answer.healthy else answer.reason
        return None

    def finished(self, ctx, answer):
        for key, column in _PLAIN.items():
            if ctx.inputs.get(key) is not None:
                ctx.update_node(**{column: ctx.inputs[key]})
        if ctx.inputs.get("new_profile_id"):
            ctx.update_node(profile_id=ctx.inputs["new_profile_id"])
        outcome = super().finished(ctx, answer)
        if ctx.state.get("sickness"):
            self.set_status(ctx, consts.NodeStatus.ERROR, ctx.state["sickness"])
        return outcome

    def success_reason(self, ctx, answer):
        return answer.reason or "Update succeeded"

    def node_is_gone(self, ctx):
        # The roll-out of a cluster goes on without a member deleted meanwhile.
        if ctx.is_derived:
            return outcomes.Done("The node is gone already.")
        return super().node_is_gone(ctx)
