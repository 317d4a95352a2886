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

"""CLUSTER_UPDATE: new fields, and a new profile rolled out in batches."""

from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions.cluster import base
from senlin.actions.cluster import inputs
from senlin.common import consts


class ClusterUpdate(base.ClusterProgram):
    """Saves the plain fields at once and the profile when every member has it."""

    def begin(self, ctx, plan):
        columns = inputs.plain_columns(ctx)
        new_profile = inputs.new_profile(ctx)
        stop_timeout = {**(ctx.cluster["config"] or {}), **columns.get("config", {})}.get(
            consts.CONFIG_STOP_TIMEOUT_BEFORE_UPDATE
        )
        if stop_timeout is not None:
            _refuse_non_number(stop_timeout)
        self.enter(ctx, consts.ClusterStatus.UPDATING, **columns)
        if not new_profile:
            return outcomes.Next("finish")
        if ctx.inputs.get("profile_only"):
            ctx.update_cluster(profile_id=new_profile)
            return outcomes.Next("finish")
        batches = plan.batches
        if batches is None:
            everybody = [row["id"] for row in self.admitted_members(ctx)]
            batches = [everybody] if everybody else []
        ctx.save_data(update={"pause_time": plan.pause, "plan": [list(b) for b in batches]})
        ctx.state["batch"] = 0
        return outcomes.Next("batch")

    def step_batch(self, ctx):
        """Update the members of one batch."""
        batches = ctx.data["update"]["plan"]
        number = ctx.state["batch"]
        if number >= len(batches):
            ctx.update_cluster(profile_id=ctx.inputs["new_profile_id"])
            return outcomes.Next("finish")
        wanted = {**(ctx.cluster["config"] or {}), "new_profile_id": ctx.inputs["new_profile_id"]}
        return self.spawn(ctx, consts.NodeAction.UPDATE, batches[number], "batch_end", wanted)

    def step_batch_end(self, ctx):
        """A batch with a failure stops the roll-out: the others keep their profile."""
        end = self.children_end(ctx)
        if end.failed:
            return self.step_finish(ctx)
        ctx.state["batch"] += 1
        last = ctx.state["batch"] >= len(ctx.data["update"]["plan"])
        return outcomes.Next("batch", after=0 if last else ctx.data["update"]["pause_time"])

    def success_reason(self, ctx):
        return "Cluster update completed."


def _refuse_non_number(value):
    try:
        int(value)
    except (TypeError, ValueError) as error:
        raise program.Refused(
            consts.ReasonClass.INVALID,
            f"Config value '{value}' for {consts.CONFIG_STOP_TIMEOUT_BEFORE_UPDATE} is not "
            "a whole number of seconds.",
        ) from error
