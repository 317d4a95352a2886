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

"""Waiting for what was asked of a server to show."""

from senlin.common import consts
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages

#: Seconds that an idle server may take to show what was asked of it.
_PATIENCE = 15.0


def begin(task, stage, *, seconds=None, refused=None, **changes):
    """Look at the server from now on.

    :param refused: the cloud refused with a conflict, perhaps since an earlier
        call was carried out: only the state that was asked for is a success.
    """
    return stages.go(
        task,
        stage,
        observe=True,
        deadline=stages.deadline(task, seconds),
        idle_since=None,
        refused=refused,
        **changes,
    )


def settle(task, doing, reached):
    """Judge one observation.

    :param reached: tells of a server's JSON whether it shows what was asked.
    :returns: None when it does, else what to answer to the engine.
    :raises ProcedureFailed: when it never will.
    """
    server = task.observed
    if servers.is_gone(server):
        raise stages.failure(
            consts.ReasonClass.NOT_FOUND,
            f"{doing}: the server does not exist any more.",
            {"physical_id": None},
        )
    if server is not None:
        if reached(server):
            return None
        if servers.is_idle(server):
            _judge_idle(task, doing, server)
    if stages.is_late(task):
        status = server["status"] if server is not None else "not shown"
        raise stages.failure(
            consts.ReasonClass.TIMEOUT, f"{doing}: the server is still {status} after the timeout."
        )
    idle = server is not None and servers.is_idle(server)
    since = (task.state.get("idle_since") or task.now) if idle else None
    return stages.stay(task, idle_since=since)


def _judge_idle(task, doing, server):
    refused = task.state.get("refused")
    if refused:
        raise stages.failure(consts.ReasonClass.CONFLICT, f"{doing}: {refused}")
    if server["status"] == "ERROR":
        raise stages.failure(servers.fault_reason(server), f"{doing}: {servers.fault_of(server)}")
    since = task.state.get("idle_since")
    if since is not None and task.now - since >= _PATIENCE:
        fault = server.get("fault")
        told = servers.fault_of(server) if fault else f"the server stays {server['status']}."
        raise stages.failure(servers.fault_reason(server), f"{doing}: {told}")
