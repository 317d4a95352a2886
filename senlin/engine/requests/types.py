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

"""What member and policy types there are (API contract, 3.2 and 3.4)."""

from senlin.common import exception
from senlin.common import schema
from senlin.engine.requests import base
from senlin.rpc import server as rpc_server


class TypeRequests(base.Endpoint):
    """Show the registered types."""

    @rpc_server.request
    def profile_type_list(self, context):
        """Each registered type and version with its own support status."""
        return _listed(self._tools.registry.types())

    @rpc_server.request
    def profile_type_get(self, context, type_name):
        """The schema of a type, and the support status of all its versions.

        :raises ResourceNotFound: if it is not registered.
        """
        return _shown(type_name, self._tools.registry.get(type_name))

    @rpc_server.request
    def profile_type_ops(self, context, type_name):
        """The operations that a type publishes.

        :raises BadRequest: if it is not registered.
        """
        try:
            cls = self._tools.registry.get(type_name)
        except exception.ResourceNotFound as error:
            raise exception.BadRequest(error.message) from error
        return {name: operation.describe() for name, operation in cls.OPERATIONS.items()}

    @rpc_server.request
    def policy_type_list(self, context):
        """Each registered policy type and version with its own support status."""
        return _listed(self._tools.policies.types())

    @rpc_server.request
    def policy_type_get(self, context, type_name):
        """The schema of a policy type, and the support status of its versions.

        :raises ResourceNotFound: if it is not registered.
        """
        return _shown(type_name, self._tools.policies.get(type_name))


def _listed(types):
    items = []
    for joined, cls in types:
        name, version = joined.rsplit("-", 1)
        status = {version: cls.VERSIONS[version]} if version in cls.VERSIONS else {}
        items.append({"name": name, "version": version, "support_status": status})
    return items


def _shown(type_name, cls):
    return {
        "name": type_name,
        "schema": schema.describe_all(cls.PROPERTIES),
        "support_status": cls.VERSIONS,
    }
