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

"""What happens to servers as time passes.

A server that is on its way carries ``pending``: when it arrives (``due``, epoch
seconds) and as what (``then``). A heap of those times is drained by
:meth:`Lifecycle.settle`, on every request and by one timer thread, so no server
costs a thread and a restarted cloud takes up where it was.
"""

from dataclasses import dataclass
import heapq
import itertools

from senlin.sandbox.compute import states

NO_HOST = "No valid host was found. There are not enough hosts available."
_ACTIONS_KEPT = 15


@dataclass(frozen=True, slots=True)
class Operation:
    """A plain operation: the task while it goes on and the state after it.

    ``notice`` is the legacy notification name, None for an operation nobody
    is told of; ``vm_state`` and ``power_state`` None leave what was there.
    """

    task_state: str | None
    vm_state: str | None
    power_state: int | None
    notice: str | None


OPERATIONS = {
    "start": Operation("powering-on", states.ACTIVE, states.RUNNING, "power_on"),
    "stop": Operation("powering-off", states.STOPPED, states.SHUTDOWN, "power_off"),
    "pause": Operation("pausing", states.PAUSED, states.POWER_PAUSED, "pause"),
    "unpause": Operation("unpausing", states.ACTIVE, states.RUNNING, "unpause"),
    "suspend": Operation("suspending", states.SUSPENDED, states.POWER_SUSPENDED, "suspend"),
    "resume": Operation("resuming", states.ACTIVE, states.RUNNING, "resume"),
    "reboot SOFT": Operation("rebooting", states.ACTIVE, states.RUNNING, "reboot"),
    "reboot HARD": Operation("rebooting_hard", states.ACTIVE, states.RUNNING, "reboot"),
    "changePassword": Operation("updating_password", None, None, None),
    "rescue": Operation("rescuing", states.RESCUED, states.RUNNING, "rescue"),
    "unrescue": Operation("unrescuing", states.ACTIVE, states.RUNNING, "unrescue"),
    "restore": Operation("restoring", states.ACTIVE, states.RUNNING, "restore"),
    "createImage": Operation("image_snapshot", None, None, "snapshot"),
    "rebuild": Operation("rebuilding", None, None, "rebuild"),
    "evacuate": Operation("rebuilding", None, None, "evacuate"),
    "resize": Operation("resize_prep", states.RESIZED, None, "resize"),
    "migrate": Operation("resize_prep", states.RESIZED, None, "resize"),
    "confirmResize": Operation(None, None, None, "resize.confirm"),
    "revertResize": Operation("resize_reverting", None, None, "resize.revert"),
    "os-migrateLive": Operation("migrating", None, None, "live_migration._post"),
    "shelve": Operation("shelving", states.SHELVED_OFFLOADED, states.SHUTDOWN, "shelve"),
    "shelveOffload": Operation(
        "shelving_offloading", states.SHELVED_OFFLOADED, states.SHUTDOWN, "shelve_offload"
    ),
    "unshelve": Operation("unshelving", states.ACTIVE, states.RUNNING, "unshelve"),
}


class Lifecycle:
    """Moves servers from state to state.

    :param fleet: the servers.
    :param hosts: the compute hosts.
    :param ports: plugs and unplugs network interfaces.
    :param knobs: delays and failure rates.
    :param notices: where notifications go.
    :param migrations: has ``finish(server_id, status)``.
    :param clock: has ``time()``.
    :param on_earlier: called when something became due before all else.
    """

    def __init__(self, fleet, hosts, ports, knobs, notices, migrations, clock, on_earlier):
        self._fleet = fleet
        self._hosts = hosts
        self._ports = ports
        self._knobs = knobs
        self._notices = notices
        self._migrations = migrations
        self._clock = clock
        self._on_earlier = on_earlier
        self._numbers = itertools.count()
        self._heap = []
        self._parked = {}
        self._endings = {"built": self._built, "deleted": self._deleted}

    def load(self):
        """Take up what was under way when the records were last written."""
        self._heap.clear()
        self._parked.clear()
        for record in self._fleet.records():
            if record["pending"]:
                self._push(record)

    @property
    def next_due(self):
        """When :meth:`settle` has work next, epoch seconds, or None."""
        return self._heap[0][0] if self._heap else None

    def settle(self):
        """Bring every server that is due to the state it was going to."""
        if self._parked:
            self._unpark()
        if not self._heap:
            return
        now = self._clock.time()
        while self._heap and self._heap[0][0] <= now:
            due, _, server_id = heapq.heappop(self._heap)
            record = self._fleet.get(server_id)
            if record is None or not record["pending"] or record["pending"]["due"] != due:
                continue
            host = record["host"]
            if host and not self._hosts.is_up(host) and record["pending"]["then"] != "evacuate":
                self._parked.setdefault(host, []).append(server_id)
                continue
            then = record["pending"]["then"]
            ending = self._endings.get(then)
            if ending is not None:
                ending(record)
            else:
                self._arrived(record, then)

    def admit(self, record, host):
        """Put a new server into the fleet and let it begin to build.

        :param record: the new record; it is completed here.
        :param host: the chosen host's name, or None when none would do.
        """
        if host is None:
            self._fleet.add(record)
            self._fail(record, NO_HOST, "create")
            return
        delay = _seconds(record["metadata"].get("bench.delay"), self._knobs.active_delay)
        record["host"] = host
        record["zone"] = self._hosts.zone_of(host)
        record["task_state"] = "spawning"
        record["pending"] = {"due": self._clock.time() + delay, "then": "built"}
        self._fleet.add(record)
        self._push(record)
        self._notices.emit(record, "create", "start")

    def abort(self, record, why):
        """Put a new server into the fleet that fails before it is anywhere.

        :param why: what stopped its build.
        """
        self._fleet.add(record)
        self._fail(record, _aborted(record, why), "create")

    def operate(self, server, operation_name, caller, /, *, after=None, **changes):
        """Begin an operation of :data:`OPERATIONS`; it ends after a delay.

        :param server: the server's record.
        :param caller: a (request id, user id, project id) triple for the
            server's list of actions.
        :param after: dict of fields to set when the operation ends.
        :param changes: fields to set at once.
        :returns: the new record.
        """
        operation = OPERATIONS[operation_name]
        now = self._clock.time()
        due = now + self._knobs.operation_delay
        record = self._fleet.change(
            server["id"],
            task_state=operation.task_state,
            pending={"due": due, "then": operation_name, "after": after or {}},
            actions=logged(server["actions"], operation_name.split(" ")[0], caller, now),
            **changes,
        )
        self._push(record)
        if operation.notice:
            self._notices.emit(record, operation.notice, "start")
        return record

    def delete(self, server, caller, force=False):
        """Begin to delete a server; a second call while it goes on is harmless."""
        if server["pending"] and server["pending"]["then"] == "deleted" and not force:
            return
        now = self._clock.time()
        delay = _seconds(server["metadata"].get("bench.destroy"), self._knobs.delete_delay)
        host = server["host"]
        if host and not self._hosts.is_up(host):
            # The compute API deletes by itself what a dead host cannot.
            delay = 0
        record = self._fleet.change(
            server["id"],
            task_state="deleting",
            pending={"due": now + delay, "then": "deleted"},
            actions=logged(server["actions"], "delete", caller, now),
        )
        self._notices.emit(record, "delete", "start")
        if host and not self._hosts.is_up(host):
            self._deleted(record)
        else:
            self._push(record)

    def soft_delete(self, server, caller):
        """Put a server aside until it is restored or deleted for good."""
        now = self._clock.time()
        record = self._fleet.change(
            server["id"],
            vm_state=states.SOFT_DELETED,
            power_state=states.SHUTDOWN,
            task_state=None,
            pending=None,
            actions=logged(server["actions"], "delete", caller, now),
        )
        self._notices.emit(record, "soft_delete", "start")
        self._notices.emit(record, "soft_delete", "end")

    def vanish(self, server):
        """Remove a server at once, as somebody else's deletion would have."""
        self._notices.emit(server, "delete", "start")
        self._deleted(server)

    def fail(self, server, message, action="create"):
        """Put a server into ERROR with a fault."""
        return self._fail(server, message, action)

    def _push(self, record):
        due = record["pending"]["due"]
        if not self._heap or due < self._heap[0][0]:
            heapq.heappush(self._heap, (due, next(self._numbers), record["id"]))
            self._on_earlier()
        else:
            heapq.heappush(self._heap, (due, next(self._numbers), record["id"]))

    def _unpark(self):
        for host in [name for name in self._parked if self._hosts.is_up(name)]:
            for server_id in self._parked.pop(host):
                record = self._fleet.get(server_id)
                if record is not None and record["pending"]:
                    self._push(record)

    def _built(self, server):
        if server["metadata"].get("bench.fail") == "spawn":
            self._fail(server, _aborted(server, "asked to fail"), "create")
            return
        if self._knobs.roll(self._knobs.build_failure_rate):
            self._fail(
                server,
                "Exceeded maximum number of retries. Exhausted all hosts available for "
                f"retrying build failures for instance {server['id']}.",
                "create",
            )
            return
        now = self._clock.time()
        record = self._fleet.change(
            server["id"],
            vm_state=states.ACTIVE,
            power_state=states.RUNNING,
            task_state=None,
            progress=0,
            launched_at=now,
            pending=None,
            actions=finished(server["actions"], now),
        )
        self._notices.emit(record, "create", "end")

    def _fail(self, server, message, action):
        now = self._clock.time()
        changes = {}
        if action == "create":
            self._ports.unplug_all(server)
            changes = {"host": None, "zone": server["wanted_zone"], "nics": []}
        record = self._fleet.change(
            server["id"],
            vm_state=states.ERROR,
            task_state=None,
            pending=None,
            fault={"code": 500, "created": now, "message": message},
            actions=finished(server["actions"], now, "Error"),
            **changes,
        )
        self._notices.emit(record, action, "error", message)
        return record

    def _deleted(self, server):
        now = self._clock.time()
        self._notices.emit(server, "shutdown", "start")
        self._notices.emit(server, "shutdown", "end")
        self._ports.unplug_all(server)
        record = self._fleet.remove(
            server["id"],
            vm_state=states.DELETED,
            power_state=states.NOSTATE,
            task_state=None,
            pending=None,
            terminated_at=now,
            nics=[],
            actions=finished(server["actions"], now),
        )
        self._migrations.finish(server["id"], "confirmed")
        self._notices.emit(record, "delete", "end")

    def _arrived(self, server, name):
        operation = OPERATIONS[name]
        now = self._clock.time()
        after = server["pending"]["after"]
        if name in ("rebuild", "evacuate") and server["metadata"].get("bench.fail") == "spawn":
            self._fail(server, f"Failed to {name} the instance: spawn failed.", name)
            self._migrations.finish(server["id"], "failed")
            return
        changes = {"task_state": None, "pending": None, "actions": finished(server["actions"], now)}
        if operation.vm_state:
            changes["vm_state"] = operation.vm_state
            changes["power_state"] = operation.power_state
            if operation.power_state is None:
                changes["power_state"] = server["power_state"]
        changes.update(after)
        if changes.get("host", server["host"]) != server["host"]:
            host = changes["host"]
            changes["zone"] = self._hosts.zone_of(host) if host else server["zone"]
            if host:
                self._ports.move(server, host)
        record = self._fleet.change(server["id"], **changes)
        self._migrations.finish(server["id"], _migration_status(name))
        if operation.notice:
            self._notices.emit(record, operation.notice, "end")
            if name in ("resize", "migrate"):
                self._notices.emit(record, "finish_resize", "end")


def _aborted(server, why):
    return f"Build of instance {server['id']} aborted: {why}"


def logged(actions, name, caller, now):
    """Give the list of actions with a new one under way at its end."""
    request_id, user_id, project_id = caller
    entry = {
        "action": name,
        "request_id": request_id,
        "user_id": user_id,
        "project_id": project_id,
        "start": now,
        "finish": None,
        "result": None,
    }
    return [*actions[-_ACTIONS_KEPT:], entry]


def finished(actions, now, result="Success"):
    """Give the list of actions with the last one ended."""
    if not actions or actions[-1]["finish"] is not None:
        return actions
    return [*actions[:-1], {**actions[-1], "finish": now, "result": result}]


def _migration_status(name):
    return {
        "resize": "finished",
        "migrate": "finished",
        "confirmResize": "confirmed",
        "revertResize": "reverted",
        "evacuate": "done",
    }.get(name, "completed")


def _seconds(text, default):
    """The seconds a server's own metadata asks for, else the knob's."""
    if text is None:
        return default
    try:
        return min(3600.0, max(0.0, float(text)))
    except ValueError:
        return default
