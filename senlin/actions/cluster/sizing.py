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

"""CLUSTER_RESIZE, CLUSTER_SCALE_OUT and CLUSTER_SCALE_IN: changing the size."""

from oslo_utils import strutils

from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions.cluster import base
from senlin.common import capacity
from senlin.common import consts
from senlin.db import members


class _Sizing(base.ClusterProgram):
    """Brings a cluster from its present size to a target."""

    def change(self, ctx, plan, current, target, **columns):
        """Save the new desired capacity and grow or shrink to it."""
        desired = target
        if target < current and not plan.reduce_desired:
            desired = capacity.truncate(
                ctx.cluster["desired_capacity"],
                ctx.cluster,
                **{key: columns[key] for key in ("min_size", "max_size") if key in columns},
            )
        self.enter(ctx, consts.ClusterStatus.RESIZING, desired_capacity=desired, **columns)
        if target >= current:
            return self.grow(ctx, target - current, "finish", plan.placements)
        return self.shrink(ctx, plan, self.victims(ctx, plan, current - target))

    def victims(self, ctx, plan, count):
        """The ids of those to go: the policies' choice, else the sick, then by lot."""
        if plan.victims is not None:
            return list(plan.victims)[:count]
        rows = ctx.read(members.listing, ctx.cluster["id"])
        return capacity.select_victims(rows, count, ctx.services.random)

    def outputs(self, ctx, end):
        nodes = [row["target"] for row in end.succeeded]
        removed = "deletion" in ctx.data
        return {"nodes_removed": nodes} if removed else {"nodes_added": nodes}


class ClusterResize(_Sizing):
    """Changes the size, the limits, or both."""

    def begin(self, ctx, plan):
        current = ctx.read(members.count, ctx.cluster["id"])
        limits = {
            name: _whole(ctx, name, minimum)
            for name, minimum in (("min_size", 0), ("max_size", -1))
            if ctx.inputs.get(name) is not None
        }
        # A webhook's inputs are not validated and may leave it out: best effort.
        strict = strutils.bool_from_string(ctx.inputs.get("strict"))
        target = self._target(ctx, plan, current)
        if not strict:
            wanted = current if target is None else target
            fitting = capacity.truncate(wanted, ctx.cluster, **limits)
            target = fitting if target is not None or fitting != wanted else None
        self.refuse_size(ctx, strict, desired=target, **limits)
        if target is None:
            # Only the limits change: what the user desires stays.
            self.enter(ctx, consts.ClusterStatus.RESIZING, **limits)
            return outcomes.Next("finish")
        return self.change(ctx, plan, current, target, **limits)

    def _target(self, ctx, plan, current):
        """The size asked for by the policies or the request; None = not given."""
        if plan.grow is not None:
            return current + plan.grow
        if plan.shrink is not None:
            return current - plan.shrink
        adjustment = ctx.inputs.get("adjustment_type")
        if adjustment is None:
            return None
        if adjustment not in list(consts.Adjustment):
            raise program.Refused(
                consts.ReasonClass.INVALID, f"There is no adjustment_type '{adjustment}'."
            )
        number = ctx.inputs.get("number")
        step = ctx.inputs.get("min_step")
        try:
            number = float(number) if isinstance(number, str) else number
            return capacity.target(current, adjustment, number, None if step is None else int(step))
        except (TypeError, ValueError, OverflowError) as error:
            raise program.Refused(
                consts.ReasonClass.INVALID,
                f"The adjustment {adjustment} by {number} cannot be computed.",
            ) from error


def _whole(ctx, name, minimum):
    try:
        number = int(ctx.inputs[name])
    except (TypeError, ValueError) as error:
        raise program.Refused(
            consts.ReasonClass.INVALID, f"{name} must be a whole number: {ctx.inputs[name]}."
        ) from error
    if number < minimum:
        raise program.Refused(
            consts.ReasonClass.INVALID, f"{name} must be at least {minimum}, not {number}."
        )
    return number


class _Scaling(_Sizing):
    """Changes the size by a count: a policy's, the request's, or one."""

    def count(self, ctx, decided):
        """The positive whole number of nodes to add or remove."""
        value = decided if decided is not None else ctx.inputs.get("count")
        if value is None:
            return 1
        try:
            number = int(str(value))
        except ValueError:
            number = 0
        if number <= 0 and decided is None:
            raise program.Refused(
                consts.ReasonClass.INVALID,
                f"Invalid count ({value}) for action '{ctx.action['action']}'.",
            )
        return number


class ClusterScaleOut(_Scaling):
    """Adds members."""

    def begin(self, ctx, plan):
        current = ctx.read(members.count, ctx.cluster["id"])
        target = current + self.count(ctx, plan.grow)
        self.refuse_size(ctx, desired=target, strict=True)
        return self.change(ctx, plan, current, target)


class ClusterScaleIn(_Scaling):
    """Takes members away."""

    def begin(self, ctx, plan):
        current = ctx.read(members.count, ctx.cluster["id"])
        count = min(self.count(ctx, plan.shrink), current)
        self.refuse_size(ctx, desired=current - count, strict=True)
        return self.change(ctx, plan, current, current - count)
