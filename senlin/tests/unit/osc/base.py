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

"""What the tests of the command-line plug-in share."""

import argparse
import io
import json
import pathlib
import tomllib

import fixtures
from keystoneauth1 import fixture as ksa_fixture
import openstack
from osc_lib import exceptions
from requests_mock.contrib import fixture as requests_fixture

import senlin
from senlin.osc import plugin
from senlin.tests.unit import base

AUTH_URL = "http://cloud.test/identity/v3"
ENDPOINT = "http://cloud.test/clustering"
API = f"{ENDPOINT}/v1"
PROJECT_ID = "9b1c46d5c1c34de2b5aaf3d0b0bd3c4f"

CLUSTER_ID = "c1c1c1c1-1111-4111-8111-111111111111"
NODE_ID = "d1d1d1d1-1111-4111-8111-111111111111"
ACTION_ID = "a1a1a1a1-1111-4111-8111-111111111111"
LOCATION = {"Location": f"{API}/actions/{ACTION_ID}"}

_ROOT = pathlib.Path(senlin.__file__).parent.parent


def commands():
    """Give the table of commands: from "cluster list" to "module:Class"."""
    with open(_ROOT / "pyproject.toml", "rb") as stream:
        groups = tomllib.load(stream)["project"]["entry-points"]
    table = groups["openstack.clustering.v1"]
    return {name.replace("_", " "): target for name, target in table.items()}


def load(name):
    """Give the class of a command."""
    module, _colon, class_name = commands()[name].partition(":")
    return getattr(__import__(module, fromlist=[class_name]), class_name)


def error_body(code, message, title="Error"):
    """Give an error body of the service (API contract, section 4.1)."""
    return {
        "code": code,
        "title": title,
        "explanation": "It did not work.",
        "error": {"code": code, "message": message, "type": "SomeError"},
    }


class _ClientManager:
    """The part of the shell's client manager which the plug-in uses."""

    def __init__(self, connection, configuration):
        self.sdk_connection = connection
        self._configuration = configuration
        self._client = None

    def get_configuration(self):
        return self._configuration

    @property
    def clustering(self):
        if self._client is None:
            self._client = plugin.make_client(self)
        return self._client


class _App:
    """The part of the shell which commands use."""

    def __init__(self, client_manager):
        self.client_manager = client_manager
        self.options = argparse.Namespace(verbose_level=1)
        self.stdin = io.StringIO()
        self.stdout = io.StringIO()
        self.stderr = io.StringIO()


class CommandTestCase(base.TestCase):
    """Runs commands over a real SDK connection to a mocked cloud.

    :ivar cloud: the mocked HTTP transport.
    """

    #: The newest microversion that the mocked service offers.
    max_version = "1.14"

    def setUp(self):
        super().setUp()
        # The pauses themselves are tested with a clock of their own.
        self.useFixture(fixtures.MonkeyPatch("senlin.osc.waiting.FIRST_INTERVAL", 0.001))
        self.cloud = self.useFixture(requests_fixture.Fixture())
        self._serve_identity()
        self._serve_discovery()
        self.app = None

    def run_command(self, line, *words, **configuration):
        """Run a command; give what it printed on standard output.

        :param line: the command's name and simple arguments, in one text.
        :param words: further arguments, which may contain blanks.
        :param configuration: values as from clouds.yaml or global options.
        """
        argv = [*line.split(), *words]
        name = self._name(argv)
        self.app = _App(self._client_manager(configuration))
        command = load(name)(self.app, argparse.Namespace())
        arguments = argv[len(name.split()) :]
        parsed = command.get_parser(f"openstack {name}").parse_args(arguments)
        command.run(parsed)
        return self.app.stdout.getvalue()

    def run_json(self, line, *words, **configuration):
        """Run a command; give what it printed, decoded from JSON."""
        return json.loads(self.run_command(line, *words, "-f", "json", **configuration))

    def refusal(self, line, *words, **configuration):
        """Run a command which has to fail; give the error's text."""
        error = self.assertRaises(
            exceptions.CommandError, self.run_command, line, *words, **configuration
        )
        return str(error)

    def progress(self):
        """Give what the last command told people, on standard error."""
        return self.app.stderr.getvalue()

    def serve(self, method, path, *responses, **response):
        """Let the service answer requests for ``path`` below /v1."""
        if response:
            responses = (*responses, response)
        for answer in responses:
            if "json" in answer:
                headers = {"Content-Type": "application/json"}
                answer["headers"] = headers | answer.get("headers", {})
        return self.cloud.register_uri(method, API + path, list(responses))

    def serve_action(self, *statuses, reason="because"):
        """Let the service show an action in these statuses, one after the other."""
        return self.serve(
            "GET",
            f"/actions/{ACTION_ID}",
            *[
                {
                    "json": {
                        "action": {
                            "id": ACTION_ID,
                            "name": "some_action",
                            "action": "CLUSTER_SOMETHING",
                            "target": CLUSTER_ID,
                            "status": status,
                            "status_reason": reason,
                        }
                    }
                }
                for status in statuses
            ],
        )

    def requests(self, method=None):
        """Give the requests to the service proper, in order."""
        return [
            sent
            for sent in self.cloud.request_history
            if sent.url.startswith(API + "/") and method in (None, sent.method)
        ]

    def last_body(self, method):
        """Give the decoded body of the last request with ``method``."""
        return self.requests(method)[-1].json()

    def _name(self, argv):
        for length in range(len(argv), 0, -1):
            name = " ".join(argv[:length])
            if name in commands():
                return name
        raise AssertionError(f"no such command: {argv}")

    def _client_manager(self, configuration):
        connection = openstack.connect(
            load_yaml_config=False,
            load_envvars=False,
            auth_type="v3password",
            auth={
                "auth_url": AUTH_URL,
                "username": "demo",
                "password": "secret",
                "user_domain_id": "default",
                "project_id": PROJECT_ID,
            },
            region_name="RegionOne",
            **configuration,
        )
        self.addCleanup(connection.close)
        return _ClientManager(connection, configuration)

    def _serve_identity(self):
        token = ksa_fixture.V3Token(project_id=PROJECT_ID)
        service = token.add_service("clustering")
        service.add_standard_endpoints(public=ENDPOINT, region="RegionOne")
        discovery = ksa_fixture.V3Discovery(AUTH_URL)
        self.cloud.get(AUTH_URL, json={"version": discovery})
        self.cloud.post(f"{AUTH_URL}/auth/tokens", json=token, headers={"X-Subject-Token": "t"})

    def _serve_discovery(self):
        version = {
            "id": "1.0",
            "status": "CURRENT",
            "links": [{"rel": "self", "href": API}],
            "min_version": "1.0",
            "max_version": self.max_version,
        }
        self.cloud.get(ENDPOINT, status_code=300, json={"versions": [version]})
        self.cloud.get(API, json={"version": version})
