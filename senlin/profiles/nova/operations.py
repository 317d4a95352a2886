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

"""What can be asked of a server by name, with what becomes of it.

Every published operation has an entry in ``_VERBS``; a test holds the two
together.
"""

import dataclasses
import typing

from oslo_utils import strutils

from senlin.cloud import compute
from senlin.cloud import errors
from senlin.common import exception
from senlin.common import secrets
from senlin.profiles import base
from senlin.profiles.nova import check as health
from senlin.profiles.nova import create
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages
from senlin.profiles.nova import waiting


@dataclasses.dataclass(frozen=True, slots=True)
class Verb:
    """How an operation is carried out.

    * ``body``: (profile, task, params) -> the action's body, perhaps with a microversion.
    * ``reached``: statuses in which it is done; none = the call is all there is.
    * ``proves``: a server in such a status shows that an earlier call was carried out.
    """

    body: typing.Callable
    reached: tuple = ()
    proves: bool = False


def check(operation, params):
    """Check what the schema of the parameters cannot say.

    :raises BadRequest: if they cannot be.
    """
    if operation == "change_password" and not params.get("admin_pass"):
        raise exception.BadRequest("Required parameter 'admin_pass' not provided")
    if operation == "evacuate" and "force" in params:
        try:
            strutils.bool_from_string(params["force"], strict=True)
        except ValueError:
            raise exception.BadRequest(f"The value {params['force']!r} of 'force' is not a boolean")
        if not params.get("host"):
            raise exception.BadRequest("The parameter 'force' needs the parameter 'host'")


def operate(profile, task):
    """The procedure for ``task.inputs``: ``operation`` and ``params``."""
    return stages.run(_STAGES, "ask", profile, task)


def _ask(profile, task):
    operation = task.inputs["operation"]
    doing = f"Operation {operation}"
    server_id = stages.require_server(task, doing)
    verb = _VERBS[operation]
    refused = None
    try:
        body, microversion = verb.body(profile, task, _params(task))
        task.cloud.compute.action(server_id, body, microversion)
    except errors.CloudError as error:
        if error.retryable:
            raise
        if error.status != 409 or not (verb.proves or _may_be_running(task, error)):
            raise stages.failed(error, doing=doing) from error
        refused = error.message if verb.proves else None
    if not verb.reached:
        return base.Finished()
    return waiting.begin(task, "wait", refused=refused)


def _may_be_running(task, error):
    """Whether a conflict may come from an earlier call whose answer was lost."""
    return task.restarted and "locked" not in error.message.lower()


def _params(task):
    params = task.inputs.get("params") or {}
    return {name: secrets.open_value(value) for name, value in params.items()}


def _wait(profile, task):
    operation = task.inputs["operation"]
    verb = _VERBS[operation]
    answer = waiting.settle(
        task,
        f"Operation {operation}",
        lambda server: server["status"] in verb.reached and servers.is_idle(server),
    )
    if answer is not None:
        return answer
    return base.Finished(node={"data": remember_power(task.node, task.observed)})


def remember_power(node, server):
    """The node's data with the state that its server is now meant to be in."""
    status = server["status"]
    return stages.with_data(node, **{health.POWER: None if status == "ACTIVE" else status})


_STAGES = {"ask": _ask, "wait": _wait}


def _simple(name):
    return lambda profile, task, params: ({name: None}, compute.READ)


def _reboot(profile, task, params):
    return {"reboot": {"type": str(params.get("type") or "SOFT").upper()}}, compute.READ


def _change_password(profile, task, params):
    return {"changePassword": {"adminPass": params["admin_pass"]}}, compute.READ


def _rescue(profile, task, params):
    rescue = {}
    if params.get("image_ref"):
        rescue["rescue_image_ref"] = task.cloud.look_up("image", params["image_ref"])["id"]
    return {"rescue": rescue or None}, compute.READ


def _evacuate(profile, task, params):
    evacuate = {}
    microversion = compute.EVACUATE
    if params.get("host"):
        evacuate["host"] = params["host"]
    if params.get("force") is not None:
        evacuate["force"] = strutils.bool_from_string(params["force"])
        microversion = compute.EVACUATE_FORCED
    return {"evacuate": evacuate}, microversion


def _rebuild(profile, task, params):
    server = task.cloud.compute.server(task.node.physical_id)
    if server is None:
        raise errors.CloudError(
            f"Instance {task.node.physical_id} could not be found.",
            status=404,
            reason=errors.ReasonClass.NOT_FOUND,
            service="compute",
        )
    if params.get("image"):
        image = task.cloud.look_up("image", params["image"])["id"]
    else:
        image = image_of(task.cloud, server)
    if image is None:
        raise errors.CloudError(
            "The server has no image to rebuild from.",
            status=400,
            reason=errors.ReasonClass.IMAGE,
            service="compute",
        )
    return rebuild_body(profile, task, image), compute.READ


def rebuild_body(profile, task, image, name=None):
    """The body of a rebuild from an image."""
    rebuild = {
        "imageRef": image,
        "name": name or create.server_name(profile, task.node),
        "OS-DCF:diskConfig": create.disk_config(profile),
    }
    if profile.properties["admin_pass"]:
        rebuild["adminPass"] = profile.properties["admin_pass"]
    return {"rebuild": rebuild}


def image_of(cloud, server):
    """The id of the image that a server runs, also when it boots from a volume."""
    if server.get("image"):
        return server["image"]["id"]
    for attached in server.get("os-extended-volumes:volumes_attached") or ():
        volume = cloud.block_storage.volume(attached["id"])
        if volume is not None and str(volume.get("bootable")).lower() == "true":
            image = (volume.get("volume_image_metadata") or {}).get("image_id")
            if image:
                return image
    return None


_RUNNING = ("ACTIVE",)
_RUNNING_OR_OFF = ("ACTIVE", "SHUTOFF")

_VERBS = {
    "reboot": Verb(_reboot, _RUNNING),
    "rebuild": Verb(_rebuild, _RUNNING_OR_OFF),
    "change_password": Verb(_change_password),
    "pause": Verb(_simple("pause"), ("PAUSED",), proves=True),
    "unpause": Verb(_simple("unpause"), _RUNNING, proves=True),
    "suspend": Verb(_simple("suspend"), ("SUSPENDED",), proves=True),
    "resume": Verb(_simple("resume"), _RUNNING, proves=True),
    "lock": Verb(_simple("lock")),
    "unlock": Verb(_simple("unlock")),
    "start": Verb(_simple("os-start"), _RUNNING, proves=True),
    "stop": Verb(_simple("os-stop"), ("SHUTOFF",), proves=True),
    "rescue": Verb(_rescue, ("RESCUE",), proves=True),
    "unrescue": Verb(_simple("unrescue"), _RUNNING_OR_OFF, proves=True),
    "evacuate": Verb(_evacuate, _RUNNING_OR_OFF),
}

#: The operations that are carried out here.
IMPLEMENTED = tuple(_VERBS)
