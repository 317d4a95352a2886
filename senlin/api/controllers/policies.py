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


"""``/v1/policies``: how groups behave (API contract, 3.5)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import common
from senlin.api.schemas import policies as schemas
from senlin.api.views import policies as views
from senlin.db import lookup
from senlin.db import reads


class PoliciesController:
    """Policies of the caller's project."""

    @operations.operation("policies:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """A page of policies."""
        rows = call.read(reads.page, "policy", **listing.wanted(call))
        return operations.ok("policies", [views.policy(row) for row in rows])

    @operations.operation("policies:create", status=201)
    @validation.request_body_schema(schemas.CREATE, wrapper="policy")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def create(self, call):
        """A new policy."""
        row = call.ask("policy_create", name=call.body["name"], spec=call.body["spec"])
        return operations.created("policy", views.policy(row))

    @operations.operation("policies:validate", since=microversions.VALIDATE)
    @validation.request_body_schema(schemas.VALIDATE, wrapper="policy")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN_VALIDATED)
    def validate(self, call):
        """What a policy of this spec would be; nothing is stored."""
        checked = call.ask("policy_validate", spec=call.body["spec"])
        return operations.ok("policy", views.validated(checked, call.context))

    @operations.operation("policies:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def show(self, call, identity):
        """One policy."""
        row = call.read(lookup.find, "policy", identity, call.context.project_scope)
        call.shown = ("policy", row)
        return operations.ok("policy", views.policy(row))

    @operations.operation("policies:update", conditional=True)
    @validation.request_body_schema(schemas.UPDATE, wrapper="policy", updates=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def update(self, call, identity):
        """The policy with its new name."""
        row = call.ask("policy_update", identity=identity, name=call.body["name"])
        return operations.ok("policy", views.policy(row))

    @operations.operation("policies:delete", status=204, conditional=True)
    @validation.request_query_schema(common.ANY_QUERY)
    def delete(self, call, identity):
        """Nothing, once the policy is gone."""
        call.ask("policy_delete", identity=identity)
        return operations.no_content()
