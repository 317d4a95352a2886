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

"""Requests about receivers, and those that come through them."""

from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import facade
from senlin.db import holding
from senlin.db import lookup
from senlin.db import receivers
from senlin.engine.requests import base
from senlin.receivers import webhook
from senlin.rpc import server as rpc_server


class ReceiverRequests(base.Endpoint):
    """Create, update, delete and trigger receivers of type webhook."""

    @rpc_server.request
    def receiver_create(self, context, name, type, cluster_id, action, params=None):
        """A new receiver's row.

        :param cluster_id: identity of the cluster that its triggers act on.
        :param action: a ``consts.ClusterAction``; ``params``: its inputs.
        :raises Forbidden: the caller neither owns the cluster nor is an admin.
        """
        if type != "webhook":
            raise exception.BadRequest(f"Receivers of type '{type}' are not supported")
        _refuse_creation(action)
        cluster = facade.read(_find_cluster, context, cluster_id)
        if not context.is_admin and cluster["user"] != context.user_id:
            raise exception.Forbidden()
        self._ensure_trust(context)
        row = self._row(context, name, cluster, action, params or {})
        return self._write(context, self._insert, row, cluster_id)

    @rpc_server.request
    def receiver_update(self, context, identity, name=None, action=None, params=None):
        """Change name, action or inputs; the address stays as it was."""
        _refuse_creation(action)
        found = facade.read(base.find, context, "receiver", identity)
        given = {"name": name, "action": action, "params": params}
        return facade.write(self._update, context, found["id"], identity, given)

    @rpc_server.request
    def receiver_delete(self, context, identity):
        """Remove a receiver; what it has triggered goes on."""
        found = facade.read(base.find, context, "receiver", identity)
        facade.write(_delete, context, found["id"], identity)

    @rpc_server.request
    def webhook_trigger(self, context, identity, params=None):
        """Admit the receiver's action: ``{"action": id}``.

        :param context: of the owner on whose behalf the receiver acts.
        :param params: inputs that win over the receiver's own. None of them is
            checked here: the action does that (API contract, 3.12).
        :raises Forbidden: the owner's trust does not work.
        """
        row = facade.read(base.find_any, "receiver", identity)
        if row["type"] != "webhook":
            raise exception.BadRequest(f"The receiver '{identity}' is not a webhook")
        with base.forbidden_without_trust():
            self._tools.cloud_pool.trusts.verify(context.user_id, context.project_id)
        result = self._write(context, self._trigger, context, row, params or {})
        self._tools.doorbell.ring()
        return result

    def _row(self, context, name, cluster, action, params):
        id_ = context.new_id()
        return {
            "id": id_,
            "name": name,
            "type": "webhook",
            **context.owner_fields,
            "created_at": self._now()[1],
            "updated_at": None,
            "cluster_id": cluster["id"],
            # An administrator's receiver acts for the owner of the cluster.
            "actor": {key: cluster[key] for key in ("user", "project", "domain")},
            "action": str(action),
            "params": params,
            "channel": {"alarm_url": webhook.alarm_url(self._base_url(), id_, params)},
        }

    def _base_url(self):
        conf = self._conf
        endpoint = None
        if not conf.receiver.host:
            with base.translated_cloud_errors():
                endpoint = self._tools.cloud_pool.public_endpoint("clustering")
        return webhook.base_url(conf.receiver, endpoint, conf.host, conf.senlin_api.bind_port)

    def _insert(self, conn, row, cluster_identity):
        # Held, so that a cluster that is ending cannot leave a receiver behind.
        if holding.hold(conn, "cluster", row["cluster_id"]) is None:
            raise _no_cluster(cluster_identity)
        self._require_unique_name(conn, "receiver", row["name"], row["project"])
        receivers.insert(conn, row)
        return lookup.get(conn, "receiver", row["id"])

    def _update(self, conn, context, receiver_id, identity, given):
        row = base.hold(conn, context, "receiver", receiver_id, identity)
        changes = {k: v for k, v in given.items() if v is not None and v != row[k]}
        if not changes:
            raise exception.BadRequest("No property needs an update.")
        if "name" in changes:
            self._require_unique_name(conn, "receiver", changes["name"], row["project"])
        changes["updated_at"] = self._now()[1]
        holding.change(conn, "receiver", row["id"], changes)
        return {**row, **changes}

    def _trigger(self, conn, context, receiver, params):
        cluster = holding.hold(conn, "cluster", receiver["cluster_id"])
        if cluster is None or cluster["project"] != context.project_id:
            raise _no_cluster(receiver["cluster_id"])
        if receiver["action"] == consts.ClusterAction.DELETE:
            admission.cancel_for_cluster_delete(conn, cluster["id"], self._now()[0])
        action = self._submit(
            conn,
            context,
            consts.ClusterAction(receiver["action"]),
            cluster,
            "webhook",
            {**(receiver["params"] or {}), **params},
            named_after=receiver["id"],
        )
        return {"action": action}


def _delete(conn, context, receiver_id, identity):
    base.hold(conn, context, "receiver", receiver_id, identity)
    receivers.delete(conn, receiver_id)


def _refuse_creation(action):
    if action == consts.ClusterAction.CREATE:
        raise exception.BadRequest("A receiver cannot create clusters.")


def _find_cluster(conn, context, identity):
    try:
        return base.find(conn, context, "cluster", identity)
    except exception.ResourceNotFound:
        raise _no_cluster(identity) from None


def _no_cluster(identity):
    return exception.BadRequest(f"The referenced cluster '{identity}' could not be found.")
