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

"""Giving a server another profile: a plan of steps, carried out one by one."""

from senlin.cloud import compute
from senlin.cloud import errors
from senlin.common import consts
from senlin.common import exception
from senlin.profiles import base
from senlin.profiles.nova import check
from senlin.profiles.nova import create
from senlin.profiles.nova import networks
from senlin.profiles.nova import operations
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages
from senlin.profiles.nova import update_plan
from senlin.profiles.nova import waiting

_DOING = "Update"


def update(profile, task):
    """The procedure: from the node's profile to ``task.new_profile``.

    ``task.inputs["name"]`` is the node's new name, if that changes. The
    server's power state is the same afterwards, also when it fails.
    """
    return stages.run(_STAGES, "look", profile, task)


def _look(profile, task):
    stages.require_server(task, _DOING)
    if task.new_profile is not None:
        try:
            profile.check_update(task.new_profile)
        except exception.InvalidSpec as error:
            raise stages.failure(consts.ReasonClass.INVALID, error.message) from error
    return stages.go(task, "plan", observe=True, after=0)


def _plan(profile, task):
    server = task.observed
    if server is None:
        return stages.stay(task)
    if servers.is_gone(server):
        raise stages.failure(
            consts.ReasonClass.NOT_FOUND,
            f"{_DOING}: the server {task.node.physical_id} does not exist any more.",
            {"physical_id": None},
        )
    if servers.is_going(server):
        raise stages.failure(
            consts.ReasonClass.CONFLICT,
            f"{_DOING}: the server {task.node.physical_id} is being deleted.",
        )
    change = update_plan.Change(
        old=profile,
        new=task.new_profile or profile,
        cloud=task.cloud,
        node=task.node,
        server=server,
        new_name=task.inputs.get("name"),
    )
    try:
        plan = update_plan.make(change)
    except errors.CloudError as error:
        if error.retryable:
            raise
        raise stages.failed(error, doing=_DOING) from error
    if not plan:
        return base.Finished()
    return stages.go(task, "act", plan=plan, at=0)


def _act(profile, task):
    """Start a step: one changing call."""
    step = task.state["plan"][task.state["at"]]
    try:
        answer = _ACTS[step["do"]](profile, task, step)
    except errors.CloudError as error:
        if error.status == 409 and step["do"] in _REACHED:
            # Perhaps an earlier call was carried out: the server's state tells.
            return _begin(task, step, refused=error.message)
        if error.retryable:
            raise
        return _fail(task, stages.failed(error, doing=_DOING))
    except base.ProcedureFailed as error:
        return _fail(task, error)
    if answer is not None:
        return answer
    return _begin(task, step) if step["do"] in _REACHED else _next(task)


def _begin(task, step, refused=None):
    seconds = None
    if step["do"] == "stop":
        seconds = _whole_number(task.config.get(consts.CONFIG_STOP_TIMEOUT_BEFORE_UPDATE))
    stopped = task.state.get("stopped", False) or step["do"] == "stop"
    return waiting.begin(task, "wait", seconds=seconds, refused=refused, stopped=stopped)


def _whole_number(value):
    """A number of seconds from a user's config, None if it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _wait(profile, task):
    """Has the step shown yet?"""
    step = task.state["plan"][task.state["at"]]
    try:
        answer = waiting.settle(
            task,
            f"{_DOING} ({step['do']})",
            lambda server: _REACHED[step["do"]](server, step),
        )
    except base.ProcedureFailed as error:
        return _fail(task, error)
    return _next(task) if answer is None else answer


def _next(task, data=None):
    at = task.state["at"] + 1
    node = {"data": data} if data is not None else {}
    if at >= len(task.state["plan"]):
        return base.Finished(node=node)
    return stages.go(task, "act", at=at, node=node, phase=None, look=False)


def _fail(task, error):
    told = {"reason": str(error.reason), "message": error.message}
    if not task.state.get("stopped"):
        raise error
    return stages.go(task, "restore", failure=told, deadline=stages.deadline(task), after=1.0)


def _restore(profile, task):
    """Undo half a resize, start the server again, and fail."""
    server = task.cloud.compute.server(task.node.physical_id)
    told = task.state["failure"]
    node = {"physical_id": None} if server is None else {}
    failure = stages.failure(consts.ReasonClass(told["reason"]), told["message"], node)
    if server is None or stages.is_late(task):
        raise failure
    if not servers.is_idle(server):
        return stages.go(task, "restore", after=2.0)
    if server["status"] == "VERIFY_RESIZE":
        task.cloud.compute.action(server["id"], {"revertResize": None})
        return stages.go(task, "restore", after=2.0)
    if server["status"] == "SHUTOFF" and task.node.data.get(check.POWER) != "SHUTOFF":
        task.cloud.compute.action(server["id"], {"os-start": None})
    raise failure


_STAGES = {"look": _look, "plan": _plan, "act": _act, "wait": _wait, "restore": _restore}


# ---- the steps -----------------------------------------------------------------


def _stop(profile, task, step):
    task.cloud.compute.action(task.node.physical_id, {"os-stop": None})


def _start(profile, task, step):
    task.cloud.compute.action(task.node.physical_id, {"os-start": None})


def _rebuild(profile, task, step):
    body = operations.rebuild_body(
        task.new_profile or profile, task, step["image"], name=step["name"]
    )
    microversion = compute.REBUILD_VOLUME if step["volume"] else compute.READ
    task.cloud.compute.action(task.node.physical_id, body, microversion)


def _rename(profile, task, step):
    task.cloud.compute.update_server(task.node.physical_id, {"name": step["name"]})


def _resize(profile, task, step):
    # Left out, nova would make it MANUAL.
    new = task.new_profile or profile
    body = {
        "resize": {
            "flavorRef": step["flavor"],
            "OS-DCF:diskConfig": create.disk_config(new),
        }
    }
    task.cloud.compute.action(task.node.physical_id, body)


def _confirm(profile, task, step):
    task.cloud.compute.action(task.node.physical_id, {"confirmResize": None})


def _metadata(profile, task, step):
    task.cloud.compute.replace_metadata(task.node.physical_id, step["metadata"])


def _groups(profile, task, step):
    task.cloud.network.update_port(step["port"], {"security_groups": step["groups"]})
    records = [
        {**one, "security_group_ids": step["groups"]} if one["id"] == step["port"] else one
        for one in networks.records(task.node)
    ]
    if records:
        return _next(task, stages.with_data(task.node, internal_ports=records))
    return None


def _detach(profile, task, step):
    """Unplug the port, see that it is out, then take away what was made for it."""
    phase = task.state.get("phase")
    server_id = task.node.physical_id
    if phase is None:
        task.cloud.compute.detach_interface(server_id, step["port"])
        return stages.go(task, "act", phase="leaving", after=1.0, deadline=stages.deadline(task))
    if phase == "leaving":
        plugged = [one["port_id"] for one in task.cloud.compute.interfaces(server_id)]
        if step["port"] in plugged:
            if stages.is_late(task):
                raise stages.failure(
                    consts.ReasonClass.TIMEOUT, f"{_DOING}: a port was not detached in time."
                )
            return stages.go(task, "act", after=2.0)
        if step["slot"] is None:
            return None
    records = networks.release_one(task.cloud, task.node, only=step["slot"])
    if records is None:
        return None
    data = stages.with_data(task.node, internal_ports=records or None)
    left = len(records) + sum("floating" in one for one in records)
    return stages.go(task, "act", node={"data": data}, phase="releasing", left=left)


def _attach(profile, task, step):
    """Make the port if one is needed, then plug it in."""
    entry, slot = step["entry"], step["slot"]
    look = task.restarted or task.state.get("look", False)
    try:
        records = networks.advance(task.cloud, task.node, entry, slot, look)
        if records is not None:
            data = stages.with_data(task.node, internal_ports=records)
            count = task.state.get("step", 0) + 1
            return stages.go(task, "act", node={"data": data}, look=False, step=count)
        wanted = networks.server_network(task.cloud, task.node, entry, slot)
        if look and _is_plugged(task, step, wanted):
            return _next(task)
        task.cloud.compute.attach_interface(task.node.physical_id, _attachment(wanted))
    except errors.CloudError as error:
        if error.outcome_unknown:
            return stages.go(task, "act", look=True, after=1.0)
        raise
    return None


def _attachment(wanted):
    if "port" in wanted:
        return {"port_id": wanted["port"]}
    attachment = {"net_id": wanted["uuid"]}
    if "fixed_ip" in wanted:
        attachment["fixed_ips"] = [{"ip_address": wanted["fixed_ip"]}]
    return attachment


def _is_plugged(task, step, wanted):
    live = task.cloud.compute.interfaces(task.node.physical_id)
    if "port" in wanted:
        return any(one["port_id"] == wanted["port"] for one in live)
    return any(
        one["net_id"] == wanted["uuid"] and one["port_id"] not in step["known"] for one in live
    )


_ACTS = {
    "stop": _stop,
    "start": _start,
    "rebuild": _rebuild,
    "rename": _rename,
    "resize": _resize,
    "confirm": _confirm,
    "metadata": _metadata,
    "groups": _groups,
    "detach": _detach,
    "attach": _attach,
}


def _is_off(server, step):
    return server["status"] == "SHUTOFF" and servers.is_idle(server)


def _is_running(server, step):
    return server["status"] == "ACTIVE" and servers.is_idle(server)


def _is_rebuilt(server, step):
    settled = servers.is_idle(server) and server["status"] in ("ACTIVE", "SHUTOFF")
    return settled and (step["volume"] or server["image"]["id"] == step["image"])


def _is_resized(server, step):
    if server["status"] == "VERIFY_RESIZE":
        return servers.is_idle(server)
    return _is_confirmed(server, step)


def _is_confirmed(server, step):
    return (
        servers.is_idle(server)
        and server["status"] in ("ACTIVE", "SHUTOFF")
        and server["flavor"]["id"] == step["flavor"]
    )


#: Steps that take time, and how a server shows that they are done.
_REACHED = {
    "stop": _is_off,
    "start": _is_running,
    "rebuild": _is_rebuilt,
    "resize": _is_resized,
    "confirm": _is_confirmed,
}
