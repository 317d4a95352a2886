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

"""The service that a campaign is about, and the objects that are there for it."""

import http.client
import json
import pathlib
import threading
import time
import urllib.parse

from openstack import exceptions

from senlin.tests.campaign import score
from senlin.tests.functional import calls
from senlin.tests.functional import programs

PATIENCE = 30
_TRIES = 5


class Target:
    """Sends requests to a service as a member of a project.

    :param service: a running :class:`senlin.tests.functional.programs.Standalone`.
    """

    def __init__(self, service):
        self.service = service
        self.url = service.cloud.endpoint_for("clustering")
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port
        self.token = service.cloud.auth_token
        self.objects = {}
        # With 1.0, which the SDK asks for by default, nothing can be forced.
        options = {"clustering_default_microversion": "1.14"}
        self._clustering = service.connect("senlin", **options).clustering
        self._local = threading.local()

    def send(self, method, path, body=None, headers=()):
        """The answer to a request that HTTP libraries can send.

        :param path: quoted, with the query, from the root on.
        :param body: bytes, or None for none.
        :param headers: (name, value) pairs, which win over the usual ones.
        """
        given = {"x-auth-token": self.token, "content-type": "application/json"}
        given.update((name.lower(), value) for name, value in headers)
        given = {name: value for name, value in given.items() if value is not None}
        begin = time.monotonic()
        try:
            status, found, raw = self._exchange(method, path, body, given)
        except TimeoutError:
            self._local.connection = None
            status, found, raw = score.UNANSWERED, {}, b"not answered"
        except (ConnectionError, http.client.HTTPException):
            # Closed between two requests, as servers may do; or by this one.
            self._local.connection = None
            try:
                status, found, raw = self._exchange(method, path, body, given)
            except (OSError, http.client.HTTPException):
                self._local.connection = None
                status, found, raw = 0, {}, b""
        return score.Answer(status, found, raw, time.monotonic() - begin)

    def _exchange(self, method, path, body, headers):
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
            self._local.connection = connection
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        raw = response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, raw

    def refresh(self):
        """Make the objects again that earlier requests have deleted, or are deleting yet."""
        for _ in range(_TRIES - 1):
            try:
                return self._make_missing()
            except exceptions.BadRequestException:
                # What was there a moment ago is gone; the next try sees that.
                continue
        return self._make_missing()

    def _make_missing(self):
        self._make_room()
        makers = calls.Requests(self.service, self._profile())
        for kind, make in (
            ("policies", makers.new_policy),
            ("clusters", makers.new_cluster),
            ("nodes", makers.new_node),
            ("receivers", lambda: makers.new_receiver(self.objects["clusters"])),
        ):
            if kind not in self.objects or not self._exists(kind, self.objects[kind]):
                self.objects[kind] = make()
        if "actions" not in self.objects:
            self.objects["actions"] = next(iter(self.service.clustering.actions())).id
            self.objects["events"] = next(iter(self.service.clustering.events())).id

    def _make_room(self):
        """Delete what earlier requests have made, before the quota is full."""
        self._delete_members(set(self.objects.values()))

    def clear(self):
        """Delete everything; the next refresh makes all objects anew."""
        self.objects = {}
        clustering = self._clustering
        for receiver in clustering.receivers():
            clustering.delete_receiver(receiver)
        self._delete_members(known=())
        for policy in clustering.policies():
            clustering.delete_policy(policy)
        for profile in clustering.profiles():
            clustering.delete_profile(profile)

    def _delete_members(self, known):
        clustering = self._clustering
        deleted = [
            clustering.delete_cluster(cluster, force_delete=True)
            for cluster in clustering.clusters()
            if cluster.id not in known
        ]
        deleted += [
            clustering.delete_node(node, force_delete=True)
            for node in clustering.nodes()
            if not node.cluster_id and node.id not in known
        ]
        for action in deleted:
            self.service.wait(action)

    def _profile(self):
        clustering = self.service.clustering
        known = self.objects.get("profiles")
        if known is not None and self._exists("profiles", known):
            return clustering.get_profile(known)
        made = clustering.create_profile(name="anchor", spec=programs.SERVER_SPEC)
        self.objects["profiles"] = made.id
        return made

    def _exists(self, kind, identity):
        return self.send("GET", f"/v1/{kind}/{identity}").status == 200

    def body(self, method, path):
        """A body that a call takes, on the objects there are; None if it takes none."""
        known = self.objects
        bodies = {
            "POST /profiles": {
                "profile": {"name": "n", "spec": programs.SERVER_SPEC, "metadata": {}}
            },
            "POST /profiles/validate": {"profile": {"spec": programs.SERVER_SPEC}},
            "PATCH /profiles/{id}": {"profile": {"name": "n", "metadata": {"a": "b"}}},
            "POST /policies": {"policy": {"name": "n", "spec": calls.POLICY_SPEC}},
            "POST /policies/validate": {"policy": {"spec": calls.POLICY_SPEC}},
            "PATCH /policies/{id}": {"policy": {"name": "n"}},
            "POST /clusters": {
                "cluster": {
                    "name": "n",
                    "profile_id": known["profiles"],
                    "min_size": 0,
                    "max_size": 1,
                    "desired_capacity": 0,
                    "timeout": 10,
                    "metadata": {},
                    "config": {"node.name.format": "n-$3I"},
                }
            },
            "PATCH /clusters/{id}": {
                "cluster": {"name": "n", "timeout": 9, "config": {}, "profile_only": True}
            },
            "DELETE /clusters/{id}": {"force": True},
            "POST /clusters/{id}/ops": {"reboot": {"params": {"type": "SOFT"}, "filters": {}}},
            "POST /nodes": {
                "node": {
                    "name": "n",
                    "profile_id": known["profiles"],
                    "cluster_id": known["clusters"],
                    "role": "r",
                    "metadata": {},
                }
            },
            "PATCH /nodes/{id}": {"node": {"name": "n", "role": "r", "tainted": False}},
            "DELETE /nodes/{id}": {"force": False},
            "POST /nodes/{id}/actions": {"recover": {"operation": "REBOOT", "check": True}},
            "POST /nodes/{id}/ops": {"reboot": {"type": "SOFT"}},
            "POST /nodes/adopt": {
                "identity": known["nodes"],
                "type": "os.nova.server-1.0",
                "overrides": {"name": "n"},
                "snapshot": False,
            },
            "POST /nodes/adopt-preview": {"identity": "x", "type": "os.nova.server-1.0"},
            "POST /receivers": {
                "receiver": {
                    "name": "n",
                    "type": "webhook",
                    "cluster_id": known["clusters"],
                    "action": "CLUSTER_CHECK",
                    "params": {"count": 1},
                }
            },
            "PATCH /receivers/{id}": {"receiver": {"name": "n", "params": {"a": 1}}},
            "POST /webhooks/{id}/trigger": {"params": {"count": 1}},
            "PATCH /actions/{id}": {"action": {"status": "CANCELLED"}},
            "POST /actions": {"action": {}},
        }
        return bodies.get(f"{method} {path}")

    def verbs(self):
        """Bodies for the actions of clusters, one for each verb."""
        known = self.objects
        return [
            {"add_nodes": {"nodes": [known["nodes"]]}},
            {"del_nodes": {"nodes": [known["nodes"]], "destroy_after_deletion": True}},
            {"replace_nodes": {"nodes": {known["nodes"]: "x"}}},
            {"scale_out": {"count": 1}},
            {"scale_in": {"count": 1}},
            {"resize": {"adjustment_type": "CHANGE_IN_CAPACITY", "number": 1, "strict": False}},
            {"policy_attach": {"policy_id": known["policies"], "enabled": True}},
            {"policy_update": {"policy_id": known["policies"], "enabled": False}},
            {"policy_detach": {"policy_id": known["policies"]}},
            {"check": {"delete_check_action": True}},
            {"recover": {"operation": "REBUILD", "operation_params": {}, "check": True}},
            {"complete_lifecycle": {"lifecycle_action_token": known["actions"]}},
        ]

    def resident_kilobytes(self):
        """How much memory the service's process has in use."""
        status = pathlib.Path(f"/proc/{self.service.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1])


def fill(pattern, objects, **other):
    """A call's path below ``/v1`` with the ids of objects in place of its variables."""
    collection = pattern.split("/")[1]
    values = {
        "id": objects.get("receivers" if collection == "webhooks" else collection, ""),
        "type": calls.TYPES.get(collection, ""),
        "policy": objects["policies"],
        "path": "name",
        **other,
    }
    for name, value in values.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return f"/v1{pattern}"


def encode(document):
    """JSON, with half characters as they are."""
    return json.dumps(document).encode("utf-8")
