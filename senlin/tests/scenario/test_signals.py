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

"""Daemons are asked to end, to begin anew, and killed, while they are used."""

import configparser
import os
import signal
import threading
import time

import requests

from senlin.common import ports
from senlin.tests import waiting
from senlin.tests.scenario import base
from senlin.tests.scenario import deployment
from senlin.tests.scenario import servers

HOST = "127.0.0.1"
NODES = 40
#: Seconds within which what died is there again.
REPLACED_SECONDS = 60
#: Seconds beside the time to drain within which a daemon ends.
LEAVING_SECONDS = 30


class SignalsTestCase(base.ScenarioTestCase):
    def run_daemons(self, engines=0, **options):
        """Start an API, and engines, with the options that a test gives."""
        database, broker = servers.shared(servers.MariaDB), servers.shared(servers.RabbitMQ)
        self.deploy(database.url, broker.url, engines=engines, options=options)

    def change_options(self, section, **values):
        """Write to the configuration file that all daemons read."""
        parser = configparser.ConfigParser(interpolation=None, default_section="(none)")
        parser.read(self.service.config)
        parser.read_dict({section: values})
        with open(self.service.config, "w") as target:
            parser.write(target)

    def wait_for(self, what, look, seconds=REPLACED_SECONDS):
        """Wait until ``look`` gives something true; gives that."""
        return waiting.until(look, what, seconds, every=0.05)

    def workers(self, daemon):
        """The processes of a daemon's workers."""
        return set(daemon.pids()) - {daemon.pid}


class EngineTest(SignalsTestCase):
    def setUp(self):
        super().setUp()
        self.port = ports.free(1)
        self.run_daemons(
            engines=1,
            engine={
                "workers": "2",
                "drain_timeout": "5",
                "metrics_port": str(self.port),
                "heartbeat_interval": "1",
                "lease": "5",
            },
        )
        self.engine = self.service.engines[0]
        self.wait_for("both engines", lambda: self.service.count("service") == 2)

    def begin(self, active_delay=0.5):
        """A cluster that is being created."""
        self.service.set_knobs(active_delay=active_delay)
        profile = self.service.new_profile()
        cluster = self.service.clustering.create_cluster(
            name="c1", profile_id=profile.id, desired_capacity=NODES
        )
        self.wait_for("the first server", self.service.servers)
        return cluster

    def assert_created(self, cluster):
        action = self.service.wait(self.service.action_of(cluster, "CLUSTER_CREATE"))
        self.assertEqual("SUCCEEDED", action.status, action.status_reason)
        marks = [server.metadata["cluster_node_id"] for server in self.service.servers()]
        self.assertEqual(NODES, len(marks))
        self.assertEqual({node.id for node in self.service.clustering.nodes()}, set(marks))

    def test_one_that_is_told_to_end_gives_its_work_back(self):
        cluster = self.begin()
        began = time.monotonic()
        self.assertEqual(0, self.engine.stop())
        self.assertLess(time.monotonic() - began, 5 + LEAVING_SECONDS)
        self.assertEqual(0, self.service.count("service"))
        self.engine.start()
        self.assert_created(cluster)

    def test_one_that_is_told_to_end_does_not_wait_for_calls_that_hang(self):
        self.begin()
        self.service.set_knobs(latency=50.0)
        began = time.monotonic()
        self.assertEqual(0, self.engine.stop())
        self.assertLess(time.monotonic() - began, 5 + LEAVING_SECONDS)

    def test_a_hangup_replaces_the_workers_by_ones_with_new_options(self):
        cluster = self.begin()
        old, port = self.workers(self.engine), ports.free(1)
        self.change_options("engine", metrics_port=str(port))
        self.engine.signal(signal.SIGHUP)
        new = self.wait_for(
            "new workers",
            lambda: len(self.workers(self.engine) - old) == 2 and self.workers(self.engine),
            REPLACED_SECONDS + LEAVING_SECONDS,
        )
        self.assertEqual(set(), old & new)
        self.wait_for("new options", lambda: self.is_fit(port))
        self.assert_created(cluster)

    def test_a_killed_worker_is_replaced_and_costs_seconds(self):
        cluster = self.begin()
        old = self.workers(self.engine)
        victim = min(old)
        os.kill(victim, signal.SIGKILL)
        began = time.monotonic()
        self.wait_for("a new worker", lambda: len(self.workers(self.engine) - old) == 1)
        self.assert_created(cluster)
        self.assertLess(time.monotonic() - began, deployment.READY_SECONDS)
        self.wait_for("its port", lambda: self.is_fit(self.port) and self.is_fit(self.port + 1))

    def test_workers_whose_launcher_was_killed_end_in_good_order(self):
        self.begin()
        os.kill(self.engine.pid, signal.SIGKILL)
        self.wait_for("no worker", lambda: not self.workers(self.engine), 5 + LEAVING_SECONDS)
        self.assertEqual(0, self.service.count("service"))

    def test_each_worker_tells_of_itself(self):
        for port in (self.port, self.port + 1):
            self.wait_for("health", lambda port=port: self.is_fit(port))
            text = requests.get(f"http://{HOST}:{port}/metrics", timeout=10).text
            self.assertIn('senlin_rpc_threads{topic="senlin-engine"}', text)
            self.assertIn("senlin_actions_due 0.0", text)

    def is_fit(self, port):
        try:
            answer = requests.get(f"http://{HOST}:{port}/healthcheck", timeout=10)
        except requests.exceptions.ConnectionError:
            return False
        return answer.status_code == 200


class Load:
    """Clients that ask an API again and again, each on a connection that it keeps.

    :ivar answered: how many requests were; ``failures``: what became of the others.
    """

    def __init__(self, url, token, clients=4):
        self.answered = 0
        self.failures = []
        self._url = f"{url}/v1/clusters"
        self._token = token
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join(deployment.READY_SECONDS)

    def _run(self):
        with requests.Session() as session:
            session.headers["X-Auth-Token"] = self._token
            while not self._end.is_set():
                try:
                    answer = session.get(self._url, timeout=30)
                    failure = None if answer.status_code == 200 else answer.status_code
                except requests.exceptions.RequestException as error:
                    failure = repr(error)
                with self._lock:
                    if failure is None:
                        self.answered += 1
                    else:
                        self.failures.append(failure)


class ApiTest(SignalsTestCase):
    def deploy_api(self, workers, **options):
        self.metrics_port = ports.free(1)
        self.run_daemons(
            senlin_api={
                "workers": str(workers),
                "drain_timeout": "5",
                "metrics_port": str(self.metrics_port),
                **options,
            },
        )
        self.api = self.service.apis[0]
        self.token = self.service.cloud.auth_token

    def answered_meanwhile(self, do):
        """Act while clients are at it; gives their load when they go on afterwards."""
        with Load(self.service.url, self.token) as load:
            self.wait_for("answers", lambda: load.answered > 20)
            do()
            before = load.answered
            self.wait_for("more answers", lambda: load.answered > before + 50, 60)
        return load

    def get_in_background(self):
        """A request that takes a second; gives its thread and its answers."""
        # Not in any cache of tokens: the identity service is asked, and is slow.
        token = self.service.connect("demo", "demo").auth_token
        self.service.set_knobs(latency=self.latency)
        answers = []

        def get():
            headers = {"X-Auth-Token": token}
            try:
                url = f"{self.service.url}/v1/clusters"
                answers.append(requests.get(url, headers=headers, timeout=60).status_code)
            except requests.exceptions.RequestException as error:
                answers.append(repr(error))

        thread = threading.Thread(target=get)
        thread.start()
        self.addCleanup(thread.join, 60)
        self.wait_for("the request", self.is_busy)
        return thread, answers

    def is_busy(self):
        for port in range(self.metrics_port, self.metrics_port + 2):
            try:
                text = requests.get(f"http://{HOST}:{port}/metrics", timeout=10).text
            except requests.exceptions.ConnectionError:
                continue
            if "senlin_api_requests_in_flight 1.0" in text:
                return True
        return False

    latency = 1.0

    def test_a_hangup_replaces_all_workers_and_no_request_is_lost(self):
        self.deploy_api(workers=2)
        old = self.workers(self.api)

        def reload():
            self.api.signal(signal.SIGHUP)
            self.wait_for("new workers", lambda: len(self.workers(self.api) - old) == 2)

        load = self.answered_meanwhile(reload)
        self.assertEqual([], load.failures)
        self.assertEqual(set(), old & self.workers(self.api))

    def test_a_hangup_without_workers_changes_options_and_no_request_is_lost(self):
        self.deploy_api(workers=0)
        log = self.service.directory / "api0.log"

        def reload():
            self.change_options("DEFAULT", debug="true")
            self.api.signal(signal.SIGHUP)
            word = "Option DEFAULT.debug changed from [None] to [true]"
            self.wait_for("a word", lambda: word in log.read_text())

        load = self.answered_meanwhile(reload)
        self.assertEqual([], load.failures)

    def test_a_hangup_with_a_broken_file_changes_nothing(self):
        self.deploy_api(workers=0)
        self.service.config.write_text("[DEFAULT\n")
        log = self.service.directory / "api0.log"
        self.api.signal(signal.SIGHUP)
        self.wait_for("a word", lambda: "The configuration stays as it was" in log.read_text())
        self.assertEqual(300, requests.get(self.service.url, timeout=10).status_code)

    def test_a_killed_worker_is_replaced_and_the_others_go_on(self):
        self.deploy_api(workers=2)
        old = self.workers(self.api)

        def kill():
            os.kill(min(old), signal.SIGKILL)
            self.wait_for("a new worker", lambda: len(self.workers(self.api) - old) == 1)

        load = self.answered_meanwhile(kill)
        # What it was at is lost, one request of each client at most.
        self.assertLessEqual(len(load.failures), 4)

    def test_workers_whose_launcher_was_killed_end(self):
        self.deploy_api(workers=2)
        os.kill(self.api.pid, signal.SIGKILL)
        self.wait_for("no worker", lambda: not self.workers(self.api), 5 + LEAVING_SECONDS)

    def _test_end(self, workers):
        self.deploy_api(workers)
        thread, answers = self.get_in_background()
        self.assertEqual(0, self.api.stop(5 + LEAVING_SECONDS))
        thread.join(60)
        self.assertEqual([200], answers)

    def test_one_told_to_end_answers_what_it_is_at(self):
        self._test_end(workers=0)

    def test_workers_told_to_end_answer_what_they_are_at(self):
        self._test_end(workers=2)

    def _test_bound(self, workers):
        self.latency = 50.0
        self.deploy_api(workers, drain_timeout="1")
        self.get_in_background()
        began = time.monotonic()
        self.assertEqual(0, self.api.stop(60))
        self.assertLess(time.monotonic() - began, self.latency)

    def test_one_told_to_end_does_not_wait_for_what_hangs(self):
        self._test_bound(workers=0)

    def test_workers_told_to_end_do_not_wait_for_what_hangs(self):
        self._test_bound(workers=2)
