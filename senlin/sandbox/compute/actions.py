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

"""``POST /servers/{id}/action``: what can be done to a server.

Each action is a method taking the request, the server's record and the
action's argument (what stands under its name in the body).
"""

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building
from senlin.sandbox.compute import movement
from senlin.sandbox.compute import rebuilding
from senlin.sandbox.compute import states

# Actions that go from one state to another and need nothing else.
_PLAIN = {
    "os-start": "start",
    "os-stop": "stop",
    "pause": "pause",
    "unpause": "unpause",
    "suspend": "suspend",
    "resume": "resume",
    "unrescue": "unrescue",
    "restore": "restore",
}
_ADMIN = frozenset({"migrate", "os-migrateLive", "evacuate", "os-resetState", "shelveOffload"})
_STAYS_UNLOCKED = frozenset(
    {"lock", "unlock", "os-resetState", "os-getConsoleOutput", "os-getVNCConsole",
     "os-getSPICEConsole", "os-getSerialConsole"}
)  # fmt: skip
_LAST_VNC = 5


class ActionRoutes(base.Part):
    """The actions of servers.

    :param reader: checks flavors and images.
    """

    def __init__(self, cloud, reader):
        super().__init__(cloud)
        self._reader = reader
        mover = movement.Mover(cloud, reader)
        builder = rebuilding.Rebuilder(cloud, reader)
        self._actions = {
            "reboot": self._reboot,
            "changePassword": self._change_password,
            "lock": self._lock,
            "unlock": self._unlock,
            "os-resetState": self._reset_state,
            "createImage": self._create_image,
            "createBackup": self._create_image,
            "forceDelete": self._force_delete,
            "addSecurityGroup": self._add_group,
            "removeSecurityGroup": self._remove_group,
            "os-getConsoleOutput": self._console_output,
            "os-getVNCConsole": self._console,
            "os-getSPICEConsole": self._console,
            "os-getSerialConsole": self._console,
            "trigger_crash_dump": self._crash_dump,
            "rescue": self._rescue,
            "rebuild": builder.rebuild,
            **mover.actions(),
        }

    @web.route("POST", "/servers/{server_id}/action")
    def act(self, request, server_id):
        """Do what the one key of the body names."""
        base.require_writer(request, "servers:action")
        body = request.json()
        if len(body) != 1:
            raise web.Fault(400, "There must be exactly one action in the request body.")
        ((name, argument),) = body.items()
        if name in _ADMIN:
            base.require_admin(request, f"os-{name}")
        if name in _STAYS_UNLOCKED:
            server = self.server(request, server_id)
        else:
            server = self.unlocked_server(request, server_id)
        plain = _PLAIN.get(name)
        if plain is not None:
            base.ensure(server, plain)
            self.cloud.lifecycle.operate(server, plain, base.caller(request))
            return web.Response(202)
        action = self._actions.get(name)
        if action is None:
            raise web.Fault(400, f"There is no such action: {name}")
        return action(request, server, argument) or web.Response(202)

    def _reboot(self, request, server, argument):
        kind = str(_object(argument, "reboot").get("type", "")).upper()
        if kind not in ("SOFT", "HARD"):
            raise base.invalid("reboot.type", kind, f"{kind!r} is not one of ['SOFT', 'HARD']")
        base.ensure(server, f"reboot {kind}")
        self.cloud.lifecycle.operate(server, f"reboot {kind}", base.caller(request))

    def _change_password(self, request, server, argument):
        password = _object(argument, "changePassword").get("adminPass")
        base.text(password, "changePassword.adminPass", shortest=0)
        base.ensure(server, "changePassword")
        self.cloud.lifecycle.operate(server, "changePassword", base.caller(request))

    def _rescue(self, request, server, argument):
        argument = argument or {}
        known = {"adminPass", "rescue_image_ref"}
        base.check_keys(_object(argument, "rescue"), "rescue", known)
        reference = argument.get("rescue_image_ref")
        if reference:
            self._reader.image(reference, request.token)
        base.ensure(server, "rescue")
        if not server["image"] and request.microversion[1] < 87:
            raise web.Fault(
                400,
                f"Instance {server['id']} cannot be rescued: Cannot rescue a "
                "volume-backed instance",
            )
        self.cloud.lifecycle.operate(server, "rescue", base.caller(request))
        return web.Response(
            200, {"adminPass": argument.get("adminPass") or building.make_password()}
        )

    def _lock(self, request, server, argument):
        reason = None
        if request.microversion[1] >= 73 and argument:
            reason = _object(argument, "lock").get("locked_reason")
        record = self.cloud.fleet.change(server["id"], locked=True, locked_reason=reason)
        self.cloud.notices.emit(record, "lock", "end")

    def _unlock(self, request, server, argument):
        record = self.cloud.fleet.change(server["id"], locked=False, locked_reason=None)
        self.cloud.notices.emit(record, "unlock", "end")

    def _reset_state(self, request, server, argument):
        state = _object(argument, "os-resetState").get("state")
        if state not in (states.ACTIVE, states.ERROR):
            raise base.invalid(
                "os-resetState.state", state, f"{state!r} is not one of ['active', 'error']"
            )
        record = self.cloud.fleet.change(
            server["id"],
            vm_state=state,
            task_state=None,
            pending=None,
            launched_at=server["launched_at"] or self.cloud.clock.time(),
        )
        self.cloud.notices.emit(record, "update", "end")

    def _force_delete(self, request, server, argument):
        self.cloud.lifecycle.delete(server, base.caller(request))

    def _create_image(self, request, server, argument):
        argument = _object(argument, "createImage")
        name = base.text(argument.get("name"), "createImage.name")
        metadata = base.metadata(argument.get("metadata") or {}, "createImage.metadata")
        base.ensure(server, "createImage")
        properties = {
            **metadata,
            "instance_uuid": server["id"],
            "image_type": "snapshot",
            "base_image_ref": server["image"] or "",
            "user_id": request.token.user_id,
        }
        image = self.cloud.image.create_snapshot(name, server["project_id"], properties)
        self.cloud.lifecycle.operate(server, "createImage", base.caller(request))
        if request.microversion[1] >= 45:
            return web.Response(202, {"image_id": image["id"]})
        location = f"{request.host_url}/image/v2/images/{image['id']}"
        return web.Response(202, None, {"Location": location})

    def _add_group(self, request, server, argument):
        group = self._security_group(server, argument, "addSecurityGroup")
        self.cloud.ports.set_security_group(server, group["id"], True)
        if group["name"] not in server["security_groups"]:
            groups = [*server["security_groups"], group["name"]]
            self.cloud.fleet.change(server["id"], security_groups=groups)

    def _remove_group(self, request, server, argument):
        group = self._security_group(server, argument, "removeSecurityGroup")
        if group["name"] not in server["security_groups"]:
            raise web.Fault(
                404,
                f"Security group {group['name']} not associated with the instance {server['id']}",
            )
        self.cloud.ports.set_security_group(server, group["id"], False)
        groups = [name for name in server["security_groups"] if name != group["name"]]
        self.cloud.fleet.change(server["id"], security_groups=groups)

    def _security_group(self, server, argument, path):
        name = base.text(_object(argument, path).get("name"), f"{path}.name")
        return self.cloud.ports.security_group(name, server["project_id"], 404)

    def _console_output(self, request, server, argument):
        base.ensure(server, "get_console_output")
        length = (argument or {}).get("length")
        lines = [
            f"[    0.000000] {server['hostname']} console",
            f"[    1.000000] {server['hostname']} login:",
        ]
        if length is not None:
            length = base.integer(length, "os-getConsoleOutput.length", low=-1)
            lines = lines if length < 0 else lines[len(lines) - min(length, len(lines)) :]
        return web.Response(200, {"output": "\n".join(lines)})

    def _console(self, request, server, argument):
        if request.microversion[1] > _LAST_VNC:
            raise web.Fault(404, "The resource could not be found.")
        kind = _object(argument, "console").get("type")
        return web.Response(
            200, {"console": {"type": kind, "url": console_url(request, server, kind)}}
        )

    def _crash_dump(self, request, server, argument):
        base.ensure(server, "trigger_crash_dump")


def console_url(request, server, kind):
    """Make the address of a console that nobody listens on."""
    return f"{request.host_url}/console/{kind}?token={server['id']}"


def _object(argument, path):
    if not isinstance(argument, dict):
        raise base.invalid(path, argument, f"{argument!r} is not of type 'object'")
    return argument
