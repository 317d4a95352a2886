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

"""Deleting a server and everything that was made for it."""

from senlin.cloud import errors
from senlin.common import consts
from senlin.profiles import base
from senlin.profiles.nova import create
from senlin.profiles.nova import networks
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages

_ATTEMPTS = 3
#: Seconds that a server may look as if nobody had asked for its end.
_PATIENCE = 15.0


def delete(profile, task):
    """The procedure: the server, then its addresses and ports.

    ``task.inputs``: ``force`` (skip what nova holds back), ``timeout`` or
    ``delete_timeout`` (seconds). A server that does not exist is no error.
    """
    return stages.run(_STAGES, "ask", profile, task)


def _ask(profile, task):
    server_id = task.node.physical_id
    if not server_id:
        found = servers.marked(task.cloud, create.server_name(profile, task.node), task.node.id)
        if not found:
            return _ports(profile, task)
        # A server of an interrupted creation: from here on it is the node's.
        return stages.go(task, "ask", node={"physical_id": found[0]["id"]}, found=True)
    try:
        there = task.cloud.compute.delete_server(server_id, force=bool(task.inputs.get("force")))
    except errors.CloudError as error:
        if error.outcome_unknown:
            return _watch(task)
        if error.retryable:
            raise
        raise stages.failed(error, doing=f"Server {server_id} cannot be deleted") from error
    return _watch(task) if there else _gone(profile, task)


def _watch(task):
    limit = task.inputs.get("delete_timeout") or task.inputs.get("timeout")
    return stages.go(
        task,
        "wait",
        observe=True,
        deadline=task.state.get("deadline") or stages.deadline(task, limit),
        asked=task.now,
        attempts=task.state.get("attempts", 0) + 1,
    )


def _wait(profile, task):
    server = task.observed
    if servers.is_gone(server):
        return _gone(profile, task)
    if stages.is_late(task):
        raise stages.failure(
            consts.ReasonClass.TIMEOUT,
            f"Server {task.node.physical_id} was not deleted in time.",
        )
    forgotten = (
        server is not None
        and servers.is_idle(server)
        and task.now - task.state["asked"] >= _PATIENCE
    )
    if not forgotten:
        return stages.stay(task)
    if task.state["attempts"] >= _ATTEMPTS:
        raise stages.failure(
            servers.fault_reason(server),
            f"Server {task.node.physical_id} does not go away: {servers.fault_of(server)}",
        )
    return _ask(profile, task)


def _gone(profile, task):
    """The server is gone, which the node knows from here on, whatever the ports do."""
    try:
        return _ports(profile, task)
    except errors.CloudError:
        return stages.go(task, "ports", node={"physical_id": None})


def _ports(profile, task):
    records = networks.release_one(task.cloud, task.node)
    looked = task.state.get("looked", False)
    if records is None and not looked:
        records = _stray_ports(profile, task) or None
        looked = True
    if records is None:
        data = stages.with_data(task.node, internal_ports=None, power=None)
        return base.Finished(node={"physical_id": None, "data": data})
    return stages.go(
        task,
        "ports",
        node={
            "physical_id": None,
            "data": stages.with_data(task.node, internal_ports=records or None),
        },
        step=task.state.get("step", 0) + 1,
        looked=looked,
    )


def _stray_ports(profile, task):
    """Ports of an interrupted creation, looked for once where ports are made at all."""
    slots = [
        slot
        for slot, entry in enumerate(profile.networks)
        if networks.needs_record(entry) and not entry["port"]
    ]
    return networks.made_ports(task.cloud, task.node, slots)


_STAGES = {"ask": _ask, "wait": _wait, "ports": _ports}
