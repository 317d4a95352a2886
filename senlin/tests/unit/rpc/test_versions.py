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

import threading

import fixtures

from senlin.api import app
from senlin.common import context as senlin_context
from senlin.common import exception
from senlin.rpc import client
from senlin.rpc import doorbell
from senlin.rpc import server
from senlin.rpc import versions
from senlin.tests.unit.rpc import base


class NewClient(client.EngineClient):
    """The client of a release after this one, whose engines can do more."""

    rebalance = client._Request(since="1.1")
    profile_type_get = client._Request("type_name", later={"language": "1.1"}, language=None)


class Endpoint:
    """An engine of this release, or of the next one."""

    def __init__(self, version):
        self.target = server.messaging.Target(version=version)

    @server.request
    def profile_type_list(self, context):
        return ["old"]

    @server.request
    def profile_type_get(self, context, type_name):
        return type_name

    @server.request
    def rebalance(self, context):
        return "done"


class NewEndpoint(Endpoint):
    """An engine of the next release, which knows one argument more."""

    def __init__(self):
        super().__init__("1.1")

    @server.request
    def profile_type_get(self, context, type_name, language="en"):
        return f"{type_name} in {language}"


class PinTest(base.BusTestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch("senlin.rpc.versions.CURRENT", "1.1"))
        releases = {"20.0": "1.0", "21.0": "1.1"}
        self.useFixture(fixtures.MonkeyPatch("senlin.rpc.versions.RELEASES", releases))
        self.topic = f"topic-{self.id()}"
        self.context = senlin_context.RequestContext(user_id="u1", project_id="p1")

    def start(self, version):
        self.start_endpoint(Endpoint(version))

    def start_endpoint(self, endpoint):
        running = server.RequestServer(self.transport, [endpoint], "host-1", topic=self.topic)
        running.start()
        self.addCleanup(running.stop, 5)

    def client(self, pin=None, **options):
        return NewClient(self.transport, pin=pin, topic=self.topic, **options)

    def test_a_pinned_api_asks_an_older_engine_for_what_it_knows(self):
        self.start("1.0")
        self.assertEqual(["old"], self.client(pin="20.0").profile_type_list(self.context))

    def test_a_pinned_api_refuses_by_itself_what_an_older_engine_does_not_know(self):
        error = self.assertRaises(
            exception.ServiceUnavailable, self.client(pin="20.0").rebalance, self.context
        )
        self.assertEqual(
            "The service is being upgraded and cannot take this request yet.", error.message
        )
        self.assertEqual(5, error.retry_after)

    def test_without_a_pin_an_older_engine_says_that_it_does_not_know(self):
        self.start("1.0")
        error = self.assertRaises(
            exception.ServiceUnavailable, self.client(timeout=5).rebalance, self.context
        )
        self.assertIn("being upgraded", error.message)

    def test_a_new_argument_that_says_nothing_is_not_sent(self):
        self.start("1.0")
        answer = self.client(pin="20.0").profile_type_get(self.context, type_name="x")
        self.assertEqual("x", answer)

    def test_a_pinned_api_refuses_a_new_argument_that_says_something(self):
        self.assertRaises(
            exception.Upgrading,
            self.client(pin="20.0").profile_type_get,
            self.context,
            type_name="x",
            language="fr",
        )

    def test_a_new_engine_gets_the_new_argument(self):
        self.start_endpoint(NewEndpoint())
        answer = self.client().profile_type_get(self.context, type_name="x", language="fr")
        self.assertEqual("x in fr", answer)

    def test_an_engine_that_is_sent_an_unknown_argument_says_so(self):
        # As an API does that is of a newer release, and was not told of this one's.
        self.start_endpoint(Endpoint("1.1"))
        self.assertRaises(
            exception.Upgrading,
            self.client().profile_type_get,
            self.context,
            type_name="x",
            language="fr",
        )

    def test_engines_of_all_releases_hear_the_doorbell_of_a_new_one(self):
        heard = threading.Semaphore(0)
        old = server.messaging.Target(version="1.0")
        self.useFixture(fixtures.MockPatchObject(doorbell._WakeEndpoint, "target", old))
        listener = doorbell.DoorbellListener(self.transport, heard.release, "host-1")
        listener.start()
        self.addCleanup(listener.stop, 5)
        bell = doorbell.Doorbell(self.transport)
        self.addCleanup(bell.stop)
        bell.ring()
        self.assertTrue(heard.acquire(timeout=5))

    def test_when_all_engines_are_new_the_pin_goes_and_all_is_known(self):
        self.start("1.1")
        self.assertEqual("done", self.client().rebalance(self.context))
        self.assertEqual(["old"], self.client(pin="20.0").profile_type_list(self.context))


class CapTest(base.BusTestCase):
    def test_the_current_release_is_among_those_that_can_be_named(self):
        self.assertIn(versions.CURRENT, versions.RELEASES.values())

    def test_an_unknown_release_is_told_when_the_api_starts(self):
        self.config(group="upgrade_levels", engine="1999.9")
        error = self.assertRaises(ValueError, app.build_application, self.conf)
        self.assertIn("1999.9", str(error))
        self.assertIn("20.0", str(error))
