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

"""Asking all policies of a cluster, in order, and merging what they say."""

import dataclasses
import random
import typing

from senlin.policies import base


class PolicyRefusal(Exception):
    """A policy said no; the text is what the failed action shows."""


@dataclasses.dataclass(frozen=True, slots=True)
class PolicyRequest:
    """What policies may look at.

    ``members``: the rows of the cluster's nodes as they are now. ``inputs``:
    the action's. ``target``: id of its cluster or node. ``now``: epoch seconds.
    ``profiles_since``: profile id -> when it was created. ``changed``: how many
    members the action has added or removed; known at its end.
    """

    action: str
    cluster: dict
    members: list
    inputs: dict
    now: float
    random: random.Random
    max_nodes_per_cluster: int
    target: str = ""
    profiles_since: dict = dataclasses.field(default_factory=dict)
    changed: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Bound:
    """A policy and the row that binds it to the cluster."""

    policy: typing.Any
    binding: dict


def in_order(bound):
    """By priority, then by the binding's id (engine contract, section 9)."""
    return sorted(bound, key=lambda item: (item.binding["priority"], item.binding["id"]))


def decide(bound, request, plan):
    """The plan that the enabled policies for this action agree on.

    :raises PolicyRefusal: with the text of API contract, 3.6.7.
    """
    for item in _concerned(bound, base.BEFORE, request.action):
        try:
            plan = item.policy.decide(request, item.binding, plan)
        except base.PolicyRefuses as refusal:
            raise PolicyRefusal(
                f"Policy check failure: Failed policy '{item.policy.name}': {refusal}"
            ) from refusal
    return plan


def conclude(bound, request, succeeded):
    """Binding id -> columns to be written after the action."""
    updates = {}
    for item in _concerned(bound, base.AFTER, request.action):
        columns = item.policy.conclude(request, item.binding, succeeded)
        if columns:
            updates[item.binding["id"]] = columns
    return updates


def _concerned(bound, when, action):
    for item in in_order(bound):
        if item.binding["enabled"] and (when, action) in item.policy.TARGETS:
            yield item
