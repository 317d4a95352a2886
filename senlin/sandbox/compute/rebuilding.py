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

"""The rebuild action: a server's disk made anew from an image."""

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building
from senlin.sandbox.compute import states

_KEYS = {
    "imageRef": 1,
    "adminPass": 1,
    "accessIPv4": 1,
    "accessIPv6": 1,
    "name": 1,
    "OS-DCF:diskConfig": 1,
    "metadata": 1,
    "preserve_ephemeral": 1,
    "description": 19,
    "key_name": 54,
    "user_data": 57,
    "trusted_image_certificates": 63,
    "hostname": 90,
}
_LAST_PERSONALITY = 56


class Rebuilder:
    """Rebuilds servers."""

    def __init__(self, cloud, reader):
        self._cloud = cloud
        self._reader = reader

    def rebuild(self, request, server, argument):
        """Begin to rebuild; answers with the server and its new password."""
        if not isinstance(argument, dict):
            raise base.invalid("rebuild", argument, f"{argument!r} is not of type 'object'")
        minor = request.microversion[1]
        known = {key for key, since in _KEYS.items() if since <= minor}
        known |= {"personality"} if minor <= _LAST_PERSONALITY else set()
        base.check_keys(argument, "rebuild", known)
        image_id = base.text(argument.get("imageRef"), "rebuild.imageRef").rsplit("/", 1)[-1]
        changes = self._changes(request, server, argument)
        password = argument.get("adminPass") or building.make_password()
        base.text(password, "rebuild.adminPass")
        self._reader.check_image(image_id, server["flavor"], request.token)
        base.ensure(server, "rebuild")
        if server["image"]:
            changes["image"] = image_id
        stopped = server["vm_state"] == states.STOPPED
        after = {
            "vm_state": states.STOPPED if stopped else states.ACTIVE,
            "power_state": states.SHUTDOWN if stopped else states.RUNNING,
            "launched_at": server["launched_at"] or self._cloud.clock.time(),
        }
        if not server["host"]:
            # It never had a host, or lost it: the scheduler is asked again.
            after["host"] = self._cloud.scheduler.choose(server)
        record = self._cloud.lifecycle.operate(
            server, "rebuild", base.caller(request), fault=None, after=after, **changes
        )
        body = self._cloud.views.body(request, record, True)
        body["adminPass"] = password
        if minor < 75:
            for key in [key for key in body if key.startswith(("OS-EXT-", "OS-SRV", "os-ext"))]:
                del body[key]
        if minor >= 57:
            body["user_data"] = record["user_data"]
        if minor >= 54:
            body["key_name"] = record["key_name"]
        else:
            body.pop("key_name", None)
        location = f"{request.service_url}/servers/{server['id']}"
        return web.Response(202, {"server": body}, {"Location": location})

    def _changes(self, request, server, argument):
        changes = {}
        if "name" in argument:
            changes["name"] = base.text(argument["name"], "rebuild.name")
        if "metadata" in argument:
            changes["metadata"] = self._reader.check_metadata(
                argument["metadata"], "rebuild.metadata", server["project_id"]
            )
        if argument.get("user_data") is not None:
            building.check_user_data(argument["user_data"])
        for key, field in (
            ("description", "description"),
            ("accessIPv4", "access_v4"),
            ("accessIPv6", "access_v6"),
            ("OS-DCF:diskConfig", "disk_config"),
            ("key_name", "key_name"),
            ("user_data", "user_data"),
            ("hostname", "hostname"),
        ):
            if key in argument:
                changes[field] = argument[key]
        return changes
