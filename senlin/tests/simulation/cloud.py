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

"""A cloud in memory and a member type that lives in it.

Each call gives way before and after it does its work, so that a process can die in
between, and can be refused or lose its reply.
"""

import dataclasses
import uuid

from senlin.cloud import errors
from senlin.cloud import fencing
from senlin.cloud import webhooks
from senlin.common import consts
from senlin.profiles import base as profiles

#: Traps that calls know: not done, done without a reply, not done for good.
BUSY = "busy"
LOST = "lost"
REFUSED = "refused"

_NEVER = 1e9
_CHANGING = ("create", "delete", "change")


@dataclasses.dataclass(slots=True)
class Machine:
    """What the cloud knows about one of its machines."""

    node: str
    ready_at: float
    end: str = "ACTIVE"


class Cloud:
    """Machines by id, each marked with the node that it was made for.

    :ivar build_seconds: how long a machine takes; None = for ever.
    :ivar builds_fail: whether machines end in ERROR.
    :ivar notices: the documents of lifecycle hooks that arrived.
    :ivar lost: ids of machines that nobody deleted, and that are gone all the same.
    """

    def __init__(self, scheduler):
        self.machines = {}
        self.lost = set()
        self.notices = []
        self.build_seconds = 1.0
        self.builds_fail = False
        self._scheduler = scheduler

    def create(self, node_id):
        """Begin to build a machine; gives its id."""
        seconds = _NEVER if self.build_seconds is None else self.build_seconds
        machine = Machine(
            node_id, self._scheduler.now + seconds, "ERROR" if self.builds_fail else "ACTIVE"
        )
        machine_id = str(uuid.uuid4())
        with _Call(self._scheduler, "create"):
            self.machines[machine_id] = machine
        return machine_id

    def delete(self, machine_id):
        """Remove a machine, if it is there."""
        with _Call(self._scheduler, "delete"):
            self.machines.pop(machine_id, None)

    def change(self, machine_id):
        """Do something to a machine that does not matter here; False if it is gone."""
        with _Call(self._scheduler, "change"):
            return machine_id in self.machines

    def lose(self, machine_id):
        """Let a machine vanish."""
        del self.machines[machine_id]
        self.lost.add(machine_id)

    def marked(self, node_id):
        """Ids of the machines that bear a node's mark."""
        with _Call(self._scheduler, "list"):
            return [key for key, item in self.machines.items() if item.node == node_id]

    def statuses(self, machine_ids):
        """Machine id -> status, or GONE."""
        with _Call(self._scheduler, "list"):
            return {id_: self._status(self.machines.get(id_)) for id_ in machine_ids}

    def notify(self, url, document):
        """Take a lifecycle hook's message."""
        try:
            with _Call(self._scheduler, "notify"):
                self.notices.append(document)
        except errors.CloudError as error:
            raise webhooks.NotDelivered(error.message) from error

    def _status(self, machine):
        if machine is None:
            return profiles.GONE
        ready = self._scheduler.now >= machine.ready_at
        return {"status": machine.end if ready else "BUILD"}


class _Call:
    """One call: what may go wrong before it is done, and on the way back."""

    def __init__(self, scheduler, name):
        self._scheduler = scheduler
        self._name = name

    def __enter__(self):
        trouble = self._scheduler.point(f"cloud.{self._name}")
        if self._name in _CHANGING:
            fencing.check("simulated")
        if trouble == BUSY:
            raise errors.CloudError("Busy.", status=503, retryable=True)
        if trouble == REFUSED:
            raise errors.CloudError("Refused.", status=400, reason=consts.ReasonClass.INVALID)

    def __exit__(self, *error):
        if self._scheduler.point(f"reply.{self._name}") == LOST:
            raise errors.CloudError("Connection reset.", retryable=True, outcome_unknown=True)


class SimulatedProfile(profiles.Profile):
    """Machines of the simulated cloud, by the rules that every member type keeps."""

    TYPE = "simulated"
    VERSIONS = {"1.0": []}
    PROPERTIES = {}
    OPERATIONS = {"stop": {}}

    def __init__(self, spec):
        self.spec = spec

    def validate(self, cloud):
        """Everything is valid."""

    def check_update(self, new_profile):
        """Everything can be updated."""

    def check_operation(self, operation, params):
        return params

    def observe(self, cloud, physical_ids, worked_on_for=0):
        return cloud.statuses(physical_ids)

    def create(self, task):
        if task.state.get("stage") == "wait":
            return self._await(task)
        if task.state.get("stage") == "clean":
            task.cloud.delete(task.node.physical_id)
            raise profiles.ProcedureFailed(
                consts.ReasonClass.CAPACITY,
                "No valid host was found.",
                node={"physical_id": None},
                retryable=True,
            )
        found = task.cloud.marked(task.node.id) if task.restarted else []
        machine_id = found[0] if found else task.cloud.create(task.node.id)
        return profiles.Working(
            {"stage": "wait"},
            observe=True,
            node={"physical_id": machine_id},
            made=None if found else machine_id,
        )

    def discard(self, cloud, physical_id):
        cloud.delete(physical_id)

    def locate(self, task):
        found = [m for m in task.cloud.marked(task.node.id) if m != task.node.physical_id]
        return {"physical_id": found[0]} if found else {}

    def delete(self, task):
        if task.state.get("stage") == "wait" and task.observed is not profiles.GONE:
            return profiles.Working(task.state, observe=True)
        machine_id = task.node.physical_id
        if machine_id and task.state.get("stage") != "wait":
            task.cloud.delete(machine_id)
            return profiles.Working({"stage": "wait"}, observe=True)
        if not machine_id:
            found = task.cloud.marked(task.node.id)
            if found:
                return profiles.Working({"stage": "ask"}, node={"physical_id": found[0]})
        return profiles.Finished(node={"physical_id": None})

    def update(self, task):
        return self._changed(task)

    def check(self, task):
        if task.cloud.change(task.node.physical_id):
            return profiles.Finished()
        return profiles.Finished({"physical_id": None}, healthy=False, reason="It is gone.")

    def recover(self, task):
        stage = task.state.get("stage", "delete")
        inner = dataclasses.replace(task, state=task.state.get("sub", {}))
        answer = self.delete(inner) if stage == "delete" else self.create(inner)
        if isinstance(answer, profiles.Working):
            return dataclasses.replace(answer, state={"stage": stage, "sub": answer.state})
        if stage == "create":
            return answer
        return profiles.Working({"stage": "create", "sub": {}}, node=answer.node)

    def operate(self, task):
        return self._changed(task)

    def join(self, task):
        return self._changed(task)

    def leave(self, task):
        return self._changed(task)

    def details(self, cloud, physical_ids):
        return {}

    @classmethod
    def find(cls, cloud, identity):
        return identity

    @classmethod
    def adopt(cls, cloud, physical_id, overrides=None, snapshot=False):
        return {}

    def _await(self, task):
        if task.observed is profiles.GONE:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND,
                "It vanished.",
                node={"physical_id": None},
                retryable=True,
            )
        status = task.observed and task.observed["status"]
        if status == "ACTIVE":
            return profiles.Finished(node={"physical_id": task.node.physical_id})
        if status == "ERROR":
            return profiles.Working({"stage": "clean"})
        return profiles.Working(task.state, observe=True)

    def _changed(self, task):
        if not task.cloud.change(task.node.physical_id):
            raise profiles.ProcedureFailed(consts.ReasonClass.NOT_FOUND, "It is gone.")
        return profiles.Finished()
