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

"""The member type os.nova.server."""

import types

from senlin.common import exception
from senlin.common import schema
from senlin.common import secrets
from senlin.profiles import base
from senlin.profiles.nova import adopt
from senlin.profiles.nova import check
from senlin.profiles.nova import create
from senlin.profiles.nova import delete
from senlin.profiles.nova import details
from senlin.profiles.nova import membership
from senlin.profiles.nova import operations
from senlin.profiles.nova import properties
from senlin.profiles.nova import recover
from senlin.profiles.nova import servers
from senlin.profiles.nova import update
from senlin.profiles.nova import validation


class ServerProfile(base.Profile):
    """A server of the compute service.

    :ivar properties: the spec's properties, typed, each with its default or None.
    :ivar type_name: ``os.nova.server-<version>``.
    """

    TYPE = "os.nova.server"
    VERSIONS = properties.VERSIONS
    PROPERTIES = properties.PROPERTIES
    OPERATIONS = properties.OPERATIONS

    def __init__(self, spec):
        opened = secrets.open_spec(spec)
        values = schema.resolve_spec(self.PROPERTIES, opened)
        type_, version = schema.type_of(opened)
        self.type_name = f"{type_}-{version}"
        self.properties = types.MappingProxyType(values)

    @property
    def networks(self):
        """The entries of ``networks``; none when the spec says nothing."""
        return self.properties["networks"] or ()

    @property
    def region(self):
        """The region that servers are made in, None = the service's default."""
        return (self.properties["context"] or {}).get("region_name")

    def validate(self, cloud):
        validation.validate(self, cloud)

    def check_update(self, new_profile):
        refused = [
            name
            for name in schema.changed_properties(
                self.PROPERTIES, self.properties, new_profile.properties
            )
            if not self.PROPERTIES[name].updatable
        ]
        if refused:
            names = ", ".join(f"'{name}'" for name in refused)
            raise exception.InvalidSpec(f"The properties cannot be updated: {names}")

    def check_operation(self, operation, params):
        if operation not in self.OPERATIONS:
            raise exception.BadRequest(
                f"The requested operation '{operation}' is not supported by "
                f"the profile type '{self.type_name}'"
            )
        values = self.OPERATIONS[operation].resolve(params)
        operations.check(operation, values)
        return {
            name: secrets.seal_value(value) if name in properties.SECRET_PARAMETERS else value
            for name, value in values.items()
        }

    def observe(self, cloud, physical_ids, worked_on_for):
        return servers.observe(cloud, physical_ids, worked_on_for)

    def create(self, task):
        return create.create(self, task)

    def locate(self, task):
        return create.locate(self, task)

    def discard(self, cloud, physical_id):
        cloud.compute.delete_server(physical_id)

    def delete(self, task):
        return delete.delete(self, task)

    def update(self, task):
        return update.update(self, task)

    def check(self, task):
        return check.check(self, task)

    def recover(self, task):
        return recover.recover(self, task)

    def operate(self, task):
        return operations.operate(self, task)

    def join(self, task):
        return membership.join(self, task)

    def leave(self, task):
        return membership.leave(self, task)

    def details(self, cloud, physical_ids):
        return details.details(cloud, physical_ids)

    @classmethod
    def find(cls, cloud, identity):
        """The id of the existing server with this id or name.

        :raises CloudError: status 404 if there is none, 409 if there are several.
        """
        return adopt.find(cloud, identity)["id"]

    @classmethod
    def adopt(cls, cloud, physical_id, overrides=None, snapshot=False):
        return adopt.adopt(cloud, physical_id, overrides, snapshot)
