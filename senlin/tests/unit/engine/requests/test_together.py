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

"""Requests that come at the same moment, and requests that come over the bus."""

import contextlib
import threading
from unittest import mock
import uuid

import fixtures
import sqlalchemy as sa

from senlin.common import exception
from senlin.db import clusters
from senlin.db import facade
from senlin.db import lookup
from senlin.rpc import client
from senlin.rpc import server
from senlin.rpc import transport as rpc_transport
from senlin.tests.unit.engine.requests import base


class TestAtTheSameMoment(base.RequestTestCase):
    def at_once(self, number, function):
        """Results of ``function()`` in so many threads, refusals as errors."""
        results, start = [], threading.Barrier(number)

        def run():
            start.wait(20)
            try:
                results.append(function())
            except exception.SenlinError as error:
                results.append(error)

        threads = [threading.Thread(target=run) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(number, len(results))
        return results

    def test_of_conflicting_requests_one_is_admitted(self):
        self.make_cluster()
        results = self.at_once(6, lambda: self.ask("cluster_scale_out", identity="c1", count=1))
        refusals = [one for one in results if isinstance(one, exception.ActionConflict)]
        self.assertEqual(5, len(refusals))

    def test_the_quota_is_never_exceeded(self):
        self.make_profile()
        self.config(max_clusters_per_project=3)
        results = self.at_once(6, lambda: self.ask("cluster_create", name="c", profile_id="prof"))
        refusals = [one for one in results if isinstance(one, exception.OverQuota)]
        self.assertEqual((3, 3), (len(refusals), facade.read(clusters.count, "p1")))

    def test_no_index_is_given_twice(self):
        cluster = self.make_cluster()
        results = self.at_once(
            6,
            lambda: self.ask(
                "node_create", name="n", profile_id=cluster["profile_id"], cluster_id="c1"
            ),
        )
        self.assertEqual([1, 2, 3, 4, 5, 6], sorted(result["node"]["index"] for result in results))

    def test_no_node_is_left_without_its_profile(self):
        profile = self.make_profile()
        requests = [
            lambda: self.ask("node_create", name="n", profile_id="prof"),
            lambda: self.ask("node_create", name="n", profile_id=profile["id"]),
            lambda: self.ask("profile_delete", identity="prof"),
        ] * 2

        def one_of_them():
            return requests.pop()()

        self.at_once(len(requests), one_of_them)
        kept = self.row("profile", profile["id"]) is not None
        self.assertEqual(kept, facade.read(_count, lookup.table("node")) > 0)


class TestOverTheBus(base.RequestTestCase):
    def setUp(self):
        super().setUp()
        rpc_transport.register_opts(self.conf)
        self.config(transport_url="kombu+memory:///", rpc_response_timeout=20)
        transport = rpc_transport.get(self.conf)
        self.addCleanup(transport.cleanup)
        topic = "requests"
        requests = server.RequestServer(transport, self.endpoints, "engine-1", topic=topic)
        requests.start()
        self.addCleanup(requests.stop, 5)
        self.client = client.EngineClient(transport, topic=topic)

    def test_a_cluster_is_made_and_refused_as_the_api_would_see_it(self):
        profile = self.client.profile_create(self.context, name="p", spec=base.a_spec())
        made = self.client.cluster_create(
            self.context, name="c", profile_id=profile["id"], desired_capacity=2
        )
        self.assertEqual(2, made["cluster"]["desired_capacity"])
        self.assertEqual("2023-11-14T22:13:20.250000Z", made["cluster"]["init_at"])
        self.assertEqual("CLUSTER_CREATE", self.action(made)["action"])
        self.assertRaises(
            exception.ActionConflict, self.client.cluster_check, self.context, identity="c"
        )

    def _come_twice(self):
        """Have all messages from now on be one and the same."""
        one = mock.Mock(uuid4=mock.Mock(return_value=uuid.uuid4()))
        self.useFixture(fixtures.MockPatch("senlin.rpc.client.uuid", one))

    def _assert_done_once(self, kind, method, **arguments):
        before = self._number_of(kind)
        send = getattr(self.client, method)
        send(self.context, **arguments)
        self.assertRaises(exception.AlreadyDone, send, self.context, **arguments)
        self.assertEqual(before + 1, self._number_of(kind))

    def _number_of(self, kind):
        return facade.read(_count, lookup.table(kind))

    def test_a_creation_whose_message_comes_twice_is_done_once(self):
        cluster = self.make_cluster()
        profile = cluster["profile_id"]
        scaling = {"type": "senlin.policy.scaling", "version": "1.0", "properties": {}}
        scaling["properties"] = {"event": "CLUSTER_SCALE_OUT"}
        self._come_twice()
        self._assert_done_once("profile", "profile_create", name="p", spec=base.a_spec())
        self._assert_done_once("policy", "policy_create", name="p", spec=scaling)
        self._assert_done_once("cluster", "cluster_create", name="c", profile_id=profile)

    def test_a_node_whose_message_comes_twice_is_made_once(self):
        profile = self.make_profile()
        self._come_twice()
        self._assert_done_once("node", "node_create", name="n", profile_id=profile["id"])

    def test_the_answer_to_a_commit_that_was_lost_is_found_out(self):
        profile = self.make_profile()
        for saved in (True, False):
            self._lose_the_answer_to_a_commit(saved)
            made = self.client.cluster_create(self.context, name="c", profile_id=profile["id"])
            self.assertEqual("CLUSTER_CREATE", self.action(made)["action"])
        self.assertEqual(2, self._number_of("cluster"))
        self.assertEqual(2, self._number_of("action"))

    def test_a_profile_is_made_once_when_the_answer_to_its_commit_is_lost(self):
        self._lose_the_answer_to_a_commit(saved=True)
        made = self.client.profile_create(self.context, name="p", spec=base.a_spec())
        self.assertEqual(made["id"], facade.read(lookup.find, "profile", "p")["id"])
        self.assertEqual(1, self._number_of("profile"))

    def _lose_the_answer_to_a_commit(self, saved):
        """Have the next write lose its connection while it is saved, or before."""
        write = facade.write
        lost = []

        def losing(function, *arguments, **named):
            if lost:
                return write(function, *arguments, **named)
            lost.append(function)
            with contextlib.suppress(_Undone):
                write(function if saved else _undone(function), *arguments, **named)
            raise exception.OutcomeUnknown()

        self.useFixture(fixtures.MockPatchObject(facade, "write", losing))

    def test_every_request_of_the_client_has_an_endpoint(self):
        offered = {
            name
            for endpoint in self.endpoints
            for name in dir(endpoint)
            if getattr(getattr(endpoint, name), "exposed", False)
        }
        wanted = {
            name
            for name, value in vars(client.EngineClient).items()
            if isinstance(value, client._Request)
        }
        self.assertEqual(wanted, offered)


def _count(conn, table):
    return conn.execute(sa.select(sa.func.count()).select_from(table)).scalar()


class _Undone(Exception):
    """A transaction was rolled back."""


def _undone(function):
    def run(*arguments, **named):
        function(*arguments, **named)
        raise _Undone

    return run
