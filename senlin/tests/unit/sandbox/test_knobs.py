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

from senlin.sandbox import knobs
from senlin.tests.unit import base


class KnobsTest(base.TestCase):
    def refused(self, settings):
        return str(self.assertRaises(knobs.KnobError, knobs.Knobs().update, settings))

    def test_a_setting_is_an_attribute(self):
        self.assertEqual(2, knobs.Knobs(active_delay=2).active_delay)

    def test_settings_survive_the_way_through_json(self):
        rule = {"kind": "error", "status": 503, "service": "compute", "count": 2}
        first = knobs.Knobs(rules=[rule], down_hosts=["compute1"], rate_limits={"image": 3})
        second = knobs.Knobs(**first.to_json())
        self.assertEqual(first.to_json(), second.to_json())

    def test_an_unknown_setting_is_refused_by_its_name(self):
        self.assertIn("colour is not a knob", self.refused({"colour": 1}))

    def test_a_bad_key_of_a_rule_is_refused_by_its_path(self):
        rules = [{"kind": "error"}, {"kind": "error", "rate": 2}]
        self.assertEqual(
            "rules[1].rate must be a number from 0 to 1.", self.refused({"rules": rules})
        )

    def test_an_unknown_kind_of_rule_is_refused(self):
        self.assertIn("rules[0].kind must be one of", self.refused({"rules": [{"kind": "fire"}]}))

    def test_an_unknown_key_of_a_rule_is_refused(self):
        rules = [{"kind": "error", "colour": 1}]
        self.assertIn("rules[0].colour is not known", self.refused({"rules": rules}))

    def test_a_path_that_is_no_regular_expression_is_refused(self):
        rules = [{"kind": "error", "path": "("}]
        self.assertIn("rules[0].path is not a regular", self.refused({"rules": rules}))

    def test_a_refused_update_changes_nothing(self):
        settings = knobs.Knobs()
        before = settings.to_json()
        update = {"latency": 1, "build_failure_rate": 7}
        self.assertRaises(knobs.KnobError, settings.update, update)
        self.assertEqual(before, settings.to_json())

    def test_replacing_sets_what_is_left_out_to_its_default(self):
        settings = knobs.Knobs(latency=3)
        settings.replace({"active_delay": 1})
        self.assertEqual((0, 1), (settings.latency, settings.active_delay))

    def test_a_listener_hears_of_a_change(self):
        settings = knobs.Knobs()
        heard = []
        settings.listen(lambda: heard.append(settings.latency))
        settings.update({"latency": 2})
        self.assertEqual([2], heard)

    def test_a_rule_hits_only_the_calls_it_is_about(self):
        rule = {"kind": "error", "service": "compute", "method": "POST", "path": "/servers$"}
        settings = knobs.Knobs(rules=[rule])

        def hit(*call):
            return bool(settings.strike(*call))

        self.assertTrue(hit("compute", "POST", "/compute/v2.1/servers"))
        self.assertFalse(hit("compute", "POST", "/compute/v2.1/servers/1/action"))
        self.assertFalse(hit("compute", "GET", "/compute/v2.1/servers"))
        self.assertFalse(hit("network", "POST", "/compute/v2.1/servers"))

    def test_a_rule_with_a_count_is_used_up(self):
        settings = knobs.Knobs(rules=[{"kind": "error", "count": 2}])
        hits = [bool(settings.strike("image", "GET", "/")) for _ in range(3)]
        self.assertEqual([True, True, False], hits)

    def test_the_same_seed_gives_the_same_luck(self):
        def luck():
            settings = knobs.Knobs(seed=7, rules=[{"kind": "error", "rate": 0.5}])
            return [bool(settings.strike("image", "GET", "/")) for _ in range(50)]

        self.assertEqual(luck(), luck())
        self.assertEqual({True, False}, set(luck()))

    def test_the_dice_know_never_and_always(self):
        settings = knobs.Knobs()
        self.assertFalse(any(settings.roll(0) for _ in range(20)))
        self.assertTrue(all(settings.roll(1) for _ in range(20)))

    def test_a_host_is_down_with_its_zone(self):
        settings = knobs.Knobs(down_zones=["az1"], down_hosts=["compute3"])
        self.assertTrue(settings.is_down("compute1", "az1"))
        self.assertTrue(settings.is_down("compute3", "az2"))
        self.assertFalse(settings.is_down("compute2", "az2"))

    def test_a_rate_limit_lets_calls_through_again_with_time(self):
        settings = knobs.Knobs(rate_limits={"image": 2})
        waits = [settings.wait_for_turn("image", 100) for _ in range(3)]
        self.assertEqual([0, 0, 0.5], waits)
        self.assertEqual(0, settings.wait_for_turn("image", 100.5))
        self.assertEqual(0, settings.wait_for_turn("compute", 100.5))


class CountersTest(base.TestCase):
    def test_calls_are_counted_by_service_and_route(self):
        counters = knobs.Counters()
        for _ in range(3):
            counters.count("compute", "GET", "/servers/{id}")
        counters.count("compute", "POST", "/servers")
        counters.count("image", "GET", "/images")
        counters.count_failure("image", 503)
        found = counters.to_json()
        self.assertEqual(5, found["total"])
        routes = {"GET /servers/{id}": 3, "POST /servers": 1}
        self.assertEqual(
            {"total": 4, "routes": routes, "failures": {}}, found["services"]["compute"]
        )
        self.assertEqual({"503": 1}, found["services"]["image"]["failures"])

    def test_a_reset_starts_at_zero(self):
        counters = knobs.Counters()
        counters.count("compute", "GET", "/servers")
        counters.reset()
        self.assertEqual({"total": 0, "services": {}}, counters.to_json())
