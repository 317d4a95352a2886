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

"""Requests that change how many members a cluster has (API contract, 3.6.7)."""

import math

from senlin.common import capacity
from senlin.common import consts
from senlin.common import exception
from senlin.db import members
from senlin.engine.requests import base
from senlin.rpc import server as rpc_server


class SizeRequests(base.Endpoint):
    """Scale out, scale in and resize."""

    @rpc_server.request
    def cluster_scale_out(self, context, identity, count=None):
        """Admit the creation of ``count`` members; None = policies decide, else one."""
        action = consts.ClusterAction.SCALE_OUT
        return self._change_one(
            context, "cluster", identity, self._scale, action=action, count=count
        )

    @rpc_server.request
    def cluster_scale_in(self, context, identity, count=None):
        """Admit the removal of ``count`` members; None = policies decide, else one."""
        action = consts.ClusterAction.SCALE_IN
        return self._change_one(
            context, "cluster", identity, self._scale, action=action, count=count
        )

    @rpc_server.request
    def cluster_resize(
        self,
        context,
        identity,
        adjustment_type=None,
        number=None,
        min_size=None,
        max_size=None,
        min_step=None,
        strict=True,
    ):
        """Admit a change of size, of bounds, or of both."""
        inputs = resize_inputs(adjustment_type, number, min_size, max_size, min_step, strict)
        return self._change_one(context, "cluster", identity, self._resize, inputs=inputs)

    def _scale(self, conn, context, cluster, action, count):
        inputs = {}
        if count is not None:
            if count < 1:
                raise exception.BadRequest(
                    f"The count of a scaling action must be a positive number, not {count}."
                )
            inputs["count"] = count
            change = count if action == consts.ClusterAction.SCALE_OUT else -count
            self._check(cluster, desired=cluster["desired_capacity"] + change, strict=False)
        verb = action.value.lower()
        return {"action": self._submit(conn, context, action, cluster, verb, inputs)}

    def _resize(self, conn, context, cluster, inputs):
        desired = None
        if inputs["adjustment_type"] is not None:
            desired = capacity.target(
                members.count(conn, cluster["id"]),
                inputs["adjustment_type"],
                inputs["number"],
                inputs["min_step"],
            )
        self._check(
            cluster,
            desired=desired,
            min_size=inputs["min_size"],
            max_size=inputs["max_size"],
            strict=inputs["strict"],
        )
        action = self._submit(
            conn, context, consts.ClusterAction.RESIZE, cluster, "cluster_resize", inputs
        )
        return {"action": action}

    def _check(self, cluster, **sizes):
        limit = self._conf.max_nodes_per_cluster
        base.refuse([capacity.check(limit, cluster=cluster, **sizes)])


def resize_inputs(adjustment_type, number, min_size, max_size, min_step, strict):
    """The inputs of a resize: all six keys, null where nothing was given.

    :raises BadRequest: if the arguments make no sense together, whatever the
        cluster (API contract, 3.6.7, resize).
    """
    if adjustment_type is None and number is None and min_size is None and max_size is None:
        raise exception.BadRequest("Not enough parameters to do resize action.")
    if adjustment_type is not None and number is None:
        raise exception.BadRequest("Missing number value for size adjustment.")
    if number is not None and adjustment_type is None:
        raise exception.BadRequest("Missing adjustment_type value for size adjustment.")
    if min_size is not None and max_size is not None and 0 < max_size < min_size:
        raise exception.BadRequest(
            f"The specified min_size ({min_size}) is greater than the specified max_size "
            f"({max_size})."
        )
    if number is not None:
        number = _number(adjustment_type, number)
    if adjustment_type != consts.Adjustment.CHANGE_IN_PERCENTAGE:
        min_step = None
    return {
        "adjustment_type": adjustment_type,
        "number": number,
        "min_size": min_size,
        "max_size": max_size,
        "min_step": min_step,
        "strict": True if strict is None else bool(strict),
    }


def _number(adjustment_type, number):
    if not math.isfinite(number):
        raise exception.BadRequest("The number for a size adjustment must be finite.")
    if adjustment_type != consts.Adjustment.CHANGE_IN_PERCENTAGE:
        number = int(number)
    if adjustment_type == consts.Adjustment.EXACT_CAPACITY and number < 0:
        raise exception.BadRequest(
            f"The 'number' must be non-negative integer for adjustment type "
            f"'{adjustment_type}', not {number}."
        )
    return number
