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

"""Actions that take a server to another host or size: resize, migrate, evacuate.

A cold migration or resize ends in VERIFY_RESIZE with the way back kept in the
record's ``resized_from``; confirming or reverting it drops that.
"""

import uuid

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building
from senlin.sandbox.compute import lifecycle
from senlin.sandbox.compute import states

MIGRATIONS = "compute.migrations"
_KEPT = 2000


class Migrations:
    """The records of migrations, newest last; only the newest are kept."""

    def __init__(self, store, clock):
        self._store = store
        self._clock = clock
        self._table = store.table(MIGRATIONS)
        self._running = {}

    def load(self):
        """Find the migrations under way again."""
        self._running = {
            record["server_id"]: key
            for key, record in self._table.items()
            if record["status"] not in ("confirmed", "reverted", "completed", "done", "failed")
        }

    def all(self):
        """Give every record, oldest first."""
        return list(self._table.values())

    def begin(self, server, kind, target, new_flavor, token):
        """Note a migration that begins.

        :param kind: migration, resize, live-migration or evacuation.
        """
        key = str(uuid.uuid4())
        now = self._clock.time()
        number = 1 + max((record["id"] for record in self._table.values()), default=0)
        record = {
            "id": number,
            "uuid": key,
            "server_id": server["id"],
            "type": kind,
            "source": server["host"],
            "target": target,
            "status": "running" if kind == "live-migration" else "migrating",
            "old_flavor": server["flavor"]["id"],
            "new_flavor": (new_flavor or server["flavor"])["id"],
            "user_id": token.user_id,
            "project_id": token.project_id,
            "created": now,
            "updated": now,
        }
        self._store.put(MIGRATIONS, key, record)
        self._running[server["id"]] = key
        if len(self._table) > _KEPT:
            self._store.delete(MIGRATIONS, next(iter(self._table)))

    def finish(self, server_id, status):
        """Note how a server's migration went; nothing without one under way."""
        key = self._running.get(server_id)
        record = self._table.get(key) if key else None
        if record is None:
            self._running.pop(server_id, None)
            return
        if status != "finished":
            del self._running[server_id]
        self._store.put(
            MIGRATIONS, key, {**record, "status": status, "updated": self._clock.time()}
        )


class Mover:
    """The actions that move servers."""

    def __init__(self, cloud, reader):
        self._cloud = cloud
        self._reader = reader

    def actions(self):
        """Give action name -> method."""
        return {
            "resize": self.resize,
            "migrate": self.migrate,
            "confirmResize": self.confirm,
            "revertResize": self.revert,
            "os-migrateLive": self.live_migrate,
            "evacuate": self.evacuate,
            "shelve": self.shelve,
            "shelveOffload": self.shelve_offload,
            "unshelve": self.unshelve,
        }

    def resize(self, request, server, argument):
        """Give the server another flavor, to be confirmed."""
        base.check_keys(_object(argument, "resize"), "resize", {"flavorRef", "OS-DCF:diskConfig"})
        base.ensure(server, "resize")
        flavor = self._reader.flavor(argument.get("flavorRef"), request.token)
        if flavor["id"] == server["flavor"]["id"]:
            raise web.Fault(400, "When resizing, instances must change flavor!")
        if flavor["disk"] < server["flavor"]["disk"] and not flavor["disk"] and server["image"]:
            raise web.Fault(400, "Flavor's disk is too small for requested image.")
        self._cloud.quotas.check_growth(server["project_id"], server["flavor"], flavor)
        self._move_cold(request, server, "resize", flavor, None)

    def migrate(self, request, server, argument):
        """Move the server to another host, to be confirmed."""
        target = (argument or {}).get("host") if request.microversion[1] >= 56 else None
        base.ensure(server, "migrate")
        self._check_host(target)
        if target == server["host"] and target:
            raise web.Fault(400, "The target host can't be the same one.")
        self._move_cold(request, server, "migrate", server["flavor"], target)

    def _move_cold(self, request, server, name, flavor, target):
        avoid = (server["host"],) if name == "migrate" else ()
        host = self._cloud.scheduler.choose(server, flavor, target, avoid)
        if host is None:
            self._refused(request, server, name)
            return
        kind = "resize" if name == "resize" else "migration"
        self._cloud.migrations.begin(server, kind, host, flavor, request.token)
        back = {key: server[key] for key in ("host", "flavor", "vm_state", "power_state")}
        self._cloud.lifecycle.operate(
            server,
            name,
            base.caller(request),
            after={"host": host, "flavor": flavor, "resized_from": back},
        )

    def confirm(self, request, server, argument):
        """Accept a resize or cold migration."""
        base.ensure(server, "confirmResize")
        back = server.get("resized_from") or {}
        stopped = back.get("vm_state") == states.STOPPED
        self._cloud.lifecycle.operate(
            server,
            "confirmResize",
            base.caller(request),
            after={
                "vm_state": states.STOPPED if stopped else states.ACTIVE,
                "power_state": states.SHUTDOWN if stopped else states.RUNNING,
                "resized_from": None,
            },
        )
        return web.Response(204)

    def revert(self, request, server, argument):
        """Go back to the size and host before."""
        base.ensure(server, "revertResize")
        back = server.get("resized_from") or {
            "vm_state": states.ACTIVE,
            "power_state": states.RUNNING,
        }
        self._cloud.lifecycle.operate(
            server, "revertResize", base.caller(request), after={**back, "resized_from": None}
        )

    def live_migrate(self, request, server, argument):
        """Move a running server to another host."""
        argument = _object(argument, "os-migrateLive")
        if "host" not in argument or "block_migration" not in argument:
            raise base.invalid(
                "os-migrateLive", argument, "'host' and 'block_migration' are required"
            )
        base.ensure(server, "os-migrateLive")
        target = argument["host"]
        self._check_host(target)
        if target and target == server["host"]:
            raise web.Fault(
                400, f"Unable to migrate instance ({server['id']}) to current host ({target})."
            )
        host = self._cloud.scheduler.choose(server, host=target, avoid=(server["host"],))
        if host is None:
            if request.microversion[1] >= 34:
                self._refused(request, server, "live-migration")
                return
            raise web.Fault(400, lifecycle.NO_HOST)
        self._cloud.migrations.begin(server, "live-migration", host, None, request.token)
        self._cloud.lifecycle.operate(
            server, "os-migrateLive", base.caller(request), after={"host": host}
        )

    def evacuate(self, request, server, argument):
        """Rebuild a server of a dead host on another one."""
        argument = argument or {}
        minor = request.microversion[1]
        known = {"host", "adminPass"}
        known |= {"onSharedStorage"} if minor < 14 else set()
        known |= {"force"} if 29 <= minor < 68 else set()
        base.check_keys(_object(argument, "evacuate"), "evacuate", known)
        target = argument.get("host")
        self._check_host(target)
        base.ensure(server, "evacuate")
        if target and target == server["host"]:
            raise web.Fault(400, "The target host can't be the same one.")
        if self._cloud.hosts.is_up(server["host"]):
            raise web.Fault(400, f"Compute service of {server['host']} is still in use.")
        host = self._cloud.scheduler.choose(server, host=target, avoid=(server["host"],))
        if host is None:
            self._cloud.lifecycle.fail(server, lifecycle.NO_HOST, "evacuate")
            return None
        self._cloud.migrations.begin(server, "evacuation", host, None, request.token)
        stopped = server["vm_state"] == states.STOPPED or minor >= 95
        self._cloud.lifecycle.operate(
            server,
            "evacuate",
            base.caller(request),
            after={
                "host": host,
                "vm_state": states.STOPPED if stopped else states.ACTIVE,
                "power_state": states.SHUTDOWN if stopped else states.RUNNING,
                "fault": None,
            },
        )
        if minor < 14:
            password = argument.get("adminPass") or building.make_password()
            return web.Response(200, {"adminPass": password})
        return web.Response(200)

    def shelve(self, request, server, argument):
        """Take the server off its host, keeping what is needed to bring it back."""
        base.ensure(server, "shelve")
        self._cloud.lifecycle.operate(server, "shelve", base.caller(request), after={"host": None})

    def shelve_offload(self, request, server, argument):
        """Take a shelved server off its host."""
        base.ensure(server, "shelveOffload")
        self._cloud.lifecycle.operate(
            server, "shelveOffload", base.caller(request), after={"host": None}
        )

    def unshelve(self, request, server, argument):
        """Bring a shelved server back, on a host of the scheduler's choice."""
        base.ensure(server, "unshelve")
        argument = argument or {}
        zone = argument.get("availability_zone")
        if zone is not None and not self._cloud.hosts.is_zone_available(zone):
            raise web.Fault(400, "The requested availability zone is not available")
        wanted = {**server, "wanted_zone": zone or server["wanted_zone"]}
        host = self._cloud.scheduler.choose(wanted, host=argument.get("host"))
        if host is not None:
            self._cloud.lifecycle.operate(
                server, "unshelve", base.caller(request), after={"host": host}
            )

    def _refused(self, request, server, name):
        """Note that no host would do: only the list of actions tells."""
        now = self._cloud.clock.time()
        actions = lifecycle.logged(server["actions"], name, base.caller(request), now)
        self._cloud.fleet.change(server["id"], actions=lifecycle.finished(actions, now, "Error"))

    def _check_host(self, name):
        if name and self._cloud.hosts.get(name) is None:
            raise web.Fault(400, f"Compute host {name} could not be found.")


def _object(argument, path):
    if not isinstance(argument, dict):
        raise base.invalid(path, argument, f"{argument!r} is not of type 'object'")
    return argument
