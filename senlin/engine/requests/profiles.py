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

"""Requests on profiles (API contract, 3.3)."""

import uuid

from senlin.common import exception
from senlin.common import secrets
from senlin.db import facade
from senlin.db import holding
from senlin.db import lookup
from senlin.db import profiles
from senlin.engine.requests import base
from senlin.profiles import registry as profile_registry
from senlin.rpc import server as rpc_server


class ProfileRequests(base.Endpoint):
    """Create, validate, rename and delete profiles. Nothing here needs an action."""

    @rpc_server.request
    def profile_create(self, context, name, spec, metadata=None):
        """Check a spec, also with the cloud, and keep it.

        :raises ResourceNotFound: if the type is not registered.
        :raises InvalidSpec: if the spec is not good.
        """
        self._require_unique(context, name)
        try:
            self._check_spec(context, spec)
        except exception.InvalidSpec as error:
            raise exception.InvalidSpec(
                f"Failed in creating profile {name}: {error.message}"
            ) from error
        return self._write(context, insert_profile, self._row(context, name, spec, metadata))

    @rpc_server.request
    def profile_validate(self, context, spec):
        """Check a spec as for a creation, and keep nothing."""
        self._check_spec(context, spec)
        return {"type": profile_registry.joined_type(spec), "spec": spec}

    @rpc_server.request
    def profile_update(self, context, identity, name=None, metadata=None):
        """Change name or metadata; a spec never changes."""
        found = facade.read(base.find, context, "profile", identity)
        return facade.write(self._update, context, found["id"], identity, name, metadata)

    @rpc_server.request
    def profile_delete(self, context, identity):
        """Remove a profile that no cluster and no node uses."""
        found = facade.read(base.find, context, "profile", identity)
        facade.write(_delete, context, found["id"], identity)

    def _check_spec(self, context, spec):
        profile = self._tools.registry.build(spec)
        self._ensure_trust(context)
        with base.translated_cloud_errors():
            profile.validate(self._cloud_of(context.owner_fields, profile.region))

    def _require_unique(self, context, name):
        if self._conf.name_unique:
            facade.read(self._require_unique_name, "profile", name, context.project_id)

    def _row(self, context, name, spec, metadata):
        _, moment = self._now()
        row = new_profile_row(context.owner_fields, name, spec, metadata, moment)
        return {**row, "id": context.new_id()}

    def _update(self, conn, context, profile_id, identity, name, metadata):
        row = base.hold(conn, context, "profile", profile_id, identity)
        changes = {}
        if name is not None and name != row["name"]:
            changes["name"] = name
        if metadata is not None and metadata != row["meta_data"]:
            changes["meta_data"] = metadata
        if not changes:
            raise exception.BadRequest("No property needs an update.")
        changes["updated_at"] = self._now()[1]
        holding.change(conn, "profile", row["id"], changes)
        return {**row, **changes}


def _delete(conn, context, profile_id, identity):
    base.hold(conn, context, "profile", profile_id, identity)
    if not profiles.delete(conn, profile_id):
        raise exception.ResourceInUse(
            type="profile",
            id=profile_id,
            reason="still referenced by some clusters and/or nodes",
        )


def new_profile_row(owner, name, spec, metadata, moment):
    """A row for a new profile; secrets in the spec are sealed."""
    type_joined = profile_registry.joined_type(spec)
    return {
        "id": str(uuid.uuid4()),
        "name": name,
        "type": type_joined,
        "spec": secrets.seal_spec(spec),
        "meta_data": metadata or {},
        "created_at": moment,
        "updated_at": None,
        **owner,
    }


def insert_profile(conn, row):
    """Insert a profile and give its row as it is now stored."""
    profiles.insert(conn, row)
    return lookup.get(conn, "profile", row["id"])
