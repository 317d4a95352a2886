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

"""The campaign of bad input sees what it looks for."""

import json
from unittest import mock
import uuid

import ddt

from senlin.api import faults
from senlin.tests.campaign import books
from senlin.tests.campaign import parts
from senlin.tests.campaign import run
from senlin.tests.campaign import score
from senlin.tests.campaign import wire
from senlin.tests.unit import base
from senlin.tests.unit.api import base as api_base

_JSON = {"content-type": "application/json"}


def _fault(code, message):
    return json.dumps(faults.document(code, "HTTPBadRequest", message)).encode()


@ddt.ddt
class ScoreTest(base.TestCase):
    def findings(self, status, body, headers=None):
        found = score.Score()
        found.judge("GET /", score.Answer(status, headers or _JSON, body, 0.1))
        return found.findings

    @ddt.data(
        (500, _fault(500, "it broke")),
        (503, _fault(503, "later")),
        (599, b"neither answered nor closed"),
        (200, b'{"x": "Traceback (most recent call last)"}'),
        (400, _fault(400, 'in File "/senlin/api/app.py"')),
        (400, b"{}"),
        (400, b"<html>"),
        (404, _fault(400, "another status")),
        (400, _fault(400, "")),
    )
    @ddt.unpack
    def test_a_defect_is_found(self, status, body):
        self.assertEqual(1, len(self.findings(status, body)))

    @ddt.data((200, b"{}"), (400, _fault(400, "no")), (505, b""), (0, b""), (204, b""))
    @ddt.unpack
    def test_what_is_right_is_none(self, status, body):
        self.assertEqual([], self.findings(status, body))

    def test_the_report_counts_and_names_the_slowest(self):
        found = score.Score()
        for seconds in (0.1, 0.7, 0.3):
            found.judge(f"took {seconds}", score.Answer(200, {}, b"", seconds))
        lines = list(found.report())
        self.assertEqual(["requests: 3", "statuses: 200: 3"], lines[:2])
        self.assertEqual("slowest: 0.700 s took 0.7", lines[2])
        self.assertEqual("defects: 0", lines[-1])


class BooksTest(api_base.ApiTestCase):
    def setUp(self):
        super().setUp()
        self.books = books.Books(self.database.url)

    def test_whole_objects_are_no_defects(self):
        profile = self.insert("profile")
        cluster = self.insert("cluster", profile_id=profile["id"])
        self.insert("node", profile_id=profile["id"], cluster_id=cluster["id"])
        self.insert("action", status="SUCCEEDED")
        self.assertEqual([], list(self.books.half_made()))

    def test_half_made_objects_are_named(self):
        profile = self.insert("profile")
        node = self.insert("node", profile_id=profile["id"], cluster_id=str(uuid.uuid4()))
        action = self.insert("action", status="READY")
        self.assertEqual(
            [
                f"a node without its cluster: {node['id']}",
                f"an action that has not ended: {action['id']}",
            ],
            list(self.books.half_made()),
        )

    def test_what_requests_made_is_listed(self):
        rows = {(kind, self.insert(kind)["id"]) for kind in ("profile", "policy", "action")}
        self.insert("action", cause="Derived Action")
        self.assertEqual(rows, self.books.made())

    def test_ended_history_is_forgotten(self):
        profile = self.insert("profile")
        self.insert("action", status="SUCCEEDED")
        self.insert("event")
        self.books.forget_history()
        self.assertEqual({("profile", profile["id"])}, self.books.made())
        self.assertEqual([], self.books.ids("SELECT id FROM event"))


class PartTest(base.TestCase):
    def test_parts_together_send_all_and_nothing_twice(self):
        sent = [parts.Part(9, 1, number, 3).of("abcdefgh") for number in range(3)]
        self.assertEqual(["adg", "beh", "cf"], sent)

    def test_a_part_sends_no_more_than_it_may(self):
        self.assertEqual("be", parts.Part(2, 1, 1, 3).of("abcdefgh"))

    def test_no_two_parts_draw_the_same(self):
        drawn = {parts.Part(9, seed, number, 2).own_seed for seed in (1, 2) for number in (0, 1)}
        self.assertEqual(4, len(drawn))


class WireTest(base.TestCase):
    def test_the_same_seed_gives_the_same_bytes(self):
        count = len(wire.BROKEN) + 50
        first, again, other = (list(wire.broken(parts.Part(count, seed))) for seed in (1, 1, 2))
        self.assertEqual((count, first), (len(first), again))
        self.assertNotEqual(first, other)


@ddt.ddt
class MemoryTest(base.TestCase):
    @ddt.data(
        # KiB after each half, which halves are sent, whether that is a leak
        ([1000, 1090], [0, 1], False),
        ([1000, 1110, 1210], [0, 1, 1], False),
        ([1000, 1110, 1230], [0, 1, 1], True),
    )
    @ddt.unpack
    def test_what_grows_once_is_a_cache_and_what_grows_twice_a_leak(self, kilobytes, sent, leaks):
        with mock.patch.object(run, "target"), mock.patch.object(run, "books"):
            campaign = run.Campaign(mock.Mock())
        campaign._target.resident_kilobytes.side_effect = kilobytes
        halves = []
        campaign._run_half = lambda threads, count, seed, number: halves.append((count, number))
        campaign._look_at_what_is_left = lambda: None

        campaign.run(200, seed=1)

        self.assertEqual([(100, number) for number in sent], halves)
        self.assertEqual(leaks, bool(campaign.score.findings))
