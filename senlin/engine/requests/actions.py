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

"""Requests on actions (API contract, 3.10.4)."""

from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import lookup
from senlin.engine.requests import base
from senlin.rpc import server as rpc_server

_CANCELLABLE = (
    consts.ActionStatus.INIT,
    consts.ActionStatus.WAITING,
    consts.ActionStatus.READY,
    consts.ActionStatus.RUNNING,
    consts.ActionStatus.WAITING_LIFECYCLE_COMPLETION,
)


class ActionRequests(base.Endpoint):
    """Cancel actions."""

    @rpc_server.request
    def action_cancel(self, context, identity, force=False):
        """Ask an action, by its full id, to stop at its next step boundary.

        ``force`` asks also an action that is suspended. It never takes a lock
        from a step that is at work: that one ends first.

        :raises ResourceNotFound: if the caller may not see such an action.
        :raises ActionImmutable: if it has ended.
        """
        self._change(context, self._cancel, identity=identity, force=bool(force))

    def _cancel(self, conn, context, identity, force):
        action = lookup.get(conn, "action", identity, project=context.project_scope)
        if action is None:
            raise exception.ResourceNotFound(type="action", id=identity)
        if context.if_match is not None:
            action = base.hold(conn, context, "action", identity, identity)
        allowed = consts.ACTIVE_ACTION_STATUSES if force else _CANCELLABLE
        asked = action["status"] in allowed and admission.request_cancel(
            conn, action["id"], self._now()[0]
        )
        if not asked:
            raise exception.ActionImmutable(
                id=action["id"], actual=action["status"], expected=", ".join(allowed)
            )
