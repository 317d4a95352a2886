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

"""Counts requests and their durations for Prometheus."""

import time

from senlin.api import routes
from senlin.api.middleware import health
from senlin.api.middleware import negotiation
from senlin.common import metrics

_SECONDS = metrics.histogram(
    "senlin_api_request_seconds", "Requests, by route, method and status.",
    "route", "method", "status",
)  # fmt: skip
_IN_FLIGHT = metrics.gauge("senlin_api_requests_in_flight", "Requests being answered.")

_METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
_OTHER = "other"


class RequestMetrics:
    """Measures each request.

    Addresses and methods are told as the route table has them, never as they
    were sent: what is in no table is ``other``.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        statuses = []

        def noting_start_response(status, headers, *more):
            statuses.append(status.partition(" ")[0])
            return start_response(status, headers, *more)

        began = time.monotonic()
        try:
            with _IN_FLIGHT.track_inprogress():
                return self.application(environ, noting_start_response)
        finally:
            took = time.monotonic() - began
            method = environ["REQUEST_METHOD"]
            _SECONDS.labels(
                _route(environ),
                method if method in _METHODS else _OTHER,
                statuses[-1] if statuses else "500",
            ).observe(took)


def _route(environ):
    path = environ.get("PATH_INFO", "")
    if path in ("/", "/v1", health.PATH):
        return path
    below = environ.get(negotiation.PATH)
    if below is None:
        return _OTHER
    return routes.template(below.encode("latin-1").decode("utf-8", "replace")) or _OTHER
