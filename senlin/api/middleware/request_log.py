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


"""One log line for each request, in the manner of nova and placement."""

import time

from oslo_log import log as logging

from senlin.api import faults

LOG = logging.getLogger(__name__)


class RequestLog:
    """Logs method, address, status, size and duration of each request."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        if not LOG.isEnabledFor(logging.INFO):
            return self.application(environ, start_response)
        started = time.monotonic()
        address = faults.path(environ)
        method = environ["REQUEST_METHOD"]
        if environ.get("QUERY_STRING"):
            address += "?" + environ["QUERY_STRING"]

        def logging_start_response(status, headers, exc_info=None):
            size = next((v for k, v in headers if k.lower() == "content-length"), "-")
            LOG.info(
                '%s "%s %s" status: %s len: %s time: %.6f',
                environ.get("REMOTE_ADDR", "-"),
                method,
                address,
                status.partition(" ")[0],
                size,
                time.monotonic() - started,
            )
            if exc_info is None:
                return start_response(status, headers)
            return start_response(status, headers, exc_info)

        return self.application(environ, logging_start_response)
