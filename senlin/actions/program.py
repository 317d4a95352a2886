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

"""An action's program: named steps, each run in one go.

A program has no variables of its own: all it knows is in its context. The
methods ``step_<name>`` are its steps; the first is ``start`` unless its row says
otherwise.
"""

from senlin.actions import outcomes
from senlin.common import consts


class Refused(Exception):
    """A step found that the action may not go on; it fails with this reason."""

    def __init__(self, reason_class, reason):
        super().__init__(reason)
        self.reason_class = reason_class
        self.reason = reason


class Program:
    """Base of all programs; instances are shared and have no state."""

    #: The node status that the first claim sets; None = none.
    entry_status = None

    def run(self, ctx):
        """Run the step at which the action stands, minding its signals."""
        stop = ctx.state.get("stop") or self._why_stop(ctx)
        if stop:
            return self._wind_down(ctx, stop)
        if self._is_suspended(ctx):
            return outcomes.Suspended()
        if ctx.action["pending"] > 0:
            # A signal, not the end of its children, has woken it.
            return outcomes.WaitChildren(ctx.action["step"])
        step = getattr(self, "step_" + ctx.action["step"], None)
        if step is None:
            return outcomes.Failed(
                consts.ReasonClass.INTERNAL,
                f"{ctx.action['action']} has no step '{ctx.action['step']}'.",
            )
        return step(ctx)

    def stopped(self, ctx, outcome):
        """Tidy up before the end by cancel or time-out; may change statuses.

        Called when no child is running any more. ``outcome`` is the Cancelled or
        Failed that ends the action; what is returned is used in its place.
        """
        return outcome

    def failed(self, ctx, failure):
        """Set statuses when a step failed; ``failure`` ends the action."""
        return failure

    def _is_suspended(self, ctx):
        """Mind SUSPEND and RESUME; a suspended action stays so when it is woken."""
        control = ctx.action["control"]
        if control is not None:
            ctx.changes.action["control"] = None
        if control == consts.Control.SUSPEND:
            ctx.state["suspended"] = True
        elif control == consts.Control.RESUME:
            ctx.state.pop("suspended", None)
        return ctx.state.get("suspended", False)

    def _why_stop(self, ctx):
        if ctx.action["control"] == consts.Control.CANCEL:
            return "cancel"
        if ctx.now >= ctx.action["deadline"]:
            return "timeout"
        return None

    def _wind_down(self, ctx, stop):
        # A signal that is not taken note of would have the action run at once again.
        ctx.changes.action["control"] = None
        if not ctx.state.get("stop"):
            ctx.state["stop"] = stop
            ctx.changes.cancel_children = ctx.action["pending"] > 0
        if ctx.action["pending"] > 0:
            return outcomes.WaitChildren(ctx.action["step"])
        if stop == "cancel":
            return self.stopped(ctx, outcomes.Cancelled())
        timeout = outcomes.Failed(
            consts.ReasonClass.TIMEOUT,
            f"{ctx.action['action']} was not done within {ctx.action['timeout']} seconds.",
        )
        return self.stopped(ctx, timeout)
