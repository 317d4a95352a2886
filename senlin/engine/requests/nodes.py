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

"""Requests on nodes (API contract, 3.8.3 to 3.8.9)."""

import uuid

from senlin.actions import naming
from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import clusters
from senlin.db import lookup
from senlin.db import members
from senlin.db import nodes
from senlin.engine.requests import base
from senlin.engine.requests import recovery
from senlin.rpc import server as rpc_server

_BUSY = (
    consts.NodeStatus.CREATING,
    consts.NodeStatus.UPDATING,
    consts.NodeStatus.DELETING,
    consts.NodeStatus.RECOVERING,
)
_RECOVER_KEYS = ("operation", "operation_params", "check", "delete_timeout", "force_recreate")


class NodeRequests(base.Endpoint):
    """Create, update, delete, check, recover and operate nodes."""

    @rpc_server.request
    def node_create(self, context, name, profile_id, cluster_id=None, role=None, metadata=None):
        """Admit a new node: ``{"node": row, "action": id}``.

        A member's name is made from the cluster's format; ``name`` is for
        nodes outside clusters.
        """
        return self._change(
            context,
            self._create,
            name=name,
            profile_identity=profile_id,
            cluster_identity=cluster_id or None,
            role=role or "",
            metadata=metadata or {},
        )

    @rpc_server.request
    def node_update(self, context, identity, changes):
        """Admit changes of a node; gives the row as it was before.

        :param changes: name, profile_id, role, metadata and tainted, as far as
            they were given.
        """
        return self._change_one(context, "node", identity, self._update, changes=changes)

    @rpc_server.request
    def node_delete(self, context, identity, force=False):
        """Admit the end of a node, which cancels what runs on it."""
        return self._change_one(context, "node", identity, self._delete, force=bool(force))

    @rpc_server.request
    def node_check(self, context, identity, params=None):
        """Admit a look at the node's health."""
        return self._change_one(context, "node", identity, self._check, params=params or {})

    @rpc_server.request
    def node_recover(self, context, identity, params=None):
        """Admit a repair."""
        return self._change_one(context, "node", identity, self._recover, params=params or {})

    @rpc_server.request
    def node_op(self, context, identity, operation, params=None):
        """Admit an operation that the profile type publishes."""
        return self._change_one(
            context, "node", identity, self._operate, operation=operation, params=params or {}
        )

    def _create(self, conn, context, name, profile_identity, cluster_identity, role, metadata):
        if cluster_identity is None:
            self._require_unique_name(conn, "node", name, context.project_id)
        profile = base.find_referenced(conn, context, "profile", profile_identity, keep=True)
        place = _Nowhere(context, name)
        if cluster_identity is not None:
            cluster = self._find_home(conn, context, cluster_identity, profile)
            index = members.reserve_indexes(conn, cluster["id"], 1)
            place = _Home(context, cluster, index)
        row = new_node_row(
            name=place.name,
            owner=place.owner,
            profile_id=profile["id"],
            cluster_id=place.cluster_id,
            index=place.index,
            role=role,
            metadata=metadata,
            moment=self._now()[1],
        )
        nodes.insert(conn, row)
        action = self._submit(
            conn, context, consts.NodeAction.CREATE, row, "node_create", {}, fresh=True
        )
        return {"node": {**row, "profile_name": profile["name"]}, "action": action}

    def _find_home(self, conn, context, identity, profile):
        cluster = base.find_referenced(conn, context, "cluster", identity)
        own_profile = lookup.get(conn, "profile", cluster["profile_id"])
        if own_profile is None or own_profile["type"] != profile["type"]:
            raise exception.BadRequest(
                "Node and cluster have different profile type, operation aborted."
            )
        if clusters.unfinished(conn, cluster["id"], consts.ClusterAction.DELETE):
            raise exception.ActionInProgress(
                type="cluster", id=cluster["id"], status=consts.ClusterStatus.DELETING
            )
        return cluster

    def _update(self, conn, context, node, changes):
        profile = lookup.get(conn, "profile", node["profile_id"])
        inputs = self._profile_change(conn, context, node, profile, changes)
        current = {**node, "metadata": node["meta_data"]}
        for key in ("name", "role", "metadata", "tainted"):
            value = changes.get(key)
            if value is not None and value != current[key] and (key != "name" or value):
                inputs[key] = value
        if not inputs:
            raise exception.BadRequest("No property needs an update.")
        action = self._submit(conn, context, consts.NodeAction.UPDATE, node, "node_update", inputs)
        return {
            "node": {**node, "profile_name": profile and profile["name"]},
            "action": action,
        }

    def _profile_change(self, conn, context, node, old_profile, changes):
        if changes.get("profile_id") is None:
            return {}
        new = base.find_referenced(conn, context, "profile", changes["profile_id"], keep=True)
        if new["id"] == node["profile_id"]:
            return {}
        if old_profile is None or new["type"] != old_profile["type"]:
            raise exception.BadRequest(
                "Cannot update a node to a different profile type, operation aborted."
            )
        registry = self._tools.registry
        registry.load(old_profile).check_update(registry.load(new))
        return {"new_profile_id": new["id"]}

    def _delete(self, conn, context, node, force):
        running = clusters.unfinished(conn, node["id"], consts.NodeAction.DELETE)
        if not force and (running or node["status"] in _BUSY):
            status = consts.NodeStatus.DELETING if running else node["status"]
            raise exception.ActionInProgress(type="node", id=node["id"], status=status)
        if running:
            return {"action": running}
        refuse_needed_node(node)
        admission.cancel_for_node_delete(conn, node["id"], self._now()[0])
        action = self._submit(
            conn, context, consts.NodeAction.DELETE, node, "node_delete", {"force": force}
        )
        return {"action": action}

    def _check(self, conn, context, node, params):
        action = self._submit(conn, context, consts.NodeAction.CHECK, node, "node_check", params)
        return {"action": action}

    def _recover(self, conn, context, node, params):
        inputs = recovery.normalise(params, _RECOVER_KEYS)
        action = self._submit(
            conn, context, consts.NodeAction.RECOVER, node, "node_recover", inputs
        )
        return {"action": action}

    def _operate(self, conn, context, node, operation, params):
        profile = lookup.get(conn, "profile", node["profile_id"])
        params = recovery.check_operation(self._tools.registry, profile, operation, params)
        action = self._submit(
            conn,
            context,
            consts.NodeAction.OPERATION,
            node,
            f"node_{operation}",
            {"operation": operation, "params": params},
        )
        return {"action": action}


class _Nowhere:
    """Where a node outside clusters belongs, and what it is called."""

    def __init__(self, context, name):
        self.name = name
        self.owner = context.owner_fields
        self.cluster_id = ""
        self.index = consts.ORPHAN_INDEX


class _Home:
    """Where a new member belongs, and what it is called."""

    def __init__(self, context, cluster, index):
        name_format = (cluster["config"] or {}).get(consts.CONFIG_NODE_NAME_FORMAT)
        self.name = naming.node_name(name_format, index)
        self.cluster_id = cluster["id"]
        self.index = index
        self.owner = context.owner_fields
        if cluster["project"] != context.project_id:
            # An administrator acts in another project: the member lives where
            # its cluster does.
            self.owner = {key: cluster[key] for key in ("user", "project", "domain")}


def new_node_row(
    *,
    name,
    owner,
    profile_id,
    moment,
    cluster_id="",
    index=consts.ORPHAN_INDEX,
    role="",
    metadata=None,
):
    """A row for a node that is about to be created."""
    return {
        "id": str(uuid.uuid4()),
        "name": name,
        "cluster_id": cluster_id,
        "physical_id": None,
        "profile_id": profile_id,
        **owner,
        "index": index,
        "role": role,
        "init_at": moment,
        "created_at": None,
        "updated_at": None,
        "tainted": False,
        "status": str(consts.NodeStatus.INIT),
        "status_reason": "Initializing",
        "meta_data": metadata or {},
        "data": {},
        "dependents": {},
    }


def refuse_needed_node(node):
    """Raise ResourceInUse if other nodes live on this one."""
    needing = (node["dependents"] or {}).get("nodes")
    if needing:
        raise exception.ResourceInUse(
            type="node", id=node["id"], reason=f"still depended by other nodes {', '.join(needing)}"
        )
