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


"""The root of the object tree that pecan serves: routing by one table."""

import http

import pecan
import webob

from senlin.api import links
from senlin.api import operations
from senlin.api import routes
from senlin.api.middleware import context
from senlin.api.middleware import negotiation


class RootController:
    """Finds the call of a request, performs it and renders its reply."""

    def __init__(self, services):
        self.services = services

    @pecan.expose()
    def _route(self, remainder, request):
        environ = request.environ
        path = environ[negotiation.PATH].encode("latin-1").decode("utf-8")
        found = routes.find(environ["REQUEST_METHOD"], path)
        if found is None:
            raise negotiation.not_found()
        request.senlin_call = found
        return self.perform, []

    @pecan.expose(content_type="application/json")
    def perform(self, request, response):
        """Perform the call that was found, with the request's context."""
        environ = request.environ
        method, path_values = request.senlin_call
        call = operations.Call(
            context=environ[context.CONTEXT],
            version=environ[negotiation.VERSION],
            base_url=links.base_url(environ),
            incoming=environ[context.INCOMING],
            services=self.services,
        )
        reply = method(call, *path_values)
        headers, raw = reply.headers_and_body()
        status = http.HTTPStatus(reply.status)
        return webob.Response(
            status=f"{status.value} {status.phrase}", headerlist=headers, app_iter=[raw]
        )
