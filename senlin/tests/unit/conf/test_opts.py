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

from oslo_config import cfg

from senlin.conf import opts
from senlin.tests.unit import base

_NUMBERS = (cfg.types.Integer, cfg.types.Float)


class OptionsTest(base.TestCase):
    def all_options(self):
        for group, options in opts.list_opts():
            for option in options:
                yield str(group), option

    def test_every_option_has_a_help_text_that_is_a_sentence(self):
        for group, option in self.all_options():
            with self.subTest(option=f"[{group}] {option.name}"):
                self.assertTrue(option.help)
                self.assertEqual(".", option.help[-1])

    def test_every_number_has_a_lower_bound(self):
        for group, option in self.all_options():
            if isinstance(option.type, _NUMBERS):
                with self.subTest(option=f"[{group}] {option.name}"):
                    self.assertIsNotNone(option.type.min)

    def test_options_that_hold_a_password_are_secret(self):
        for group, option in self.all_options():
            if "password" in option.name:
                with self.subTest(option=f"[{group}] {option.name}"):
                    self.assertTrue(option.secret)

    def test_an_engine_is_not_taken_for_dead_between_two_heartbeats(self):
        self.assertLessEqual(3 * self.conf.engine.heartbeat_interval, self.conf.engine.lease)

    def test_a_test_can_set_an_option(self):
        self.config(group="engine", threads=7)
        self.assertEqual(7, self.conf.engine.threads)
