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

"""Checks of an action's inputs.

Those of a request were checked before it was admitted. Those of a webhook were
not: whoever knows its address can send anything, such as ids of other projects.
"""

from senlin.actions import program
from senlin.common import consts
from senlin.db import lookup

_MAX_NAME = 255
_MAX_TIMEOUT = 2**31 - 1


def texts(ctx, name):
    """A list of texts, each once."""
    value = ctx.inputs.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise refusal(f"The input '{name}' must be a list of ids.")
    return list(dict.fromkeys(value))


def pairs(ctx, name):
    """A map of texts to different texts."""
    value = ctx.inputs.get(name)
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise refusal(f"The input '{name}' must map ids to ids.")
    if len(set(value.values())) < len(value):
        raise refusal(f"The input '{name}' maps to the same id twice.")
    return dict(value)


def text(ctx, name):
    """A text that is not empty."""
    value = ctx.inputs.get(name)
    if not isinstance(value, str) or not value:
        raise refusal(f"The input '{name}' must be a text.")
    return value


def flag(ctx, name, default):
    """True or false; ``default`` if it is not given."""
    value = ctx.inputs.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise refusal(f"The input '{name}' must be true or false.")
    return value


def new_profile(ctx):
    """The id of the profile to change to, None if the profile stays.

    It has to be of the cluster's project, or of that of an administrator who
    asks, and of the type that the cluster's profile has.
    """
    if not ctx.inputs.get("new_profile_id"):
        return None
    id_ = text(ctx, "new_profile_id")
    rows = ctx.read(lookup.get_many, "profile", [id_, ctx.cluster["profile_id"]])
    row, present = rows.get(id_), rows.get(ctx.cluster["profile_id"])
    if row is None or row["project"] not in (ctx.cluster["project"], ctx.action["project"]):
        raise refusal(f"The profile {id_} is not found.")
    if present is not None and present["type"] != row["type"]:
        raise refusal(f"The profile {id_} is not of the type of the cluster's.")
    return id_


def plain_columns(ctx):
    """What of a cluster is to be set at once: column -> value."""
    columns = {}
    for name, (column, fits) in _PLAIN.items():
        value = ctx.inputs.get(name)
        if value is not None:
            if not fits(value):
                raise refusal(f"The input '{name}' is not as it must be.")
            columns[column] = value
    return columns


def refusal(sentence):
    """The end of an action whose inputs make no sense, to be raised."""
    return program.Refused(consts.ReasonClass.INVALID, sentence)


def _is_name(value):
    return isinstance(value, str) and 0 < len(value) <= _MAX_NAME


def _is_timeout(value):
    return type(value) is int and 0 <= value <= _MAX_TIMEOUT


def _is_map(value):
    return isinstance(value, dict)


_PLAIN = {
    "name": ("name", _is_name),
    "metadata": ("meta_data", _is_map),
    "timeout": ("timeout", _is_timeout),
    "config": ("config", _is_map),
}
