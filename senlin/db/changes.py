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

"""What one step of an action wants written, as data.

A step never touches the database itself to change it: it fills a
:class:`Changes`, and the engine writes those of many steps in one transaction
(``senlin.db.commits``).
"""

import dataclasses


@dataclasses.dataclass(slots=True)
class Evaluation:
    """Derive a cluster's status when the step is saved (engine contract, 3.4).

    ``operation`` begins the reason. ``values`` are further columns of the
    cluster written at the same time; ``desired_change`` is added to
    ``desired_capacity`` in place.
    """

    operation: str
    values: dict = dataclasses.field(default_factory=dict)
    desired_change: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """An object that a step has made in the cloud, for a node.

    ``user``, ``project`` and ``profile_id`` are the node's: they say how it is
    removed should the step's result be lost.
    """

    physical_id: str
    node_id: str
    profile_id: str
    user: str
    project: str


@dataclasses.dataclass(slots=True)
class Changes:
    """The writes of one step, all or nothing.

    * ``action``: columns of the action itself (``state``, ``data``...).
    * ``nodes`` / ``clusters``: id -> columns. ``insert_nodes``,
      ``insert_actions``: whole rows. ``delete_nodes``: ids.
    * ``evaluate``: cluster id -> Evaluation.
    * ``bindings``: binding id -> columns.
    * ``delete_cluster``: id of a cluster to be removed with its bindings and
      receivers.
    * ``events``: whole rows.
    * ``made``: what the step has made in the cloud; nothing is written of it.
    * ``cancel_children``: ask all unfinished children of this action to
      cancel.
    """

    action: dict = dataclasses.field(default_factory=dict)
    nodes: dict = dataclasses.field(default_factory=dict)
    clusters: dict = dataclasses.field(default_factory=dict)
    insert_nodes: list = dataclasses.field(default_factory=list)
    insert_actions: list = dataclasses.field(default_factory=list)
    delete_nodes: list = dataclasses.field(default_factory=list)
    evaluate: dict = dataclasses.field(default_factory=dict)
    bindings: dict = dataclasses.field(default_factory=dict)
    insert_bindings: list = dataclasses.field(default_factory=list)
    delete_bindings: list = dataclasses.field(default_factory=list)
    delete_cluster: str | None = None
    events: list = dataclasses.field(default_factory=list)
    cancel_children: bool = False
    made: Made | None = None

    def node(self, node_id, **columns):
        """Add columns to be written to a node."""
        self.nodes.setdefault(node_id, {}).update(columns)

    def cluster(self, cluster_id, **columns):
        """Add columns to be written to a cluster."""
        self.clusters.setdefault(cluster_id, {}).update(columns)


@dataclasses.dataclass(slots=True)
class StepResult:
    """A step that was run: which action, under which claim, and what it wants.

    ``status``: the action's status from now on. If it is final the action
    ends; else ``run_at`` says when it goes on (None = when woken).
    ``wait_children``: it goes on when no child is left, at ``run_at`` at the
    latest. ``signal``: the control signal that the step has seen; another one
    that came meanwhile is neither cleared nor slept over.
    """

    action_id: str
    fence: int
    parent_id: str | None
    status: str
    final: bool
    run_at: float | None
    wait_children: bool
    changes: Changes
    deadline: float | None = None
    signal: str | None = None
