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

"""What Nova tells on the message bus about servers, in both of its formats."""

import collections
import dataclasses
import uuid

import oslo_messaging

from senlin.conf import CONF
from senlin.tests.conformance import base

EXCHANGE = "nova"
LEGACY, VERSIONED = "notifications", "versioned_notifications"
NOTICE_SECONDS = 60.0

#: What all versioned notifications about a server carry, by the name of the object.
INSTANCE = {
    "action_initiator_project", "action_initiator_user", "architecture", "auto_disk_config",
    "availability_zone", "block_devices", "created_at", "deleted_at", "display_description",
    "display_name", "flavor", "host", "host_name", "image_uuid", "ip_addresses", "key_name",
    "launched_at", "locked", "locked_reason", "metadata", "node", "os_type", "power_state",
    "progress", "ramdisk_id", "kernel_id", "request_id", "reservation_id", "state", "task_state",
    "tenant_id", "terminated_at", "updated_at", "user_id", "uuid",
}  # fmt: skip
LEGACY_INSTANCE = {
    "access_ip_v4", "access_ip_v6", "architecture", "availability_zone", "cell_name",
    "created_at", "deleted_at", "disk_gb", "display_name", "ephemeral_gb", "host", "hostname",
    "image_meta", "image_ref_url", "instance_flavor_id", "instance_id", "instance_type",
    "instance_type_id", "kernel_id", "launched_at", "memory_mb", "metadata", "node", "os_type",
    "progress", "ramdisk_id", "reservation_id", "root_gb", "state", "state_description",
    "tenant_id", "terminated_at", "user_id", "vcpus",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """A notification as it arrived."""

    topic: str
    priority: str
    publisher: str
    event_type: str
    payload: dict

    @property
    def server(self):
        """The server that it is about, None if it is about something else."""
        if "nova_object.data" in self.payload:
            return self.payload["nova_object.data"].get("uuid")
        return self.payload.get("instance_id")


class _Endpoint:
    """Keeps all notifications of a topic."""

    def __init__(self, topic, kept):
        self._topic = topic
        self._kept = kept

    def _keep(self, priority, publisher, event_type, payload):
        self._kept.append(Notice(self._topic, priority, publisher, event_type, payload))

    def info(self, context, publisher, event_type, payload, metadata):
        """Called by oslo.messaging."""
        self._keep("info", publisher, event_type, payload)

    def error(self, context, publisher, event_type, payload, metadata):
        """Called by oslo.messaging."""
        self._keep("error", publisher, event_type, payload)


class NotificationTest(base.TestCase):
    """Queues of its own beside Nova's show what was sent during a test."""

    def setUp(self):
        super().setUp()
        if "notifications" in self.settings.without:
            return
        self.kept = collections.deque()
        transport = oslo_messaging.get_notification_transport(CONF, url=self.settings.notifications)
        self.addCleanup(transport.cleanup)
        pool = f"conformance-{uuid.uuid4().hex[:8]}"
        for topic in (LEGACY, VERSIONED):
            listener = oslo_messaging.get_notification_listener(
                transport,
                [oslo_messaging.Target(topic=topic, exchange=EXCHANGE)],
                [_Endpoint(topic, self.kept)],
                executor="threading",
                pool=f"{pool}-{topic}",
            )
            listener.start()
            self.addCleanup(self._end, listener)

    @staticmethod
    def _end(listener):
        listener.stop()
        listener.wait()

    def told(self, server_id, topic, event_type, priority="info"):
        """Wait for a notification about a server; gives it."""

        def look():
            return next(
                (
                    one
                    for one in tuple(self.kept)
                    if (one.server, one.topic, one.event_type, one.priority)
                    == (server_id, topic, event_type, priority)
                ),
                None,
            )

        what = f"{topic} tells {event_type}, but {self.event_types(server_id, topic)}"
        return self.becomes(what, look, seconds=NOTICE_SECONDS)

    def event_types(self, server_id, topic):
        """What was told of a server so far, in order, without mere updates."""
        return [
            one.event_type
            for one in tuple(self.kept)
            if one.server == server_id
            and one.topic == topic
            and not one.event_type.endswith((".update", ".exists"))
        ]

    @base.needs("notifications")
    def test_a_servers_life_is_told_in_both_formats(self):
        server_id = self.create_active(metadata={"cluster_node_id": "n1"})["id"]
        self.remove(server_id)
        for action in ("create", "delete"):
            for phase in ("start", "end"):
                self.told(server_id, VERSIONED, f"instance.{action}.{phase}")
                self.told(server_id, LEGACY, f"compute.instance.{action}.{phase}")

    @base.needs("notifications")
    def test_a_versioned_notification_says_which_node_the_server_is_of(self):
        server = self.create_active(metadata={"cluster_node_id": "n1"})
        notice = self.told(server["id"], VERSIONED, "instance.create.end")
        self.assertRegex(notice.publisher, "^nova-compute:.+")
        self.assertEqual("InstanceCreatePayload", notice.payload["nova_object.name"])
        self.assertEqual("nova", notice.payload["nova_object.namespace"])
        self.assertRegex(notice.payload["nova_object.version"], r"^1\.\d+$")
        data = notice.payload["nova_object.data"]
        self.assertEqual(set(), INSTANCE - set(data))
        self.assertEqual({"cluster_node_id": "n1"}, data["metadata"])
        self.assertEqual("active", data["state"])
        self.assertIsNone(data["task_state"])
        self.assertEqual("running", data["power_state"])
        self.assertEqual(server["tenant_id"], data["tenant_id"])
        self.assertEqual(self.name, data["display_name"])
        self.assertIsNone(data["fault"])
        self.assertEqual("FlavorPayload", data["flavor"]["nova_object.name"])
        self.assertEqual(self.settings.flavor, data["flavor"]["nova_object.data"]["name"])
        (address,) = data["ip_addresses"]
        ((shown,),) = server["addresses"].values()
        self.assertEqual(shown["addr"], address["nova_object.data"]["address"])
        self.assertRegex(data["launched_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    @base.needs("notifications")
    def test_a_legacy_notification_says_which_node_the_server_is_of(self):
        server = self.create_active(metadata={"cluster_node_id": "n1"})
        notice = self.told(server["id"], LEGACY, "compute.instance.create.end")
        self.assertRegex(notice.publisher, r"^compute\..+")
        self.assertEqual(set(), LEGACY_INSTANCE - set(notice.payload))
        self.assertEqual({"cluster_node_id": "n1"}, notice.payload["metadata"])
        self.assertEqual("active", notice.payload["state"])
        self.assertEqual(server["tenant_id"], notice.payload["tenant_id"])

    @base.needs("notifications")
    def test_a_failed_build_is_told_as_an_error(self):
        server_id = self.create(metadata={"bench.fail": "spawn"})
        notice = self.told(server_id, VERSIONED, "instance.create.error", "error")
        fault = notice.payload["nova_object.data"]["fault"]
        self.assertEqual("ExceptionPayload", fault["nova_object.name"])
        self.assertIn("exception_message", fault["nova_object.data"])

    @base.needs("notifications")
    def test_what_happens_to_a_server_is_told(self):
        server_id = self.create_active()["id"]
        for action, status, told in (
            ("os-stop", "SHUTOFF", "power_off"),
            ("os-start", "ACTIVE", "power_on"),
            ("pause", "PAUSED", "pause"),
            ("unpause", "ACTIVE", "unpause"),
            ("suspend", "SUSPENDED", "suspend"),
            ("resume", "ACTIVE", "resume"),
        ):
            self.cloud.compute.action(server_id, {action: None})
            self.reaches(server_id, status)
            for phase in ("start", "end"):
                notice = self.told(server_id, VERSIONED, f"instance.{told}.{phase}")
                self.assertEqual("InstanceActionPayload", notice.payload["nova_object.name"], told)
                self.told(server_id, LEGACY, f"compute.instance.{told}.{phase}")

    @base.needs("notifications")
    def test_reboots_rebuilds_rescues_and_locks_are_told(self):
        server = self.create_active()
        server_id = server["id"]
        for action, status, told in (
            ({"reboot": {"type": "HARD"}}, "ACTIVE", "reboot"),
            ({"rebuild": {"imageRef": server["image"]["id"]}}, "ACTIVE", "rebuild"),
            ({"rescue": None}, "RESCUE", "rescue"),
            ({"unrescue": None}, "ACTIVE", "unrescue"),
        ):
            self.cloud.compute.action(server_id, action)
            self.reaches(server_id, status)
            for phase in ("start", "end"):
                self.told(server_id, VERSIONED, f"instance.{told}.{phase}")
        for action in ("lock", "unlock"):
            self.cloud.compute.action(server_id, {action: None})
            self.told(server_id, VERSIONED, f"instance.{action}")

    @base.needs("notifications")
    def test_the_last_word_about_a_deleted_server_says_that_it_is_deleted(self):
        server_id = self.create_active()["id"]
        self.remove(server_id)
        data = self.told(server_id, VERSIONED, "instance.delete.end").payload["nova_object.data"]
        self.assertEqual("deleted", data["state"])
        self.assertRegex(data["deleted_at"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual([], data["ip_addresses"])
