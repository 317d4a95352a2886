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

"""The API under other web servers, whose workers are killed."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import fixtures
from oslotest import base
import requests
import testscenarios

from senlin.common import ports

HOST = "127.0.0.1"
SECONDS = 120
APPLICATION = "senlin.wsgi.api:application"

load_tests = testscenarios.load_tests_apply_scenarios


def gunicorn(port):
    """As the installation guide has it."""
    words = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    return ["gunicorn", *words, "--bind", f"{HOST}:{port}", APPLICATION]


def uwsgi(port):
    """As the installation guide has it."""
    words = ["--master", "--processes", "2", "--threads", "4", "--enable-threads", "--lazy-apps"]
    more = ["--die-on-term", "--buffer-size", "65535", "--module", APPLICATION]
    return ["uwsgi", "--http-socket", f"{HOST}:{port}", *words, *more]


class HostingTest(base.BaseTestCase):
    scenarios = [
        ("gunicorn", {"command": staticmethod(gunicorn)}),
        ("uwsgi", {"command": staticmethod(uwsgi)}),
    ]

    def setUp(self):
        super().setUp()
        self.pause = threading.Event()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.metrics_port = ports.free()
        config = self.directory / "senlin.conf"
        config.write_text(
            "[DEFAULT]\ntransport_url = kombu+memory:///\n"
            f"[database]\nconnection = sqlite:///{self.directory}/senlin.db\n"
            f"[senlin_api]\nmetrics_port = {self.metrics_port}\n"
            f"[keystone_authtoken]\nwww_authenticate_uri = http://{HOST}:5000/v3\n"
            f"auth_type = password\nauth_url = http://{HOST}:5000/v3\n"
        )
        manage = [sys.executable, "-m", "senlin.cmd.manage", "--config-file", str(config)]
        subprocess.run([*manage, "db", "sync"], check=True, timeout=SECONDS)
        self.serve(config)

    def serve(self, config):
        port = ports.free()
        self.url = f"http://{HOST}:{port}"
        name, *words = self.command(port)
        program = pathlib.Path(sys.executable).parent / name
        with open(self.directory / "server.out", "w") as output:
            self.process = subprocess.Popen(
                [str(program), *words],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                start_new_session=True,
                env={**os.environ, "OS_SENLIN_CONFIG_FILES": str(config)},
            )
        self.addCleanup(self.kill)
        self.wait_for("an answer", lambda: self.get() == 300)

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def get(self, url=None):
        """The status of an answer, None if there is none."""
        try:
            return requests.get(url or self.url, timeout=10).status_code
        except requests.exceptions.RequestException:
            return None

    def workers(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in path.read_text().split()}

    def wait_for(self, what, look):
        end = time.monotonic() + SECONDS
        while not look():
            if time.monotonic() > end or self.process.poll() is not None:
                output = (self.directory / "server.out").read_text()
                raise AssertionError(f"There is no {what}: {output[-3000:]}")
            self.pause.wait(0.1)

    def test_requests_and_health_checks_are_answered(self):
        answer = requests.get(f"{self.url}/healthcheck", timeout=10)
        self.assertEqual(200, answer.status_code, answer.text)
        self.assertEqual(401, self.get(f"{self.url}/v1/clusters"))

    def test_a_worker_that_has_served_tells_its_metrics(self):
        text = requests.get(f"http://{HOST}:{self.metrics_port}/metrics", timeout=10).text
        self.assertIn('senlin_api_request_seconds_count{method="GET",route="/",status="300"}', text)

    def test_a_killed_worker_is_replaced(self):
        old = self.workers()
        os.kill(min(old), signal.SIGKILL)
        self.wait_for("new worker", lambda: len(self.workers()) == 2 and self.workers() != old)
        self.wait_for("answer", lambda: self.get() == 300)
