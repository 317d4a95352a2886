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

"""Repairing a node: reboot, rebuild, or a new server in place of the old one."""

import dataclasses

from oslo_utils import strutils

from senlin.cloud import errors
from senlin.common import consts
from senlin.profiles import base
from senlin.profiles.nova import check
from senlin.profiles.nova import create
from senlin.profiles.nova import delete
from senlin.profiles.nova import operations
from senlin.profiles.nova import stages

_Operation = consts.RecoverOperation


def recover(profile, task):
    """The procedure for ``task.inputs``.

    * ``operation``: REBOOT, REBUILD or RECREATE in any letter case, default RECREATE.
    * ``operation_params``: ``type`` of a reboot, ``image`` of a rebuild,
      ``fence_compute`` (force the old server's deletion).
    * ``check``: do nothing to a healthy server.
    * ``force_recreate``: make a new server even if the old one cannot be deleted.
    * ``delete_timeout``: seconds for that deletion.
    """
    return stages.run(_STAGES, "start", profile, task)


def _start(profile, task):
    if task.inputs.get("check") and task.node.physical_id:
        return stages.go(task, "checked", observe=True, after=0)
    return _repair(profile, task)


def _checked(profile, task):
    if task.observed is None:
        return stages.stay(task)
    if check.judge(task.node, task.observed) is None:
        return base.Finished(reason="The server is healthy.")
    return _repair(profile, task)


def _repair(profile, task):
    name = str(task.inputs.get("operation") or _Operation.RECREATE).upper()
    if name not in list(_Operation):
        raise stages.failure(
            consts.ReasonClass.INVALID, f"Recover operation '{name}' is not supported."
        )
    if name == _Operation.RECREATE:
        return _delete(profile, stages.substituted(task, {"stage": "delete", "sub": {}}))
    stages.require_server(task, f"Recover operation {name}")
    return _operate(profile, stages.substituted(task, {"stage": "operate", "sub": {}}))


def _options(task):
    options = task.inputs.get("operation_params") or {}
    if isinstance(options, list):
        options = {item["name"]: item["value"] for item in options if "name" in item}
    return options


def _nested(task, procedure, profile, inputs):
    """Run a procedure within this one: its state is kept under ``sub``."""
    inner = dataclasses.replace(task, state=task.state["sub"], inputs=inputs)
    answer = procedure(profile, inner)
    if isinstance(answer, base.Working):
        return dataclasses.replace(answer, state={**task.state, "sub": answer.state}), None
    return None, answer


def _operate(profile, task):
    options = _options(task)
    if str(task.inputs["operation"]).upper() == _Operation.REBOOT:
        inputs = {
            "operation": "reboot",
            "params": {"type": str(options.get("type") or "HARD").upper()},
        }
    else:
        inputs = {"operation": "rebuild", "params": {"image": options.get("image")}}
    working, finished = _nested(task, operations.operate, profile, inputs)
    return working or finished


def _delete(profile, task):
    inputs = {
        "force": bool(_truth(_options(task).get("fence_compute"))),
        "delete_timeout": task.inputs.get("delete_timeout"),
    }
    try:
        working, finished = _nested(task, delete.delete, profile, inputs)
    except (base.ProcedureFailed, errors.CloudError) as error:
        if isinstance(error, errors.CloudError) and error.retryable:
            raise
        if not _truth(task.inputs.get("force_recreate")):
            raise
        # The old server stays behind, and must not be taken for the new one.
        abandoned = [task.node.physical_id] if task.node.physical_id else []
        return base.Working(
            state={"stage": "create", "sub": {"excluded": abandoned}},
            node={"physical_id": None, "data": _without_ports(task.node)},
        )
    if working is not None:
        return working
    return base.Working(state={"stage": "create", "sub": {}}, node=finished.node)


def _without_ports(node):
    return stages.with_data(node, internal_ports=None, power=None)


def _create(profile, task):
    working, finished = _nested(task, create.create, profile, {})
    if working is not None:
        return working
    node = dict(finished.node)
    node["data"] = {**node["data"], "recovery": str(_Operation.RECREATE)}
    return base.Finished(node=node)


def _truth(value):
    return strutils.bool_from_string(value) if isinstance(value, str) else value


_STAGES = {
    "start": _start,
    "checked": _checked,
    "operate": _operate,
    "delete": _delete,
    "create": _create,
}
