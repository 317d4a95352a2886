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

_MAX_PHYSICAL_ID = 36


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
        spec = self._discover(context, identity, type, overrides, bool(snapshot))
        name = name or naming.free_node_name()
        return facade.write(self._store, context, identity, name, spec, role, metadata)

    @rpc_server.request
    def node_adopt_preview(self, context, identity, type, overrides=None, snapshot=False):
        """The spec that adopting would store; nothing is stored or made."""
        return self._discover(context, identity, type, overrides, snapshot=False)

    def _discover(self, context, identity, type_joined, overrides, snapshot):
        """The spec behind an existing object.

        :raises BadRequest: if there is no such type or object.
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
            properties = cls.adopt(cloud, identity, overrides=overrides, snapshot=snapshot)
        except cloud_errors.CloudError as error:
            if error.is_not_found:
                raise exception.BadRequest(
                    f"The object '{identity}' could not be found."
                ) from error
            raise exception.ProfileOperationFailed(f"{error.status or 500}: {error}") from error
        return {"type": type_name, "version": version, "properties": properties}

    def _store(self, conn, context, identity, name, spec, role, metadata):
        if len(identity) > _MAX_PHYSICAL_ID:
            raise exception.BadRequest(
                f"The identity of an object has at most {_MAX_PHYSICAL_ID} characters."
            )
        self._require_unique_name(conn, "node", name, context.project_id)
        owning = nodes.find_physical(conn, identity)
        if owning is not None:
            raise exception.BadRequest(
                f"The object '{identity}' already belongs to a node of this service."
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
            physical_id=identity,
            status=str(consts.NodeStatus.ACTIVE),
            status_reason="Node adopted successfully",
            created_at=moment,
        )
        nodes.insert(conn, row)
        return {"node": {**row, "profile_name": profile["name"]}}
