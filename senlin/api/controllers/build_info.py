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


"""``/v1/build-info``: which revision of the service runs (API contract, 3.1)."""

from senlin.api import operations
from senlin.api import validation
from senlin.api.schemas import common
from senlin.api.schemas import types as schemas


class BuildInfoController:
    """Shows the revisions that the operator configured."""

    @operations.operation("build_info:build_info")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.BUILD_INFO)
    def show(self, call):
        """The revisions of API and engine."""
        revision = call.services.conf.revision
        return operations.ok(
            "build_info",
            {
                "api": {"revision": revision.senlin_api_revision},
                "engine": {"revision": revision.senlin_engine_revision},
            },
        )
