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

"""NODE_CHECK and NODE_RECOVER: looking, and repairing what was found."""

from senlin.actions import outcomes
from senlin.actions.node import base
from senlin.common import consts
from senlin.profiles import base as profiles


class NodeCheck(base.NodeProgram):
    """Compares the object with what it should be; the finding is a status."""

    procedure = "check"

    def call(self, ctx, profile):
        if not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND, "The node has no physical object to check."
            )
        return super().call(ctx, profile)

    def finished(self, ctx, answer):
        # Whatever was found: the check itself succeeded.
        self.settle(ctx, succeeded=True)
        if not answer.healthy:
            self.set_status(ctx, consts.NodeStatus.ERROR, answer.reason)
            return outcomes.Done(f"Check: {answer.reason}")
        if ctx.node["status"] == consts.NodeStatus.WARNING:
            self.set_status(ctx, consts.NodeStatus.WARNING, "Check: Node is ACTIVE.")
        else:
            self.set_status(ctx, consts.NodeStatus.ACTIVE, "Check: Node is ACTIVE.")
        return outcomes.Done("Check: Node is ACTIVE.")


class NodeRecover(base.NodeProgram):
    """Repairs a node; with ``check`` only if it is found to be sick."""

    procedure = "recover"
    entry_status = consts.NodeStatus.RECOVERING

    def call(self, ctx, profile):
        if ctx.inputs.get("check") and not ctx.state.get("found_sick"):
            finding = self._examine(ctx, profile)
            if finding is not None:
                return finding
        operation = str(ctx.inputs.get("operation") or consts.RecoverOperation.RECREATE).upper()
        if operation != consts.RecoverOperation.RECREATE and not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND,
                f"The node has no physical object: {operation} is not possible.",
                {"physical_id": None},
            )
        return super().call(ctx, profile)

    def _examine(self, ctx, profile):
        """None once the node is known to be sick; else what to answer."""
        if ctx.node["physical_id"]:
            answer = self.examine(ctx, profile)
            if isinstance(answer, profiles.Working):
                return answer
            if answer.healthy:
                return profiles.Finished(reason="Recover: Node is ACTIVE.")
        ctx.state["found_sick"] = True
        return None

    def finished(self, ctx, answer):
        old, new = ctx.node["physical_id"], answer.node.get("physical_id")
        if new and new != old:
            data = {**(answer.node.get("data") or ctx.node["data"] or {})}
            data["recovery"] = str(consts.RecoverOperation.RECREATE)
            ctx.update_node(data=data)
            if ctx.node["created_at"] is None:
                ctx.update_node(created_at=ctx.moment)
        return super().finished(ctx, answer)

    def stopped(self, ctx, outcome):
        # While the old object exists, none was made in its place.
        missing = ctx.node is not None and not ctx.node["physical_id"]
        again = self.own_stray(ctx) if missing else None
        return again or super().stopped(ctx, outcome)

    def success_reason(self, ctx, answer):
        return answer.reason or "Recovery succeeded"

    def node_is_gone(self, ctx):
        if ctx.is_derived:
            return outcomes.Done("The node is gone already.")
        return super().node_is_gone(ctx)
