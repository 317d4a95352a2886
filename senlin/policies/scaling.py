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

"""senlin.policy.scaling: by how many members a cluster grows or shrinks.

Profiles and policies contract, section 9.1. A percentage is truncated and then
raised to ``min_step``; the base is the number of members of any status.
"""

import fractions
import math

from senlin.common import capacity
from senlin.common import consts
from senlin.common import exception
from senlin.common import schema
from senlin.common import timestamps
from senlin.policies import base

_OUT = str(consts.ClusterAction.SCALE_OUT)
_IN = str(consts.ClusterAction.SCALE_IN)
_EXACT = str(consts.Adjustment.EXACT_CAPACITY)
_CHANGE = str(consts.Adjustment.CHANGE_IN_CAPACITY)
_PERCENTAGE = str(consts.Adjustment.CHANGE_IN_PERCENTAGE)

_ADJUSTMENT = {
    "type": schema.String(
        "How the number is meant.",
        default=_CHANGE,
        constraints=[schema.AllowedValues((_EXACT, _CHANGE, _PERCENTAGE))],
    ),
    "number": schema.Number("The size, the change, or the change in percent.", default=1),
    "min_step": schema.Integer("The least change that a percentage makes, in members.", default=1),
    "best_effort": schema.Boolean(
        "Whether to go as far as the limits of the cluster allow, instead of failing.",
        default=False,
    ),
    "cooldown": schema.Integer(
        "Seconds after a scaling action in which no other is accepted.", default=0
    ),
}


class ScalingPolicy(base.Policy):
    """Decides the count of a scaling action, and holds back those that follow."""

    TYPE = "senlin.policy.scaling"
    VERSIONS = {"1.0": [{"status": "SUPPORTED", "since": "2016.04"}]}
    PRIORITY = 100
    SINGLETON = False
    TARGETS = frozenset(
        (when, action) for when in (base.BEFORE, base.AFTER) for action in (_IN, _OUT)
    )
    PROPERTIES = {
        "event": schema.String(
            "The action which this policy is for.",
            required=True,
            constraints=[schema.AllowedValues((_IN, _OUT))],
        ),
        "adjustment": schema.Map("How the size is changed.", schema=_ADJUSTMENT),
    }

    def __init__(self, name, spec):
        super().__init__(name, spec)
        self.event = self.properties["event"]

    @property
    def adjustment(self):
        """The adjustment with all its defaults."""
        given = self.properties["adjustment"]
        filled = schema.resolve_all(_ADJUSTMENT, given or {})
        # Numbers may be null in a spec, which means what leaving them out does.
        return {
            key: _ADJUSTMENT[key].default if value is None else value
            for key, value in filled.items()
        }

    def check(self):
        adjustment = self.adjustment
        number = adjustment["number"]
        if not math.isfinite(number) or number <= 0:
            raise exception.InvalidSpec(
                f"The 'number' of a scaling adjustment must be above zero, not {number}."
            )
        if adjustment["type"] != _PERCENTAGE and number != int(number):
            raise exception.InvalidSpec(
                f"The 'number' must be a whole number for {adjustment['type']}, not {number}."
            )
        for key in ("min_step", "cooldown"):
            if adjustment[key] < 0:
                raise exception.InvalidSpec(
                    f"The '{key}' of a scaling adjustment must not be negative: {adjustment[key]}."
                )

    def is_cooling(self, action, binding, now):
        if action != self.event or not binding["last_op"]:
            return False
        return now - binding["last_op"].timestamp() < self.adjustment["cooldown"]

    def decide(self, request, binding, plan):
        if request.action != self.event:
            return plan
        if self.is_cooling(request.action, binding, request.now):
            raise base.PolicyRefuses(
                f"Policy {binding['policy_id']} cooldown is still in progress."
            )
        current = len(request.members)
        count = self._count(request, current)
        if self.adjustment["best_effort"]:
            count = self._clamp(request, current, count)
        target = current - count if self.event == _IN else current + count
        problem = capacity.check(
            request.max_nodes_per_cluster,
            desired=target,
            cluster=request.cluster,
            strict=not self.adjustment["best_effort"],
        )
        if problem:
            raise base.PolicyRefuses(problem)
        return plan.but(shrink=count) if self.event == _IN else plan.but(grow=count)

    def conclude(self, request, binding, succeeded):
        # An action that changed nothing is no reason to hold back the next.
        if not request.changed:
            return {}
        return {"last_op": timestamps.from_epoch(request.now)}

    def _count(self, request, current):
        given = request.inputs.get("count")
        count = self._adjusted(current) if given is None else _whole(given)
        if count is None or count <= 0:
            shown = count if given is None else given
            raise base.PolicyRefuses(f"Invalid count ({shown}) for action '{request.action}'.")
        return count

    def _adjusted(self, current):
        adjustment = self.adjustment
        number = adjustment["number"]
        if adjustment["type"] == _EXACT:
            return current - int(number) if self.event == _IN else int(number) - current
        if adjustment["type"] == _CHANGE:
            return int(number)
        # By way of its digits: 0.1 means one tenth, not the nearest binary number.
        change = math.floor(fractions.Fraction(str(number)) * current / 100)
        return max(change, adjustment["min_step"])

    def _clamp(self, request, current, count):
        if self.event == _IN:
            room = current - request.cluster["min_size"]
        else:
            limit = request.cluster["max_size"]
            room = (request.max_nodes_per_cluster if limit < 0 else limit) - current
        return max(0, min(count, room))


def _whole(value):
    """An int or a text that spells one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None
