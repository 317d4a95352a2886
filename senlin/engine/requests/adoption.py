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

"""Requests to take over existing objects as nodes (API contract, 3.8.10 and 3.8.11)."""

from senlin.actions import naming
from senlin.cloud import errors as cloud_errors
from senlin.common import consts
from senlin.common import exception
from senlin.db import facade
from senlin.db import nodes
from senlin.engine.requests import base
from senlin.engine.requests.nodes import new_node_row
from senlin.engine.requests.profiles import insert_profile
from senlin.engine.requests.profiles import new_profile_row
from senlin.rpc import server as rpc_server


class AdoptionRequests(base.Endpoint):
    """Adopt objects, or show what adopting them would give."""

    @rpc_server.request
    def node_adopt(
        self,
        context,
        identity,
        type,
        name=None,
        role=None,
        metadata=None,
        overrides=None,
        snapshot=False,
    ):
        """Make a profile and an ACTIVE node for an existing object, at once.

        :param identity: what the cloud calls it.
        :returns: {"node": row}.
        """
        physical_id, spec = self._discover(context, identity, type, overrides, bool(snapshot))
        name = name or naming.free_node_name()
        return facade.write(self._store, context, physical_id, name, spec, role, metadata)

    @rpc_server.request
    def node_adopt_preview(self, context, identity, type, overrides=None, snapshot=False):
        """The spec that adopting would store; nothing is stored or made."""
        return self._discover(context, identity, type, overrides, snapshot=False)[1]

    def _discover(self, context, identity, type_joined, overrides, snapshot):
        """(id, spec) of an existing object.

        :raises BadRequest: if there is no such type, or not just one such object.
        :raises InvalidSpec: if the overrides make no valid spec.
        :raises ProfileOperationFailed: if the cloud fails.
        """
        type_name, separator, version = type_joined.rpartition("-")
        if not separator:
            raise exception.BadRequest(f"The type '{type_joined}' is not of the form name-version.")
        try:
            cls = self._tools.registry.get(type_joined)
        except exception.ResourceNotFound as error:
            raise exception.BadRequest(error.message) from error
        self._ensure_trust(context)
        try:
            cloud = self._cloud_of(context.owner_fields)
            physical_id = cls.find(cloud, identity)
            properties = cls.adopt(cloud, physical_id, overrides=overrides, snapshot=snapshot)
        except cloud_errors.CloudError as error:
            if error.status in (404, 409):
                raise exception.BadRequest(error.message) from error
            raise exception.ProfileOperationFailed(f"{error.status or 500}: {error}") from error
        spec = {"type": type_name, "version": version, "properties": properties}
        self._tools.registry.build(spec)
        return physical_id, spec

    def _store(self, conn, context, physical_id, name, spec, role, metadata):
        self._require_unique_name(conn, "node", name, context.project_id)
        owning = nodes.find_physical(conn, physical_id)
        if owning is not None:
            raise exception.BadRequest(
                f"The object '{physical_id}' already belongs to a node of this service."
            )
        _, moment = self._now()
        owner = context.owner_fields
        profile = insert_profile(conn, new_profile_row(owner, f"prof-{name}", spec, {}, moment))
        row = new_node_row(
            name=name,
            owner=owner,
            profile_id=profile["id"],
            role=role or "",
            metadata=metadata,
            moment=moment,
        )
        row.update(
            physical_id=physical_id,
            status=str(consts.NodeStatus.ACTIVE),
            status_reason="Node adopted successfully",
            created_at=moment,
        )
        nodes.insert(conn, row)
        return {"node": {**row, "profile_name": profile["name"]}}
