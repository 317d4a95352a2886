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

"""Lifecycle hooks: a node goes only after somebody outside has been told.

The action tells the URL and then waits in WAITING_LIFECYCLE_COMPLETION until
``complete_lifecycle`` gives it the go-ahead, or until the hook's time is over
(engine contract, section 8). The go-ahead comes as a RESUME signal, so that it
is not lost when it comes before the action has begun to wait.
"""

from senlin.actions import outcomes
from senlin.cloud import webhooks
from senlin.common import consts

_TRIES = 3
_PAUSE = 1.0


class HookMixin:
    """The steps ``hook`` and ``hook_wait`` for actions that take a node away.

    They end in the step ``after_hook``. The hook stands in ``data["hook"]``.
    """

    after_hook = "work"

    def step_hook(self, ctx):
        """Tell the URL; a node that does not live needs no farewell."""
        if ctx.node is None:
            return self.node_is_gone(ctx)
        if ctx.node["status"] not in _LIVING or not ctx.node["physical_id"]:
            return outcomes.Next(self.after_hook)
        if ctx.action["control"] == consts.Control.RESUME:
            return outcomes.Next(self.after_hook)
        hook = ctx.data["hook"]
        try:
            ctx.services.notify(hook["url"], _message(ctx))
        except webhooks.NotDelivered as error:
            tried = ctx.state.get("hook_tries", 0) + 1
            ctx.state["hook_tries"] = tried
            if tried < _TRIES:
                return outcomes.Again(_PAUSE * tried)
            # Who is not told may still have been waiting for this: the hook's
            # time is granted all the same.
            ctx.changes.action["status_reason"] = f"The hook could not be told: {error}"
        ctx.state["hook_until"] = ctx.now + hook["timeout"]
        return outcomes.AwaitGoAhead("hook_wait", hook["timeout"])

    def step_hook_wait(self, ctx):
        """Go on when told to, or when the time is over."""
        left = ctx.state["hook_until"] - ctx.now
        if left > 0 and ctx.action["control"] != consts.Control.RESUME:
            return outcomes.AwaitGoAhead("hook_wait", left)
        return outcomes.Next(self.after_hook)


#: DELETING is what a user's own NODE_DELETE has set before it comes here.
_LIVING = (consts.NodeStatus.ACTIVE, consts.NodeStatus.DELETING)


def _message(ctx):
    return {
        "lifecycle_action_token": ctx.action["id"],
        "node_id": ctx.node["id"],
        "resource_id": ctx.node["physical_id"],
        "lifecycle_transition_type": "termination",
    }
