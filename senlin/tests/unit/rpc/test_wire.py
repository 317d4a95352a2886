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

import datetime
import json

from senlin.common import consts
from senlin.common import exception
from senlin.rpc import versions
from senlin.rpc import wire
from senlin.tests.unit import base


class TestWire(base.TestCase):
    def test_moments_become_text_in_utc(self):
        zone = datetime.timezone(datetime.timedelta(hours=2))
        moment = datetime.datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=zone)
        self.assertEqual({"at": "2026-11-21T10:00:00.000005Z"}, wire.pack({"at": moment}))

    def test_what_is_packed_is_json(self):
        packed = wire.pack({"status": consts.NodeStatus.ACTIVE, "ids": ("a", None, 1.5, True)})
        self.assertEqual(
            {"status": "ACTIVE", "ids": ["a", None, 1.5, True]}, json.loads(json.dumps(packed))
        )

    def test_every_error_survives_the_journey(self):
        for name, cls in vars(exception).items():
            if not (isinstance(cls, type) and issubclass(cls, exception.SenlinError)):
                continue
            envelope = json.loads(json.dumps(wire.pack_error(cls(f"About {name}.", id="x"))))
            error = self.assertRaises(cls, wire.unpack, envelope)
            self.assertIs(cls, type(error))
            self.assertEqual((f"About {name}.", {"id": "x"}), (error.message, error.fields))

    def test_an_error_class_of_a_newer_engine_becomes_a_plain_error(self):
        envelope = {"error": {"class": "FromTheFuture", "message": "No.", "fields": {}}}
        error = self.assertRaises(exception.SenlinError, wire.unpack, envelope)
        self.assertEqual("No.", error.message)

    def test_an_answer_that_is_no_envelope_is_an_error(self):
        for answer in (None, [], {}, "text"):
            self.assertRaises(exception.SenlinError, wire.unpack, answer)

    def test_a_null_result_is_a_result(self):
        self.assertIsNone(wire.unpack(wire.pack_result(None)))


class TestVersions(base.TestCase):
    def test_the_newest_release_speaks_the_current_version(self):
        newest = max(versions.RELEASES, key=lambda name: [int(n) for n in name.split(".")])
        self.assertEqual(versions.CURRENT, versions.RELEASES[newest])

    def test_a_pinned_release_limits_the_client(self):
        self.assertEqual("1.0", versions.cap("20.0"))

    def test_an_unknown_release_is_refused(self):
        self.assertRaises(ValueError, versions.cap, "1.0")
