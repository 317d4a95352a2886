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


"""``/v1/clusters/{id}/policies``, and the actions on them (API contract, 3.7, 3.6.7)."""

from senlin.api import operations
from senlin.api import query
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.schemas import policies as schemas
from senlin.api.views import policies as views
from senlin.common import exception
from senlin.db import lookup
from senlin.db import reads


class ClusterPoliciesController:
    """Policies that are attached to one cluster."""

    @operations.operation("cluster_policies:index")
    @validation.request_query_schema(schemas.BINDINGS_QUERY)
    @validation.response_body_schema(schemas.BINDINGS_LISTED)
    def index(self, call, identity):
        """The bindings of a cluster."""
        filters = {k: call.query[k] for k in ("policy_name", "policy_type") if k in call.query}
        if call.query.get("enabled"):
            filters["enabled"] = query.boolean(call.query, "enabled")
        rows = call.read(
            reads.bindings,
            identity,
            project=call.context.project_scope,
            filters=filters,
            sort=query.page(call.query).sort,
        )
        return operations.ok("cluster_policies", [views.binding(row) for row in rows])

    @operations.operation("cluster_policies:get")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.BINDING_SHOWN)
    def show(self, call, identity, policy):
        """The binding of one policy."""
        row = call.read(reads.binding, identity, policy, call.context.project_scope)
        if row is None:
            raise exception.PolicyBindingNotFound(policy=policy, identity=identity)
        return operations.ok("cluster_policy", views.binding(row))


def attach(call, identity, parameters):
    """Attach a policy; it is enabled unless the caller says otherwise."""
    call.read(_find_policy, identity, parameters["policy_id"], call.context.project_scope)
    raise exception.FeatureNotSupported(feature="Attaching a policy")


def update(call, identity, parameters):
    """Enable or disable an attached policy."""
    _require_attached(call, identity, parameters["policy_id"])
    raise exception.FeatureNotSupported(feature="Updating an attached policy")


def detach(call, identity, parameters):
    """Detach a policy."""
    _require_attached(call, identity, parameters["policy_id"])
    raise exception.FeatureNotSupported(feature="Detaching a policy")


def _find_policy(conn, cluster_identity, policy_identity, project):
    """Find both; what is named in a body is reported as 400, not 404."""
    lookup.find(conn, "cluster", cluster_identity, project)
    try:
        lookup.find(conn, "policy", policy_identity, project)
    except exception.ResourceNotFound:
        raise exception.BadRequest(f"The specified policy '{policy_identity}' could not be found.")


def _require_attached(call, identity, policy):
    scope = call.context.project_scope
    call.read(_find_policy, identity, policy, scope)
    if call.read(reads.binding, identity, policy, scope) is None:
        raise exception.BadRequest(
            f"The policy '{policy}' is not attached to the specified cluster '{identity}'."
        )
