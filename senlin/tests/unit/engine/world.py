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

"""A whole engine in one thread under a clock that only tests move.

``World`` holds a database, a toy cloud and any number of engines; it claims,
runs and saves exactly as the daemon does, one group at a time, so that a test
can stop between any two of these.
"""

import random
import uuid

from senlin.actions import context as step_context
from senlin.actions import registry
from senlin.cloud import errors
from senlin.common import consts
from senlin.common import timestamps
from senlin.db import admission
from senlin.db import bulk
from senlin.db import claims
from senlin.db import commits
from senlin.db import facade
from senlin.db import lookup
from senlin.db import models
from senlin.engine import disowning
from senlin.engine import runner
from senlin.profiles import base as profiles

_MOST_ROUNDS = 3000

OWNER = {"user": "user1", "project": "project1", "domain": "default"}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = 1_000_000.0

    def time(self):
        return self.now

    def monotonic(self):
        return self.now


class ToyCloud:
    """Machines as a dictionary: id -> {"node", "status"}; each marked with its node."""

    def __init__(self):
        self.machines = {}
        self.calls = []
        self.errors = []
        self.build_seconds = 1.0
        self.fail_nodes = {}

    def call(self, name, *arguments, work=lambda: None):
        """Count a call and do its work; raise what a test has queued for it.

        An error whose outcome is unknown is raised after the work: only the
        reply is lost. Any other is raised in its place.
        """
        self.calls.append((name, *arguments))
        error = None
        if self.errors and self.errors[0][0] == name:
            error = self.errors.pop(0)[1]
        if error is None or error.outcome_unknown:
            work()
        if error is not None:
            raise error

    def of_node(self, node_id):
        """Ids of the machines that bear a node's mark."""
        return [key for key, item in self.machines.items() if item["node"] == node_id]


class ToyProfile(profiles.Profile):
    """Machines of the toy cloud: created in one call, ready after a while."""

    TYPE = "toy"
    VERSIONS = {"1.0": []}
    PROPERTIES = {}
    OPERATIONS = {}

    def __init__(self, spec, cloud, clock):
        self.spec = spec
        self._cloud = cloud
        self._clock = clock

    def validate(self, cloud):
        self._cloud.call("validate")

    def check_update(self, new_profile):
        return None

    def check_operation(self, operation, params):
        return params

    def observe(self, cloud, physical_ids, worked_on_for=0):
        self._cloud.call("list")
        seen = {}
        for machine_id in physical_ids:
            machine = self._cloud.machines.get(machine_id)
            if machine is None:
                seen[machine_id] = profiles.GONE
            else:
                ready = self._clock.time() >= machine["ready_at"]
                seen[machine_id] = {"status": machine["end"] if ready else "BUILD"}
        return seen

    def create(self, task):
        if not task.state:
            found = self._cloud.of_node(task.node.id) if task.restarted else []
            machine_id = found[0] if found else self._build(task.node.id)
            return profiles.Working(
                {"stage": "wait"},
                observe=True,
                node={"physical_id": machine_id},
                made=None if found else machine_id,
            )
        if task.observed and task.observed["status"] == "ACTIVE":
            return profiles.Finished()
        if task.observed and task.observed["status"] == "ERROR":
            self._cloud.machines.pop(task.node.physical_id)
            raise profiles.ProcedureFailed(
                consts.ReasonClass.CAPACITY, "No valid host was found.", retryable=True
            )
        return profiles.Working(task.state, observe=True)

    def locate(self, task):
        self._cloud.call("list")
        found = [m for m in self._cloud.of_node(task.node.id) if m != task.node.physical_id]
        return {"physical_id": found[0]} if found else {}

    def discard(self, cloud, physical_id):
        self._cloud.call(
            "delete", physical_id, work=lambda: self._cloud.machines.pop(physical_id, None)
        )

    def delete(self, task):
        if not task.state and not task.node.physical_id:
            found = self._cloud.of_node(task.node.id)
            if found:
                return profiles.Working({}, node={"physical_id": found[0]})
        if not task.state and task.node.physical_id:
            machine_id = task.node.physical_id
            self._cloud.call(
                "delete", machine_id, work=lambda: self._cloud.machines.pop(machine_id, None)
            )
            return profiles.Working({"stage": "wait"}, observe=True)
        if not task.node.physical_id or task.observed is profiles.GONE:
            return profiles.Finished()
        return profiles.Working(task.state, observe=True)

    def update(self, task):
        self._cloud.call("update", task.node.physical_id)
        return profiles.Finished()

    def check(self, task):
        machine = self._cloud.machines.get(task.node.physical_id)
        if machine is None:
            return profiles.Finished({"physical_id": None}, healthy=False, reason="It is gone.")
        healthy = machine["end"] == "ACTIVE"
        return profiles.Finished(healthy=healthy, reason="" if healthy else "It is sick.")

    def recover(self, task):
        if task.state.get("stage") != "build":
            answer = self.delete(task)
            if isinstance(answer, profiles.Working):
                return answer
            return profiles.Working({"stage": "build"}, node={"physical_id": None})
        found = self._cloud.of_node(task.node.id) if task.restarted else []
        return profiles.Finished(
            node={"physical_id": found[0] if found else self._build(task.node.id)}
        )

    def operate(self, task):
        self._cloud.call("operate", task.node.physical_id, task.inputs["operation"])
        return profiles.Finished()

    def join(self, task):
        self._cloud.call("join", task.node.physical_id, task.node.cluster_id, task.node.index)
        return profiles.Finished()

    def leave(self, task):
        self._cloud.call("leave", task.node.physical_id)
        return profiles.Finished()

    def details(self, cloud, physical_ids):
        return {}

    @classmethod
    def find(cls, cloud, identity):
        return identity

    @classmethod
    def adopt(cls, cloud, physical_id, overrides=None, snapshot=False):
        return {}

    def _build(self, node_id):
        machine_id = str(uuid.uuid4())
        machine = {
            "node": node_id,
            "ready_at": self._clock.time() + self._cloud.build_seconds,
            "end": "ERROR" if self._cloud.fail_nodes.get("all") else "ACTIVE",
        }
        self._cloud.call(
            "create", node_id, work=lambda: self._cloud.machines.update({machine_id: machine})
        )
        return machine_id


class World:
    """One database, one cloud, and engines that are run step by step."""

    def __init__(self, bindings=(), seed=1, **settings):
        self.clock = Clock()
        self.cloud = ToyCloud()
        self.profile = ToyProfile({}, self.cloud, self.clock)
        self.bindings = list(bindings)
        self.services = step_context.Services(
            clock=self.clock,
            read=facade.read,
            write=facade.write,
            profile=lambda profile_id: self.profile,
            cloud=lambda user, project, region: None,
            bindings=lambda cluster_id: self.bindings,
            settings=step_context.Settings(**settings),
            random=random.Random(seed),
        )

    # Objects ----------------------------------------------------------------

    def cluster(self, desired=0, **columns):
        """A cluster's row, inserted; no action."""
        moment = timestamps.from_epoch(self.clock.now)
        row = {
            "id": str(uuid.uuid4()),
            "name": "c1",
            "profile_id": "profile1",
            **OWNER,
            "init_at": moment,
            "min_size": 0,
            "max_size": -1,
            "desired_capacity": desired,
            "next_index": 1,
            "timeout": 3600,
            "status": "INIT",
            "status_reason": "Initializing",
            "meta_data": {},
            "data": {},
            "dependents": {},
            "config": {},
            **columns,
        }
        facade.write(bulk.insert, models.Cluster.__table__, [row])
        return row

    def node(self, **columns):
        """A node's row, inserted; an orphan unless ``cluster_id`` is given."""
        row = {
            "id": str(uuid.uuid4()),
            "name": "n1",
            "cluster_id": "",
            "physical_id": None,
            "profile_id": "profile1",
            **OWNER,
            "index": -1,
            "role": "",
            "init_at": timestamps.from_epoch(self.clock.now),
            "created_at": None,
            "updated_at": None,
            "tainted": False,
            "status": "INIT",
            "status_reason": "Initializing",
            "meta_data": {},
            "data": {},
            "dependents": {},
            **columns,
        }
        facade.write(bulk.insert, models.Node.__table__, [row])
        return row

    def submit(self, action, target, cluster_id="", inputs=None, timeout=3600, name="a", **owner):
        """Admit an action on a target; returns its id."""
        row = admission.new_action(
            action=action,
            target=target,
            cluster_id=cluster_id or (target if action.startswith("CLUSTER_") else ""),
            name=name,
            owner={**OWNER, **owner},
            timeout=timeout,
            now=self.clock.now,
            inputs=inputs,
        )
        facade.write(admission.submit, row)
        return row["id"]

    def new_cluster(self, desired, **columns):
        """A cluster with living members."""
        row = self.cluster(desired, **columns)
        self.submit("CLUSTER_CREATE", row["id"])
        self.run()
        return row

    # Running ----------------------------------------------------------------

    def claim(self, engine="engine1", limit=64):
        """Claim what is due; returns the claims."""
        claimed = []
        for observing in (False, True):
            items, _ = facade.write(
                claims.claim, engine, self.clock.now, limit, observing, registry.entry_statuses()
            )
            claimed += items
        return claimed

    def run_claimed(self, claimed):
        """Run the steps of claims; returns their results."""
        watched = [c for c in claimed if c.action["observing"] and c.node is not None]
        ids = [c.node["physical_id"] for c in watched if c.node["physical_id"]]
        try:
            seen = self.profile.observe(None, ids) if ids else {}
        except errors.CloudError:
            seen = {}
        return [
            runner.run(item, self.services, seen.get((item.node or {}).get("physical_id")))
            for item in claimed
        ]

    def save(self, results, engine="engine1"):
        """Save results as an engine would, which takes back what was made in vain."""
        saved = facade.write(commits.save, engine, results, self.clock.now)
        for made in saved.strays:
            disowning.disown(made, self.services)
        return saved

    def cycle(self, engine="engine1", limit=64):
        """Claim, run and save once; returns how many actions were claimed."""
        claimed = self.claim(engine, limit)
        if claimed:
            self.save(self.run_claimed(claimed), engine)
        return len(claimed)

    def run(self, engine="engine1", until=None, limit=64, patience=7200):
        """Let time pass until nothing is left to do, or ``until()`` is true."""
        end = self.clock.now + patience
        for _ in range(_MOST_ROUNDS):
            if self.clock.now >= end:
                break
            if until is not None and until():
                return
            if self.cycle(engine, limit):
                continue
            due = [t for t in facade.read(claims.next_due) if t is not None]
            if not due:
                return
            self.clock.now = max(self.clock.now, min(due))
        raise AssertionError("The world did not come to rest.")

    def crash(self, engine="engine1"):
        """What a reaper does for a dead engine."""
        facade.write(claims.release_owned, [engine], self.clock.now)

    # Looking ----------------------------------------------------------------

    def get(self, kind, object_id):
        """A row by id, or None."""
        return facade.read(lookup.get, kind, object_id)

    def rows(self, kind):
        """All rows of a kind."""
        table = lookup.table(kind)
        with facade.reader() as conn:
            return [dict(row) for row in conn.execute(table.select()).mappings()]

    def locks(self):
        """All lock rows."""
        with facade.reader() as conn:
            found = list(conn.execute(models.ClusterLock.__table__.select()).mappings())
            return found + list(conn.execute(models.NodeLock.__table__.select()).mappings())

    def signal(self, action_id, control):
        """Send a control signal."""
        facade.write(admission.signal, action_id, control, self.clock.now)

    def cancel(self, action_id):
        """Ask an action to cancel."""
        facade.write(admission.request_cancel, action_id, self.clock.now)
