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

"""What a policy type is: pure decisions about a group."""

import abc

from senlin.common import schema

BEFORE = "BEFORE"
AFTER = "AFTER"


class PolicyRefuses(Exception):
    """Raised by a policy: the action may not be carried out; says why."""


class Policy(abc.ABC):
    """A policy type with one spec. Instances are immutable and shared.

    Class attributes: ``TYPE``, ``VERSIONS`` (version -> list of {status,
    since}), ``PROPERTIES`` (name -> ``senlin.common.schema`` declaration),
    ``PRIORITY`` (lower decides earlier; profiles and policies contract, 8.2),
    ``SINGLETON`` (at most one of this type on a cluster, whatever its version),
    ``PROFILE_TYPES`` (names of the member types that it knows; empty = all),
    and ``TARGETS``: pairs of (BEFORE or AFTER, action name) for which it has a
    say.

    :param name: the policy's name.
    :param spec: the spec as the user wrote it.
    :raises InvalidSpec: if the spec breaks the schema or makes no sense.
    """

    TYPE: str
    VERSIONS: dict
    PROPERTIES: dict = {}
    PRIORITY: int = 500
    SINGLETON: bool = True
    PROFILE_TYPES: tuple = ()
    TARGETS: frozenset = frozenset()

    def __init__(self, name, spec):
        self.name = name
        self.spec = spec
        self.properties = schema.resolve_spec(self.PROPERTIES, spec, description_allowed=True)
        self.check()

    def check(self):
        """Refuse what fits the schema but makes no sense.

        :raises InvalidSpec: with a sentence.
        """

    def is_cooling(self, action, binding, now):
        """Whether requests for this action come too early after the last one.

        :param now: epoch seconds.
        """
        return False

    def decide(self, request, binding, plan):
        """A new plan, made from the one that earlier policies agreed on.

        Pure: looks at its arguments only and changes nothing.

        :param request: ``senlin.policies.pipeline.PolicyRequest``.
        :param binding: the binding's row.
        :raises PolicyRefuses: if the action may not be carried out.
        """
        return plan

    def conclude(self, request, binding, succeeded):
        """Columns of the binding to be written after the action, such as
        ``last_op``."""
        return {}
