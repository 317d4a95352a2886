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
"""Clusters from their creation to their end, beside a bare script that does the same."""

import json
import subprocess
import sys

from senlin.tests.bench import reference
from senlin.tests.bench import report

PHASES = ("create", "scale out", "scale in", "delete")
_ROLES = ("api", "engine", "mariadb", "rabbitmq", "sandbox")
_POLL_SECONDS = 0.25
_PATIENCE = 900.0
_CREATION = "create 1,000 nodes"
_GOALS = {
    (_CREATION, "time"): report.Goal(1.5, "ratio"),
    (_CREATION, "statements"): report.Goal(8),
    (_CREATION, "Questions"): report.Goal(14),
}


def measure(form, nodes):
    """Figures of one life of a cluster with so many nodes, half as many more, and back.

    By node created or deleted; the reference is :mod:`senlin.tests.bench.reference`
    on the same cloud.
    """
    change = max(1, nodes // 2)
    bare = bare_life(form.sandbox_url, nodes, change)
    asked = {
        "create": lambda: _create(form, nodes),
        "scale out": lambda: form.clustering.scale_out_cluster(cluster, change)["action"],
        "scale in": lambda: form.clustering.scale_in_cluster(cluster, change)["action"],
        "delete": lambda: form.clustering.delete_cluster(cluster).id,
    }
    figures = []
    cluster = None
    for phase in PHASES:
        before = form.counters()
        action = asked[phase]()
        if phase == "create":
            cluster, action = action
        form.run(action)
        cost = form.counters() - before
        changed = nodes if phase in ("create", "delete") else change
        what = f"{phase} {changed:,} nodes"
        figures += costs(what, cost, changed, bare[phase])
    _assert_nothing_left(form)
    return figures


def crowd(form, clusters=50, nodes=10):
    """Figures of many small clusters asked for at once."""
    number = clusters * nodes
    bare = bare_life(form.sandbox_url, number, 1)
    before = form.counters()
    made = form.new_clusters(clusters, nodes)
    cost = form.counters() - before
    what = f"create {clusters} x {nodes} nodes at once"
    figures = costs(what, cost, number, bare["create"])
    before = form.counters()
    for cluster in made:
        form.clustering.delete_cluster(cluster)
    form.wait_until(lambda: not list(form.clustering.clusters()))
    cost = form.counters() - before
    figures += costs(f"delete {clusters} x {nodes} nodes at once", cost, number, bare["delete"])
    _assert_nothing_left(form)
    return figures


def costs(what, cost, nodes, bare):
    """Figures from what was counted while something was done to so many nodes.

    :param cost: a difference of ``form.Counters``.
    :param bare: {"seconds", "cpu"} of the reference.
    """
    own_cpu = sum(cost.cpu[role] for role in _ROLES if role != "sandbox")
    rows = [
        ("time", "s", cost.time, bare["seconds"]),
        ("time per node", "ms", 1000 * cost.time / nodes, 1000 * bare["seconds"] / nodes),
        ("statements", "/node", cost.statements / nodes, None),
        ("Questions", "/node", cost.questions / nodes, None),
        ("database traffic", "bytes/node", cost.bytes / nodes, None),
        ("CPU", "ms/node", 1000 * own_cpu / nodes, 1000 * bare["cpu"] / nodes),
    ]
    rows += [(f"CPU {role}", "ms/node", 1000 * cost.cpu[role] / nodes, None) for role in _ROLES]
    return [
        report.Figure(
            what,
            name,
            unit,
            (value,),
            () if compared is None else (compared,),
            _GOALS.get((what, name)),
        )
        for name, unit, value, compared in rows
    ]


def bare_life(url, nodes, change):
    """The reference's figures: {phase: {"seconds", "cpu"}}."""
    command = [sys.executable, "-m", reference.__name__, "servers", url, str(nodes), str(change)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def _create(form, nodes):
    """(cluster's id, action's id) of a creation that was accepted."""
    cluster = form.clustering.create_cluster(
        name="bench", profile_id=form.profile.id, desired_capacity=nodes
    )
    return cluster.id, _creation_of(form, cluster.id)


def _creation_of(form, cluster_id):
    found = form.clustering.actions(target_id=cluster_id)
    return next(one.id for one in found if one.action == "CLUSTER_CREATE")


def _assert_nothing_left(form):
    left = len(form.servers())
    if left:
        raise AssertionError(f"{left} servers are left in the cloud.")
