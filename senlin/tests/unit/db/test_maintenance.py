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

import fixtures
import sqlalchemy as sa

from senlin.db import facade
from senlin.db import maintenance
from senlin.db import models
from senlin.db import services
from senlin.tests.unit import base

NOW = 1_800_000_000.0
DAY = 86400


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


class ServicesTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        facade.write(services.register, "id-1", "one", "senlin-engine", "engine", "20.0", NOW - 300)
        facade.write(services.register, "id-2", "two", "senlin-engine", "engine", "20.0", NOW - 5)

    def hosts(self):
        return [row.host for row in facade.read(maintenance.services)]

    def test_processes_are_listed_by_host(self):
        self.assertEqual(["one", "two"], self.hosts())

    def test_a_process_is_down_after_a_long_silence(self):
        one, two = facade.read(maintenance.services)
        self.assertFalse(maintenance.is_up(one, NOW, 60))
        self.assertTrue(maintenance.is_up(two, NOW, 60))

    def test_dead_processes_are_removed_and_reported(self):
        removed = facade.write(maintenance.remove_dead_services, NOW, 60)
        self.assertEqual(["id-1"], [row.id for row in removed])
        self.assertEqual(["two"], self.hosts())

    def test_nothing_is_removed_when_all_are_alive(self):
        self.assertEqual([], facade.write(maintenance.remove_dead_services, NOW, 600))
        self.assertEqual(["one", "two"], self.hosts())


class PurgeEventsTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        for number, (age, project) in enumerate([(3, "p1"), (3, "p2"), (1, "p1")]):
            facade.write(self.insert, f"e{number}", NOW - age * DAY, project)

    def insert(self, conn, event_id, when, project):
        conn.execute(
            sa.insert(models.Event).values(
                id=event_id,
                timestamp=moment(when),
                oid="c",
                level=20,
                project=project,
                meta_data={},
            )
        )

    def left(self):
        query = sa.select(models.Event.__table__.c.id).order_by("id")
        return facade.read(lambda conn: conn.execute(query).scalars().all())

    def test_old_events_go(self):
        self.assertEqual(2, maintenance.purge_events(NOW - 2 * DAY))
        self.assertEqual(["e2"], self.left())

    def test_only_events_of_the_given_projects_go(self):
        self.assertEqual(1, maintenance.purge_events(NOW - 2 * DAY, ["p1"]))
        self.assertEqual(["e1", "e2"], self.left())


class PurgeActionsTest(base.DatabaseTestCase):
    def add(self, action_id, status, age=3, parent=None, project="p"):
        facade.write(self.insert, action_id, status, NOW - age * DAY, parent, project)

    def insert(self, conn, action_id, status, when, parent, project):
        conn.execute(
            sa.insert(models.Action).values(
                id=action_id,
                name=action_id,
                target="t",
                action="NODE_CREATE",
                cause="RPC Request",
                user="u",
                project=project,
                created_at=moment(when),
                timeout=60,
                status=status,
                step="start",
                parent_id=parent,
            )
        )

    def left(self):
        query = sa.select(models.Action.__table__.c.id).order_by("id")
        return facade.read(lambda conn: conn.execute(query).scalars().all())

    def test_old_ended_actions_go(self):
        self.add("failed", "FAILED")
        self.add("recent", "SUCCEEDED", age=1)
        self.add("succeeded", "SUCCEEDED")
        self.assertEqual(2, maintenance.purge_actions(NOW - 2 * DAY))
        self.assertEqual(["recent"], self.left())

    def test_an_action_that_has_not_ended_stays(self):
        self.add("running", "RUNNING")
        self.assertEqual(0, maintenance.purge_actions(NOW - 2 * DAY))
        self.assertEqual(["running"], self.left())

    def test_a_child_of_a_running_action_stays(self):
        self.add("child", "SUCCEEDED", parent="parent")
        self.add("parent", "WAITING")
        self.assertEqual(0, maintenance.purge_actions(NOW - 2 * DAY))
        self.assertEqual(["child", "parent"], self.left())

    def test_a_child_goes_with_its_ended_parent(self):
        self.add("child", "SUCCEEDED", parent="parent")
        self.add("parent", "SUCCEEDED")
        self.assertEqual(2, maintenance.purge_actions(NOW - 2 * DAY))

    def test_more_actions_than_fit_a_statement_go_too(self):
        for number in range(3):
            self.add(f"a{number}", "SUCCEEDED")
        self.useFixture(fixtures.MonkeyPatch("senlin.db.bulk.CHUNK", 1))
        self.assertEqual(3, maintenance.purge_actions(NOW - 2 * DAY))
