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

import io

import fixtures

from senlin.cmd import sandbox
from senlin.rpc import transport
from senlin.tests.unit import base


class KnobChoiceTest(base.TestCase):
    def chosen(self, *words):
        arguments = sandbox.parse(words)
        for name in ("active_delay", "latency"):
            value = getattr(arguments, name)
            if value is not None:
                self.config(group="sandbox", **{name: value})
        return sandbox.chosen_knobs(arguments)

    def test_without_a_word_the_knobs_of_the_last_run_hold(self):
        self.assertEqual({}, self.chosen())

    def test_a_knob_can_be_set_by_its_own_option(self):
        self.assertEqual({"active_delay": 3.0}, self.chosen("--active-delay", "3"))

    def test_knobs_can_be_set_as_json(self):
        words = ("--latency", "1", "--knobs", '{"rules": [{"kind": "reset"}]}')
        expected = {"latency": 1.0, "rules": [{"kind": "reset"}]}
        self.assertEqual(expected, self.chosen(*words))

    def test_knobs_that_are_no_json_object_are_refused(self):
        self.assertRaises(ValueError, self.chosen, "--knobs", "[]")
        self.assertRaises(ValueError, self.chosen, "--knobs", "{")

    def test_a_bad_knob_ends_the_program_with_its_name(self):
        errors = self.useFixture(fixtures.MonkeyPatch("sys.stderr", io.StringIO())).new_value
        self.useFixture(fixtures.MonkeyPatch("signal.signal", lambda *_: None))
        self.useFixture(fixtures.MonkeyPatch("senlin.cmd.sandbox.configure", lambda _: None))
        self.assertEqual(1, sandbox.main(["--knobs", '{"colour": "red"}']))
        self.assertIn("colour is not a knob", errors.getvalue())


class NotifierTest(base.TestCase):
    def setUp(self):
        super().setUp()
        transport.register_opts(self.conf)
        self.addCleanup(self.conf.clear_default, "control_exchange")

    def test_notifications_go_to_the_exchange_of_nova(self):
        notifier = sandbox.Notifier("fake://")
        self.addCleanup(notifier.close)
        self.assertEqual("nova", self.conf.control_exchange)

    def test_both_kinds_of_notifications_go_to_their_topics(self):
        sent = []
        self.useFixture(
            fixtures.MonkeyPatch(
                "oslo_messaging.notify.messaging.MessagingDriver.notify",
                lambda driver, context, message, priority, retry: sent.append(
                    (driver.topics, message["publisher_id"], message["event_type"], priority)
                ),
            )
        )
        notifier = sandbox.Notifier("fake://")
        self.addCleanup(notifier.close)
        notifier("compute.c1", "compute.instance.create.end", {}, "info")
        notifier("nova-compute:c1", "instance.create.error", {}, "error")
        self.assertEqual(
            [
                (["notifications"], "compute.c1", "compute.instance.create.end", "INFO"),
                (["versioned_notifications"], "nova-compute:c1", "instance.create.error", "ERROR"),
            ],
            sent,
        )
