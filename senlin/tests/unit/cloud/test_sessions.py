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

import ddt
from keystoneauth1 import session
from keystoneauth1 import token_endpoint

from senlin.cloud import calls
from senlin.cloud import errors
from senlin.common import secrets
from senlin.db import credentials
from senlin.tests.unit.cloud import sandbox


class TestTrusts(sandbox.SandboxTestCase):
    def owner(self):
        return self.context.user_id, self.context.project_id

    def test_trust_lets_the_service_act_for_the_user(self):
        cloud = self.demo_cloud()

        self.assertEqual(self.context.project_id, cloud.link.session.get_project_id())
        self.assertEqual(self.context.user_id, cloud.link.session.get_user_id())

    def test_trust_is_kept_sealed(self):
        trust = self.pool.trusts.ensure(self.context)

        kept = credentials.load(*self.owner())
        self.assertNotIn(trust, kept)
        self.assertIn(trust, secrets.unseal(kept))

    def test_known_trust_costs_nothing(self):
        self.pool.trusts.ensure(self.context)
        calls.reset()

        self.pool.trusts.ensure(self.context)

        self.assertEqual({}, dict(calls.counts()))

    def test_trust_in_the_cloud_is_used_again(self):
        first = self.pool.trusts.ensure(self.context)
        other = type(self.pool)()
        self.addCleanup(other.close)
        credentials.save("someone", "else", "x")

        class Empty:
            load = staticmethod(lambda *owner: None)
            save = staticmethod(lambda *owner: None)

        other.trusts._store = Empty

        self.assertEqual(first, other.trusts.ensure(self.context))

    def test_many_that_ask_at_once_get_one_trust(self):
        found = set()
        threads = [
            threading.Thread(target=lambda: found.add(self.pool.trusts.ensure(self.context)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(1, len(found))

    def test_lost_trust_is_made_anew_at_the_next_request(self):
        self.demo_cloud()
        first = self.pool.trusts.ensure(self.context)
        self._delete_trust(first)
        self.pool.forget(*self.owner())

        error = self.assertRaises(
            errors.CloudError, lambda: self.pool.for_owner(*self.owner()).zones()
        )
        self.assertEqual(errors.ReasonClass.AUTH, error.reason)
        self.assertRegex(error.message, "^The trust of user .+ in project .+ was refused: .+")
        second = self.pool.trusts.ensure(self.context)

        self.assertNotEqual(first, second)
        self.assertTrue(self.pool.for_owner(*self.owner()).zones())

    def test_owner_without_a_trust_is_an_auth_error(self):
        error = self.assertRaises(errors.CloudError, self.pool.for_owner, "nobody", "nothing")

        self.assertEqual("The trust for trustor 'nobody' could not be found.", error.message)
        self.assertEqual(errors.ReasonClass.AUTH, error.reason)

    def test_a_trust_that_works_is_verified(self):
        self.demo_cloud()

        self.assertIsNone(self.pool.trusts.verify(*self.owner()))

    def test_a_lost_trust_is_not_verified_and_is_made_anew_later(self):
        first = self.pool.trusts.ensure(self.context)
        self._delete_trust(first)

        error = self.assertRaises(errors.CloudError, self.pool.trusts.verify, *self.owner())

        self.assertIn(error.status, (401, 403, 404))
        self.assertNotEqual(first, self.pool.trusts.ensure(self.context))

    def _delete_trust(self, trust):
        auth = token_endpoint.Token(self.sandbox.auth_url, self.context.auth_token)
        session.Session(auth=auth).delete(f"{self.sandbox.auth_url}/OS-TRUST/trusts/{trust}")


@ddt.ddt
class TestSessions(sandbox.SandboxTestCase):
    def test_the_public_address_of_a_service(self):
        self.assertIn("/network", self.pool.public_endpoint("network"))
        self.assertIsNone(self.pool.public_endpoint("unheard-of"))

    def test_one_cloud_for_each_owner(self):
        cloud = self.demo_cloud()

        self.assertIs(cloud, self.demo_cloud())
        self.assertIsNot(cloud, self.pool.for_service())

    def test_calls_cost_one_request_each(self):
        cloud = self.demo_cloud()
        cloud.compute.servers()
        before = self.sandbox.counters.to_json()
        calls.reset()

        for _ in range(5):
            cloud.compute.servers()

        self.assertEqual({("compute", "GET"): 5}, dict(calls.counts()))
        self.assertIsNotNone(before)

    def test_look_ups_are_kept(self):
        cloud = self.demo_cloud()
        calls.reset()

        for _ in range(10):
            cloud.look_up("network", "private")
            cloud.look_up("flavor", "m1.nano")
            cloud.look_up("image", "cirros")

        self.assertLessEqual(self.requests(), 6)

    def test_owners_do_not_see_each_others_look_ups(self):
        other = self.request_of("alt")
        self.pool.trusts.ensure(other)
        alt = self.pool.for_owner(other.user_id, other.project_id)
        demo = self.demo_cloud()

        mine = demo.look_up("security_group", "default")["id"]

        self.assertNotEqual(mine, alt.look_up("security_group", "default")["id"])

    def test_unknown_name_is_a_404(self):
        cloud = self.demo_cloud()

        for kind in ("flavor", "image", "network", "subnet", "security_group", "key_pair"):
            error = self.assertRaises(errors.CloudError, cloud.look_up, kind, "nothing")
            self.assertTrue(error.is_not_found, kind)

    def test_broken_connection_of_a_read_is_tried_again_at_once(self):
        cloud = self.demo_cloud()
        cloud.zones()
        self.break_calls("reset", service="compute", method="GET", count=2)

        self.assertEqual([], cloud.compute.servers())

    def test_broken_connection_of_a_change_is_not_tried_again(self):
        cloud = self.demo_cloud()
        cloud.zones()
        self.break_calls("drop_reply", service="compute", method="POST", count=1)
        calls.reset()

        error = self.assertRaises(
            errors.CloudError, cloud.compute.post, "/os-keypairs", {"keypair": {"name": "k"}}
        )

        self.assertTrue(error.outcome_unknown)
        self.assertEqual(1, self.requests())
        self.assertIsNotNone(cloud.compute.key_pair("k"))

    def test_rate_limit_says_when_to_come_back(self):
        cloud = self.demo_cloud()
        cloud.zones()
        self.break_calls("rate_limit", service="compute", seconds=3, count=1)

        error = self.assertRaises(errors.CloudError, cloud.compute.servers)

        self.assertTrue(error.retryable)
        self.assertEqual(3.0, error.retry_after)

    def test_service_that_is_down_opens_the_breaker(self):
        cloud = self.demo_cloud()
        cloud.zones()
        self.break_calls("error", service="compute", status=503)
        for _ in range(10):
            self.assertRaises(errors.CloudError, cloud.compute.servers)
        calls.reset()

        error = self.assertRaises(errors.CloudError, cloud.compute.servers)

        self.assertEqual(0, self.requests())
        self.assertGreater(error.retry_after, 0)
        self.assertTrue(cloud.look_up("network", "private"))

    @ddt.data({"kind": "error", "status": 409}, {"kind": "error", "status": 503}, {"kind": "reset"})
    def test_versions_that_cannot_be_asked_for_are_asked_for_again(self, fault):
        cloud = self.demo_cloud()
        # All forms of the address that keystoneauth tries, and those tried again at once.
        self.break_calls(**fault, service="network", count=100)

        error = self.assertRaises(errors.CloudError, cloud.network.network, "private")
        self.assertTrue(error.retryable)
        self.sandbox.knobs.update({"rules": []})

        self.assertEqual("private", cloud.network.network("private")["name"])

    def test_expired_token_is_renewed(self):
        cloud = self.demo_cloud()
        cloud.zones()
        cloud.link.session.auth.auth_ref._data["token"]["expires_at"] = "2020-01-01T00:00:00Z"

        self.assertEqual([], cloud.compute.servers())
