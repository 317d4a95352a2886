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

"""Defects put in on purpose: a simulation that does not notice them proves nothing."""

import contextlib
from unittest import mock

import sqlalchemy as sa

from senlin.actions import context as step_context
from senlin.actions.node import base as node_base
from senlin.actions.node import create as node_create
from senlin.common import capacity
from senlin.db import claims
from senlin.db import commits
from senlin.db import locks
from senlin.db import members
from senlin.db import models

_FAR_AWAY = 1e6


def _without_fence(_original):
    return lambda row, owner, fence: row is not None


def _forgetting_the_last(original):
    return lambda conn, action_ids, now: original(conn, action_ids[:-1], now)


def _waking_nobody(original):
    return lambda conn, action_ids, now: original(conn, action_ids, now + _FAR_AWAY)


def _counting_one_twice(original):
    def finish(conn, results, now):
        children = [result for result in results if result.parent_id]
        return original(conn, [*results, *children[:1]], now)

    return finish


def _without_doubt(original):
    def init(self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.restarted = False

    return init


def _without_machine(original):
    def columns(values):
        return {k: v for k, v in original(values).items() if k != "physical_id"}

    return columns


def _always_the_same_index(_original):
    return lambda conn, cluster_id, number: 1


def _one_too_few(original):
    return lambda *args: original(*args)[:-1]


def _never_first(original):
    def load(conn, ids):
        claimed = original(conn, ids)
        for item in claimed:
            item.first = item.first and item.action["fence"] == 1
        return claimed

    return load


#: Name -> (where it is put in, what, how it is made of the original).
_MUTATIONS = {
    "results are saved without looking whose the action is": (
        commits,
        "_is_mine",
        _without_fence,
    ),
    "one action of each group keeps its locks": (locks, "release", _forgetting_the_last),
    "who waits for a lock is not woken": (locks, "release", _waking_nobody),
    "a parent is not woken by its last child": (
        commits,
        "_WAKE_PARENT",
        lambda original: original.where(sa.false()),
    ),
    "one child of each group is counted off twice": (commits, "_finish", _counting_one_twice),
    "a signal that comes while a step runs is slept over": (
        commits,
        "_has_news",
        lambda _original: lambda result, row: False,
    ),
    "a step is run again as if it had not been run before": (
        step_context.StepContext,
        "__init__",
        _without_doubt,
    ),
    "the machine's id is not saved before it is waited for": (
        node_base,
        "_columns",
        _without_machine,
    ),
    "a creation that is stopped does not look for its machine": (
        node_create.NodeCreate,
        "stopped",
        lambda _original: node_base.NodeProgram.stopped,
    ),
    "a dead engine's work is left where it is": (
        claims,
        "release_owned",
        lambda _original: lambda conn, owners, now: 0,
    ),
    "members' indexes are given out twice": (members, "reserve_indexes", _always_the_same_index),
    "one member too few is taken away": (capacity, "select_victims", _one_too_few),
    "only a first claim is told of": (claims, "_load", _never_first),
    "a deleted cluster leaves its bindings": (
        commits,
        "_bindings",
        lambda _original: models.Receiver.__table__,
    ),
}

NAMES = tuple(_MUTATIONS)


@contextlib.contextmanager
def applied(name):
    """Put a mutation in, for the time of the context."""
    target, attribute, make = _MUTATIONS[name]
    with (
        mock.patch.object(target, attribute, make(getattr(target, attribute))),
        # A net under all of them, which would hide what they do for a while.
        mock.patch.object(claims, "release_unregistered", return_value=0),
    ):
        yield
