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

"""What hangs below a server: metadata, tags, addresses, actions, migrations."""

from senlin.sandbox import web
from senlin.sandbox.compute import actions
from senlin.sandbox.compute import base
from senlin.sandbox.compute import views

_MOST_TAGS = 50
_LONGEST_TAG = 60


class MetadataRoutes(base.Part):
    """``/servers/{id}/metadata``."""

    def __init__(self, cloud, reader):
        super().__init__(cloud)
        self._reader = reader

    @web.route("GET", "/servers/{server_id}/metadata")
    def show_all(self, request, server_id):
        """Show all metadata."""
        return {"metadata": self.server(request, server_id)["metadata"]}

    @web.route("POST", "/servers/{server_id}/metadata")
    def merge(self, request, server_id):
        """Set the named items, leave the others."""
        server = self._changeable(request, server_id, "update metadata")
        wanted = self._wanted(request)
        return self._save(server, {**server["metadata"], **wanted})

    @web.route("PUT", "/servers/{server_id}/metadata")
    def replace(self, request, server_id):
        """Set all metadata."""
        server = self._changeable(request, server_id, "update metadata")
        return self._save(server, self._wanted(request))

    @web.route("GET", "/servers/{server_id}/metadata/{key}")
    def show(self, request, server_id, key):
        """Show one item."""
        metadata = self.server(request, server_id)["metadata"]
        if key not in metadata:
            raise web.Fault(404, "Metadata item was not found")
        return {"meta": {key: metadata[key]}}

    @web.route("PUT", "/servers/{server_id}/metadata/{key}")
    def set(self, request, server_id, key):
        """Set one item."""
        server = self._changeable(request, server_id, "update metadata")
        meta = base.metadata(base.section(request.json(), "meta"), "meta")
        if list(meta) != [key]:
            raise web.Fault(400, "Request body and URI mismatch")
        self._save(server, {**server["metadata"], **meta})
        return {"meta": meta}

    @web.route("DELETE", "/servers/{server_id}/metadata/{key}")
    def delete(self, request, server_id, key):
        """Remove one item."""
        server = self.unlocked_server(request, server_id)
        base.require_writer(request, "server-metadata:delete")
        if key not in server["metadata"]:
            raise web.Fault(404, "Metadata item was not found")
        base.ensure(server, "delete metadata")
        left = {name: value for name, value in server["metadata"].items() if name != key}
        self._save(server, left)

    def _changeable(self, request, server_id, action):
        base.require_writer(request, "server-metadata:update")
        server = self.unlocked_server(request, server_id)
        base.ensure(server, action)
        return server

    @staticmethod
    def _wanted(request):
        return base.metadata(base.section(request.json(), "metadata"), "metadata")

    def _save(self, server, metadata):
        self._reader.check_metadata(metadata, "metadata", server["project_id"])
        record = self.cloud.fleet.change(server["id"], metadata=metadata)
        self.cloud.notices.emit(record, "update", "end")
        return {"metadata": metadata}


class TagRoutes(base.Part):
    """``/servers/{id}/tags``, from 2.26."""

    @web.route("GET", "/servers/{server_id}/tags")
    def list(self, request, server_id):
        """List the tags."""
        return {"tags": self.server(request, server_id)["tags"]}

    @web.route("PUT", "/servers/{server_id}/tags")
    def replace(self, request, server_id):
        """Set all tags."""
        server = self._changeable(request, server_id)
        tags = request.json().get("tags")
        if not isinstance(tags, list):
            raise base.invalid("tags", tags, f"{tags!r} is not of type 'array'")
        return {"tags": self._save(server, [_checked(tag) for tag in tags])}

    @web.route("DELETE", "/servers/{server_id}/tags")
    def clear(self, request, server_id):
        """Remove all tags."""
        self._save(self._changeable(request, server_id), [])

    @web.route("GET", "/servers/{server_id}/tags/{tag}")
    def show(self, request, server_id, tag):
        """Tell whether the server has a tag: 204 or 404."""
        self._check_there(self.server(request, server_id), tag)

    @web.route("PUT", "/servers/{server_id}/tags/{tag}")
    def add(self, request, server_id, tag):
        """Add one tag."""
        server = self._changeable(request, server_id)
        if _checked(tag) in server["tags"]:
            return web.Response(204)
        self._save(server, [*server["tags"], tag])
        href = f"{request.service_url}/servers/{server_id}/tags/{tag}"
        return web.Response(201, None, {"Location": href})

    @web.route("DELETE", "/servers/{server_id}/tags/{tag}")
    def delete(self, request, server_id, tag):
        """Remove one tag."""
        server = self._changeable(request, server_id)
        self._check_there(server, tag)
        self._save(server, [one for one in server["tags"] if one != tag])

    def _changeable(self, request, server_id):
        base.require_writer(request, "os-server-tags:update")
        return self.server(request, server_id)

    def _save(self, server, tags):
        tags = sorted(set(tags))
        if len(tags) > _MOST_TAGS:
            raise web.Fault(400, f"The number of tags exceeded the per-server limit {_MOST_TAGS}")
        self.cloud.fleet.change(server["id"], tags=tags)
        return tags

    @staticmethod
    def _check_there(server, tag):
        if tag not in server["tags"]:
            raise web.Fault(404, f"Server {server['id']} has no tag '{tag}'")


def _checked(tag):
    base.text(tag, "tags", longest=_LONGEST_TAG)
    if "/" in tag or "," in tag:
        raise base.invalid("tags", tag, "a tag must not contain '/' or ','")
    return tag


class DetailRoutes(base.Part):
    """The read-only rest: addresses, groups, actions, consoles, diagnostics."""

    @web.route("GET", "/servers/{server_id}/ips")
    def addresses(self, request, server_id):
        """Show the addresses by network."""
        server = self.server(request, server_id)
        return {"addresses": self._addresses(server)}

    @web.route("GET", "/servers/{server_id}/ips/{label}")
    def addresses_of_network(self, request, server_id, label):
        """Show the addresses on one network."""
        found = self._addresses(self.server(request, server_id))
        if label not in found:
            raise web.Fault(404, "Instance is not a member of specified network")
        return {label: found[label]}

    def _addresses(self, server):
        return {
            label: [{"version": one["version"], "addr": one["addr"]} for one in entries]
            for label, entries in self.cloud.views.addresses(server).items()
        }

    @web.route("GET", "/servers/{server_id}/os-security-groups")
    def security_groups(self, request, server_id):
        """Show the security groups."""
        server = self.server(request, server_id)
        project_id = server["project_id"]
        groups = [
            self.cloud.ports.security_group(name, project_id, 404)
            for name in server["security_groups"]
        ]
        keys = ("id", "name", "description")
        return {
            "security_groups": [
                {**{key: group[key] for key in keys}, "tenant_id": project_id, "rules": []}
                for group in groups
            ]
        }

    @web.route("GET", "/servers/{server_id}/os-instance-actions")
    def list_actions(self, request, server_id):
        """List what was done to the server, newest first; also after its end."""
        server = self._also_deleted(request, server_id)
        entries = [_action(request, server, entry) for entry in reversed(server["actions"])]
        return {"instanceActions": entries}

    @web.route("GET", "/servers/{server_id}/os-instance-actions/{request_id}")
    def show_action(self, request, server_id, request_id):
        """Show one thing that was done to the server."""
        server = self._also_deleted(request, server_id)
        for entry in server["actions"]:
            if entry["request_id"] == request_id:
                body = _action(request, server, entry)
                body["events"] = [
                    {
                        "event": f"compute_{entry['action']}_instance",
                        "start_time": body["start_time"],
                        "finish_time": views.iso_micro(entry["finish"]),
                        "result": entry["result"],
                        "traceback": None,
                    }
                ]
                return {"instanceAction": body}
        raise web.Fault(
            404, f"Action for request_id {request_id} on instance {server_id} not found"
        )

    def _also_deleted(self, request, server_id):
        if request.microversion[1] >= 21 and self.cloud.fleet.get(server_id) is None:
            record = self.cloud.fleet.get_deleted(server_id)
            if record and (
                request.token.is_admin or record["project_id"] == request.token.project_id
            ):
                return record
        return self.server(request, server_id)

    @web.route("POST", "/servers/{server_id}/remote-consoles")
    def remote_console(self, request, server_id):
        """Give the address of a console."""
        server = self.server(request, server_id)
        wanted = base.section(request.json(), "remote_console")
        kind = base.text(wanted.get("type"), "remote_console.type")
        return {
            "remote_console": {
                "protocol": wanted.get("protocol"),
                "type": kind,
                "url": actions.console_url(request, server, kind),
            }
        }

    @web.route("GET", "/servers/{server_id}/diagnostics")
    def diagnostics(self, request, server_id):
        """Show how the guest is, as far as a simulation can tell."""
        base.require_admin(request, "os-server-diagnostics")
        server = self.server(request, server_id)
        base.ensure(server, "get_diagnostics")
        return {
            "state": "running",
            "driver": "libvirt",
            "hypervisor": "fake",
            "hypervisor_os": "fake-os",
            "uptime": int(self.cloud.clock.time() - server["launched_at"]),
            "config_drive": bool(server["config_drive"]),
            "num_cpus": server["flavor"]["vcpus"],
            "num_nics": len(server["nics"]),
            "num_disks": 1 + len(server["volumes"]),
            "memory_details": {"maximum": server["flavor"]["ram"] // 1024, "used": 0},
            "cpu_details": [],
            "disk_details": [],
            "nic_details": [],
        }

    @web.route("GET", "/servers/{server_id}/os-server-password")
    def password(self, request, server_id):
        """Show the encrypted password: there never is one."""
        self.server(request, server_id)
        return {"password": ""}

    @web.route("DELETE", "/servers/{server_id}/os-server-password")
    def clear_password(self, request, server_id):
        """Forget the encrypted password."""
        self.server(request, server_id)

    @web.route("GET", "/servers/{server_id}/topology")
    def topology(self, request, server_id):
        """Show the NUMA topology: one node with everything."""
        server = self.server(request, server_id)
        node = {
            "memory_mb": server["flavor"]["ram"],
            "vcpu_set": list(range(server["flavor"]["vcpus"])),
            "siblings": [],
        }
        return {"nodes": [node], "pagesize_kb": 4}


def _action(request, server, entry):
    body = {
        "action": entry["action"],
        "instance_uuid": server["id"],
        "request_id": entry["request_id"],
        "user_id": entry["user_id"],
        "project_id": entry["project_id"],
        "start_time": views.iso_micro(entry["start"]),
        "message": "Error" if entry["result"] == "Error" else None,
    }
    if request.microversion[1] >= 58:
        body["updated_at"] = views.iso_micro(entry["finish"] or entry["start"])
    return body
