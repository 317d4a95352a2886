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


"""Bodies that hold exactly one verb: the actions and operations of objects."""

import dataclasses

from senlin.common import exception


@dataclasses.dataclass(frozen=True, slots=True)
class Wording:
    """The sentences for a body that does not hold one verb with a map.

    Clients compare them to the letter; clusters and nodes differ in a period.
    """

    none: str
    several: str
    no_map: str


CLUSTER_ACTION = Wording(
    "No action specified", "Multiple actions specified", "The data provided is not a map"
)
CLUSTER_OPERATION = Wording(
    "No operation specified", "Multiple operations specified", "The data provided is not a map"
)
NODE_ACTION = Wording(
    "No action specified.", "Multiple actions specified.", "The params provided is not a map."
)
NODE_OPERATION = Wording(
    "No operation specified.",
    "Multiple operations specified.",
    "The params provided is not a map.",
)


def only(body, wording, known=None, null_is_empty=False):
    """The one verb of a body, and its parameters.

    :param known: the verbs there are; None if the engine knows.
    :param null_is_empty: take null for an empty map.
    :raises RequestInvalid: there is not exactly one verb, it is unknown, or
        what it maps to is not a map.
    """
    if not body:
        raise exception.RequestInvalid(wording.none)
    if len(body) > 1:
        raise exception.RequestInvalid(wording.several)
    ((verb, parameters),) = body.items()
    if known is not None and verb not in known:
        raise exception.RequestInvalid(f"Unrecognized action '{verb[:255]}' specified")
    if parameters is None and null_is_empty:
        parameters = {}
    if not isinstance(parameters, dict):
        raise exception.RequestInvalid(wording.no_map)
    return verb, parameters
