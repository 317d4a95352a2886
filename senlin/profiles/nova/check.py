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

"""Is the server as the user wants it?"""

from senlin.common import consts
from senlin.profiles import base
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages

#: Node data key for the power state that the user asked for, a server status.
POWER = "power"

#: Statuses of a healthy server that nova works on.
_PASSING = ("REBOOT", "HARD_REBOOT", "PASSWORD", "MIGRATING", "RESIZE", "VERIFY_RESIZE", "REBUILD")


def check(profile, task):
    """The procedure: one look, shared with other nodes' by the engine."""
    stages.require_server(task, "Check")
    if task.state.get("stage") != "judge" or task.observed is None:
        if task.state.get("tries", 0) >= 3:
            raise stages.failure(
                consts.ReasonClass.UNAVAILABLE, "The compute service shows nothing of the server."
            )
        return stages.go(task, "judge", observe=True, after=0, tries=task.state.get("tries", 0) + 1)
    verdict = judge(task.node, task.observed)
    if verdict is None:
        return base.Finished()
    node = {"physical_id": None} if servers.is_gone(task.observed) else {}
    return base.Finished(node=node, healthy=False, reason=verdict)


def judge(node, server):
    """Why a server is not healthy; None when it is.

    A server that was stopped, paused or suspended on request is healthy in that state.
    """
    if servers.is_gone(server):
        return f"The server {node.physical_id} could not be found."
    if servers.is_going(server):
        return f"The server {node.physical_id} is being deleted."
    status = server["status"]
    if status == "ACTIVE" or status == node.data.get(POWER) or status in _PASSING:
        return None
    if status == "ERROR":
        return f"The server {node.physical_id} is in ERROR: {servers.fault_of(server)}"
    return f"The server {node.physical_id} is {status}, not {node.data.get(POWER) or 'ACTIVE'}."
