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

"""Nova's notifications about servers, in both formats, through a callable.

Legacy ones are named ``compute.instance.<action>.<phase>`` and published by
``compute.<host>``; versioned ones ``instance.<action>.<phase>`` by
``nova-compute:<host>``. They wait in a bounded outbox until :meth:`Notices.flush`
sends them outside of any lock.
"""

import collections
import threading
import time

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

_ROOM = 50_000

#: Legacy action name -> versioned one, where they differ.
_VERSIONED = {
    "finish_resize": "resize_finish",
    "resize.prep": "resize_prep",
    "resize.confirm": "resize_confirm",
    "resize.revert": "resize_revert",
    "live_migration.pre": "live_migration_pre",
    "live_migration._post": "live_migration_post",
    "volume.attach": "volume_attach",
    "volume.detach": "volume_detach",
}
#: Versioned action name -> name and version of its payload, where they are special.
_PAYLOAD = ("InstanceActionPayload", "1.9")
_PAYLOADS = {
    "create": ("InstanceCreatePayload", "1.13"),
    "rebuild": ("InstanceActionRebuildPayload", "1.10"),
    "rescue": ("InstanceActionRescuePayload", "1.4"),
    "resize_prep": ("InstanceActionResizePrepPayload", "1.4"),
    "snapshot": ("InstanceActionSnapshotPayload", "1.10"),
    "volume_attach": ("InstanceActionVolumePayload", "1.7"),
    "volume_detach": ("InstanceActionVolumePayload", "1.7"),
}
_ONLY_VERSIONED = frozenset({"lock", "unlock", "interface_attach", "interface_detach"})
_POWER = {0: "pending", 1: "running", 3: "paused", 4: "shutdown", 6: "crashed", 7: "suspended"}


class Notices:
    """Collects notifications and hands them to ``notifier``.

    :param notifier: called with (publisher_id, event_type, payload, priority);
        None collects nothing.
    """

    def __init__(self, notifier=None):
        self._notifier = notifier
        self._outbox = collections.deque()
        self._dropped = 0
        self._sending = threading.Lock()

    @property
    def waiting(self):
        """True when :meth:`flush` would send something."""
        return bool(self._outbox)

    def emit(self, server, action, phase, message=None):
        """Put one notification, in both formats, into the outbox.

        :param server: the server's record as of the event.
        :param action: the legacy action name, e.g. ``power_off``.
        :param phase: ``start``, ``end`` or ``error``.
        :param message: the failure's text in the ``error`` phase.
        """
        if self._notifier is None:
            return
        if len(self._outbox) >= _ROOM:
            self._outbox.popleft()
            self._dropped += 1
            if self._dropped % 1000 == 1:
                LOG.warning("%s notifications were dropped, unsent.", self._dropped)
        self._outbox.append((server, action, phase, message))

    def flush(self):
        """Send what is in the outbox, in order; a failing notifier is only logged."""
        with self._sending:
            while self._outbox:
                for notice in _render(*self._outbox.popleft()):
                    self._send(notice)

    def _send(self, notice):
        try:
            self._notifier(*notice)
        except Exception:
            # Nobody's call to the cloud may fail because a bus is away.
            LOG.exception("Could not send the notification %s.", notice[1])


def _render(server, action, phase, message):
    host = server["host"] or "sandbox"
    priority = "error" if phase == "error" else "info"
    if action not in _ONLY_VERSIONED:
        payload = legacy_payload(server)
        if message:
            payload["message"] = message
        yield f"compute.{host}", f"compute.instance.{action}.{phase}", payload, priority
    name = _VERSIONED.get(action, action)
    suffix = "" if action in ("lock", "unlock") else f".{phase}"
    yield (
        f"nova-compute:{host}",
        f"instance.{name}{suffix}",
        versioned_payload(server, message, _PAYLOADS.get(name, _PAYLOAD)),
        priority,
    )


def legacy_payload(server):
    """The payload of a legacy notification about a server."""
    flavor = server["flavor"]
    return {
        "tenant_id": server["project_id"],
        "user_id": server["user_id"],
        "instance_id": server["id"],
        "display_name": server["name"],
        "reservation_id": server["reservation_id"],
        "hostname": server["hostname"],
        "cell_name": "",
        "instance_type": flavor["name"],
        "instance_type_id": None,
        "instance_flavor_id": flavor["id"],
        "architecture": None,
        "os_type": None,
        "memory_mb": flavor["ram"],
        "vcpus": flavor["vcpus"],
        "root_gb": flavor["disk"],
        "ephemeral_gb": flavor["ephemeral"],
        "disk_gb": flavor["disk"] + flavor["ephemeral"],
        "host": server["host"],
        "node": server["host"],
        "availability_zone": server["zone"],
        "created_at": _time(server["created"], " "),
        "launched_at": _time(server["launched_at"]),
        "terminated_at": _time(server["terminated_at"]),
        "deleted_at": _time(server["terminated_at"]),
        "image_ref_url": f"/images/{server['image']}",
        "kernel_id": "",
        "ramdisk_id": "",
        "state": server["vm_state"],
        "state_description": server["task_state"] or "",
        "progress": server["progress"] or "",
        "access_ip_v4": server["access_v4"] or None,
        "access_ip_v6": server["access_v6"] or None,
        "image_meta": {"base_image_ref": server["image"]},
        "metadata": dict(server["metadata"]),
        "fixed_ips": [
            {"address": ip["ip_address"], "version": ip["version"], "label": nic["label"]}
            for nic in server["nics"]
            for ip in nic["ips"]
        ],
    }


def _request_of(server):
    actions = server["actions"]
    return actions[-1]["request_id"] if actions else None


def versioned_payload(server, message=None, kind=_PAYLOAD):
    """The payload of a versioned notification about a server.

    :param kind: name and version of the object.
    """
    flavor = server["flavor"]
    fault = None
    if message:
        fault = _object(
            "ExceptionPayload",
            "1.1",
            {"exception": "Fault", "exception_message": message, "function_name": "spawn"},
        )
    data = {
        "action_initiator_project": server["project_id"],
        "action_initiator_user": server["user_id"],
        "auto_disk_config": server["disk_config"],
        "kernel_id": "",
        "ramdisk_id": "",
        "request_id": _request_of(server),
        "updated_at": _time(server["updated"], "T", "Z"),
        "uuid": server["id"],
        "tenant_id": server["project_id"],
        "user_id": server["user_id"],
        "display_name": server["name"],
        "display_description": server["description"],
        "host_name": server["hostname"],
        "host": server["host"],
        "node": server["host"],
        "state": server["vm_state"],
        "task_state": server["task_state"],
        "power_state": _POWER.get(server["power_state"], "pending"),
        "metadata": dict(server["metadata"]),
        "locked": server["locked"],
        "locked_reason": server["locked_reason"],
        "image_uuid": server["image"],
        "key_name": server["key_name"],
        "availability_zone": server["zone"],
        "reservation_id": server["reservation_id"],
        "created_at": _time(server["created"], "T", "Z"),
        "launched_at": _time(server["launched_at"], "T", "Z"),
        "terminated_at": _time(server["terminated_at"], "T", "Z"),
        "deleted_at": _time(server["terminated_at"], "T", "Z"),
        "progress": server["progress"],
        "os_type": None,
        "architecture": None,
        "ip_addresses": [
            _object(
                "IpPayload",
                "1.0",
                {
                    "address": ip["ip_address"],
                    "version": ip["version"],
                    "label": nic["label"],
                    "mac": nic["mac"],
                    "port_uuid": nic["port_id"],
                    "meta": {},
                    "device_name": None,
                },
            )
            for nic in server["nics"]
            for ip in nic["ips"]
        ],
        "block_devices": [],
        "fault": fault,
        "flavor": _object(
            "FlavorPayload",
            "1.4",
            {
                "flavorid": flavor["id"],
                "name": flavor["name"],
                "memory_mb": flavor["ram"],
                "vcpus": flavor["vcpus"],
                "root_gb": flavor["disk"],
                "ephemeral_gb": flavor["ephemeral"],
                "swap": flavor["swap"],
                "extra_specs": dict(flavor["extra_specs"]),
                "is_public": True,
            },
        ),
    }
    if kind == _PAYLOADS["create"]:
        data |= {
            "tags": list(server["tags"]),
            "keypairs": [],
            "trusted_image_certificates": None,
            "instance_name": server["name"],
        }
    return _object(*kind, data)


def _object(name, version, data):
    return {
        "nova_object.name": name,
        "nova_object.namespace": "nova",
        "nova_object.version": version,
        "nova_object.data": data,
    }


def _time(seconds, separator="T", suffix=""):
    if not seconds:
        return ""
    return time.strftime(f"%Y-%m-%d{separator}%H:%M:%S", time.gmtime(seconds)) + suffix
