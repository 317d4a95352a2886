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


"""``/v1/policy-types``: what behaviours there are (API contract, 3.4)."""

from senlin.api import operations
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.schemas import types as schemas
from senlin.api.views import types as views


class PolicyTypesController:
    """Types of policies that the engine knows."""

    @operations.operation("policy_types:index")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.POLICY_TYPES, "1.0", "1.4")
    @validation.response_body_schema(schemas.POLICY_TYPES_1_5, "1.5")
    def index(self, call):
        """All types, one entry for each version."""
        entries = call.ask("policy_type_list")
        return operations.ok("policy_types", [views.listed(e, call.version) for e in entries])

    @operations.operation("policy_types:get")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.POLICY_TYPE, "1.0", "1.4")
    @validation.response_body_schema(schemas.POLICY_TYPE_1_5, "1.5")
    def show(self, call, type_name):
        """One type with the schema of its properties."""
        entry = call.ask("policy_type_get", type_name=type_name)
        return operations.ok("policy_type", views.shown(entry, call.version))
