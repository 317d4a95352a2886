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

"""Another program has the service inside, and makes real servers with it."""

import json
import subprocess
import sys

from senlin.cmd import statedir
from senlin.tests.functional import base

_PROGRAM = """
import json, sys, threading

from keystoneauth1.identity import v3

from senlin import direct
from senlin.cmd import startup
from senlin.common import secrets
from senlin.conf import CONF
from senlin.db import facade
from senlin.db import migration

startup.prepare("program", ["--config-file", sys.argv[1]])
secrets.create_key_file(CONF.secrets_key_file)
facade.configure()
migration.sync()
user = v3.Password(
    auth_url=CONF.authentication.auth_url,
    username="demo",
    password="secret",
    user_domain_name="Default",
    project_name="demo",
    project_domain_name="Default",
)
spec = {
    "type": "os.nova.server",
    "version": "1.0",
    "properties": {"name": "web", "flavor": "m1.small", "image": "cirros"},
}
with direct.SenlinDirect(auth=user, microversion="1.14", engine=True) as client:
    client.post("/profiles", json={"profile": {"name": "p", "spec": spec}})
    cluster = {"name": "c", "profile_id": "p", "desired_capacity": 2}
    made = client.post("/clusters", json={"cluster": cluster})
    action = made.headers["Location"].rpartition("/")[2]
    pause = threading.Event()
    for _ in range(600):
        status = client.get(f"/actions/{action}").json()["action"]["status"]
        if status in ("SUCCEEDED", "FAILED"):
            break
        pause.wait(0.1)
    nodes = client.get("/nodes", params={"cluster_id": "c"}).json()["nodes"]
    print(json.dumps({"action": status, "nodes": [node["status"] for node in nodes]}))
"""


class DirectTest(base.TestCase):
    def test_actions_are_carried_out_for_the_user(self):
        directory = statedir.StateDirectory(self.service.directory / "program")
        directory.acquire()
        self.addCleanup(directory.release)
        words = directory.write_configuration(f"{self.service.sandbox_url}/identity", 1)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _PROGRAM, words[1]],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(0, done.returncode, done.stderr)
        said = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual({"action": "SUCCEEDED", "nodes": ["ACTIVE", "ACTIVE"]}, said)
        self.assertEqual(2, len(self.service.servers()))
