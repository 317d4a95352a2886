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

"""A tour that sends every sample of the API reference to a running service."""

import json
import pathlib

from senlin.api import microversions

PLACE = pathlib.Path(__file__).resolve().parents[3] / "api-ref" / "source" / "samples"
_LATEST = str(microversions.MAXIMUM)


def load(name):
    """A sample as it is in the reference now."""
    return json.loads((PLACE / f"{name}.json").read_text())


class Tour:
    """Sends the samples of requests in an order in which all of them succeed.

    :param service: a running :class:`senlin.tests.functional.programs.Standalone`.
    :ivar answers: name of a sample -> the answers that it stands for, the best last.
    :ivar sent: names of the samples that were sent.
    :ivar root: the address of the service.
    """

    def __init__(self, service):
        self._service = service
        self._api = service.clustering
        self.root = self._api.get_endpoint().rstrip("/").removesuffix("/v1")
        self._admin = service.connect("senlin-admin").clustering
        self.answers = {}
        self.sent = set()

    def run(self):
        """Go all the way."""
        self._discover()
        self._make_profiles()
        self._make_policies()
        self._make_a_cluster()
        self._exchange_members()
        self._size_and_mend()
        self._work_on_a_node()
        self._adopt()
        self._trigger()
        self._cancel()
        self._look_back()

    # ---- requests --------------------------------------------------------

    def _get(self, path, answer, status=200, api=None):
        response = (api or self._api).get(path, microversion=_LATEST, raise_exc=False)
        return self._note("GET", path, response, status, answer)

    def _send(self, path, sample, answer=None, status=202, method="POST", **changes):
        """Send a sample; ``changes`` are texts in it to replace by others."""
        self.sent.add(sample)
        text = json.dumps(load(sample))
        for old, new in changes.items():
            text = text.replace(f'"{old}"', json.dumps(new))
        response = self._api.request(
            path, method, json=json.loads(text), microversion=_LATEST, raise_exc=False
        )
        return self._note(method, path, response, status, answer)

    def _note(self, method, path, response, status, answer):
        if response.status_code != status:
            raise AssertionError(f"{method} {path}: {response.status_code} {response.text}")
        document = response.json() if response.content else None
        if answer is not None:
            known = self.answers.setdefault(answer, [])
            # What is shown later is more than what was just asked for.
            known.insert(len(known) if method == "GET" else 0, document)
        if "Location" in response.headers:
            self._wait(response.headers["Location"].rpartition("/")[2])
        return document

    def _wait(self, action):
        ended = self._service.wait(action)
        if ended.status != "SUCCEEDED":
            raise AssertionError(f"{ended.name}: {ended.status_reason}")

    def _act(self, sample, **changes):
        path = "/clusters/web/actions"
        return self._send(path, sample, "action_triggered", **changes)["action"]

    # ---- stages -----------------------------------------------------------

    def _discover(self):
        root = self.root
        self._get(f"{root}/", "versions", 300)
        self._get(f"{root}/v1/", "version")
        self._get("/build-info", "build_info")
        self._get("/profile-types", "profile_types")
        self._get("/profile-types/os.nova.server-1.0", "profile_type")
        self._get("/profile-types/os.nova.server-1.0/ops", "operations")
        self._get("/policy-types", "policy_types")
        self._get("/policy-types/senlin.policy.deletion-1.1", "policy_type")
        self._get("/services", "services", api=self._admin)

    def _make_profiles(self):
        self._send("/profiles/validate", "profile_validate", "profile_validated", 200)
        self._send("/profiles", "profile_create", "profile", 201)
        self._send("/profiles", "profile_create", "profile", 201, web="web-large")
        self._send("/profiles", "profile_create", "profile", 201, web="p")
        self._send("/profiles/p", "profile_update", "profile", 200, "PATCH")
        self._get("/profiles/web", "profile")
        self._get("/profiles?limit=1", "profiles")

    def _make_policies(self):
        self._send("/policies/validate", "policy_validate", "policy_validated", 200)
        self._send("/policies", "policy_create", "policy", 201, **{"oldest-first": "p"})
        self._send("/policies/p", "policy_update", "policy", 200, "PATCH")
        self._send("/policies", "policy_create", "policy", 201)
        self._get("/policies/oldest-first", "policy")
        self._get("/policies?limit=1", "policies")

    def _make_a_cluster(self):
        self._send("/clusters", "cluster_create", "cluster")
        self._act("cluster_policy_attach")
        self._act("cluster_policy_update")
        self._get("/clusters/web/policies", "cluster_policies")
        self._get("/clusters/web/policies/oldest-first", "cluster_policy")
        self._get("/clusters/web", "cluster")
        self._get("/clusters?limit=1", "clusters")
        self._get("/clusters/web/attrs/details.status", "cluster_attributes")

    def _exchange_members(self):
        for name in ("node-a", "node-b", "node-c"):
            self._send("/nodes", "node_create", "node", **{"node-a": name})
        self._act("cluster_add_nodes")
        self._act("cluster_replace_nodes")
        self._act("cluster_del_nodes")
        self._send("/clusters/web/ops", "cluster_operation", "action_triggered")

    def _size_and_mend(self):
        self._act("cluster_scale_out")
        self._act("cluster_scale_in")
        self._act("cluster_resize")
        self._act("cluster_check")
        self._act("cluster_recover")
        ended = self._act("cluster_check")
        token = load("cluster_complete_lifecycle")["complete_lifecycle"]["lifecycle_action_token"]
        self._act("cluster_complete_lifecycle", **{token: ended})
        self._send("/clusters/web", "cluster_update", "cluster", method="PATCH")
        self._act("cluster_policy_detach")

    def _work_on_a_node(self):
        self._send("/nodes/node-a/actions", "node_check", "action_triggered")
        self._send("/nodes/node-a/actions", "node_recover", "action_triggered")
        self._send("/nodes/node-a/ops", "node_operation", "action_triggered")
        self._get("/nodes/node-a", "node")
        self._get("/nodes/node-a?show_details=true", "node_details")
        self._get("/nodes?cluster_id=web&limit=2", "nodes")
        self._send("/nodes/node-a", "node_update", "node", method="PATCH")

    def _adopt(self):
        cloud = self._service.cloud
        spec = load("profile_create")["profile"]["spec"]["properties"]
        server = cloud.compute.create_server(
            name=load("node_adopt")["identity"],
            flavor_id=cloud.compute.find_flavor(spec["flavor"]).id,
            image_id=cloud.image.find_image(spec["image"]).id,
            networks=[{"uuid": cloud.network.find_network("private").id}],
        )
        cloud.compute.wait_for_server(server)
        self._send("/nodes/adopt-preview", "node_adopt_preview", "node_profile", 200)
        self._send("/nodes/adopt", "node_adopt", "node", 200)

    def _trigger(self):
        self._send("/receivers", "receiver_create", "receiver", 201)
        self._send("/receivers/grow", "receiver_update", "receiver", 200, "PATCH")
        made = self._get("/receivers/grow", "receiver")["receiver"]
        self._get("/receivers", "receivers")
        path = f"/webhooks/{made['id']}/trigger?V=2"
        self._send(path, "webhook_trigger", "action_triggered")

    def _cancel(self):
        """Cancel the creation of a node whose server takes its time."""
        self._service.set_knobs(active_delay=300)
        body = {"node": {"name": "slow", "profile_id": "web"}}
        made = self._api.post("/nodes", json=body)
        action = made.headers["Location"].rpartition("/")[2]
        self._send(f"/actions/{action}", "action_cancel", method="PATCH")

    def _look_back(self):
        created = "/actions?action=CLUSTER_CREATE"
        (action,) = self._get(created, "actions")["actions"]
        self._get(f"/actions/{action['id']}", "action")
        (event,) = self._get("/events?limit=1", "events")["events"]
        self._get(f"/events/{event['id']}", "event")
