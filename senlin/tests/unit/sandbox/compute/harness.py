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

"""A sandbox cloud with compute and placement, and servers for it."""

from senlin.tests.unit.sandbox import harness

NEWEST = "2.96"


class ComputeTestCase(harness.SandboxTestCase):
    """A test with a whole cloud in memory, under a manual clock.

    :ivar compute: its :class:`senlin.sandbox.compute.service.ComputeService`.
    :ivar demo: the token of user demo; ``admin`` that of the administrator.
    """

    further = (
        "senlin.sandbox.compute.service:ComputeService",
        "senlin.sandbox.placement:PlacementService",
    )

    def setUp(self):
        super().setUp()
        self.compute = next(one for one in self.cloud.services if one.name == "compute")
        self.demo = self.token("demo")
        self.admin = self.token("admin")
        self.image_id = self._named("image/v2/images", "images", "cirros")
        self.other_image_id = self._named("image/v2/images", "images", "fedora")
        self.network_id = self._named("network/v2.0/networks", "networks", "private")

    def _named(self, path, key, name):
        answer = self.call("GET", f"/{path}?name={name}", token=self.demo)
        return answer.json[key][0]["id"]

    def nova(self, method, path, body=None, token=None, version=NEWEST, expect=None):
        """Call compute; ``expect`` is the status that is asserted."""
        answer = self.call(
            method,
            f"/compute/v2.1{path}",
            body,
            token or self.demo,
            {"OpenStack-API-Version": f"compute {version}"},
        )
        if expect is not None:
            self.assertEqual(expect, answer.status, answer.body)
        return answer

    def body(self, name="web", **wanted):
        """Give the body of a request for a server."""
        server = {
            "name": name,
            "imageRef": self.image_id,
            "flavorRef": "1",
            "networks": [{"uuid": self.network_id}],
            **wanted,
        }
        return {"server": {key: value for key, value in server.items() if value is not None}}

    def build(self, name="web", token=None, hints=None, **wanted):
        """Ask for a server; gives its id while it builds."""
        body = self.body(name, **wanted)
        if hints:
            body["os:scheduler_hints"] = hints
        answer = self.nova("POST", "/servers", body, token, expect=202)
        return answer.json["server"]["id"]

    def create(self, name="web", **wanted):
        """Make a server and let it become ACTIVE; gives its id."""
        server_id = self.build(name, **wanted)
        self.pass_time(1)
        return server_id

    def pass_time(self, seconds):
        """Move the clock and let happen what is due."""
        self.clock.seconds += seconds
        self.compute.settle()

    def show(self, server_id, token=None, version=NEWEST):
        """Give a server as the API shows it."""
        return self.nova("GET", f"/servers/{server_id}", token=token, version=version).json[
            "server"
        ]

    def status(self, server_id):
        """Give a server's status, GONE when there is no such server."""
        answer = self.nova("GET", f"/servers/{server_id}", token=self.admin)
        return "GONE" if answer.status == 404 else answer.json["server"]["status"]

    def act(self, server_id, action, argument=None, token=None, expect=202, version=NEWEST):
        """Ask for an action; time does not pass."""
        return self.nova(
            "POST",
            f"/servers/{server_id}/action",
            {action: argument},
            token,
            version,
            expect,
        )

    def act_and_wait(self, server_id, action, argument=None, token=None, expect=202):
        """Ask for an action and let it end; gives the status after it."""
        self.act(server_id, action, argument, token, expect)
        self.pass_time(1)
        return self.status(server_id)

    def host_of(self, server_id):
        """Give the name of a server's host."""
        return self.show(server_id, self.admin)["OS-EXT-SRV-ATTR:host"]

    def names(self, query="", token=None, version=NEWEST):
        """Give the names in a list of servers, in order."""
        answer = self.nova("GET", f"/servers{query}", token=token, version=version, expect=200)
        return [server["name"] for server in answer.json["servers"]]
