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

"""Procedures in stages: what all of them have in common.

A procedure is a table of stages. ``state["stage"]`` says which one is next;
each stage makes at most one changing call and answers Working or Finished.
"""

import dataclasses

from senlin.cloud import errors
from senlin.common import consts
from senlin.conf import CONF
from senlin.profiles import base

#: Failures after which the same procedure may succeed later.
RETRYABLE = (
    consts.ReasonClass.CAPACITY,
    consts.ReasonClass.TIMEOUT,
    consts.ReasonClass.UNAVAILABLE,
)


def run(stages, first, profile, task):
    """The next stage of a procedure."""
    return stages[task.state.get("stage", first)](profile, task)


def go(task, stage, *, observe=False, after=None, node=None, made=None, **changes):
    """Working on, at this stage next, with these changes to the state.

    :param made: the id of what was made just now.
    """
    return base.Working(
        state={**task.state, "stage": stage, **changes},
        observe=observe,
        after=after,
        node=node or {},
        made=made,
    )


def stay(task, *, after=None, **changes):
    """Look again later at the same stage."""
    return base.Working(state={**task.state, **changes}, observe=True, after=after)


def deadline(task, seconds=None):
    """The moment until which the cloud may take for what was asked now."""
    return task.now + (CONF.default_nova_timeout if seconds is None else seconds)


def is_late(task):
    """Whether the stage has waited too long."""
    return task.now >= task.state.get("deadline", float("inf"))


def with_data(node, **changes):
    """A node's data with changes; None takes a key away."""
    data = {**node.data, **changes}
    return {key: value for key, value in data.items() if value is not None}


def substituted(task, state, node=None):
    """The task as a procedure within a procedure sees it."""
    changes = {"state": state}
    if node is not None:
        changes["node"] = node
    return dataclasses.replace(task, **changes)


def failure(reason, message, node=None, retryable=None):
    """The ProcedureFailed for a reason class.

    :param retryable: None = as the reason class says.
    """
    if retryable is None:
        retryable = reason in RETRYABLE
    return base.ProcedureFailed(reason, message, node, retryable)


def failed(error, node=None, doing=""):
    """The ProcedureFailed for a CloudError that asking again would not cure."""
    message = f"{doing}: {error.message}" if doing else error.message
    return failure(error.reason, message, node)


def can_wait(error):
    """Whether the engine should ask again later: the CloudError itself is raised."""
    return isinstance(error, errors.CloudError) and error.retryable


def require_server(task, doing):
    """The id of the node's server.

    :raises ProcedureFailed: if the node has none.
    """
    if not task.node.physical_id:
        raise failure(consts.ReasonClass.INVALID, f"{doing}: the node has no server.")
    return task.node.physical_id
