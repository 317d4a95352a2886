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


"""``/v1/receivers``: doors for alarms and messages (API contract, 3.9)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import common
from senlin.api.schemas import receivers as schemas
from senlin.api.views import receivers as views
from senlin.common import consts
from senlin.common import exception
from senlin.db import lookup
from senlin.db import reads


class ReceiversController:
    """Receivers of the caller's project."""

    @operations.operation("receivers:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """A page of receivers."""
        if call.version < microversions.RECEIVER_USER_FILTER:
            call.query.pop("user", None)
        rows = call.read(reads.page, "receiver", **listing.wanted(call))
        return operations.ok("receivers", [views.receiver(row) for row in rows])

    @operations.operation("receivers:create", status=201)
    @validation.request_body_schema(schemas.CREATE, wrapper="receiver")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def create(self, call):
        """A new receiver."""
        if call.body["type"] != "webhook":
            raise exception.BadRequest(f"Receivers of type '{call.body['type']}' are not supported")
        _check_target(call.body)
        given = {k: v for k, v in call.body.items() if k != "actor"}
        row = call.ask("receiver_create", **given)
        return operations.created("receiver", views.receiver(row))

    @operations.operation("receivers:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def show(self, call, identity):
        """One receiver."""
        row = call.read(lookup.find, "receiver", identity, call.context.project_scope)
        call.shown = ("receiver", row)
        return operations.ok("receiver", views.receiver(row))

    @operations.operation("receivers:update", conditional=True)
    @validation.request_body_schema(schemas.UPDATE, wrapper="receiver", updates=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def update(self, call, identity):
        """The receiver with its new name, action or params."""
        row = call.ask("receiver_update", identity=identity, **call.body)
        return operations.ok("receiver", views.receiver(row))

    @operations.operation("receivers:delete", status=204, conditional=True)
    @validation.request_query_schema(common.ANY_QUERY)
    def delete(self, call, identity):
        """Nothing, once the receiver is gone."""
        call.ask("receiver_delete", identity=identity)
        return operations.no_content()

    @operations.operation("receivers:notify", status=204)
    @validation.request_query_schema(common.ANY_QUERY)
    def notify(self, call, identity):
        """Nothing, once the receiver's messages have been taken."""
        row = call.read(lookup.find, "receiver", identity, call.context.project_scope)
        if row["type"] != "message":
            raise exception.BadRequest(f"The receiver '{identity}' takes no messages.")
        raise exception.FeatureNotSupported(feature="Notifying a receiver")


def _check_target(given):
    """Refuse a webhook without cluster or action, or with one that cannot be."""
    for name in ("cluster_id", "action"):
        if not given.get(name):
            raise exception.BadRequest(f"A receiver of type 'webhook' needs a '{name}'.")
    if given["action"] == consts.ClusterAction.CREATE:
        raise exception.BadRequest("A receiver cannot create clusters.")
