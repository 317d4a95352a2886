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
from pecan import core
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

    @pecan.expose(content_type="application/json")
    def perform(self, request, response):
        """The response of the call that the request's address leads to."""
        environ = request.environ
        path = environ[negotiation.PATH].encode("latin-1").decode("utf-8")
        found = routes.find(environ["REQUEST_METHOD"], path)
        if found is None:
            raise negotiation.not_found()
        method, path_values = found
        call = operations.Call(
            context=environ[context.CONTEXT],
            version=environ[negotiation.VERSION],
            base_url=links.base_url(environ),
            path=path,
            incoming=environ[context.INCOMING],
            services=self.services,
        )
        reply = method(call, *path_values)
        headers, raw = reply.headers_and_body()
        status = http.HTTPStatus(reply.status)
        return webob.Response(
            status=f"{status.value} {status.phrase}", headerlist=headers, app_iter=[raw]
        )


class RoutedPecan(core.ExplicitPecan):
    """pecan with one controller at its root, which has a table of routes.

    pecan's own routing walks over attributes, inspects the signatures that it
    finds and parses query and body for them, for each request anew.
    """

    def find_controller(self, state):
        """The root's only method."""
        return self.root.perform, [state.request, state.response], {}

    def invoke_controller(self, controller, args, kwargs, state):
        """Its response is complete."""
        state.response = controller(*args)
