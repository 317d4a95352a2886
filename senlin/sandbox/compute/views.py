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

"""What the compute API shows of a server, in the shape of each microversion."""

import bisect
import functools
import hashlib
import json
import time

from senlin.sandbox.compute import states

# Microversions (minor numbers) at which the shape of a server changes.
_SHAPES = (3, 9, 16, 19, 26, 47, 63, 71, 73, 75, 90, 96)
_IN_PROGRESS = frozenset({"ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"})
_EXTENDED = "OS-EXT-SRV-ATTR:"

_encode = json.JSONEncoder(separators=(",", ":")).encode


def iso(seconds):
    """A time as nova writes it: ``2026-01-31T10:00:00Z``; None stays None."""
    return None if seconds is None else f"{_whole(int(seconds))}Z"


def iso_micro(seconds):
    """A time as nova writes it in its extensions: with microseconds, which its
    database does not keep, and no zone."""
    if seconds is None:
        return None
    return f"{_whole(int(seconds))}.000000"


@functools.lru_cache(4096)
def _whole(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def links(request, collection, identifier):
    """The ``self`` and ``bookmark`` links of a thing."""
    bare = request.service_url.removesuffix("/v2.1")
    return [
        {"rel": "self", "href": f"{request.service_url}/{collection}/{identifier}"},
        {"rel": "bookmark", "href": f"{bare}/{collection}/{identifier}"},
    ]


@functools.lru_cache(1024)
def host_id(project_id, host):
    """The opaque host id a project sees; empty without a host."""
    if not host:
        return ""
    return hashlib.sha224(f"{project_id}{host}".encode()).hexdigest()


class ServerViews:
    """Renders servers as JSON text, once per change and shape.

    :param fleet: the servers, which also keep the rendered text.
    :param hosts: tells which hosts are up.
    :param ports: tells floating IPs.
    """

    def __init__(self, fleet, hosts, ports):
        self._fleet = fleet
        self._hosts = hosts
        self._ports = ports

    def detail(self, request, servers):
        """Give the JSON text of each server, as in a detailed list."""
        return self._texts(request, servers, False)

    def show(self, request, server):
        """Give the JSON text of one server, as when it is asked for alone."""
        return self._texts(request, [server], True)[0]

    def brief(self, request, servers):
        """Give the JSON text of each server, as in a plain list."""
        shape = ("brief", request.service_url)

        def render(server):
            return _encode(
                {
                    "id": server["id"],
                    "name": server["name"],
                    "links": links(request, "servers", server["id"]),
                }
            )

        return self._cached(servers, shape, render)

    def _texts(self, request, servers, alone):
        minor = request.microversion[1]
        admin = request.token.is_admin
        shape = (
            bisect.bisect_right(_SHAPES, minor),
            alone and minor >= 71,
            admin,
            request.service_url,
            self._hosts.down() if admin and minor >= 16 else (),
        )
        return self._cached(
            servers, shape, lambda server: _encode(self.body(request, server, alone))
        )

    def _cached(self, servers, shape, render):
        view, floating = self._fleet.view, self._ports.floating_ips
        return [
            render(server)
            if server["vm_state"] == states.DELETED
            else view(server["id"], (shape, floating(server)), render)
            for server in servers
        ]

    def body(self, request, server, alone):
        """Give a server as a dict.

        :param alone: True for what only a single server's view has.
        """
        minor = request.microversion[1]
        admin = request.token.is_admin
        status = states.status_of(server["vm_state"], server["task_state"])
        body = {
            "id": server["id"],
            "name": server["name"],
            "status": status,
            "tenant_id": server["project_id"],
            "user_id": server["user_id"],
            "metadata": server["metadata"],
            "hostId": host_id(server["project_id"], server["host"]),
            "image": _image(request, server),
            "flavor": _flavor(request, server["flavor"]),
            "created": iso(server["created"]),
            "updated": iso(server["updated"]),
            "addresses": self.addresses(server),
            "accessIPv4": server["access_v4"],
            "accessIPv6": server["access_v6"],
            "links": links(request, "servers", server["id"]),
            "OS-DCF:diskConfig": server["disk_config"],
        }
        if status in _IN_PROGRESS:
            body["progress"] = server["progress"]
        body["OS-EXT-AZ:availability_zone"] = server["zone"] or ""
        body["config_drive"] = server["config_drive"]
        body["key_name"] = server["key_name"]
        body["OS-SRV-USG:launched_at"] = iso_micro(server["launched_at"])
        body["OS-SRV-USG:terminated_at"] = iso_micro(server["terminated_at"])
        if admin:
            body.update(_admin_part(server, minor))
        elif minor >= 90:
            body[f"{_EXTENDED}hostname"] = server["hostname"]
        body["OS-EXT-STS:task_state"] = server["task_state"]
        body["OS-EXT-STS:vm_state"] = server["vm_state"]
        body["OS-EXT-STS:power_state"] = server["power_state"]
        body["os-extended-volumes:volumes_attached"] = [
            _volume(volume, minor) for volume in server["volumes"]
        ]
        if server["security_groups"]:
            body["security_groups"] = [{"name": name} for name in server["security_groups"]]
        if server["fault"] and status in ("ERROR", "DELETED"):
            body["fault"] = {**server["fault"], "created": iso(server["fault"]["created"])}
        self._add_newer(body, server, minor, admin, alone)
        return body

    def _add_newer(self, body, server, minor, admin, alone):
        if minor >= 9:
            body["locked"] = server["locked"]
        if minor >= 16 and admin:
            body["host_status"] = self._host_status(server["host"])
        if minor >= 19:
            body["description"] = server["description"]
        if minor >= 26:
            body["tags"] = server["tags"]
        if minor >= 63:
            body["trusted_image_certificates"] = None
        if minor >= 71 and alone:
            group = server["server_group"]
            body["server_groups"] = [group] if group else []
        if minor >= 73:
            body["locked_reason"] = server["locked_reason"]
        if minor >= 96:
            body["pinned_availability_zone"] = server["wanted_zone"] or None

    def _host_status(self, name):
        host = self._hosts.get(name) if name else None
        if host is None:
            return ""
        if not self._hosts.is_up(name):
            return "DOWN"
        return "MAINTENANCE" if host["disabled"] else "UP"

    def addresses(self, server):
        """Give the addresses of a server, by network name."""
        addresses = {}
        floating = self._ports.floating_ips(server)
        for nic in server["nics"]:
            entries = addresses.setdefault(nic["label"], [])
            for ip in nic["ips"]:
                entries.append(_address(ip["ip_address"], ip["version"], nic["mac"], "fixed"))
            for port_id, address in floating:
                if port_id == nic["port_id"]:
                    entries.append(_address(address, 4, nic["mac"], "floating"))
        return addresses


def _address(address, version, mac, kind):
    return {
        "version": version,
        "addr": address,
        "OS-EXT-IPS:type": kind,
        "OS-EXT-IPS-MAC:mac_addr": mac,
    }


def _admin_part(server, minor):
    part = {
        f"{_EXTENDED}host": server["host"],
        f"{_EXTENDED}hypervisor_hostname": server["host"],
        f"{_EXTENDED}instance_name": f"instance-{server['sequence']:08x}",
    }
    if minor >= 3:
        part |= {
            f"{_EXTENDED}reservation_id": server["reservation_id"],
            f"{_EXTENDED}launch_index": server["launch_index"],
            f"{_EXTENDED}hostname": server["hostname"],
            f"{_EXTENDED}kernel_id": "",
            f"{_EXTENDED}ramdisk_id": "",
            f"{_EXTENDED}root_device_name": "/dev/vda",
            f"{_EXTENDED}user_data": server["user_data"],
        }
    return part


def _image(request, server):
    if not server["image"]:
        return ""
    bookmark = links(request, "images", server["image"])[1]
    return {"id": server["image"], "links": [bookmark]}


def _flavor(request, flavor):
    if request.microversion[1] < 47:
        return {"id": flavor["id"], "links": [links(request, "flavors", flavor["id"])[1]]}
    return {
        "vcpus": flavor["vcpus"],
        "ram": flavor["ram"],
        "disk": flavor["disk"],
        "ephemeral": flavor["ephemeral"],
        "swap": flavor["swap"],
        "original_name": flavor["name"],
        "extra_specs": flavor["extra_specs"],
    }


def _volume(volume, minor):
    if minor < 3:
        return {"id": volume["volume_id"]}
    return {
        "id": volume["volume_id"],
        "delete_on_termination": volume["delete_on_termination"],
    }
