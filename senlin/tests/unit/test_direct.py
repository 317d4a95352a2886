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

"""The service as a part of another program."""

import threading

import fixtures
from keystoneauth1 import exceptions as ksa_exceptions
import openstack

from senlin import direct
from senlin.common import secrets
from senlin.db import facade
from senlin.rpc import transport as rpc_transport
from senlin.tests import waiting
from senlin.tests.unit import base

_SPEC = {
    "type": "senlin.policy.scaling",
    "version": "1.0",
    "properties": {"event": "CLUSTER_SCALE_IN"},
}


class WithoutKeystoneTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        rpc_transport.register_opts(self.conf)
        self.config(transport_url="kombu+memory:///", rpc_response_timeout=20)

    def test_it_is_the_whole_api(self):
        with direct.SenlinDirect() as client:
            self.assertEqual({"clusters": []}, client.get("/clusters").json())
            answer = client.get("/clusters", microversion="1.5")
            self.assertEqual("clustering 1.5", answer.headers["OpenStack-API-Version"])
            self.assertEqual(404, client.get("/nothing").status_code)
            self.assertEqual(400, client.post("/profiles", json={}).status_code)

    def test_the_microversion_can_be_chosen_once(self):
        with direct.SenlinDirect(microversion="1.14") as client:
            answer = client.get("/build-info")
            self.assertEqual("clustering 1.14", answer.headers["OpenStack-API-Version"])

    def test_the_identity_decides_what_is_allowed(self):
        reader = direct.Identity("u1", "p1", roles=("reader",))
        with direct.SenlinDirect(identity=reader) as client:
            self.assertEqual(200, client.get("/policies").status_code)
            self.assertEqual(403, client.get("/services").status_code)
            self.assertEqual(
                403,
                client.post("/policies", json={"policy": {"name": "p", "spec": {}}}).status_code,
            )

    def test_an_engine_answers_what_the_api_cannot(self):
        owner = direct.Identity("u1", "p1")
        body = {"policy": {"name": "shrink", "spec": _SPEC}}
        with direct.SenlinDirect(identity=owner, engine=True) as client:
            made = client.post("/policies", json=body)
            self.assertEqual((201, "u1"), (made.status_code, made.json()["policy"]["user"]))
            shown = client.get("/policies/shrink").json()
            self.assertEqual(made.json(), shown)
            (service,) = client.get("/services").json()["services"]
            self.assertEqual("senlin-direct", service["binary"])

    def test_of_repetitions_at_the_same_moment_one_takes_effect(self):
        path = self.useFixture(fixtures.TempDir()).join("keys")
        secrets.create_key_file(path)
        self.config(secrets_key_file=path)
        body = {"policy": {"name": "shrink", "spec": _SPEC}}
        answers, start = [], threading.Barrier(8)

        def ask(client):
            start.wait(20)
            key = {"Idempotency-Key": "k"}
            answers.append(client.post("/policies", json=body, headers=key))

        with direct.SenlinDirect(microversion="1.16", engine=True) as client:
            askers = [threading.Thread(target=ask, args=(client,)) for _ in range(8)]
            for asker in askers:
                asker.start()
            for asker in askers:
                asker.join(60)
            (made,) = client.get("/policies").json()["policies"]
        self.assertEqual(8, len(answers))
        good = [answer.json()["policy"] for answer in answers if answer.status_code == 201]
        self.assertEqual([made] * len(good), good)
        self.assertNotEqual([], good)
        refused = {answer.status_code for answer in answers} - {201}
        self.assertLessEqual(refused, {409})

    def test_nothing_is_left_behind(self):
        before = threading.active_count()
        with direct.SenlinDirect(engine=True) as client:
            url = client.endpoint_override
        # The bus's threads end by themselves, within a twentieth of a second.
        waiting.until(lambda: threading.active_count() <= before, "its threads have ended", 2)
        self.assertRaises(ksa_exceptions.ConnectFailure, client.get, f"{url}/clusters")
        # The database was opened by the test, which still needs it.
        facade.engine()

    def test_openstacksdk_can_use_it(self):
        with direct.SenlinDirect() as client:
            cloud = openstack.connect(
                auth_type="none", endpoint=client.endpoint_override, load_yaml_config=False
            )
            self.assertEqual([], list(cloud.clustering.clusters()))
