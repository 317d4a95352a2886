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

"""Random schedules with faults: whatever happens, nothing is lost or doubled.

Hypothesis drives whole engines on a virtual clock through requests of several
projects, kills between any two instructions that matter, replies that get
lost, a cloud that refuses, and signals. When it rests, the books must balance.

``SENLIN_SIMULATION_EXAMPLES`` sets how many random schedules are tried; without it
there are a few, the same in every run. With ``SENLIN_SIMULATION_SHRINK`` a failing schedule is
cut down to its smallest form, which takes minutes; without, it is shown as found,
with the line that replays it.
"""

import os
import random
from unittest import mock
import uuid

import hypothesis
from hypothesis import stateful
from hypothesis import strategies as st

from senlin.cloud import errors
from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import facade
from senlin.db import models
from senlin.tests.unit import base
from senlin.tests.unit.engine import world

EXAMPLES = int(os.environ.get("SENLIN_SIMULATION_EXAMPLES", "40"))
STEPS = 30
PHASES = [hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate]
if os.environ.get("SENLIN_SIMULATION_SHRINK"):
    PHASES.append(hypothesis.Phase.shrink)

_ENGINES = st.sampled_from(["engine1", "engine2"])
_REFUSALS = (exception.ActionConflict, exception.ResourceIsLocked)


_ids = random.Random()


def _next_id():
    """An id that a replay gives again: their order decides who is claimed first."""
    return uuid.UUID(int=_ids.getrandbits(128), version=4)


class Schedule(stateful.RuleBasedStateMachine):
    """One schedule: rules are what the outside and fate can do."""

    def __init__(self):
        super().__init__()
        with facade.engine().begin() as connection:
            for table in models.Base.metadata.sorted_tables:
                connection.execute(table.delete())
        _ids.seed(1)
        self.world = world.World(create_attempts=2)
        self.desired = {}
        self.held = []
        self.stopped = []

    # Requests ---------------------------------------------------------------

    @stateful.rule(size=st.integers(0, 5), project=st.sampled_from(["p1", "p2"]))
    def create_cluster(self, size, project):
        if len(self.desired) >= 3:
            return
        row = self.world.cluster(size, project=project)
        self.world.submit("CLUSTER_CREATE", row["id"], project=project)
        self.desired[row["id"]] = size

    @stateful.rule(data=st.data(), size=st.integers(0, 6))
    def resize(self, data, size):
        inputs = {"adjustment_type": "EXACT_CAPACITY", "number": size, "strict": True}
        self._request(data, "CLUSTER_RESIZE", inputs)

    @stateful.rule(data=st.data(), action=st.sampled_from(["CLUSTER_CHECK", "CLUSTER_SCALE_OUT"]))
    def ask(self, data, action):
        self._request(data, action, {})

    @stateful.rule(data=st.data())
    def delete_cluster(self, data):
        cluster_id = self._pick(data, self._living_clusters())
        if cluster_id is None:
            return
        facade.write(admission.cancel_for_cluster_delete, cluster_id, self.world.clock.time())
        self._submit("CLUSTER_DELETE", cluster_id, {})

    @stateful.rule(data=st.data())
    def delete_node(self, data):
        nodes = [row["id"] for row in self.world.rows("node") if row["cluster_id"]]
        node_id = self._pick(data, sorted(nodes))
        if node_id is None:
            return
        row = self.world.get("node", node_id)
        facade.write(admission.cancel_for_node_delete, node_id, self.world.clock.time())
        self._submit("NODE_DELETE", node_id, {}, cluster_id=row["cluster_id"])

    @stateful.rule(data=st.data(), control=st.sampled_from(["CANCEL", "SUSPEND", "RESUME"]))
    def signal(self, data, control):
        actions = [
            row["id"]
            for row in self.world.rows("action")
            if row["status"] not in consts.FINAL_ACTION_STATUSES
        ]
        action_id = self._pick(data, sorted(actions))
        if action_id is not None:
            self.world.signal(action_id, control)

    # Engines and fate -------------------------------------------------------

    @stateful.rule(engine=_ENGINES, limit=st.integers(1, 8))
    def work(self, engine, limit):
        self.world.cycle(engine, limit)

    @stateful.rule(engine=_ENGINES, limit=st.integers(1, 4))
    def die_after_the_calls(self, engine, limit):
        self.world.run_claimed(self.world.claim(engine, limit))
        self.world.crash(engine)

    @stateful.rule(engine=_ENGINES, limit=st.integers(1, 4))
    def die_before_the_calls(self, engine, limit):
        self.world.claim(engine, limit)
        self.world.crash(engine)

    @stateful.rule(limit=st.integers(1, 4))
    def hang_and_be_given_up(self, limit):
        self.held.append(self.world.run_claimed(self.world.claim("zombie", limit)))
        self.world.crash("zombie")

    @stateful.rule(limit=st.integers(1, 4))
    def hang_before_the_calls(self, limit):
        self.stopped.append(self.world.claim("zombie", limit))
        self.world.crash("zombie")

    @stateful.rule()
    def go_on_where_others_have_taken_over(self):
        if self.stopped:
            self.held.append(self.world.run_claimed(self.stopped.pop()))

    @stateful.rule()
    def come_back_from_the_dead(self):
        if self.held:
            results = self.held.pop()
            saved = self.world.save(results, "zombie")
            assert saved.lost == {result.action_id for result in results}

    @stateful.rule(seconds=st.sampled_from([0.5, 2.0, 30.0]))
    def wait(self, seconds):
        self.world.clock.now += seconds

    @stateful.rule(call=st.sampled_from(["create", "delete", "list"]), lost=st.booleans())
    def trouble(self, call, lost):
        error = errors.CloudError(
            "It did not work", status=503, retryable=True, outcome_unknown=lost
        )
        self.world.cloud.errors.append((call, error))

    @stateful.rule(failing=st.booleans())
    def builds_fail(self, failing):
        self.world.cloud.fail_nodes["all"] = failing

    # What must hold ---------------------------------------------------------

    def teardown(self):
        """Let everything come to rest, and look at the books."""
        self.world.cloud.errors.clear()
        self.world.cloud.fail_nodes.clear()
        for row in self.world.rows("action"):
            if row["status"] == "SUSPENDED" or row["control"] == "SUSPEND":
                self.world.signal(row["id"], "RESUME")
        self.held += [self.world.run_claimed(claimed) for claimed in self.stopped]
        while self.held:
            self.come_back_from_the_dead()
        self.world.run(patience=20000)
        self._assert_all_ended()
        self._assert_one_to_one()
        self._assert_desired()

    def _assert_all_ended(self):
        for row in self.world.rows("action"):
            assert row["status"] in consts.FINAL_ACTION_STATUSES, row
            assert row["owner"] is None and row["run_at"] is None and row["pending"] == 0, row
            assert row["end_time"] is not None, row
        ends = {row["id"]: row["end_time"] for row in self.world.rows("action")}
        for row in self.world.rows("action"):
            if row["parent_id"]:
                assert row["end_time"] <= ends[row["parent_id"]], "a parent ended first"
        assert self.world.locks() == []
        for row in self.world.rows("node"):
            assert row["status"] in ("ACTIVE", "ERROR", "WARNING"), row
        for row in self.world.rows("cluster"):
            assert row["status"] in ("ACTIVE", "ERROR", "WARNING"), row

    def _assert_one_to_one(self):
        marks = [item["node"] for item in self.world.cloud.machines.values()]
        assert len(marks) == len(set(marks)), "a node has two machines"
        nodes = {row["id"]: row["physical_id"] for row in self.world.rows("node")}
        for machine_id, item in self.world.cloud.machines.items():
            assert nodes.get(item["node"]) == machine_id, "a machine belongs to nobody"

    def _assert_desired(self):
        for row in self.world.rows("cluster"):
            indexes = [n["index"] for n in self.world.rows("node") if n["cluster_id"] == row["id"]]
            assert len(indexes) == len(set(indexes)), "two members have one index"

    # Helpers ----------------------------------------------------------------

    def _living_clusters(self):
        return sorted(row["id"] for row in self.world.rows("cluster"))

    def _pick(self, data, choices):
        return data.draw(st.sampled_from(choices)) if choices else None

    def _request(self, data, action, inputs):
        cluster_id = self._pick(data, self._living_clusters())
        if cluster_id is not None:
            self._submit(action, cluster_id, inputs)

    def _submit(self, action, target, inputs, cluster_id=""):
        try:
            self.world.submit(action, target, cluster_id, inputs)
        except _REFUSALS:
            return


class SimulationTest(base.DatabaseTestCase):
    @mock.patch("uuid.uuid4", _next_id)
    def test_no_schedule_loses_leaks_or_doubles_anything(self):
        stateful.run_state_machine_as_test(
            Schedule,
            settings=hypothesis.settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                phases=PHASES,
                derandomize="SENLIN_SIMULATION_EXAMPLES" not in os.environ,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(hypothesis.HealthCheck),
            ),
        )
