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
    """Brings the object in line with the new profile, then saves the node's fields."""

    procedure = "update"
    entry_status = consts.NodeStatus.UPDATING

    def call(self, ctx, profile):
        """A new name reaches the object too, as a new profile does."""
        if not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND, "The node has no physical object to update."
            )
        new_profile_id = ctx.inputs.get("new_profile_id") or ctx.node["profile_id"]
        if new_profile_id == ctx.node["profile_id"] and not ctx.inputs.get("name"):
            return profiles.Finished()
        return profile.update(
            self.task(ctx, profile, new_profile=ctx.services.profile(new_profile_id))
        )

    def finished(self, ctx, answer):
        for key, column in _PLAIN.items():
            if ctx.inputs.get(key) is not None:
                ctx.update_node(**{column: ctx.inputs[key]})
        if ctx.inputs.get("new_profile_id"):
            ctx.update_node(profile_id=ctx.inputs["new_profile_id"])
        return super().finished(ctx, answer)

    def success_reason(self, ctx, answer):
        return answer.reason or "Update succeeded"

    def node_is_gone(self, ctx):
        # The roll-out of a cluster goes on without a member deleted meanwhile.
        if ctx.is_derived:
            return outcomes.Done("The node is gone already.")
        return super().node_is_gone(ctx)
