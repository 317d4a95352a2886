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

"""Network interfaces and volumes attached to servers."""

import uuid

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building


class InterfaceRoutes(base.Part):
    """``/servers/{id}/os-interface``."""

    @web.route("GET", "/servers/{server_id}/os-interface")
    def list(self, request, server_id):
        """List a server's interfaces."""
        server = self.server(request, server_id)
        views = [self._view(request, nic) for nic in server["nics"]]
        return {"interfaceAttachments": views}

    @web.route("GET", "/servers/{server_id}/os-interface/{port_id}")
    def show(self, request, server_id, port_id):
        """Show one interface."""
        nic = self._nic(self.server(request, server_id), port_id)
        return {"interfaceAttachment": self._view(request, nic)}

    @web.route("POST", "/servers/{server_id}/os-interface")
    def create(self, request, server_id):
        """Attach a port, or a new port of a network."""
        base.require_writer(request, "os-attach-interfaces:create")
        server = self.unlocked_server(request, server_id)
        wanted = request.json().get("interfaceAttachment") or {}
        known = {"net_id", "port_id", "fixed_ips"}
        if request.microversion[1] >= 49:
            known.add("tag")
        base.check_keys(wanted, "interfaceAttachment", known)
        net_id, port_id = wanted.get("net_id"), wanted.get("port_id")
        fixed_ips = wanted.get("fixed_ips") or []
        if net_id and port_id:
            raise web.Fault(400, "Must not input both network_id and port_id")
        if fixed_ips and not net_id:
            raise web.Fault(400, "Must input network_id when request IP address")
        base.ensure(server, "attach_interface")
        cloud, token = self.cloud, request.token
        entry = {"uuid": net_id, "port": port_id, "tag": wanted.get("tag")}
        address = fixed_ips[0].get("ip_address") if fixed_ips else None
        if port_id and not cloud.ports.has_port(port_id, token.project_id, token.is_admin):
            raise web.Fault(404, f"Port id {port_id} could not be found.")
        (resolved,) = cloud.ports.resolve(
            [entry] if net_id or port_id else "auto", token.project_id, token.is_admin
        ) or [None]
        if resolved is None:
            raise web.Fault(400, "No network to attach to.")
        try:
            nic = cloud.ports.plug(server, {**resolved, "fixed_ip": address}, server["host"])
        except web.Fault as fault:
            if fault.title == "IpAddressAlreadyAllocated":
                raise web.Fault(409, f"Fixed IP {address} is already in use.") from None
            raise web.Fault(400, fault.message) from None
        record = cloud.fleet.change(server_id, nics=[*server["nics"], nic])
        cloud.notices.emit(record, "interface_attach", "start")
        cloud.notices.emit(record, "interface_attach", "end")
        return {"interfaceAttachment": self._view(request, nic)}

    @web.route("DELETE", "/servers/{server_id}/os-interface/{port_id}")
    def delete(self, request, server_id, port_id):
        """Detach an interface."""
        base.require_writer(request, "os-attach-interfaces:delete")
        server = self.unlocked_server(request, server_id)
        base.ensure(server, "detach_interface")
        nic = next((one for one in server["nics"] if one["port_id"] == port_id), None)
        if nic is None:
            # It is the compute host that misses the port, when nobody waits for an answer.
            return web.Response(202)
        self.cloud.ports.unplug(nic)
        nics = [one for one in server["nics"] if one["port_id"] != port_id]
        record = self.cloud.fleet.change(server_id, nics=nics)
        self.cloud.notices.emit(record, "interface_detach", "start")
        self.cloud.notices.emit(record, "interface_detach", "end")
        return web.Response(202)

    @staticmethod
    def _nic(server, port_id):
        for nic in server["nics"]:
            if nic["port_id"] == port_id:
                return nic
        raise web.Fault(404, f"Instance {server['id']} does not have a port with id {port_id}")

    def _view(self, request, nic):
        view = {
            "net_id": nic["network_id"],
            "port_id": nic["port_id"],
            "mac_addr": nic["mac"],
            "port_state": self.cloud.ports.state_of(nic),
            "fixed_ips": [
                {"subnet_id": ip["subnet_id"], "ip_address": ip["ip_address"]} for ip in nic["ips"]
            ],
        }
        if request.microversion[1] >= 70:
            view["tag"] = nic["tag"]
        return view


class VolumeRoutes(base.Part):
    """``/servers/{id}/os-volume_attachments``.

    There is no block storage service behind it: any volume id will do.
    """

    @web.route("GET", "/servers/{server_id}/os-volume_attachments")
    def list(self, request, server_id):
        """List a server's volumes."""
        server = self.server(request, server_id)
        views = [_view(request, server, volume) for volume in server["volumes"]]
        return {"volumeAttachments": views}

    @web.route("GET", "/servers/{server_id}/os-volume_attachments/{volume_id}")
    def show(self, request, server_id, volume_id):
        """Show one attachment."""
        server = self.server(request, server_id)
        return {"volumeAttachment": _view(request, server, _volume(server, volume_id))}

    @web.route("POST", "/servers/{server_id}/os-volume_attachments")
    def create(self, request, server_id):
        """Attach a volume."""
        base.require_writer(request, "os-volumes-attachments:create")
        server = self.unlocked_server(request, server_id)
        wanted = base.section(request.json(), "volumeAttachment")
        minor = request.microversion[1]
        known = {"volumeId", "device"}
        known |= {"tag"} if minor >= 49 else set()
        known |= {"delete_on_termination"} if minor >= 79 else set()
        base.check_keys(wanted, "volumeAttachment", known)
        volume_id = base.text(wanted.get("volumeId"), "volumeAttachment.volumeId")
        base.ensure(server, "attach_volume")
        for record in self.cloud.fleet.records():
            if any(volume["volume_id"] == volume_id for volume in record["volumes"]):
                raise web.Fault(
                    400,
                    f"Invalid volume: volume {volume_id} already attached to instances: "
                    f"{record['id']}",
                )
        volume = {
            "id": str(uuid.uuid4()),
            "volume_id": volume_id,
            "device": wanted.get("device") or building.device_name(len(server["volumes"]) + 1),
            "delete_on_termination": bool(wanted.get("delete_on_termination")),
            "tag": wanted.get("tag"),
        }
        record = self.cloud.fleet.change(server_id, volumes=[*server["volumes"], volume])
        self.cloud.notices.emit(record, "volume.attach", "end")
        return {"volumeAttachment": _view(request, record, volume)}

    @web.route("PUT", "/servers/{server_id}/os-volume_attachments/{volume_id}")
    def update(self, request, server_id, volume_id):
        """Change whether a volume goes with the server (2.85), or swap it."""
        base.require_writer(request, "os-volumes-attachments:update")
        server = self.unlocked_server(request, server_id)
        volume = _volume(server, volume_id)
        wanted = base.section(request.json(), "volumeAttachment")
        new = dict(volume)
        if wanted.get("volumeId", volume_id) != volume_id:
            base.require_admin(request, "os-volumes-attachments:swap")
            new["volume_id"] = base.text(wanted["volumeId"], "volumeAttachment.volumeId")
        if request.microversion[1] >= 85 and "delete_on_termination" in wanted:
            new["delete_on_termination"] = wanted["delete_on_termination"] is True
        volumes = [new if one is volume else one for one in server["volumes"]]
        self.cloud.fleet.change(server_id, volumes=volumes)
        return web.Response(202)

    @web.route("DELETE", "/servers/{server_id}/os-volume_attachments/{volume_id}")
    def delete(self, request, server_id, volume_id):
        """Detach a volume."""
        base.require_writer(request, "os-volumes-attachments:delete")
        server = self.unlocked_server(request, server_id)
        volume = _volume(server, volume_id)
        base.ensure(server, "detach_volume")
        if volume is server["volumes"][0] and not server["image"]:
            raise web.Fault(403, "Cannot detach a root device volume")
        volumes = [one for one in server["volumes"] if one is not volume]
        record = self.cloud.fleet.change(server_id, volumes=volumes)
        self.cloud.notices.emit(record, "volume.detach", "end")
        return web.Response(202)


def _volume(server, volume_id):
    for volume in server["volumes"]:
        if volume["volume_id"] == volume_id:
            return volume
    raise web.Fault(404, f"Instance {server['id']} is not attached to volume {volume_id}")


def _view(request, server, volume):
    minor = request.microversion[1]
    view = {
        "serverId": server["id"],
        "volumeId": volume["volume_id"],
        "device": volume["device"],
    }
    if minor < 89:
        view["id"] = volume["volume_id"]
    else:
        view |= {"attachment_id": volume["id"], "bdm_uuid": volume["id"]}
    if minor >= 70:
        view["tag"] = volume["tag"]
    if minor >= 79:
        view["delete_on_termination"] = volume["delete_on_termination"]
    return view
