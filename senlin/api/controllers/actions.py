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


"""``/v1/actions``: what was asked for, and how far it is (API contract, 3.10)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import query
from senlin.api import rules
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import actions as schemas
from senlin.api.schemas import common
from senlin.api.views import actions as views
from senlin.common import exception
from senlin.db import lookup
from senlin.db import reads


class ActionsController:
    """Actions of the caller's project."""

    @operations.operation("actions:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED, "1.0", "1.13")
    @validation.response_body_schema(schemas.LISTED_1_14, "1.14")
    def index(self, call):
        """A page of actions."""
        if call.version < microversions.ACTION_CLUSTER_ID:
            call.query.pop("cluster_id", None)
        wanted = listing.wanted(call, resolvers={"cluster_id": listing.cluster_ids})
        rows = call.read(reads.actions, **wanted)
        return operations.ok("actions", [views.action(row, call.version) for row in rows])

    @operations.operation(rules.DENY_EVERYBODY, status=403)
    @validation.request_body_schema(schemas.CREATE, optional=True)
    @validation.request_query_schema(common.ANY_QUERY)
    def create(self, call):
        """Never performed: its rule denies everybody."""
        raise exception.Forbidden()

    @operations.operation("actions:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN, "1.0", "1.13")
    @validation.response_body_schema(schemas.SHOWN_1_14, "1.14")
    def show(self, call, identity):
        """One action."""
        row = call.read(reads.action, identity, call.context.project_scope)
        call.shown = ("action", row)
        return operations.ok("action", views.action(row, call.version))

    @operations.operation(
        "actions:update", since=microversions.ACTION_UPDATE, status=202, conditional=True
    )
    @validation.request_body_schema(schemas.UPDATE, wrapper="action", updates=True)
    @validation.request_query_schema(schemas.UPDATE_QUERY)
    def update(self, call, identity):
        """Nothing, once the action has been told to stop."""
        force = query.boolean(call.query, "force")
        if call.read(lookup.get, "action", identity, call.context.project_scope) is None:
            raise exception.ResourceNotFound(type="action", id=identity)
        call.ask("action_cancel", identity=identity, force=force)
        return operations.Reply(202)
