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

"""What all endpoints share."""

import contextlib
import dataclasses
import json
import typing

from senlin.actions import naming
from senlin.cloud import errors as cloud_errors
from senlin.common import consts
from senlin.common import exception
from senlin.common import secrets
from senlin.common import timestamps
from senlin.db import admission
from senlin.db import bindings
from senlin.db import facade
from senlin.db import holding
from senlin.db import idempotency
from senlin.db import lookup
from senlin.db import tags
from senlin.db import uniqueness
from senlin.rpc import server as rpc_server
from senlin.rpc import wire

#: Actions that a policy may hold back after the last one.
_COOLING = (consts.ClusterAction.SCALE_OUT, consts.ClusterAction.SCALE_IN)


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """What endpoints work with; see ``build_endpoints``."""

    cloud_pool: typing.Any
    registry: typing.Any
    doorbell: typing.Any
    clock: typing.Any
    conf: typing.Any
    policies: typing.Any


class Endpoint:
    """Base of the endpoints. They keep no state between requests."""

    target = rpc_server.TARGET

    def __init__(self, tools):
        self._tools = tools

    @property
    def _conf(self):
        return self._tools.conf

    def _now(self):
        """(epoch seconds, the same as a datetime)."""
        seconds = self._tools.clock.time()
        return seconds, timestamps.from_epoch(seconds)

    def _change(self, context, function, **arguments):
        """Run ``function(conn, context, **arguments)`` as one write transaction.

        A trust is made sure of before, and the engines are rung after it.
        """
        self._ensure_trust(context)
        result = self._write(context, function, context, **arguments)
        self._tools.doorbell.ring()
        return result

    def _write(self, context, function, *args, **kwargs):
        """The result of ``function(conn, ...)`` as one write transaction.

        If the request has an idempotency key, the transaction stores that result as
        the request's answer too, or does nothing at all.

        What a request creates bears an id that came with the message. By that, a
        message that comes twice is seen, and so is a transaction that was saved
        although nobody heard of it.

        :raises AlreadyDone: the message came before.
        """
        key = context.idempotency
        results = []

        def write(conn):
            result = function(conn, *args, **kwargs)
            if key is not None:
                answer = secrets.seal(json.dumps(wire.pack_result(result)))
                idempotency.record(conn, key["id"], key["token"], answer)
            results.append(result)
            return result

        try:
            return facade.write(write)
        except exception.OutcomeUnknown:
            return self._write_again(context, write, results[-1])
        except facade.DuplicateEntry as error:
            raise exception.AlreadyDone() from error

    def _write_again(self, context, write, unheard):
        """Carry out a transaction that may have been saved already.

        :param unheard: the result that it had then.
        """
        if facade.read(lookup.get, "action", context.call_id):
            return unheard
        try:
            return facade.write(write)
        except facade.DuplicateEntry:
            return unheard

    def _change_one(self, context, kind, identity, function, **arguments):
        """Like ``_change``, with an object that is held meanwhile.

        ``function`` gets the object's row as third argument. It is looked up
        in a transaction of its own, see ``holding.hold``.

        :raises ResourceNotFound: and
        :raises MultipleChoices: by the rules of the API contract, 2.5.
        :raises PreconditionFailed: it is not as the caller wants it to be.
        """
        found = facade.read(find, context, kind, identity)

        def change(conn, context, **arguments):
            row = hold(conn, context, kind, found["id"], identity)
            return function(conn, context, row, **arguments)

        return self._change(context, change, **arguments)

    def _ensure_trust(self, context):
        with translated_cloud_errors():
            self._tools.cloud_pool.trusts.ensure(context)

    def _cloud_of(self, owner, region=None):
        """The cloud as seen by the owner of a row."""
        return self._tools.cloud_pool.for_owner(owner["user"], owner["project"], region=region)

    def _submit(
        self,
        conn,
        context,
        action,
        row,
        verb,
        inputs,
        *,
        cluster_id=None,
        timeout=None,
        named_after=None,
        fresh=False,
    ):
        """Admit an action on a cluster's or a node's row; gives its id.

        :param named_after: the id in the action's name; the target's by default.
        :param fresh: this transaction has made the row.

        :raises ResourceIsLocked: and
        :raises ActionConflict: and
        :raises ActionCooldown: by the rules of the API contract, Annex C.
        """
        now, _ = self._now()
        is_cluster = action in consts.ClusterAction
        if cluster_id is None:
            cluster_id = row["id"] if is_cluster else row["cluster_id"]
        if timeout is None:
            timeout = row["timeout"] if is_cluster else self._conf.default_action_timeout
        new = admission.new_action(
            action=action,
            target=row["id"],
            cluster_id=cluster_id,
            name=naming.action_name(verb, named_after or row["id"]),
            owner=context.owner_fields,
            inputs=inputs,
            timeout=timeout,
            now=now,
            request_id=context.request_id,
            id=context.call_id,
        )
        admission.submit(conn, new, fresh=fresh)
        self._refuse_cooling(conn, action, cluster_id, now)
        return new["id"]

    def _refuse_cooling(self, conn, action, cluster_id, now):
        """Refuse an action while a policy of the cluster is in its cool-down."""
        if action not in _COOLING:
            return
        for item in self._tools.policies.bound(bindings.enabled(conn, cluster_id)):
            if item.policy.is_cooling(action, item.binding, now):
                raise exception.ActionCooldown(
                    type=action, cluster=cluster_id, policy_id=item.binding["policy_id"]
                )

    def _require_unique_name(self, conn, kind, name, project):
        """Refuse a name that is taken, if ``name_unique`` says so."""
        if self._conf.name_unique and uniqueness.name_is_taken(conn, kind, name, project):
            raise exception.BadRequest(f"A {kind} named '{name}' already exists in this project.")


def find(conn, context, kind, identity, keep=False):
    """The row that a URL names.

    :param keep: nobody can change or delete it until the transaction ends.
    :raises ResourceNotFound: and
    :raises MultipleChoices: by the rules of the API contract, 2.5.
    """
    return lookup.find(conn, kind, identity, project=context.project_scope, keep=keep)


def hold(conn, context, kind, id_, identity):
    """The row with this id, held for a change; see ``holding.hold``.

    :param identity: what the caller calls it, for the sentences.
    :raises ResourceNotFound: it is gone.
    :raises PreconditionFailed: it is not as the caller wants it to be.
    """
    row = holding.hold(conn, kind, id_)
    if row is None:
        raise exception.ResourceNotFound(type=kind, id=identity)
    tags.require(conn, context, kind, row, identity)
    return row


def find_any(conn, kind, identity):
    """The row with this id in whatever project.

    :raises ResourceNotFound: if there is none.
    """
    row = lookup.get(conn, kind, identity)
    if row is None:
        raise exception.ResourceNotFound(type=kind, id=identity)
    return row


def find_referenced(conn, context, kind, identity, keep=False):
    """The row that a request's body names; none is the caller's mistake (400).

    :param keep: see ``find``. Not for what the same transaction changes: of two that
        keep a row, neither could.
    """
    try:
        return find(conn, context, kind, identity, keep)
    except exception.ResourceNotFound:
        raise exception.BadRequest(
            f"The specified {kind} '{identity}' could not be found."
        ) from None


@contextlib.contextmanager
def translated_cloud_errors():
    """Turn what the cloud refuses into an error that a user may see."""
    try:
        yield
    except cloud_errors.CloudError as error:
        if error.retryable or error.reason in (
            consts.ReasonClass.UNAVAILABLE,
            consts.ReasonClass.TIMEOUT,
        ):
            raise exception.ServiceUnavailable(
                f"Another service did not answer as it should: {error}"
            ) from error
        raise exception.SenlinError(f"Another service refused a request: {error}") from error


@contextlib.contextmanager
def forbidden_without_trust():
    """Like ``translated_cloud_errors``; a refused trust is the caller's affair."""
    with translated_cloud_errors():
        try:
            yield
        except cloud_errors.CloudError as error:
            if error.reason == consts.ReasonClass.AUTH or error.is_not_found:
                raise exception.Forbidden() from error
            raise


def quoted(values):
    """Values as the contract lists them: ``['a', 'b']``."""
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def refuse(problems):
    """Raise BadRequest with one line for each problem, if there is any."""
    lines = [problem for problem in problems if problem]
    if lines:
        raise exception.BadRequest("\n".join(lines))
