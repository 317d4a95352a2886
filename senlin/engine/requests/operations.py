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

"""Requests for work on all or some members (API contract, 3.6.7 and 3.6.8)."""

from senlin.common import consts
from senlin.common import exception
from senlin.db import clusters
from senlin.db import lookup
from senlin.db import nodes
from senlin.engine.requests import base
from senlin.engine.requests import recovery
from senlin.rpc import server as rpc_server

_RECOVER_KEYS = ("operation", "operation_params", "check", "check_capacity")
_FILTER_KEYS = ("name", "profile_id", "status", "role")


class OperationRequests(base.Endpoint):
    """Check, recover and operate clusters; complete lifecycle hooks."""

    @rpc_server.request
    def cluster_check(self, context, identity, params=None):
        """Admit a look at the health of all members."""
        return self._change_one(context, "cluster", identity, self._check, params=params or {})

    @rpc_server.request
    def cluster_recover(self, context, identity, params=None):
        """Admit the repair of the members that need it."""
        return self._change_one(context, "cluster", identity, self._recover, params=params or {})

    @rpc_server.request
    def cluster_op(self, context, identity, operation, params=None, filters=None):
        """Admit an operation on the members that fit the filters."""
        return self._change_one(
            context,
            "cluster",
            identity,
            self._operate,
            operation=operation,
            params=params or {},
            filters=filters or {},
        )

    @rpc_server.request
    def cluster_complete_lifecycle(self, context, identity, token):
        """Let the action go on that waits for this token; else nothing happens."""
        return self._change_one(context, "cluster", identity, self._complete, token=token)

    def _check(self, conn, context, cluster, params):
        if params.get("delete_check_action"):
            clusters.purge_checks(conn, cluster["id"])
        action = self._submit(
            conn, context, consts.ClusterAction.CHECK, cluster, "cluster_check", params
        )
        return {"action": action}

    def _recover(self, conn, context, cluster, params):
        inputs = recovery.normalise(params, _RECOVER_KEYS)
        action = self._submit(
            conn, context, consts.ClusterAction.RECOVER, cluster, "cluster_recover", inputs
        )
        return {"action": action}

    def _operate(self, conn, context, cluster, operation, params, filters):
        profile = lookup.get(conn, "profile", cluster["profile_id"])
        params = recovery.check_operation(self._tools.registry, profile, operation, params)
        base.refuse(
            [f"Filter key '{key}' is unsupported" for key in filters if key not in _FILTER_KEYS]
        )
        base.refuse(
            [
                f"The value of filter '{key}' must be a string"
                for key, value in filters.items()
                if not isinstance(value, str)
            ]
        )
        chosen = nodes.member_ids(conn, cluster["id"], **filters)
        if not chosen:
            raise exception.BadRequest("No node (matching the filter) could be found.")
        action = self._submit(
            conn,
            context,
            consts.ClusterAction.OPERATION,
            cluster,
            f"cluster_{operation}",
            {"operation": operation, "params": params, "nodes": chosen},
        )
        return {"action": action}

    def _complete(self, conn, context, cluster, token):
        action = lookup.get(conn, "action", token, project=context.project_scope)
        if action is None or cluster["id"] not in (action["cluster_id"], action["target"]):
            raise exception.ResourceNotFound(type="action", id=token)
        clusters.complete_lifecycle(conn, token, self._now()[0])
        return {"action": token}
