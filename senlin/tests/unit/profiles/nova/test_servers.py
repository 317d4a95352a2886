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
from unittest import mock

from senlin.profiles import base as profiles
from senlin.profiles.nova import servers
from senlin.tests.unit.profiles.nova import driver

_NOW = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)


class TestObserve(driver.ProcedureTestCase):
    def fleet(self, count):
        for number in range(count):
            a_node = driver.node(name=f"n{number}", id=f"id-{number}")
            self.created(a_node=a_node)
        self.cloud.reads.clear()
        return sorted(self.cloud.compute.all)

    def test_few_are_read_one_by_one(self):
        ids = self.fleet(2)

        seen = servers.observe(self.cloud, [*ids, "other"])

        self.assertEqual({"server": 3}, dict(self.cloud.reads))
        self.assertEqual("ACTIVE", seen[ids[0]]["status"])
        self.assertIs(profiles.GONE, seen["other"])

    def test_many_are_listed_at_once(self):
        ids = self.fleet(6)

        seen = servers.observe(self.cloud, ids)

        self.assertEqual({"servers": 1}, dict(self.cloud.reads))
        self.assertEqual(set(ids), set(seen))

    def test_changes_are_listed_as_far_back_as_the_work_goes(self):
        ids, reached = self.fleet(6), []
        listed = self.cloud.compute.servers

        def note(**filters):
            since = datetime.datetime.fromisoformat(filters["changes-since"])
            reached.append(round((_NOW - since).total_seconds()))
            return listed(**filters)

        self.cloud.compute.servers = note
        with mock.patch.object(servers, "datetime", wraps=datetime) as clock:
            clock.datetime.now.return_value = _NOW
            for seconds in (2, 5000):
                servers.observe(self.cloud, ids, worked_on_for=seconds)

        self.assertEqual([17, 120], reached)

    def test_what_has_not_changed_lately_is_in_the_list_of_all(self):
        ids = self.fleet(6)
        listed, asked = self.cloud.compute.servers, []

        def quiet(**filters):
            asked.append(sorted(filters))
            return [] if filters else listed()

        self.cloud.compute.servers = quiet

        seen = servers.observe(self.cloud, ids)

        self.assertEqual([["changes-since"], []], asked)
        self.assertEqual({"ACTIVE"}, {one["status"] for one in seen.values()})

    def test_many_deleted_ones_are_shown_by_the_list_of_changes(self):
        ids = self.fleet(8)
        for one in ids[:6]:
            self.cloud.compute.all[one]["status"] = "DELETED"

        seen = servers.observe(self.cloud, ids)

        self.assertEqual({"servers": 1}, dict(self.cloud.reads))
        self.assertEqual(6, sum(one is profiles.GONE for one in seen.values()))

    def test_empty_list_alone_proves_nothing(self):
        ids = self.fleet(6)
        self.cloud.compute.servers = lambda **filters: []

        seen = servers.observe(self.cloud, ids)

        self.assertEqual(6, self.cloud.reads["server"])
        self.assertNotIn(profiles.GONE, seen.values())
