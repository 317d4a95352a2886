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

import functools
import http.client
import json
import os
import re
import selectors
import signal
import subprocess
import sys

import fixtures
from keystonemiddleware import auth_token
import openstack
from openstack import exceptions
from oslo_config import cfg
import requests
import webob
import webob.dec

from senlin.sandbox import server
from senlin.tests.unit import base
from senlin.tests.unit.sandbox import harness

_START_SECONDS = 60


class RunningServer(fixtures.Fixture):
    """A sandbox on a free port, with its core services, in memory."""

    def _setUp(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.cloud.FURTHER_SERVICES", ()))
        self.server = server.SandboxServer(
            "127.0.0.1", 0, None, clustering_url="http://127.0.0.1:9"
        )
        self.server.start()
        self.addCleanup(self.server.stop)


def connect(auth_url, user="demo", project="demo", **auth):
    """Give an openstacksdk connection with nothing but what is said here."""
    who = {"username": user, "password": "secret", "user_domain_id": "default"}
    if project:
        who.update(project_name=project, project_domain_id="default")
    return openstack.connect(
        load_envvars=False,
        load_yaml_config=False,
        region_name="RegionOne",
        auth={"auth_url": auth_url, **who, **auth},
    )


class SdkTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(RunningServer()).server
        self.cloud = connect(self.server.auth_url)
        self.addCleanup(self.cloud.close)

    def test_the_sdk_logs_in_and_lists_images_and_networks(self):
        images = {image.name for image in self.cloud.image.images()}
        networks = {network.name for network in self.cloud.network.networks()}
        self.assertEqual(({"cirros", "fedora"}, {"private", "public"}), (images, networks))

    def test_the_sdk_pages_through_a_list(self):
        network = self.cloud.network.create_network(name="many")
        for number in range(7):
            self.cloud.network.create_port(network_id=network.id, name=f"p{number}")
        found = list(self.cloud.network.ports(network_id=network.id, limit=3))
        self.assertEqual(7, len(found))
        calls = self.server.counters.to_json()["services"]["network"]["routes"]
        # The SDK asks once more after the last page.
        self.assertEqual(4, calls["GET /ports"])

    def test_the_sdk_makes_a_port_with_a_floating_ip_and_a_security_group(self):
        network = self.cloud.network.find_network("private")
        group = self.cloud.network.create_security_group(name="web")
        self.cloud.network.create_security_group_rule(
            security_group_id=group.id, direction="ingress", protocol="tcp",
            port_range_min=80, port_range_max=80,
        )  # fmt: skip
        port = self.cloud.network.create_port(network_id=network.id, security_groups=[group.id])
        public = self.cloud.network.find_network("public")
        floating = self.cloud.network.create_ip(floating_network_id=public.id, port_id=port.id)
        self.assertEqual(port.fixed_ips[0]["ip_address"], floating.fixed_ip_address)
        self.cloud.network.delete_port(port)
        self.assertIsNone(self.cloud.network.get_ip(floating.id).port_id)

    def test_the_sdk_uploads_changes_and_deletes_an_image(self):
        image = self.cloud.create_image(
            "mine", data=b"x" * 1000, disk_format="raw", container_format="bare", wait=True,
            timeout=30,
        )  # fmt: skip
        self.assertEqual(("active", 1000), (image.status, image.size))
        self.cloud.image.update_image(image, name="yours")
        self.assertEqual("yours", self.cloud.image.get_image(image.id).name)
        self.cloud.image.delete_image(image)
        self.assertIsNone(self.cloud.image.find_image("yours"))

    def test_the_sdk_understands_errors(self):
        error = self.assertRaises(
            exceptions.NotFoundException, self.cloud.network.get_port, "nothing"
        )
        self.assertIn("Port nothing could not be found", str(error))

    def test_a_trust_is_made_entered_and_deleted(self):
        service = connect(self.server.auth_url, "clustering", "service")
        self.addCleanup(service.close)
        trust = self.cloud.identity.create_trust(
            trustor_user_id=self.cloud.current_user_id,
            trustee_user_id=service.current_user_id,
            project_id=self.cloud.current_project_id,
            impersonation=True,
            is_impersonation=True,
            roles=[{"name": "member"}],
        )
        entered = connect(self.server.auth_url, "clustering", None, trust_id=trust.id)
        self.addCleanup(entered.close)
        self.assertEqual(self.cloud.current_user_id, entered.current_user_id)
        self.assertEqual(self.cloud.current_project_id, entered.current_project_id)
        self.cloud.identity.delete_trust(trust)
        again = connect(self.server.auth_url, "clustering", None, trust_id=trust.id)
        self.addCleanup(again.close)
        error = self.assertRaises(exceptions.SDKException, again.authorize)
        self.assertIn("Could not find trust", str(error))

    def test_an_application_credential_logs_in(self):
        made = self.cloud.identity.create_application_credential(
            self.cloud.current_user_id, "robot"
        )
        cloud = openstack.connect(
            load_envvars=False,
            load_yaml_config=False,
            auth_type="v3applicationcredential",
            auth={
                "auth_url": self.server.auth_url,
                "application_credential_id": made.id,
                "application_credential_secret": made.secret,
            },
        )
        self.addCleanup(cloud.close)
        self.assertEqual(self.cloud.current_project_id, cloud.current_project_id)

    def test_an_admin_looks_around_in_the_identity_service(self):
        admin = connect(self.server.auth_url, "admin", "admin")
        self.addCleanup(admin.close)
        self.assertEqual("alt", admin.identity.find_user("alt").name)
        self.assertEqual("member", admin.identity.find_role("member").name)
        project = admin.identity.find_project("demo")
        found = admin.identity.role_assignments(scope_project_id=project.id)
        self.assertEqual(4, len(list(found)))
        catalogue = {service.type for service in admin.identity.services()}
        self.assertEqual({"identity", "image", "network", "clustering"}, catalogue)

    def test_the_sdk_sets_tags_and_reads_quotas(self):
        network = self.cloud.network.create_network(name="tagged")
        self.cloud.network.set_tags(network, ["a", "b"])
        self.assertEqual(["tagged"], [n.name for n in self.cloud.network.networks(tags="a,b")])
        self.assertEqual(-1, self.cloud.network.get_quota(self.cloud.current_project_id).ports)


class MiddlewareTest(base.TestCase):
    """keystonemiddleware guards an application with tokens of the sandbox."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(RunningServer()).server
        # The middleware registers its options: not in the service's own configuration.
        options = cfg.ConfigOpts()
        options([], project="keystonemiddleware", default_config_files=[])
        settings = {
            "oslo_config_config": options,
            "auth_type": "password",
            "auth_url": self.server.auth_url,
            "www_authenticate_uri": self.server.auth_url,
            "username": "clustering",
            "password": "secret",
            "project_name": "service",
            "user_domain_id": "default",
            "project_domain_id": "default",
            "region_name": "RegionOne",
            "delay_auth_decision": "false",
        }
        self.guarded = auth_token.AuthProtocol(webob.dec.wsgify(self.inner), settings)

    @staticmethod
    def inner(request):
        names = ("X-User-Name", "X-Project-Name", "X-Roles", "X-Identity-Status")
        return json.dumps({name: request.headers.get(name) for name in names})

    def call(self, token):
        request = webob.Request.blank("/", headers={"X-Auth-Token": token})
        return request.get_response(self.guarded)

    def test_a_valid_token_goes_through_with_who_it_is(self):
        cloud = connect(self.server.auth_url)
        self.addCleanup(cloud.close)
        answer = self.call(cloud.auth_token)
        self.assertEqual(200, answer.status_int)
        self.assertEqual("demo", answer.json["X-User-Name"])
        self.assertEqual("demo", answer.json["X-Project-Name"])
        self.assertEqual({"member", "reader"}, set(answer.json["X-Roles"].split(",")))

    def test_a_wrong_token_is_401(self):
        self.assertEqual(401, self.call("nonsense").status_int)


class FaultTest(base.TestCase):
    """Faults as a client sees them."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(RunningServer()).server
        self.session = requests.Session()
        self.addCleanup(self.session.close)
        auth = {"identity": harness.password("demo"), "scope": harness.in_project("demo")}
        answer = self.session.post(f"{self.server.auth_url}/auth/tokens", json={"auth": auth})
        self.session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        self.networks = f"{self.server.url}/network/v2.0/networks"

    def test_a_reset_breaks_the_connection(self):
        self.server.knobs.update({"rules": [{"kind": "reset", "count": 1}]})
        self.assertRaises(requests.ConnectionError, self.session.get, self.networks)
        self.assertEqual(200, self.session.get(self.networks).status_code)

    def test_a_dropped_reply_leaves_the_work_done(self):
        rule = {"kind": "drop_reply", "method": "POST", "path": "/networks$", "count": 1}
        self.server.knobs.update({"rules": [rule]})
        post = functools.partial(self.session.post, json={"network": {"name": "lost"}})
        self.assertRaises(requests.ConnectionError, post, self.networks)
        found = self.session.get(f"{self.networks}?name=lost").json()["networks"]
        self.assertEqual(1, len(found))

    def test_one_connection_serves_many_calls(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        self.addCleanup(connection.close)
        sockets = set()
        for _ in range(5):
            connection.request("GET", "/identity/v3")
            connection.getresponse().read()
            sockets.add(connection.sock)
        self.assertEqual(1, len(sockets))
        self.assertIsNotNone(sockets.pop())


class ProcessTest(base.TestCase):
    """The senlin-sandbox process."""

    def setUp(self):
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path

    def begin(self):
        """Start the process; gives it and its auth URL."""
        command = [sys.executable, "-m", "senlin.cmd.sandbox", "--state-dir", self.directory]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}
        )
        self.addCleanup(self.end, process, signal.SIGKILL)
        waiting = selectors.DefaultSelector()
        self.addCleanup(waiting.close)
        waiting.register(process.stdout, selectors.EVENT_READ)
        self.assertTrue(waiting.select(_START_SECONDS), "the process said nothing")
        line = process.stdout.readline().decode()
        return process, re.search(r"http://\S+", line).group()

    def end(self, process, number):
        if process.poll() is None:
            process.send_signal(number)
        process.wait(_START_SECONDS)
        process.stdout.close()
        return process.returncode

    def test_the_cloud_is_as_it_was_after_kill_9(self):
        process, url = self.begin()
        first = connect(url)
        self.addCleanup(first.close)
        network = first.network.create_network(name="kept")
        subnet = first.network.create_subnet(
            network_id=network.id, ip_version=4, cidr="10.9.0.0/24"
        )
        port = first.network.create_port(network_id=network.id)
        token = first.auth_token
        requests.patch(f"{url[: -len('/identity/v3')]}/sandbox/knobs", json={"active_delay": 7})
        self.end(process, signal.SIGKILL)

        process, url = self.begin()
        base_url = url.removesuffix("/identity/v3")
        answer = requests.get(
            f"{base_url}/network/v2.0/ports/{port.id}", headers={"X-Auth-Token": token}
        )
        self.assertEqual(200, answer.status_code)
        second = connect(url)
        self.addCleanup(second.close)
        self.assertEqual([subnet.id], second.network.find_network("kept").subnet_ids)
        other = second.network.create_port(network_id=network.id)
        self.assertNotEqual(port.fixed_ips, other.fixed_ips)
        self.assertEqual(7, requests.get(f"{base_url}/sandbox/knobs").json()["active_delay"])
        self.assertEqual(0, self.end(process, signal.SIGTERM))
