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

"""``/servers``: list, show, create, update, delete."""

import secrets
import urllib.parse

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building
from senlin.sandbox.compute import views

_UPDATABLE = {
    "name": 1,
    "OS-DCF:diskConfig": 1,
    "accessIPv4": 1,
    "accessIPv6": 1,
    "description": 19,
    "hostname": 90,
}

# Faults of the network that nova meets on the way, not while it answers.
_FAULTS_OF_A_BUILD = {
    "InvalidIpForNetwork": "Invalid input received: Fixed IP {address} is not a valid ip address "
    "for network {network}.",
    "InvalidIpForSubnet": "Invalid input received: Fixed IP {address} is not a valid ip address "
    "for network {network}.",
    "IpAddressGenerationFailure": "No fixed IP addresses available for network: {network}",
}


class ServerRoutes(base.Part):
    """``/servers``.

    :param reader: checks requests for servers.
    :param reclaim_interval: seconds that a deleted server can be restored; 0
        deletes at once.
    """

    def __init__(self, cloud, reader, reclaim_interval=0):
        super().__init__(cloud)
        self._reader = reader
        self._reclaim_interval = reclaim_interval

    @web.route("GET", "/servers")
    def list(self, request):
        """List servers by id and name."""
        return self._list(request, "/servers", self.cloud.views.brief)

    @web.route("GET", "/servers/detail")
    def list_details(self, request):
        """List servers with all there is."""
        return self._list(request, "/servers/detail", self.cloud.views.detail)

    def _list(self, request, path, render):
        records, more = self.cloud.listing.page(request)
        texts = render(request, records)
        links = ""
        if more and records:
            links = ',"servers_links":[{"rel":"next","href":"%s"}]' % _next_link(
                request, path, records
            )
        body = f'{{"servers":[{",".join(texts)}]{links}}}'
        return json_response(200, body)

    @web.route("GET", "/servers/{server_id}")
    def show(self, request, server_id):
        """Show one server."""
        return self.shown(request, self.server(request, server_id))

    def shown(self, request, record, status=200):
        """Answer with one server."""
        text = self.cloud.views.show(request, record)
        return json_response(status, f'{{"server":{text}}}')

    @web.route("POST", "/servers")
    def create(self, request):
        """Make one or several servers."""
        base.require_writer(request, "servers:create")
        blueprint = self._reader.read(request)
        count = self.cloud.quotas.check_servers(
            request.token.project_id, blueprint.flavor, blueprint.count_max, blueprint.count_min
        )
        reservation = f"r-{secrets.token_hex(4)}"
        records = [
            self._build(request, blueprint, index, count, reservation) for index in range(count)
        ]
        if blueprint.wants_reservation:
            return web.Response(202, {"reservation_id": reservation})
        first = records[0]
        body = {
            "id": first["id"],
            "links": views.links(request, "servers", first["id"]),
            "OS-DCF:diskConfig": first["disk_config"],
            "security_groups": [{"name": name} for name in first["security_groups"]],
            "adminPass": blueprint.password,
        }
        return web.Response(202, {"server": body}, {"Location": body["links"][0]["href"]})

    def _build(self, request, blueprint, index, count, reservation):
        cloud, token = self.cloud, request.token
        now = cloud.clock.time()
        name = blueprint.name if count == 1 else f"{blueprint.name}-{index + 1}"
        sequence = cloud.fleet.next_sequence()
        record = building.new_record(blueprint, token, now, sequence, name, index, reservation)
        record["actions"] = [
            {
                "action": "create",
                "request_id": request.request_id,
                "user_id": token.user_id,
                "project_id": token.project_id,
                "start": now,
                "finish": None,
                "result": None,
            }
        ]
        host = cloud.scheduler.choose(record, host=blueprint.host)
        if host is not None:
            plugged = []
            try:
                for entry in blueprint.networks:
                    plugged.append(
                        cloud.ports.plug(record, entry, host, blueprint.security_groups or None)
                    )
            except web.Fault as fault:
                for nic in plugged:
                    cloud.ports.unplug(nic)
                if fault.title not in _FAULTS_OF_A_BUILD:
                    raise
                told = _FAULTS_OF_A_BUILD[fault.title]
                cloud.lifecycle.abort(
                    record, told.format(address=entry.get("fixed_ip"), network=entry["uuid"])
                )
                return record
            record["nics"] = plugged
        cloud.lifecycle.admit(record, host)
        return record

    @web.route("PUT", "/servers/{server_id}")
    def update(self, request, server_id):
        """Change a server's name, description and the like."""
        base.require_writer(request, "servers:update")
        record = self.server(request, server_id)
        wanted = base.section(request.json(), "server")
        minor = request.microversion[1]
        known = {key for key, since in _UPDATABLE.items() if since <= minor}
        base.check_keys(wanted, "server", known)
        changes = {}
        if "name" in wanted:
            changes["name"] = base.text(wanted["name"], "server.name")
        if wanted.get("description") is not None:
            base.text(wanted["description"], "server.description", shortest=0)
        for key, field in (
            ("description", "description"),
            ("accessIPv4", "access_v4"),
            ("accessIPv6", "access_v6"),
            ("OS-DCF:diskConfig", "disk_config"),
            ("hostname", "hostname"),
        ):
            if key in wanted:
                changes[field] = wanted[key] if key == "description" else wanted[key] or ""
        record = self.cloud.fleet.change(server_id, **changes)
        self.cloud.notices.emit(record, "update", "end")
        return self.shown(request, record)

    @web.route("DELETE", "/servers/{server_id}")
    def delete(self, request, server_id):
        """Delete a server."""
        base.require_writer(request, "servers:delete")
        record = self.unlocked_server(request, server_id)
        if self._reclaim_interval and record["launched_at"]:
            self.cloud.lifecycle.soft_delete(record, base.caller(request))
        else:
            self.cloud.lifecycle.delete(record, base.caller(request))


def json_response(status, text):
    """Answer with JSON that is text already."""
    return web.Response(status, text.encode(), {"Content-Type": "application/json"})


def _next_link(request, path, records):
    pairs = [(name, value) for name, value in request.query.items() if name != "marker"]
    pairs.append(("marker", records[-1]["id"]))
    return f"{request.service_url}{path}?{urllib.parse.urlencode(pairs)}"
