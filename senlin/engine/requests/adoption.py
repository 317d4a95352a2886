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

import contextlib

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
        cls = self._class(type)
        with _translated_errors():
            cloud = self._own_cloud(context)
            physical_id = cls.find(cloud, identity)
            # Before a snapshot is taken in vain.
            facade.read(_refuse_owned, physical_id)
            properties = cls.adopt(cloud, physical_id, overrides=overrides, snapshot=bool(snapshot))
        spec = self._spec(type, properties)
        name = name or naming.free_node_name()
        return self._write(context, self._store, context, physical_id, name, spec, role, metadata)

    @rpc_server.request
    def node_adopt_preview(self, context, identity, type, overrides=None, snapshot=False):
        """The spec that adopting would store; nothing is stored or made."""
        cls = self._class(type)
        with _translated_errors():
            cloud = self._own_cloud(context)
            physical_id = cls.find(cloud, identity)
            properties = cls.adopt(cloud, physical_id, overrides=overrides, snapshot=False)
        return self._spec(type, properties)

    def _class(self, type_joined):
        """The registered class of a type.

        :raises BadRequest: if there is none.
        """
        try:
            return self._tools.registry.get(type_joined)
        except exception.ResourceNotFound as error:
            raise exception.BadRequest(error.message) from error

    def _own_cloud(self, context):
        self._ensure_trust(context)
        return self._cloud_of(context.owner_fields)

    def _spec(self, type_joined, properties):
        """The spec with these properties.

        :raises InvalidSpec: if overrides made it invalid.
        """
        type_name, _, version = type_joined.rpartition("-")
        spec = {"type": type_name, "version": version, "properties": properties}
        self._tools.registry.build(spec)
        return spec

    def _store(self, conn, context, physical_id, name, spec, role, metadata):
        self._require_unique_name(conn, "node", name, context.project_id)
        _refuse_owned(conn, physical_id)
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


def _refuse_owned(conn, physical_id):
    if nodes.find_physical(conn, physical_id) is not None:
        raise exception.BadRequest(
            f"The object '{physical_id}' already belongs to a node of this service."
        )


@contextlib.contextmanager
def _translated_errors():
    """Turn the cloud's errors into those of the API contract, 3.8.10."""
    try:
        yield
    except cloud_errors.CloudError as error:
        if error.status in (404, 409):
            raise exception.BadRequest(error.message) from error
        raise exception.ProfileOperationFailed(f"{error.status or 500}: {error}") from error
