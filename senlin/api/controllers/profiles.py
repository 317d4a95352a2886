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


"""``/v1/profiles``: what members are made of (API contract, 3.3)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import common
from senlin.api.schemas import profiles as schemas
from senlin.api.views import profiles as views
from senlin.db import lookup
from senlin.db import reads


class ProfilesController:
    """Profiles of the caller's project."""

    @operations.operation("profiles:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """A page of profiles."""
        rows = call.read(reads.page, "profile", **listing.wanted(call))
        return operations.ok("profiles", [views.profile(row, call.context) for row in rows])

    @operations.operation("profiles:create", status=201)
    @validation.request_body_schema(schemas.CREATE, wrapper="profile")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def create(self, call):
        """A new profile."""
        row = call.ask(
            "profile_create",
            name=call.body["name"],
            spec=call.body["spec"],
            metadata=call.body.get("metadata") or {},
        )
        return operations.created("profile", views.profile(row, call.context))

    @operations.operation("profiles:validate", since=microversions.VALIDATE)
    @validation.request_body_schema(schemas.VALIDATE, wrapper="profile")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN_VALIDATED)
    def validate(self, call):
        """What a profile of this spec would be; nothing is stored."""
        checked = call.ask("profile_validate", spec=call.body["spec"])
        return operations.ok("profile", views.validated(checked, call.context))

    @operations.operation("profiles:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def show(self, call, identity):
        """One profile."""
        row = call.read(lookup.find, "profile", identity, call.context.project_scope)
        call.shown = ("profile", row)
        return operations.ok("profile", views.profile(row, call.context))

    @operations.operation("profiles:update", conditional=True)
    @validation.request_body_schema(schemas.UPDATE, wrapper="profile", updates=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def update(self, call, identity):
        """The profile with its new name or metadata."""
        row = call.ask(
            "profile_update",
            identity=identity,
            name=call.body.get("name"),
            metadata=call.body.get("metadata"),
        )
        return operations.ok("profile", views.profile(row, call.context))

    @operations.operation("profiles:delete", status=204, conditional=True)
    @validation.request_query_schema(common.ANY_QUERY)
    def delete(self, call, identity):
        """Nothing, once the profile is gone."""
        call.ask("profile_delete", identity=identity)
        return operations.no_content()
