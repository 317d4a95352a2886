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

"""What users and fate can do. One set of rules, however a schedule is driven."""

from senlin.common import consts
from senlin.db import admission
from senlin.db import facade
from senlin.tests.simulation import cloud as sim_cloud
from senlin.tests.simulation import scheduler as schedulers
from senlin.tests.simulation import storage as sim_storage

_MOST_CLUSTERS = 3
_MOST_NODES = 12
_MOST_ENGINES = 3
_MEMBER_ACTIONS = ("node_check", "node_recover")
_CONTROLS = (consts.Control.SUSPEND, consts.Control.RESUME)
_SIZES = (0, 1, 1, 2, 2, 3, 4)
#: Points at which fate strikes are counted from the moment it is decided.
_FAR = 40
_MOST_POINTS = 1000


class Requests:
    """What a user can ask; the names are the methods of the boundary."""

    def __init__(self, schedule):
        self._schedule = schedule
        self._pick = schedule.choices.choice
        self._chance = schedule.choices.random

    def cluster_create(self):
        if self._schedule.storage.count("cluster") >= _MOST_CLUSTERS:
            return
        size = self._pick(_SIZES)
        project = self._pick(("p1", "p1", "p2"))
        self._send(
            "cluster_create",
            project,
            name="c",
            profile_id=f"{project}-a",
            desired_capacity=size,
            min_size=self._pick((None, None, 1)) if size else None,
            max_size=self._pick((None, None, 4)),
            config=self._pick(({}, {}, {"cluster.stop_node_before_delete": True})),
        )

    def cluster_delete(self):
        self._on_cluster("cluster_delete", force=self._pick((True, True, False)))

    def cluster_update(self):
        self._on_cluster(
            "cluster_update", lambda row: {"changes": {"profile_id": f"{row['project']}-b"}}
        )

    def cluster_resize(self):
        arguments = {
            "adjustment_type": "EXACT_CAPACITY",
            "number": self._pick(_SIZES),
            "strict": self._pick((True, True, False)),
        }
        if self._chance() < 0.2:
            arguments = {"min_size": 1, "max_size": self._pick((3, 5)), "strict": False}
        self._on_cluster("cluster_resize", **arguments)

    def cluster_scale_out(self):
        self._on_cluster("cluster_scale_out", count=self._pick((None, 1, 2)))

    def cluster_scale_in(self):
        self._on_cluster("cluster_scale_in", count=self._pick((None, 1, 2)))

    def cluster_check(self):
        self._on_cluster("cluster_check")

    def cluster_recover(self):
        params = self._pick(({}, {"check": True}, {"check": True, "check_capacity": True}))
        self._on_cluster("cluster_recover", params=dict(params))

    def cluster_op(self):
        self._on_cluster("cluster_op", operation="stop")

    def cluster_add_nodes(self):
        self._on_cluster("cluster_add_nodes", lambda row: self._nodes(row, "", "nodes"))

    def cluster_del_nodes(self):
        destroy = self._pick((None, True, False))
        self._on_cluster(
            "cluster_del_nodes",
            lambda row: self._nodes(row, row["id"], "nodes"),
            destroy_after_deletion=destroy,
        )

    def cluster_replace_nodes(self):
        def pairs(row):
            old = self._nodes(row, row["id"], "nodes")
            new = self._nodes(row, "", "nodes")
            return old and new and {"nodes": dict(zip(old["nodes"], new["nodes"]))}

        self._on_cluster("cluster_replace_nodes", pairs)

    def cluster_policy_attach(self):
        name = self._pick(("deletion", "grace", "release", "hook", "hook", "out", "in"))
        self._on_cluster(
            "cluster_policy_attach", lambda row: {"policy_id": f"{row['project']}-{name}"}
        )

    def cluster_policy_detach(self):
        self._on_cluster("cluster_policy_detach", self._bound)

    def cluster_complete_lifecycle(self):
        waiting = self._schedule.storage.rows("action", "data LIKE '%hook%' ORDER BY id")
        waiting = [row for row in waiting if row["cluster_id"]]
        if waiting:
            row = self._pick(waiting)
            project = row["project"]
            identity, token = row["cluster_id"], row["id"]
            self._send("cluster_complete_lifecycle", project, identity=identity, token=token)

    def node_create(self):
        if self._schedule.storage.count("node") >= _MOST_NODES:
            return
        project, cluster_id = self._pick(("p1", "p2")), None
        clusters = self._rows("cluster")
        if clusters and self._chance() < 0.6:
            row = self._pick(clusters)
            project, cluster_id = row["project"], row["id"]
        self._send(
            "node_create", project, name="n", profile_id=f"{project}-a", cluster_id=cluster_id
        )

    def node_delete(self):
        self._on_node("node_delete", force=self._pick((True, True, False)))

    def node_update(self):
        change = self._pick(("profile_id", "name", "role"))
        self._on_node(
            "node_update",
            lambda row: {
                "changes": {change: f"{row['project']}-b" if change == "profile_id" else "other"}
            },
        )

    def node_check(self):
        self._on_node("node_check")

    def node_recover(self):
        self._on_node("node_recover", params=dict(self._pick(({}, {"check": True}))))

    def node_op(self):
        self._on_node("node_op", operation="stop")

    def action_cancel(self):
        rows = self._rows("action", "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED')")
        # What was interrupted at a call, or is at one, is the most delicate to stop.
        doubtful = [row for row in rows if row["owner"] is None and _is_in_doubt(row)]
        at_work = [row for row in rows if row["owner"]]
        rows = self._pick((rows, doubtful or rows, at_work or rows))
        if rows:
            row = self._pick(rows)
            project, force = row["project"], True
            if self._schedule.request_at_once(
                "action_cancel", project, identity=row["id"], force=force
            ):
                unknowing = row["fence"] if row["owner"] else 0
                self._schedule.cancelled.setdefault(row["id"], unknowing)

    def _rows(self, table, where="1 = 1", **values):
        return self._schedule.storage.rows(table, f"{where} ORDER BY id", **values)

    def _on_cluster(self, method, more=None, **arguments):
        self._on(method, "cluster", more, arguments)

    def _on_node(self, method, more=None, **arguments):
        self._on(method, "node", more, arguments)

    def _on(self, method, kind, more, arguments):
        rows = self._rows(kind)
        if not rows:
            return
        row = self._pick(rows)
        found = more(row) if more else {}
        if found is not None:
            self._send(method, row["project"], identity=row["id"], **arguments, **found)

    def _nodes(self, cluster, owner, key):
        rows = self._rows(
            "node", "cluster_id = :owner AND project = :p", owner=owner, p=cluster["project"]
        )
        count = min(len(rows), self._pick((1, 1, 2)))
        return {key: [row["id"] for row in rows[:count]]} if count else None

    def _bound(self, cluster):
        rows = self._rows("cluster_policy", "cluster_id = :id", id=cluster["id"])
        return {"policy_id": rows[0]["policy_id"]} if rows else None

    def _send(self, method, project, **arguments):
        self._schedule.request(method, project, **arguments)


def _is_in_doubt(action):
    return action["fence"] != action["step_fence"] or '"reply_lost"' in action["state"]


class Fate:
    """What nobody asks for."""

    def __init__(self, schedule):
        self._schedule = schedule
        self._choices = schedule.choices
        self._pick = schedule.choices.choice

    def kill(self):
        """End an engine before or after one of its next calls or transactions."""
        self._strike("kill", "")

    def kill_between_call_and_commit(self):
        self._strike("kill", "reply.")

    def start(self):
        if len(self._schedule.living()) < _MOST_ENGINES:
            skew = self._pick((0.0, 0.0, 0.0, -20.0, 20.0))
            self._schedule.tell(f"start an engine, its clock ahead by {skew:.0f} s")
            self._schedule.start_engine(skew)

    def stop_gracefully(self):
        for engine in self._schedule.living()[1:]:
            self._schedule.tell(f"stop {engine.process.name}")
            engine.stop()
            return

    def freeze(self):
        """Have an engine stand still, perhaps until others have taken it for dead."""
        self._strike("freeze", self._pick(("", "db.", "reply.")), seconds=self._pick((5.0, 60.0)))

    def deadlock(self):
        self._strike(sim_storage.DEADLOCK, "db.begin", times=self._pick((1, 3)))

    def lose_a_commit(self):
        """Have a transaction done of which its client does not hear."""
        self._strike(sim_storage.UNKNOWN, "db.end")

    def lose_a_request(self):
        self._schedule.tell("the API does not hear of a commit")
        trap = schedulers.Trap(sim_storage.UNKNOWN, "db.end", skip=self._choices.randint(0, 1))
        self._schedule.api.traps.append(trap)

    def outage(self):
        """Have the database away for an engine, also for longer than it insists."""
        self._strike(sim_storage.UNREACHABLE, "db.begin", times=self._pick((2, 8, 40)))

    def lose_a_reply(self):
        call = self._pick(("", "create", "create", "delete", "list"))
        self._strike(sim_cloud.LOST, f"reply.{call}", times=self._pick((1, 1, 2)))

    def busy(self):
        self._strike(sim_cloud.BUSY, "cloud.", times=self._pick((1, 4)))

    def refuse(self):
        self._strike(sim_cloud.REFUSED, self._pick(("cloud.", "cloud.create", "cloud.delete")))

    def break_the_bell(self):
        self._schedule.bell_works = not self._schedule.bell_works
        self._schedule.tell(f"the bell works: {self._schedule.bell_works}")

    def ring_for_nothing(self):
        self._schedule.ring()
        self._schedule.ring()

    def wait(self):
        """Let time pass, and much happen."""
        seconds = self._pick((2.0, 10.0, 60.0))
        self._schedule.tell(f"wait {seconds:.0f} s")
        self._schedule.advance(_MOST_POINTS, seconds)

    def builds(self):
        """Change how the cloud builds."""
        cloud = self._schedule.cloud
        cloud.builds_fail = self._pick((False, False, True))
        cloud.build_seconds = self._pick((1.0, 0.0, 0.0, 10.0, 10.0, None))
        if cloud.build_seconds is None:
            self._schedule.patient = False
        self._schedule.tell(f"builds take {cloud.build_seconds}, fail: {cloud.builds_fail}")

    def lose_a_machine(self):
        cloud = self._schedule.cloud
        if cloud.machines:
            machine_id = self._pick(sorted(cloud.machines))
            self._schedule.tell(f"machine {machine_id} vanishes")
            cloud.lose(machine_id)

    def signal(self):
        """Suspend or resume an action, as an operator may."""
        rows = self._schedule.storage.rows(
            "action", "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED') ORDER BY id"
        )
        if rows:
            row, control = self._pick(rows), self._pick(_CONTROLS)
            self._schedule.tell(f"{control} {row['action']} {row['id']}")
            self._schedule.patient = False
            now = self._schedule.scheduler.now
            facade.write(admission.signal, row["id"], control, now)

    def _strike(self, kind, at, **more):
        living = self._schedule.living()
        if living:
            process = self._pick(living).process
            skip = self._choices.randint(0, _FAR)
            self._schedule.tell(f"{kind} for {process.name} at '{at}' after {skip} points {more}")
            process.traps.append(schedulers.Trap(kind, at, skip=skip, **more))


def _names(kind):
    return [name for name in vars(kind) if not name.startswith("_")]


#: Creation is what most else presupposes.
_WEIGHTS = {
    "cluster_create": 4,
    "node_create": 2,
    "cluster_resize": 3,
    "wait": 3,
    "start": 2,
    "action_cancel": 3,
}
_RULES = [(kind, name) for kind in (Requests, Fate) for name in _names(kind)]
_CUMULATED = [_WEIGHTS.get(name, 1) for _, name in _RULES]


def apply_one(schedule):
    """Do one thing, chosen by the schedule."""
    kind, name = schedule.choices.choices(_RULES, _CUMULATED)[0]
    getattr(kind(schedule), name)()
