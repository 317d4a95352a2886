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

"""Of all requests with one key, one at most takes effect."""

import threading

import sqlalchemy as sa

from senlin.common import exception
from senlin.db import facade
from senlin.db import idempotency
from senlin.db import maintenance
from senlin.db import models
from senlin.tests.unit import base

_KEYS = models.IdempotencyKey.__table__
NOW = 1_700_000_000.25


def claim(now=NOW, fingerprint="f"):
    return idempotency.claim("id", fingerprint, now, lease=30, lifetime=1000)


def record(claimed, answer="done"):
    facade.write(idempotency.record, claimed.id, claimed.token, answer)


class IdempotencyTest(base.DatabaseTestCase):
    def test_a_claim_can_be_answered_once(self):
        claimed = claim()
        record(claimed)
        self.assertRaises(exception.IdempotencyKeyInUse, record, claimed, "again")
        self.assertEqual("done", claim().answer)

    def test_a_claim_holds_for_its_lease(self):
        claim()
        self.assertRaises(exception.IdempotencyKeyInUse, claim, NOW + 29)
        self.assertIsNone(claim(NOW + 31).answer)

    def test_who_lost_a_claim_can_no_longer_answer(self):
        lost = claim()
        present = claim(NOW + 31)
        self.assertRaises(exception.IdempotencyKeyInUse, record, lost)
        record(present)
        self.assertEqual("done", claim(NOW + 31).answer)

    def test_who_lost_a_claim_can_no_longer_give_it_back(self):
        lost = claim()
        present = claim(NOW + 31)
        facade.write(idempotency.release, lost.id, lost.token)
        record(present)

    def test_a_claim_that_was_given_back_can_no_longer_be_answered(self):
        claimed = claim()
        facade.write(idempotency.release, claimed.id, claimed.token)
        self.assertRaises(exception.IdempotencyKeyInUse, record, claimed)

    def test_an_answer_is_not_given_back(self):
        claimed = claim()
        record(claimed)
        facade.write(idempotency.release, claimed.id, claimed.token)
        self.assertEqual("done", claim().answer)

    def test_an_answer_is_only_for_the_same_request(self):
        record(claim())
        self.assertRaises(exception.IdempotencyKeyReused, claim, fingerprint="other")

    def test_after_its_lifetime_a_key_is_new(self):
        record(claim())
        self.assertIsNone(claim(NOW + 1000, fingerprint="other").answer)

    def test_keys_beyond_a_moment_are_purged(self):
        claim()
        self.assertEqual(0, maintenance.purge_idempotency_keys(NOW))
        self.assertEqual(1, maintenance.purge_idempotency_keys(NOW + 1))
        self.assertEqual(0, facade.read(_count))

    def test_of_claims_at_the_same_moment_one_is_given(self):
        given, refused = self.at_once(8, claim)
        self.assertEqual((1, 7), (len(given), len(refused)))

    def test_of_an_answer_and_a_return_at_the_same_moment_one_happens(self):
        claimed = claim()

        def answer_or_return():
            if threading.current_thread().name.endswith("0"):
                record(claimed)
            else:
                facade.write(idempotency.release, claimed.id, claimed.token)

        _, refused = self.at_once(2, answer_or_return)
        # Either the answer is there, or whoever wanted to give it was refused.
        self.assertEqual(1, facade.read(_count) + len(refused))

    def at_once(self, number, function):
        """(results, errors) of a function in so many threads."""
        results, errors, start = [], [], threading.Barrier(number)

        def run():
            start.wait(20)
            try:
                results.append(function())
            except exception.SenlinError as error:
                errors.append(error)

        threads = [threading.Thread(target=run, name=f"t{n}") for n in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(number, len(results) + len(errors))
        return results, errors


def _count(conn):
    return conn.execute(sa.select(sa.func.count()).select_from(_KEYS)).scalar()
