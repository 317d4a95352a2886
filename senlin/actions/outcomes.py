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

"""What a step answers: where its action goes from here."""

import dataclasses

from senlin.common import consts


@dataclasses.dataclass(frozen=True, slots=True)
class Next:
    """Go on with another step, ``after`` seconds from now."""

    step: str
    after: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Again:
    """Run this step again ``after`` seconds from now.

    ``observing``: it then wants to see its object in the cloud, which the
    engine looks up for many actions at once.
    """

    after: float
    observing: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class WaitChildren:
    """Go on with ``step`` when no child is unfinished."""

    step: str


@dataclasses.dataclass(frozen=True, slots=True)
class AwaitGoAhead:
    """Go on with ``step`` when the outside says so, or ``after`` seconds from now."""

    step: str
    after: float


@dataclasses.dataclass(frozen=True, slots=True)
class Suspended:
    """Stand still until a RESUME signal."""


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """The action succeeded."""

    reason: str = ""
    outputs: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Failed:
    """The action failed, for a countable reason and in a sentence."""

    reason_class: consts.ReasonClass
    reason: str
    outputs: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Cancelled:
    """The action ended because somebody asked it to."""

    reason: str = "Action execution was cancelled."


Outcome = Next | Again | WaitChildren | AwaitGoAhead | Suspended | Done | Failed | Cancelled
