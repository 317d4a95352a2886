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

"""What a step sees, and where it puts what it wants changed."""

import dataclasses
import random
import typing

from senlin.cloud import webhooks
from senlin.common import capacity
from senlin.common import consts
from senlin.common import timestamps
from senlin.db import changes as db_changes
from senlin.policies import registry as policy_registry


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """Options that steps need, read once when the engine starts."""

    poll_interval: float = 2.0
    create_attempts: int = 3
    max_nodes_per_cluster: int = 1000
    default_action_timeout: int = 3600
    event_level: int = consts.EventLevel.INFO
    exclude_derived_actions: bool = True
    record_events: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """What the outside gives to steps; replaced as a whole in tests.

    * ``read(function, *args)`` / ``write(function, *args)``: one transaction.
    * ``profile(profile_id)``: the profile object, cached.
    * ``cloud(user, project, region)``: the cloud as that owner sees it.
    * ``bindings(cluster_id)``: enabled policies in order, see
      ``senlin.policies.pipeline``.
    * ``notify(url, document)``: tells the outside, see ``senlin.cloud.webhooks``.
    * ``policies``: the registered policy types.
    * ``holds(owner)``: whether what was claimed under a service id is surely still
      this engine's.
    """

    clock: typing.Any
    read: typing.Callable
    write: typing.Callable
    profile: typing.Callable
    cloud: typing.Callable
    bindings: typing.Callable
    settings: Settings
    random: random.Random
    notify: typing.Callable = webhooks.post
    policies: typing.Any = dataclasses.field(default_factory=policy_registry.Registry)
    holds: typing.Callable = lambda owner: True


class StepContext:
    """One run of one step.

    Rows are read-only; changes are collected in ``changes`` and written, if the
    claim still holds, together with the outcome.
    """

    def __init__(self, claimed, services, observed=None):
        self.action = claimed.action
        self.node = claimed.node
        self.cluster = claimed.cluster
        self.services = services
        self.observed = observed
        self.now = services.clock.time()
        self.state = dict(claimed.action["state"] or {})
        self.restarted = claimed.restarted or self.state.get("reply_lost", False)
        if self.restarted:
            # Kept until a procedure has answered: what lies between (a pause, a
            # failed look) does not make it any surer.
            self.state["reply_lost"] = True
        self.first = claimed.first
        self.changes = db_changes.Changes()

    @property
    def inputs(self):
        return self.action["inputs"] or {}

    @property
    def data(self):
        return self.action["data"] or {}

    @property
    def settings(self):
        return self.services.settings

    @property
    def is_derived(self):
        """Whether another action asked for this one."""
        return self.action["cause"] != consts.Cause.REQUEST

    @property
    def moment(self):
        """Now, as a value for a row."""
        return timestamps.from_epoch(self.now)

    def size_problem(self, cluster=None, **sizes):
        """Why sizes cannot be accepted: a sentence, or None (API contract, Annex B)."""
        return capacity.check(
            self.settings.max_nodes_per_cluster, cluster=cluster or self.cluster, **sizes
        )

    def read(self, function, *args):
        """Run a database query now, in a transaction of its own."""
        return self.services.read(function, *args)

    def write(self, function, *args):
        """Run a database change now, ahead of the step's own.

        Only for reservations that must be atomic and harmless if repeated.
        """
        return self.services.write(function, *args)

    def save_data(self, **values):
        """Put decisions into the action's ``data``, durably with this step."""
        self.action["data"] = {**self.data, **values}
        self.changes.action["data"] = self.action["data"]

    def update_node(self, **columns):
        """Change the target node."""
        self.changes.node(self.node["id"], **columns)

    def update_cluster(self, **columns):
        """Change the cluster."""
        self.changes.cluster(self.cluster["id"], **columns)

    def evaluate_cluster(self, desired_change=0, operation=None, **values):
        """Have the cluster's status derived when this step is saved."""
        self.changes.evaluate[self.cluster["id"]] = db_changes.Evaluation(
            operation or self.action["action"], values, desired_change
        )

    def cloud_of(self, row, profile):
        """The cloud as the owner of ``row`` sees it, in the profile's region."""
        return self.services.cloud(row["user"], row["project"], profile.region)
