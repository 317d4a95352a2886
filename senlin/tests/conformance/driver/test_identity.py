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

"""Tokens, the catalog and trusts."""

from keystoneauth1 import exceptions as ksa

from senlin.cloud import errors
from senlin.cloud import trusts
from senlin.common import consts
from senlin.conf import CONF
from senlin.tests.conformance import base
from senlin.tests.conformance import settings


class CatalogTest(base.TestCase):
    def test_the_services_that_are_called_have_endpoints(self):
        for service_type in ("compute", "network", "image", "identity"):
            found = self.cloud.link.session.get_endpoint(
                service_type=service_type, interface="public", skip_discovery=True
            )
            self.assertIsNotNone(found, service_type)

    def test_the_clustering_service_has_an_endpoint(self):
        self.assertIsNotNone(base.new_pool().public_endpoint("clustering"))


class TrustTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.pool = base.new_pool()
        self.request = base.request_of(self.settings.member)
        self.owner = (self.request.user_id, self.request.project_id)

    def trusts_of_user(self):
        found = self.pool.trusts._send(
            self.request, "GET", f"/OS-TRUST/trusts?trustor_user_id={self.request.user_id}"
        )
        return found["trusts"]

    def revoke_trust(self, trust):
        connection = settings.connect(self.settings.member)
        answer = connection.identity.delete(f"/OS-TRUST/trusts/{trust}")
        self.assertEqual(204, answer.status_code, answer.text)

    def new_trust(self):
        """A trust of its own, which goes when the test ends."""
        trust = self.pool.trusts._create(self.request)
        self.addCleanup(self._forget_trust, trust)
        return trust

    def _forget_trust(self, trust):
        settings.connect(self.settings.member).identity.delete(f"/OS-TRUST/trusts/{trust}")

    def use(self, trust):
        """Act with this trust from now on."""
        self.pool.trusts._store.save(*self.owner, trusts.secrets.seal(trusts._pack(trust)))
        return self.pool.for_owner(*self.owner)

    def test_a_trust_is_made_once_and_found_again_by_another_process(self):
        first = self.pool.trusts.ensure(self.request)
        self.assertEqual(first, self.pool.trusts.ensure(self.request))
        again = base.new_pool().trusts.ensure(self.request)
        self.assertEqual(first, again)

    def test_a_trust_shows_what_it_is_found_by(self):
        made = self.new_trust()
        (trust,) = [one for one in self.trusts_of_user() if one["id"] == made]
        self.assertEqual(self.request.user_id, trust["trustor_user_id"])
        self.assertEqual(self.request.project_id, trust["project_id"])
        self.assertIs(True, trust["impersonation"])
        self.assertIsNone(trust["expires_at"])
        self.assertIsNone(trust["remaining_uses"])

    def test_a_trust_makes_the_service_the_user_in_the_project(self):
        cloud = self.use(self.new_trust())
        access = cloud.link.session.auth.get_access(cloud.link.session)
        self.assertEqual(self.owner, (access.user_id, access.project_id))
        self.assertTrue(access.trust_scoped)
        self.assertLessEqual(set(self.request.roles), set(access.role_names))

    def test_what_was_made_with_a_trust_belongs_to_the_user(self):
        server_id = self.create()
        own = settings.connect(self.settings.member).compute.get_server(server_id)
        self.assertEqual(self.owner, (own.user_id, own.project_id))

    def test_a_trust_outlives_the_token_it_was_made_with(self):
        cloud = self.use(self.new_trust())
        self.revoke(self.request.auth_token)
        self.assertIsInstance(cloud.compute.zones(), list)

    def test_a_revoked_token_is_refused(self):
        self.revoke(self.request.auth_token)
        error = self.becomes("the token is refused", self._refusal_of_the_token)
        self.assertEqual(401, error.status)
        self.assertEqual(consts.ReasonClass.AUTH, error.reason)

    def _refusal_of_the_token(self):
        # Each thread of Keystone may remember what it knew of a token once more.
        try:
            self.trusts_of_user()
        except errors.CloudError as error:
            return error
        return None

    def revoke(self, token, caller=None):
        connection = settings.connect(caller or self.settings.member)
        answer = connection.identity.delete("/auth/tokens", headers={"X-Subject-Token": token})
        self.assertEqual(204, answer.status_code, answer.text)

    def test_a_token_of_a_trust_is_its_trustees_to_revoke(self):
        token = self.use(self.new_trust()).link.session.get_token()
        answer = settings.connect(self.settings.member).identity.delete(
            "/auth/tokens", headers={"X-Subject-Token": token}
        )
        self.assertEqual(403, answer.status_code, answer.text)
        self.revoke(token, self.settings.service)

    def test_a_token_that_was_revoked_is_replaced_and_the_call_repeated(self):
        session = self.use(self.new_trust()).link.session
        before = session.get_token()
        self.revoke(before, self.settings.service)
        self.becomes("the token is replaced", lambda: self._token_of_a_call(session) != before)

    def _token_of_a_call(self, session):
        """The token that a session has after a call, which has to succeed."""
        self.assertEqual(200, session.get(self.identity_url("auth/catalog")).status_code)
        return session.get_token()

    def identity_url(self, path):
        """Identity refuses soon; other services may know a token for some minutes more."""
        return f"{CONF.authentication.auth_url.removesuffix('/v3')}/v3/{path}"

    def test_a_deleted_trust_is_an_error_of_identity_never_a_missing_server(self):
        trust = self.new_trust()
        self.revoke_trust(trust)
        cloud = self.use(trust)
        error = self.assertRaises(errors.CloudError, cloud.compute.server, "any")
        self.assertEqual(consts.ReasonClass.AUTH, error.reason)
        self.assertFalse(error.is_not_found)

    def test_the_tokens_of_a_deleted_trust_are_refused(self):
        trust = self.new_trust()
        session = self.use(trust).link.session
        session.get_token()
        self.revoke_trust(trust)
        error = self.assertRaises(
            ksa.ClientException, session.get, self.identity_url("auth/catalog")
        )
        self.assertEqual(consts.ReasonClass.AUTH, errors.translate(error, "identity").reason)

    def test_a_lost_trust_is_replaced_at_the_next_request(self):
        trust = self.new_trust()
        self.revoke_trust(trust)
        cloud = self.use(trust)
        self.assertRaises(errors.CloudError, cloud.compute.zones)
        self.assertNotEqual(trust, self.pool.trusts.ensure(self.request))
        self.assertIsInstance(self.pool.for_owner(*self.owner).compute.zones(), list)

    def test_the_trust_of_one_user_gives_nothing_of_another(self):
        trust = self.new_trust()
        self.pool.trusts._store.save(
            "somebody", "somewhere", trusts.secrets.seal(trusts._pack(trust))
        )
        cloud = self.pool.for_owner("somebody", "somewhere")
        access = cloud.link.session.auth.get_access(cloud.link.session)
        self.assertEqual(self.owner, (access.user_id, access.project_id))

    def test_a_user_cannot_see_the_trusts_of_others(self):
        other = base.request_of(self.settings.other)
        path = f"/OS-TRUST/trusts/{self.new_trust()}"
        self.refused(403, self.pool.trusts._send, other, "GET", path)
        path = f"/OS-TRUST/trusts?trustor_user_id={self.request.user_id}"
        self.refused(403, self.pool.trusts._send, other, "GET", path)


class PasswordTest(base.TestCase):
    def test_a_wrong_password_is_an_error_of_identity(self):
        pool = base.new_pool()
        auth = pool.service_auth(project_name="service", project_domain_name="Default")
        auth.auth_methods[0].password = "wrong"
        session = pool.new_session(auth)
        error = self.assertRaises(ksa.Unauthorized, session.get_token)
        translated = errors.translate(error, "identity")
        self.assertEqual(consts.ReasonClass.AUTH, translated.reason)
