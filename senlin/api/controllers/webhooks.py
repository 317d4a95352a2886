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

"""``/v1/webhooks``: triggers from outside, without a token (API contract, 3.12)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.schemas import webhooks as schemas

_PARAMS_ONLY = validation.make_validator(schemas.PARAMS_ONLY)


class WebhooksController:
    """The receivers' addresses; see ``middleware.webhooks`` for who may come in."""

    @operations.operation("webhooks:trigger", status=202)
    @validation.request_body_schema(schemas.TRIGGER, optional=True, lenient=True)
    @validation.request_query_schema(schemas.TRIGGER_QUERY)
    @validation.response_body_schema(common.ACTION_ID)
    def trigger(self, call, identity):
        """The id of the action that the receiver stands for."""
        params = call.body
        if call.version < microversions.WEBHOOK_BODY and call.query["V"] == ["1"]:
            validation.check(_PARAMS_ONLY, call.body)
            params = call.body.get("params") or {}
        result = call.ask("webhook_trigger", identity=identity, params=params)
        return operations.triggered(call, result["action"])
