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

import ddt
import sqlalchemy as sa

from senlin.common import consts
from senlin.common import timestamps
from senlin.db import admission
from senlin.db import bulk
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit import base

_ACTIONS = models.Action.__table__
_OWNER = {"user": "u1", "project": "p1", "domain": "d1"}
_EPOCH = 1700000000.123456


@ddt.ddt
class UpdateTest(base.DatabaseTestCase):
    def insert(self, number):
        rows = [
            admission.new_action(
                id=f"action-{index:03}",
                action=consts.NodeAction.CREATE,
                target=f"node-{index}",
                cluster_id=None,
                name="create",
                owner=_OWNER,
                timeout=60,
                now=_EPOCH,
            )
            for index in range(number)
        ]
        facade.write(bulk.insert, _ACTIONS, rows)
        return [row["id"] for row in rows]

    def values(self, index):
        """Values of all kinds of columns, different for each row; some are NULL."""
        moment = timestamps.from_epoch(_EPOCH) + datetime.timedelta(microseconds=index)
        return {
            "run_at": None if index % 3 == 0 else _EPOCH + index / 1000,
            "observing": index % 2 == 0,
            "state": {"index": index, "words": ["%s", "it's", ":name", "ä"]},
            "status": "READY",
            "owner": None,
            "step": f"step {index}",
            "step_fence": index,
            "updated_at": None if index % 5 == 0 else moment,
        }

    def rows(self, names):
        columns = [_ACTIONS.c[name] for name in ("id", *names)]
        found = facade.read(lambda conn: conn.execute(sa.select(*columns)).mappings().all())
        return {row["id"]: {name: row[name] for name in names} for row in found}

    @ddt.data(1, 2, 3, 33, 70)
    def test_each_row_gets_its_own_values(self, number):
        ids = self.insert(number + 1)
        untouched = ids.pop()
        wanted = {id_: self.values(index) for index, id_ in enumerate(ids)}
        before = self.rows(self.values(0))[untouched]

        facade.write(bulk.update, _ACTIONS, wanted)

        self.assertEqual({**wanted, untouched: before}, self.rows(self.values(0)))

    def test_a_column_may_be_emptied_in_all_of_different_rows(self):
        ids = self.insert(2)
        changes = {id_: {"step": id_, "run_at": None} for id_ in ids}

        facade.write(bulk.update, _ACTIONS, changes)

        self.assertEqual(changes, self.rows(["step", "run_at"]))

    def test_rows_may_get_values_for_different_columns(self):
        one, other, third = self.insert(3)
        changes = {one: {"step": "a"}, other: {"status_reason": "b"}, third: {"step": "c"}}

        facade.write(bulk.update, _ACTIONS, changes)

        self.assertEqual(
            {
                one: {"step": "a", "status_reason": ""},
                other: {"step": "start", "status_reason": "b"},
                third: {"step": "c", "status_reason": ""},
            },
            self.rows(["step", "status_reason"]),
        )

    def test_a_row_that_is_gone_is_left_alone(self):
        (one,) = self.insert(1)

        facade.write(bulk.update, _ACTIONS, {one: {"step": "a"}, "gone": {"step": "b"}})

        self.assertEqual({one: {"step": "a"}}, self.rows(["step"]))

    def test_dozens_of_different_rows_cost_one_statement(self):
        ids = self.insert(30)
        changes = {id_: self.values(index) for index, id_ in enumerate(ids)}
        before = facade.statements()

        facade.write(bulk.update, _ACTIONS, changes)

        self.assertLessEqual(facade.statements() - before, 2)
