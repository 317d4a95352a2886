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

    @operations.operation("cluster_policies:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.BINDING_SHOWN)
    def show(self, call, identity, policy):
        """The binding of one policy."""
        row = call.read(reads.binding, identity, policy, call.context.project_scope)
        if row is None:
            raise exception.PolicyBindingNotFound(policy=policy, identity=identity)
        call.shown = ("binding", row)
        return operations.ok("cluster_policy", views.binding(row))


def attach(call, identity, parameters):
    """Attach a policy; it is enabled unless the caller says otherwise."""
    return call.ask("cluster_policy_attach", identity=identity, **_arguments(parameters))


def update(call, identity, parameters):
    """Enable or disable an attached policy."""
    return call.ask("cluster_policy_update", identity=identity, **_arguments(parameters))


def detach(call, identity, parameters):
    """Detach a policy."""
    return call.ask("cluster_policy_detach", identity=identity, policy_id=parameters["policy_id"])


def _arguments(parameters):
    return {"policy_id": parameters["policy_id"], "enabled": parameters.get("enabled")}
