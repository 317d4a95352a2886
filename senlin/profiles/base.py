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

"""What a member type is: the contract between the engine and profile plug-ins.

A profile never waits and never writes to the database. Work on a node is a
*procedure*: it is called with a :class:`Task`, makes at most one changing call
to the cloud, and answers :class:`Working` (with the state to be saved and
handed back next time) or :class:`Finished`, or raises a
``senlin.cloud.errors.CloudError`` or :class:`ProcedureFailed`. The engine saves
the answer in one transaction before it calls again, perhaps from another
process: a procedure must be able to go on from nothing but its ``Task``.

This is the convention that Heat's resources use, with the token on disk.
"""

import abc
import dataclasses
import typing

from senlin.common import consts


class _Gone:
    def __repr__(self):
        return "GONE"

    def __bool__(self):
        return False


#: What ``Task.observed`` is when the cloud says that the object does not exist.
GONE = _Gone()


@dataclasses.dataclass(frozen=True, slots=True)
class NodeView:
    """A node as a procedure may see it."""

    id: str
    name: str
    cluster_id: str
    physical_id: str | None
    index: int
    role: str
    status: str
    user: str
    project: str
    metadata: dict
    data: dict


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """One call of a procedure.

    * ``state``: what the last answer of this procedure asked to keep; ``{}``
      at its start.
    * ``restarted``: the previous call with this very state may have happened
      (its process died, or the reply was lost): look before creating again.
    * ``observed``: the object as the cloud shows it (plain JSON), or GONE, if
      the last answer said ``observe=True``; else None.
    * ``inputs``: the action's inputs. ``config``: the cluster's config map.
    * ``now``: epoch seconds by the engine's clock.
    """

    cloud: typing.Any
    node: NodeView
    inputs: dict
    state: dict
    restarted: bool
    observed: typing.Any
    now: float
    config: dict = dataclasses.field(default_factory=dict)
    new_profile: "Profile | None" = None


@dataclasses.dataclass(frozen=True, slots=True)
class Working:
    """Not finished: save this, call again.

    ``after``: seconds until the next call; None = the engine's polling interval
    when observing, else at once. ``node``: node columns to save now, such as
    ``physical_id`` and ``data``; the engine owns the status. ``made``: the id of
    an object that this very call has made, see ``Profile.discard``.
    """

    state: dict
    after: float | None = None
    observe: bool = False
    node: dict = dataclasses.field(default_factory=dict)
    made: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """Done; ``node``: node columns to save. ``healthy=False`` only from ``check``."""

    node: dict = dataclasses.field(default_factory=dict)
    healthy: bool = True
    reason: str = ""
    outputs: dict = dataclasses.field(default_factory=dict)


class ProcedureFailed(Exception):
    """A procedure cannot reach its end.

    :param reason: why, as a countable word.
    :param message: a sentence for the user, with the cloud's own words.
    :param node: node columns to save all the same (a partial physical id).
    :param retryable: starting the procedure again later may help.
    """

    def __init__(self, reason, message, node=None, retryable=False):
        super().__init__(message)
        self.reason = consts.ReasonClass(reason)
        self.message = message
        self.node = node or {}
        self.retryable = retryable


class Profile(abc.ABC):
    """A member type with one spec. Instances are immutable and shared by threads.

    Class attributes: ``TYPE`` (``os.nova.server``), ``VERSIONS`` (version ->
    list of {status, since}), ``PROPERTIES`` and ``OPERATIONS`` (see
    ``senlin.common.schema``).
    """

    TYPE: str
    VERSIONS: dict
    PROPERTIES: dict
    OPERATIONS: dict
    #: The region in which the objects live; None = the service's default.
    region: str | None = None

    def __init__(self, spec):
        """Check ``spec`` against the schema.

        :raises InvalidSpec: with the texts of the API contract, section 3.3.
        """

    @abc.abstractmethod
    def validate(self, cloud):
        """Check with the cloud that what the spec names exists.

        :raises InvalidSpec: if not.
        """

    @abc.abstractmethod
    def check_update(self, new_profile):
        """Raise InvalidSpec naming each differing property that cannot be updated."""

    @abc.abstractmethod
    def check_operation(self, operation, params):
        """Normalised params of a published operation.

        :raises BadRequest: with the texts of the API contract, section 3.2.
        """

    @abc.abstractmethod
    def observe(self, cloud, physical_ids, worked_on_for):
        """Look at many objects at once: physical id -> plain JSON or GONE.

        :param worked_on_for: seconds since the work on the first of them began, a hint
            for lists of what has changed since then.

        An id is left out of the answer when nothing is known about it.
        """

    @abc.abstractmethod
    def create(self, task): ...

    def locate(self, task):
        """Node columns of what an interrupted creation left, ``{}`` for nothing.

        Asked when a creation is given up, so that the node knows its object.
        """
        return {}

    def discard(self, cloud, physical_id):
        """Remove an object that was named as ``made`` and that no node has got."""
        raise NotImplementedError

    @abc.abstractmethod
    def delete(self, task): ...

    @abc.abstractmethod
    def update(self, task): ...

    @abc.abstractmethod
    def check(self, task): ...

    @abc.abstractmethod
    def recover(self, task): ...

    @abc.abstractmethod
    def operate(self, task):
        """Run ``task.inputs['operation']`` with ``task.inputs['params']``."""

    @abc.abstractmethod
    def join(self, task):
        """Mark the object as a member of ``task.node.cluster_id``."""

    @abc.abstractmethod
    def leave(self, task):
        """Take the marks of membership from the object."""

    @abc.abstractmethod
    def details(self, cloud, physical_ids):
        """Show many objects: physical id -> details map (API contract, 3.8.1)."""

    @classmethod
    @abc.abstractmethod
    def find(cls, cloud, identity):
        """The id of an existing object that a user names by id or name.

        :raises CloudError: not found, if there is none or several.
        """

    @classmethod
    @abc.abstractmethod
    def adopt(cls, cloud, physical_id, overrides=None, snapshot=False):
        """The spec properties of an existing object."""
