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


"""``/v1/services``: the running processes of the service (API contract, 3.13)."""

import datetime

from senlin.api import operations
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.schemas import services as schemas
from senlin.api.views import services as views
from senlin.common import exception
from senlin.db import reads


class ServicesController:
    """Processes, for administrators only."""

    @operations.operation("services:index")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.LISTED)
    def index(self, call):
        """All processes that ever registered themselves."""
        if not call.context.is_admin:
            # Whatever the operator made of the rule.
            raise exception.Forbidden()
        now = datetime.datetime.now(datetime.UTC)
        down_after = call.services.conf.service_down_time
        rows = call.read(reads.services)
        return operations.ok("services", [views.service(row, now, down_after) for row in rows])
