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

"""CLUSTER_ATTACH_POLICY, CLUSTER_DETACH_POLICY, CLUSTER_UPDATE_POLICY.

Profiles and policies contract, section 8.1. They change nothing of a cluster's
members, so its status stays as it is.
"""

import uuid

from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions.cluster import base
from senlin.actions.cluster import inputs
from senlin.common import consts
from senlin.common import exception
from senlin.db import bindings
from senlin.db import lookup


class _PolicyProgram(base.ClusterProgram):
    """Changes a binding; fails without a trace on the cluster."""

    def failed(self, ctx, failure):
        return failure

    def stopped(self, ctx, outcome):
        return outcome

    def decide(self, ctx):
        """Nothing: policies have no say about policies."""

    def attached(self, ctx):
        """The binding of the policy named in the inputs.

        :raises Refused: if it has been detached since the request.
        """
        policy_id = inputs.text(ctx, "policy_id")
        row = ctx.read(bindings.find, ctx.cluster["id"], policy_id)
        if row is None:
            raise program.Refused(
                consts.ReasonClass.NOT_FOUND,
                f"The policy '{policy_id}' is not attached to the cluster "
                f"'{ctx.cluster['id']}' any more.",
            )
        return row


class ClusterAttachPolicy(_PolicyProgram):
    """Binds a policy to a cluster; a policy that is bound already stays as it is."""

    def begin(self, ctx, plan):
        policy_id = inputs.text(ctx, "policy_id")
        policy = ctx.read(lookup.get, "policy", policy_id)
        # A webhook's inputs are not checked before they come here: the policy has
        # to be the cluster's project's, or that of an administrator who asks.
        owners = (ctx.cluster["project"], ctx.action["project"])
        if policy is None or policy["project"] not in owners:
            raise _gone(policy_id)
        others = ctx.read(bindings.of_cluster, ctx.cluster["id"])
        if any(other["id"] == policy_id for _, other in others):
            return outcomes.Done("Policy already attached.")
        kind = self._kind(ctx, policy)
        _refuse_second(kind, policy, others)
        self._refuse_unfit(ctx, kind, policy)
        row = {
            "id": str(uuid.uuid4()),
            "cluster_id": ctx.cluster["id"],
            "policy_id": policy_id,
            "enabled": inputs.flag(ctx, "enabled", default=True),
            "priority": kind.PRIORITY,
            "data": None,
            "last_op": None,
        }
        # Ahead of the step's end, since the policy is held meanwhile; repeated,
        # it finds the policy attached.
        if not ctx.write(bindings.attach, row):
            raise _gone(policy_id)
        return outcomes.Done("Policy attached.")

    def _kind(self, ctx, policy):
        try:
            return ctx.services.policies.get(policy["type"])
        except exception.ResourceNotFound as error:
            raise program.Refused(consts.ReasonClass.INVALID, error.message) from error

    def _refuse_unfit(self, ctx, kind, policy):
        if not kind.PROFILE_TYPES:
            return
        profile = ctx.read(lookup.get, "profile", ctx.cluster["profile_id"])
        joined = profile["type"] if profile else ""
        if _type_name(joined) not in kind.PROFILE_TYPES:
            raise program.Refused(
                consts.ReasonClass.INVALID,
                f"The policy '{policy['name']}' of type {policy['type']} is not applicable to "
                f"profiles of type {joined}.",
            )


class ClusterDetachPolicy(_PolicyProgram):
    """Takes a policy off a cluster."""

    def begin(self, ctx, plan):
        ctx.changes.delete_bindings.append(self.attached(ctx)["id"])
        return outcomes.Done("Policy detached.")


class ClusterUpdatePolicy(_PolicyProgram):
    """Enables or disables a bound policy."""

    def begin(self, ctx, plan):
        row = self.attached(ctx)
        enabled = inputs.flag(ctx, "enabled", default=bool(row["enabled"]))
        if enabled == bool(row["enabled"]):
            return outcomes.Done("No update is needed.")
        ctx.changes.bindings[row["id"]] = {"enabled": enabled}
        return outcomes.Done("Policy updated.")


def _refuse_second(kind, policy, others):
    """Versions do not count: two of one singleton type would contradict each other."""
    if not kind.SINGLETON:
        return
    for _, other in others:
        if _type_name(other["type"]) == kind.TYPE:
            raise program.Refused(
                consts.ReasonClass.CONFLICT,
                f"Only one policy of type {kind.TYPE} may be attached to a cluster, and "
                f"'{other['name']}' ({other['type']}) is; '{policy['name']}' was refused.",
            )


def _type_name(joined):
    return joined.rpartition("-")[0]


def _gone(policy_id):
    return program.Refused(
        consts.ReasonClass.NOT_FOUND, f"The policy '{policy_id}' could not be found."
    )
