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

from senlin.db import services as db_services
from senlin.engine import registration
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

LEASE = 10.0


class HoldingTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()
        self.registration = registration.Registration(
            self.world.services,
            "host1",
            "senlin-engine",
            "senlin-engine",
            interval=3600,
            lease=LEASE,
            scan_interval=60,
            on_work=lambda: None,
        )
        self.registration.start()
        self.addCleanup(self.registration.stop, 5)
        self.claimed_under = self.registration.id

    def test_a_claim_is_held_for_a_lease_after_the_last_sign_of_life(self):
        self.world.clock.now += LEASE - 1
        self.assertTrue(self.registration.holds(self.claimed_under))
        self.world.clock.now += 1
        self.assertFalse(self.registration.holds(self.claimed_under))

    def test_a_sign_of_life_makes_it_last_longer(self):
        self.world.clock.now += LEASE - 1
        self.registration.check()
        self.world.clock.now += LEASE - 1
        self.assertTrue(self.registration.holds(self.claimed_under))

    def test_what_was_taken_over_is_not_held_by_who_registers_anew(self):
        self.world.services.write(db_services.remove, [self.claimed_under], self.world.clock.time())
        self.registration.check()
        self.assertFalse(self.registration.holds(self.claimed_under))
        self.assertTrue(self.registration.holds(self.registration.id))
