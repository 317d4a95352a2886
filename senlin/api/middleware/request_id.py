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


"""Gives each request an id, and shows it in each response."""

import re

from oslo_context import context as oslo_context
from oslo_middleware import request_id

from senlin.common import context

_GLOBAL_ID = re.compile(request_id.ID_FORMAT)


class RequestId:
    """What oslo.middleware's class of this name does, without parsing the response.

    Sets the same keys of the environment, which oslo.context reads.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        own_id = oslo_context.generate_request_id()
        # Becomes the thread's context: until the caller is known, log lines
        # would otherwise be those of the thread's previous request.
        context.RequestContext(request_id=own_id)
        environ[request_id.ENV_REQUEST_ID] = own_id
        callers_id = environ.get("HTTP_X_OPENSTACK_REQUEST_ID", "")
        if _GLOBAL_ID.match(callers_id):
            environ[request_id.GLOBAL_REQ_ID] = callers_id

        def start_response_with_id(status, headers, exc_info=None):
            headers = [*headers, ("X-OpenStack-Request-ID", own_id)]
            if exc_info is None:
                return start_response(status, headers)
            return start_response(status, headers, exc_info)

        return self.application(environ, start_response_with_id)
