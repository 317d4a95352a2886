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


"""``/v1/clusters``: groups, and what their members have in common (API contract, 3.6)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import query
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import clusters as schemas
from senlin.api.schemas import common
from senlin.api.validation import formats
from senlin.api.views import clusters as views
from senlin.common import exception
from senlin.db import reads

_SIZES = ("min_size", "max_size", "desired_capacity", "timeout")
_UPDATE_SINCE = {
    "profile_only": microversions.PROFILE_ONLY,
    "config": microversions.CLUSTER_CONFIG,
}


class ClustersController:
    """Clusters of the caller's project."""

    @operations.operation("clusters:index")
    @validation.request_query_schema(schemas.INDEX_QUERY, unknown="Invalid parameter '{name}'")
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """A page of clusters."""
        rows = call.read(reads.clusters, **listing.wanted(call))
        return operations.ok("clusters", [views.cluster(row) for row in rows])

    @operations.operation("clusters:create", status=202)
    @validation.request_body_schema(schemas.CREATE, wrapper="cluster")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def create(self, call):
        """The cluster as it will be made by the action."""
        given = {k: v for k, v in call.body.items() if v is not None}
        for name in _SIZES:
            if name in given:
                given[name] = formats.as_integer(given[name])
        result = call.ask("cluster_create", **given)
        return _accepted(call, result)

    @operations.operation("clusters:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def show(self, call, identity):
        """One cluster."""
        row = call.read(reads.cluster, identity, call.context.project_scope)
        call.shown = ("cluster", row)
        return operations.ok("cluster", views.cluster(row))

    @operations.operation("clusters:update", status=202, conditional=True)
    @validation.request_body_schema(schemas.UPDATE, wrapper="cluster", updates=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def update(self, call, identity):
        """The cluster as it is before the action."""
        changes = {
            name: value
            for name, value in call.body.items()
            if value is not None and call.version >= _UPDATE_SINCE.get(name, microversions.MINIMUM)
        }
        if "timeout" in changes:
            changes["timeout"] = formats.as_integer(changes["timeout"])
        result = call.ask("cluster_update", identity=identity, changes=changes)
        # The engine gives the row; members and policies are for us to add.
        result["cluster"] = call.read(reads.with_relations, "cluster", result["cluster"])
        return _accepted(call, result)

    @operations.operation("clusters:delete", status=202, conditional=True)
    @validation.request_body_schema(schemas.DELETE, optional=True)
    @validation.request_query_schema(schemas.DELETE_QUERY)
    def delete(self, call, identity):
        """The action that deletes the cluster."""
        force = query.boolean(call.query, "force", default=bool(call.body.get("force")))
        if call.version < microversions.FORCE_DELETE:
            force = False
        result = call.ask("cluster_delete", identity=identity, force=force)
        return operations.accepted(call, result["action"])

    @operations.operation("clusters:collect", since=microversions.COLLECT)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.COLLECTED)
    def collect(self, call, identity, path):
        """The value of one attribute of each member that has it."""
        path = path.strip()
        if path in ("", "None"):
            raise exception.RequestInvalid("Required path attribute is missing.")
        collected = call.ask("cluster_collect", identity=identity, path=path)
        return operations.ok("cluster_attributes", collected)


def _accepted(call, result):
    return operations.accepted(call, result["action"], "cluster", views.cluster(result["cluster"]))
