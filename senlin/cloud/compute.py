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

"""The compute service: servers, flavors, key pairs, zones.

Every call names its microversion, the lowest that has what the call needs, so
that what is sent and shown does not depend on the cloud's age:

* servers are read at 2.9 (``locked``); up to 2.46 a server shows the id of
  its flavor;
* a server is made at 2.67, the first with ``volume_type`` in block devices, or
  at 2.56, the last with ``personality``.
"""

import re

from senlin.cloud import errors
from senlin.cloud import service

READ = "2.9"
CREATE = "2.67"
CREATE_WITH_FILES = "2.56"
REBUILD_VOLUME = "2.93"
EVACUATE = "2.14"
CREATE_IMAGE = "2.45"
EVACUATE_FORCED = "2.29"
PAGE = 1000


class Compute(service.Service):
    """Calls to Nova; plain JSON, raises CloudError."""

    TYPE = "compute"

    def create_server(self, server, hints=None):
        """Ask for a server; gives its record, of which ``id`` is sure."""
        body = {"server": server}
        if hints:
            body["os:scheduler_hints"] = hints
        microversion = CREATE_WITH_FILES if server.get("personality") else CREATE
        return self.post("/servers", body, microversion)["server"]

    def server(self, server_id):
        """The server, None if it does not exist."""
        return self.first(f"/servers/{service.quote(server_id)}", "server", microversion=READ)

    def delete_server(self, server_id, force=False):
        """Ask for a server's end; False when it does not exist any more."""
        path = f"/servers/{service.quote(server_id)}"
        if not force:
            return self.delete(path, READ)
        try:
            self.action(server_id, {"forceDelete": None})
        except errors.CloudError as error:
            if error.is_not_found:
                return False
            raise
        return True

    def action(self, server_id, body, microversion=READ):
        """Ask a server for something: ``{"os-stop": None}``."""
        return self.post(f"/servers/{service.quote(server_id)}/action", body, microversion)

    def create_image(self, server_id, body):
        """Take an image of a server; gives the image's id."""
        return self.action(server_id, body, CREATE_IMAGE)["image_id"]

    def servers(self, **filters):
        """All servers of the project, page by page.

        :returns: a complete list; a page that fails raises CloudError.
        """
        found = []
        marker = None
        while True:
            params = {**filters, "limit": PAGE}
            if marker:
                params["marker"] = marker
            answer = self.get("/servers/detail", params, READ)
            page = answer["servers"]
            found += page
            if not page or "servers_links" not in answer:
                return found
            marker = page[-1]["id"]

    def servers_named(self, name):
        """Servers with exactly this name."""
        pattern = "^" + re.escape(name).replace(r"\-", "-") + "$"
        return [one for one in self.servers(name=pattern) if one["name"] == name]

    def update_server(self, server_id, changes):
        """Change a server's name or addresses."""
        return self.put(f"/servers/{service.quote(server_id)}", {"server": changes}, READ)

    def merge_metadata(self, server_id, metadata):
        """Set these keys and leave the others."""
        path = f"/servers/{service.quote(server_id)}/metadata"
        return self.post(path, {"metadata": metadata}, READ)

    def replace_metadata(self, server_id, metadata):
        """Make this all of a server's metadata."""
        path = f"/servers/{service.quote(server_id)}/metadata"
        return self.put(path, {"metadata": metadata}, READ)

    def delete_metadata(self, server_id, key):
        """Take one key away; False when it was not there."""
        return self.delete(
            f"/servers/{service.quote(server_id)}/metadata/{service.quote(key)}", READ
        )

    def interfaces(self, server_id):
        """The server's interface attachments."""
        path = f"/servers/{service.quote(server_id)}/os-interface"
        return self.get(path, microversion=READ)["interfaceAttachments"]

    def attach_interface(self, server_id, attachment):
        """Plug a port or a network in."""
        path = f"/servers/{service.quote(server_id)}/os-interface"
        return self.post(path, {"interfaceAttachment": attachment}, READ)["interfaceAttachment"]

    def detach_interface(self, server_id, port_id):
        """Ask for a port to be unplugged; False when the server does not exist.

        A port that is not plugged is no error: nova only finds out later.
        """
        return self.delete(
            f"/servers/{service.quote(server_id)}/os-interface/{service.quote(port_id)}", READ
        )

    def flavor(self, name_or_id):
        """The flavor with this id or name, None if there is none."""
        found = self.first(f"/flavors/{service.quote(name_or_id)}", "flavor", microversion=READ)
        if found is not None:
            return found
        marker = None
        while True:
            params = {"limit": PAGE, **({"marker": marker} if marker else {})}
            answer = self.get("/flavors/detail", params, READ)
            for flavor in answer["flavors"]:
                if flavor["name"] == name_or_id:
                    return flavor
            if not answer["flavors"] or "flavors_links" not in answer:
                return None
            marker = answer["flavors"][-1]["id"]

    def key_pair(self, name):
        """The owner's key pair, None if there is none."""
        return self.first(f"/os-keypairs/{service.quote(name)}", "keypair", microversion=READ)

    def zones(self):
        """Names of the zones that take servers now."""
        zones = self.get("/os-availability-zone", microversion=READ)["availabilityZoneInfo"]
        return [zone["zoneName"] for zone in zones if zone["zoneState"]["available"]]
