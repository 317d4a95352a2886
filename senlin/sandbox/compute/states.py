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

"""The status machine of a server: states, what is shown, what is allowed.

The tables follow the compute API reference: a server's ``status`` is made of
its ``vm_state`` and ``task_state``, and every action names the ``vm_state``
(and ``task_state``) it may be asked in.
"""

from dataclasses import dataclass

ACTIVE = "active"
BUILDING = "building"
PAUSED = "paused"
SUSPENDED = "suspended"
STOPPED = "stopped"
RESCUED = "rescued"
RESIZED = "resized"
SOFT_DELETED = "soft-delete"
DELETED = "deleted"
ERROR = "error"
SHELVED = "shelved"
SHELVED_OFFLOADED = "shelved_offloaded"

VM_STATES = (
    ACTIVE,
    BUILDING,
    PAUSED,
    SUSPENDED,
    STOPPED,
    RESCUED,
    RESIZED,
    SOFT_DELETED,
    DELETED,
    ERROR,
    SHELVED,
    SHELVED_OFFLOADED,
)

#: Power states as numbers, the way the API shows them.
NOSTATE, RUNNING, POWER_PAUSED, SHUTDOWN, CRASHED, POWER_SUSPENDED = 0, 1, 3, 4, 6, 7

_REBUILD_TASKS = {
    "rebuilding": "REBUILD",
    "rebuild_block_device_mapping": "REBUILD",
    "rebuild_spawning": "REBUILD",
}
_RESIZE_TASKS = {
    "resize_prep": "RESIZE",
    "resize_migrating": "RESIZE",
    "resize_migrated": "RESIZE",
    "resize_finish": "RESIZE",
}

_STATUS = {
    ACTIVE: (
        "ACTIVE",
        {
            "rebooting": "REBOOT",
            "reboot_pending": "REBOOT",
            "reboot_started": "REBOOT",
            "rebooting_hard": "HARD_REBOOT",
            "reboot_pending_hard": "HARD_REBOOT",
            "reboot_started_hard": "HARD_REBOOT",
            "updating_password": "PASSWORD",
            "migrating": "MIGRATING",
            **_REBUILD_TASKS,
            **_RESIZE_TASKS,
        },
    ),
    BUILDING: ("BUILD", {}),
    STOPPED: ("SHUTOFF", {**_REBUILD_TASKS, **_RESIZE_TASKS}),
    RESIZED: ("VERIFY_RESIZE", {"resize_reverting": "REVERT_RESIZE"}),
    PAUSED: ("PAUSED", {"migrating": "MIGRATING"}),
    SUSPENDED: ("SUSPENDED", {}),
    RESCUED: ("RESCUE", {}),
    ERROR: ("ERROR", dict(_REBUILD_TASKS)),
    DELETED: ("DELETED", {}),
    SOFT_DELETED: ("SOFT_DELETED", {}),
    SHELVED: ("SHELVED", {}),
    SHELVED_OFFLOADED: ("SHELVED_OFFLOADED", {}),
}


def status_of(vm_state, task_state):
    """The ``status`` text the API shows for a pair of states."""
    default, tasks = _STATUS.get(vm_state, ("UNKNOWN", {}))
    return tasks.get(task_state, default)


def vm_states_of(status):
    """The vm states a server with this ``status`` can be in; none when unknown."""
    wanted = status.upper()
    return [
        vm_state
        for vm_state, (default, tasks) in _STATUS.items()
        if default == wanted or wanted in tasks.values()
    ]


@dataclass(frozen=True, slots=True)
class Rule:
    """When an action may be asked for.

    ``vm_states`` and ``task_states`` are None when any will do; ``launched``
    asks that the server has been running at least once.
    """

    vm_states: frozenset | None
    task_states: frozenset | None = frozenset({None})
    launched: bool = True


def _rule(*vm_states, tasks=(None,), launched=True):
    return Rule(
        frozenset(vm_states) if vm_states else None,
        None if tasks is None else frozenset(tasks),
        launched,
    )


_SNAPSHOT = _rule(ACTIVE, STOPPED, PAUSED, SUSPENDED)
_REBOOT_TASKS = (
    None,
    "rebooting",
    "reboot_pending",
    "reboot_started",
    "rebooting_hard",
    "resuming",
    "unpausing",
    "pausing",
    "suspending",
)

#: Action name as error texts spell it -> when it is allowed.
RULES = {
    "start": _rule(STOPPED),
    "stop": _rule(ACTIVE, ERROR),
    "pause": _rule(ACTIVE),
    "unpause": _rule(PAUSED),
    "suspend": _rule(ACTIVE),
    "resume": _rule(SUSPENDED),
    "reboot SOFT": _rule(ACTIVE, tasks=_REBOOT_TASKS),
    "reboot HARD": _rule(ACTIVE, STOPPED, PAUSED, SUSPENDED, ERROR, tasks=_REBOOT_TASKS),
    "rebuild": _rule(ACTIVE, STOPPED, ERROR, launched=False),
    "changePassword": _rule(ACTIVE),
    "rescue": _rule(ACTIVE, STOPPED, ERROR),
    "unrescue": _rule(RESCUED),
    "resize": _rule(ACTIVE, STOPPED),
    "migrate": _rule(ACTIVE, STOPPED),
    "confirmResize": _rule(RESIZED),
    "revertResize": _rule(RESIZED),
    "os-migrateLive": _rule(ACTIVE, PAUSED),
    "evacuate": _rule(ACTIVE, STOPPED, ERROR, tasks=None),
    "createImage": _SNAPSHOT,
    "createBackup": _SNAPSHOT,
    "shelve": _SNAPSHOT,
    "shelveOffload": _rule(SHELVED),
    "unshelve": _rule(SHELVED, SHELVED_OFFLOADED),
    "restore": _rule(SOFT_DELETED),
    "update metadata": _rule(ACTIVE, PAUSED, SUSPENDED, STOPPED, launched=False),
    "delete metadata": _rule(ACTIVE, PAUSED, SUSPENDED, STOPPED, launched=False),
    "attach_interface": _rule(ACTIVE, PAUSED, STOPPED),
    "detach_interface": _rule(ACTIVE, PAUSED, STOPPED),
    "attach_volume": _rule(
        ACTIVE, PAUSED, STOPPED, RESIZED, SOFT_DELETED, SHELVED, SHELVED_OFFLOADED
    ),
    "detach_volume": _rule(
        ACTIVE, PAUSED, SUSPENDED, STOPPED, RESIZED, SOFT_DELETED, SHELVED, SHELVED_OFFLOADED
    ),
    "get_console_output": _rule(launched=True, tasks=None),
    "get_diagnostics": _rule(ACTIVE, PAUSED, RESCUED, tasks=None),
    "trigger_crash_dump": _rule(ACTIVE, PAUSED, RESCUED, RESIZED, ERROR),
}


def refusal(server, action, shown=None):
    """Why an action is refused in the server's present state.

    :param server: the server's record.
    :param action: a key of :data:`RULES`.
    :param shown: the action's name in the text when it differs from the key.
    :returns: the sentence for a 409 answer, or None when the action is allowed.
    """
    rule = RULES[action]
    shown = shown or action.removesuffix(" SOFT").removesuffix(" HARD")
    for attr, allowed in (("vm_state", rule.vm_states), ("task_state", rule.task_states)):
        if allowed is not None and server[attr] not in allowed:
            return f"Cannot '{shown}' instance {server['id']} while it is in {attr} {server[attr]}"
    if rule.launched and not server["launched_at"]:
        return f"Instance {server['id']} is in an invalid state for '{shown}'"
    return None
