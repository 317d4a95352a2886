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

"""Repeated requests and changed objects, on a service that is killed at work."""

import threading
import time

from keystoneauth1 import exceptions

from senlin.tests.functional import base

_PATIENCE = 120
_CLUSTERS = 16
_CLIENTS = 4


class RepetitionTest(base.TestCase):
    """Clients repeat each request under its key until it is answered with success."""

    def test_what_is_asked_for_again_and_again_is_made_once(self):
        self.shorten_claims()
        self.profile = self.service.new_profile()
        self.answers = {}
        self.remaining = iter(range(_CLUSTERS))
        self.lock = threading.Lock()
        clients = [threading.Thread(target=self.ask) for _ in range(_CLIENTS)]
        for client in clients:
            client.start()
        self.wait_for_answers(_CLUSTERS // 4)
        self.service.kill()
        self.service.start()
        self.wait_for_answers(_CLUSTERS // 2)
        self.service.kill()
        self.service.start()
        for client in clients:
            client.join(_PATIENCE)
        self.assertEqual(_CLUSTERS, len(self.answers))

        made = {cluster.name: cluster.id for cluster in self.service.clustering.clusters()}
        self.assertEqual(self.answers, made)
        self.assertEqual(_CLUSTERS, self.service.count("cluster"))
        names = [a.action for a in self.service.clustering.actions()]
        self.assertEqual(["CLUSTER_CREATE"] * _CLUSTERS, names)

    def shorten_claims(self):
        """Let a request that was cut off be taken up by its repetition soon."""
        config = self.service.directory / "local.conf"
        text = config.read_text() if config.exists() else ""
        config.write_text(f"{text}[DEFAULT]\nrpc_response_timeout = 3\n")
        self.service.terminate()
        self.service.start()

    def ask(self):
        api = self.service.connect("senlin", clustering_default_microversion="1.16").clustering
        while True:
            with self.lock:
                number = next(self.remaining, None)
            if number is None:
                return
            name = f"c{number}"
            self.answers[name] = self.ask_until_answered(api, name)

    def ask_until_answered(self, api, name):
        body = {"cluster": {"name": name, "profile_id": self.profile.id}}
        pause = threading.Event()
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                response = api.post(
                    "/clusters",
                    json=body,
                    headers={"Idempotency-Key": f"key-{name}"},
                    raise_exc=False,
                )
                if response.status_code == 202:
                    return response.json()["cluster"]["id"]
            except (exceptions.ConnectFailure, exceptions.ClientException):
                # The service is away, and perhaps the token with it.
                api.session.invalidate()
            pause.wait(0.2)
        return None

    def wait_for_answers(self, number):
        pause = threading.Event()
        end = time.monotonic() + _PATIENCE
        while len(self.answers) < number and time.monotonic() < end:
            pause.wait(0.01)


class ConditionTest(base.TestCase):
    def test_a_cluster_is_changed_only_as_it_was_seen(self):
        cluster = self.service.new_cluster(self.service.new_profile(), 1)
        api = self.service.connect("senlin", clustering_default_microversion="1.16").clustering
        path = f"/clusters/{cluster.id}"
        seen = api.get(path).headers["ETag"]
        unchanged = api.get(path, headers={"If-None-Match": seen}, raise_exc=False)
        self.assertEqual((304, b""), (unchanged.status_code, unchanged.content))

        resize = {"scale_out": {"count": 1}}
        condition = {"headers": {"If-Match": seen}, "raise_exc": False}
        first = api.post(f"{path}/actions", json=resize, **condition)
        self.assertEqual(202, first.status_code)
        self.assert_ended(first.json()["action"])
        second = api.post(f"{path}/actions", json=resize, **condition)
        self.assertEqual(412, second.status_code)
        self.assertEqual(2, self.clustering.get_cluster(cluster.id).desired_capacity)
        self.assertEqual(412, api.delete(path, **condition).status_code)
        fresh = {"If-Match": api.get(path).headers["ETag"]}
        self.assertEqual(202, api.delete(path, headers=fresh).status_code)
