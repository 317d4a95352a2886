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


"""``/v1/events``: what happened (API contract, 3.11)."""

from senlin.api import operations
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.schemas import common
from senlin.api.schemas import events as schemas
from senlin.api.views import events as views
from senlin.common import consts
from senlin.db import lookup
from senlin.db import reads


class EventsController:
    """Events of the caller's project."""

    @operations.operation("events:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """A page of events."""
        resolvers = {"cluster_id": listing.cluster_ids, "level": _levels}
        wanted = listing.wanted(call, resolvers=resolvers)
        rows = call.read(reads.page, "event", **wanted)
        return operations.ok("events", [views.event(row) for row in rows])

    @operations.operation("events:get", tagged=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN)
    def show(self, call, identity):
        """One event."""
        row = call.read(lookup.find, "event", identity, call.context.project_scope)
        call.shown = ("event", row)
        return operations.ok("event", views.event(row))


def _levels(call, term):
    return [int(consts.EventLevel[name]) for name in term.values]
