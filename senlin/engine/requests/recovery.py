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

"""Parameters of repairs and of operations, checked alike for clusters and nodes."""

from senlin.common import consts
from senlin.common import exception

_REBOOT_TYPES = ("SOFT", "HARD")


def normalise(params, known):
    """Inputs of a recovery: the recognised keys, words in capitals.

    :param known: the keys that this kind of target has.
    :raises BadRequest: if a key or a value is not known (API contract, 3.6.7).
    """
    allowed = set(known)
    if "operation" not in params:
        # Parameters without the operation they belong to mean nothing.
        allowed.discard("operation_params")
    unknown = sorted(str(key) for key in set(params) - allowed)
    if unknown:
        raise exception.BadRequest(f"Action parameter {unknown} is not recognizable.")
    inputs = dict(params)
    if inputs.get("operation") is None:
        inputs.pop("operation", None)
        inputs.pop("operation_params", None)
        return inputs
    inputs["operation"] = _operation(inputs["operation"])
    if inputs["operation"] == consts.RecoverOperation.REBOOT and "operation_params" in inputs:
        inputs["operation_params"] = _reboot_params(inputs["operation_params"])
    return inputs


def _operation(value):
    words = [str(word) for word in consts.RecoverOperation]
    if not isinstance(value, str) or value.upper() not in words:
        raise exception.BadRequest(
            f"Action parameter 'operation' must be one of {', '.join(words)}, not '{value}'."
        )
    return value.upper()


def _reboot_params(params):
    if params is None:
        return {}
    if not isinstance(params, dict):
        raise exception.BadRequest("Action parameter 'operation_params' must be a map.")
    kind = params.get("type")
    if kind is None:
        return params
    if not isinstance(kind, str) or kind.upper() not in _REBOOT_TYPES:
        raise exception.BadRequest(
            f"Type field '{kind}' in operation_params must be one of {', '.join(_REBOOT_TYPES)}."
        )
    return {**params, "type": kind.upper()}


def check_operation(registry, profile_row, operation, params):
    """The normalised parameters of an operation on members of a profile.

    :raises BadRequest: if the profile type does not publish the operation, or
        a parameter is wrong.
    """
    profile = registry.load(profile_row)
    if operation not in profile.OPERATIONS:
        raise exception.BadRequest(
            f"The requested operation '{operation}' is not supported by the profile type "
            f"'{profile_row['type']}'."
        )
    return profile.check_operation(operation, params)
