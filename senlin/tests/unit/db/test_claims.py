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

"""How the queue is read: at the cost of what is due, not of what there ever was."""

import sqlalchemy as sa

from senlin.actions import registry
from senlin.db import bulk
from senlin.db import claims
from senlin.db import facade
from senlin.db import lookup
from senlin.db import models
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

_HISTORY = 3000
_INDEX = "action_run_at_idx"
_STATISTICS = {"sqlite": "ANALYZE", "mysql": "ANALYZE TABLE action", "postgresql": "ANALYZE action"}
#: How each database is asked for its plan, and the column that names the index used.
_EXPLAIN = {
    "sqlite": ("EXPLAIN QUERY PLAN", "detail"),
    "mysql": ("EXPLAIN", "key"),
    "postgresql": ("EXPLAIN", "QUERY PLAN"),
}


class LongHistoryTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.world = world.World()
        self.dialect = facade.engine().dialect.name
        action = self.world.submit("NODE_CREATE", self.world.node()["id"])
        like = facade.read(lookup.get, "action", action)
        ended = {"status": "SUCCEEDED", "run_at": None, "end_time": 1.0}
        facade.write(
            bulk.insert,
            models.Action.__table__,
            [{**like, **ended, "id": f"{number:036}"} for number in range(_HISTORY)],
        )
        with facade.engine().begin() as connection:
            connection.exec_driver_sql(_STATISTICS[self.dialect])

    def plan_of_first(self, execute, function, *arguments):
        """How the database executes the first statement that a function sends."""
        sent = []

        def note(conn, cursor, statement, parameters, context, executemany):
            sent.append((statement, parameters))

        sa.event.listen(facade.engine(), "before_cursor_execute", note)
        execute(function, *arguments)
        sa.event.remove(facade.engine(), "before_cursor_execute", note)
        statement, parameters = next(one for one in sent if one[0].startswith("SELECT"))
        explain, column = _EXPLAIN[self.dialect]
        with facade.engine().connect() as connection:
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).mappings()
            return "\n".join(row[column] or "no index" for row in rows)

    def test_a_claim_looks_at_nothing_that_has_ended(self):
        for observing in (False, True):
            plan = self.plan_of_first(
                facade.write,
                claims.claim,
                "engine-1",
                self.world.clock.now,
                10,
                observing,
                registry.entry_statuses(),
            )
            self.assertIn(_INDEX, plan)

    def test_nor_does_the_question_what_will_be_due_next(self):
        self.assertIn(_INDEX, self.plan_of_first(facade.read, claims.next_due))
