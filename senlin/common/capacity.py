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

"""The arithmetic of sizes, and which members have to go when one shrinks.

Pure functions. ``cluster`` is any mapping with ``min_size``, ``max_size``
(-1 = no limit) and ``desired_capacity``. Sources: API contract, Annex B; engine
contract, section 8; profiles and policies contract, deletion policy.
"""

import fractions
import math
import random

from oslo_utils import strutils

from senlin.common import consts

_system_random = random.SystemRandom()


def target(current, adjustment=None, number=None, min_step=None):
    """The size that an adjustment asks for, not yet checked or clamped.

    A percentage is truncated toward zero, but never to nothing: 1 % of 3 is
    one. ``min_step`` raises the change of a percentage to at least so many, in
    the direction of ``number``; it means nothing for other types.

    :param current: the number of members.
    :param adjustment: a ``consts.Adjustment``; None = stay at ``current``.
    :param number: int or float; its fraction counts for percentages only.
    :returns: an int, which may be negative.
    """
    if adjustment is None:
        return current
    if adjustment == consts.Adjustment.EXACT_CAPACITY:
        return int(number)
    if adjustment == consts.Adjustment.CHANGE_IN_CAPACITY:
        return current + int(number)
    # By way of its digits: 0.1 means one tenth, not the nearest binary number.
    change = fractions.Fraction(str(number)) * current / 100
    direction = (number > 0) - (number < 0)
    step = math.floor(abs(change))
    if change and not step:
        step = 1
    if min_step is not None:
        step = max(step, min_step)
    return current + direction * step


def check(limit, desired=None, min_size=None, max_size=None, cluster=None, strict=True):
    """Why sizes cannot be accepted: a sentence, or None if they can.

    :param limit: the global maximum, ``max_nodes_per_cluster``.
    :param desired: the wanted size; None = it does not change.
    :param min_size, max_size: the new bounds; None = they do not change.
    :param cluster: the cluster as it is; None = a new one.
    :param strict: hold ``desired`` against the cluster's own bounds too.
    """
    if desired is not None:
        problem = _check_desired(limit, desired, min_size, max_size, cluster, strict)
        if problem:
            return problem
    if min_size is not None:
        problem = _check_min(desired, min_size, max_size, cluster, strict)
        if problem:
            return problem
    if max_size is not None:
        return _check_max(limit, desired, min_size, max_size, cluster, strict)
    return None


def _check_desired(limit, desired, min_size, max_size, cluster, strict):
    capacity = f"The target capacity ({desired}) is"
    if desired > limit:
        return f"{capacity} greater than the maximum number of nodes allowed per cluster ({limit})."
    if min_size is not None and desired < min_size:
        return f"{capacity} less than the specified min_size ({min_size})."
    strict_cluster = cluster if strict else None
    if min_size is None and strict_cluster and desired < cluster["min_size"]:
        return f"{capacity} less than the cluster's min_size ({cluster['min_size']})."
    if max_size is not None and 0 <= max_size < desired:
        return f"{capacity} greater than the specified max_size ({max_size})."
    if max_size is None and strict_cluster and 0 <= cluster["max_size"] < desired:
        return f"{capacity} greater than the cluster's max_size ({cluster['max_size']})."
    return None


def _check_min(desired, min_size, max_size, cluster, strict):
    bound = f"The specified min_size ({min_size}) is greater than the"
    if max_size is not None and 0 <= max_size < min_size:
        return f"{bound} specified max_size ({max_size})."
    if not cluster:
        return None
    if max_size is None and 0 <= cluster["max_size"] < min_size:
        return f"{bound} current max_size ({cluster['max_size']}) of the cluster."
    if desired is None and strict and min_size > cluster["desired_capacity"]:
        return f"{bound} current desired_capacity ({cluster['desired_capacity']}) of the cluster."
    return None


def _check_max(limit, desired, min_size, max_size, cluster, strict):
    if max_size > limit:
        return (
            f"The specified max_size ({max_size}) is greater than the maximum number of nodes "
            f"allowed per cluster ({limit})."
        )
    if not cluster or max_size < 0:
        return None
    bound = f"The specified max_size ({max_size}) is less than the current"
    if min_size is None and max_size < cluster["min_size"]:
        return f"{bound} min_size ({cluster['min_size']}) of the cluster."
    if desired is None and strict and max_size < cluster["desired_capacity"]:
        return f"{bound} desired_capacity ({cluster['desired_capacity']}) of the cluster."
    return None


def truncate(desired, cluster, min_size=None, max_size=None):
    """The size nearest to ``desired`` within the bounds, for best effort.

    The new bounds where given, else the cluster's; a maximum counts if it is
    above zero.
    """
    lower = cluster["min_size"] if min_size is None else min_size
    upper = cluster["max_size"] if max_size is None else max_size
    if desired < lower:
        return lower
    if 0 < upper < desired:
        return upper
    return desired


def resized(current, cluster, inputs):
    """The size to which a resize leads, kept within the bounds if it is not strict.

    :param inputs: of a CLUSTER_RESIZE; they may come from a webhook, unchecked.
    :raises TypeError: or ValueError, OverflowError: if they are no numbers.
    """
    number, step = inputs.get("number"), inputs.get("min_step")
    number = float(number) if isinstance(number, str) else number
    step = None if step is None else int(step)
    size = target(current, inputs.get("adjustment_type"), number, step)
    if strutils.bool_from_string(inputs.get("strict")):
        return size
    limits = {
        name: int(inputs[name]) for name in ("min_size", "max_size") if inputs.get(name) is not None
    }
    return truncate(size, cluster, **limits)


def is_sick(node):
    """Whether a member is to go before those that are well."""
    return node["tainted"] or node["status"] in (
        consts.NodeStatus.ERROR,
        consts.NodeStatus.WARNING,
    )


def select_victims(nodes, count, rng=_system_random):
    """Ids of the members that go first when no policy says otherwise.

    Those in ERROR or WARNING or tainted in list order, then those that were
    never created, then random ones.

    :param nodes: mappings with id, status, tainted and created_at.
    :param count: how many; more than there are means all.
    """
    sick, unborn, good = [], [], []
    for node in nodes:
        if is_sick(node):
            sick.append(node["id"])
        elif node["created_at"] is None:
            unborn.append(node["id"])
        else:
            good.append(node["id"])
    rng.shuffle(good)
    return (sick + unborn + good)[: max(count, 0)]
