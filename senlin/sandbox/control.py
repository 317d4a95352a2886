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

"""The sandbox's own API: knobs, counters, reset. Needs no token.

* ``GET /sandbox/knobs``; ``PUT`` replaces all (what is left out takes its
  default), ``PATCH`` changes what it names;
* ``GET /sandbox/counters``; ``DELETE`` sets them to zero;
* ``POST /sandbox/reset`` makes the cloud as new;
* ``DELETE /sandbox/servers/{id}`` makes a server vanish behind everybody's back;
* ``POST /sandbox/servers/{id}/fail`` puts one into ERROR, with an optional
  ``{"message": ...}``.
"""

from senlin.sandbox import knobs
from senlin.sandbox import web


class ControlService(web.Service):
    """``/sandbox``."""

    name = "sandbox"
    root = "/sandbox"
    authenticated = False

    def __init__(self, cloud):
        self._cloud = cloud

    def versions_document(self, request):
        """Answer ``GET /sandbox``: where the cloud is."""
        return {
            "auth_url": self._cloud.auth_url,
            "services": [service.root for service in self._cloud.services],
        }

    version_document = versions_document

    @web.route("GET", "/knobs")
    def show_knobs(self, request):
        """Show every knob."""
        return self._cloud.knobs.to_json()

    @web.route("PUT", "/knobs")
    def replace_knobs(self, request):
        """Set every knob."""
        return self._set(self._cloud.knobs.replace, request)

    @web.route("PATCH", "/knobs")
    def update_knobs(self, request):
        """Set some knobs."""
        return self._set(self._cloud.knobs.update, request)

    def _set(self, change, request):
        try:
            change(request.json())
        except knobs.KnobError as error:
            raise web.Fault(400, str(error)) from None
        self._cloud.keep_knobs()
        return self._cloud.knobs.to_json()

    @web.route("GET", "/counters")
    def show_counters(self, request):
        """Show how often each route was called."""
        return self._cloud.counters.to_json()

    @web.route("DELETE", "/counters")
    def reset_counters(self, request):
        """Count from zero."""
        self._cloud.counters.reset()

    @web.route("POST", "/reset")
    def reset_cloud(self, request):
        """Make the cloud as new."""
        self._cloud.reset()

    @web.route("DELETE", "/servers/{server_id}")
    def remove_server(self, request, server_id):
        """Have a server vanish, as if somebody else had deleted it."""
        try:
            self._cloud.compute.vanish(server_id)
        except KeyError:
            raise web.Fault(404, f"There is no server {server_id}.") from None

    @web.route("POST", "/servers/{server_id}/fail")
    def fail_server(self, request, server_id):
        """Put a server into ERROR."""
        message = "The server failed."
        if request.body:
            message = request.json().get("message", message)
        if not isinstance(message, str):
            raise web.Fault(400, "message must be a string.")
        try:
            self._cloud.compute.fail(server_id, message)
        except KeyError:
            raise web.Fault(404, f"There is no server {server_id}.") from None
        return web.Response(202)
