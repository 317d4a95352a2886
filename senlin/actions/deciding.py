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

"""Asking the policies of a cluster, on behalf of an action."""

from senlin.actions import program
from senlin.common import consts
from senlin.db import lookup
from senlin.db import members
from senlin.policies import pipeline


def decide(ctx, plan):
    """The plan on which all enabled policies of the action's cluster agree.

    :raises Refused: if one of them says no.
    """
    bound = ctx.services.bindings(ctx.cluster["id"])
    if not bound:
        return plan
    try:
        plan = pipeline.decide(bound, _request(ctx), plan)
    except pipeline.PolicyRefusal as refusal:
        raise program.Refused(consts.ReasonClass.POLICY, str(refusal)) from refusal
    ctx.save_data(**plan.to_data())
    return plan


def conclude(ctx, succeeded, changed):
    """Let policies note the end of the action, e.g. to begin a cool-down.

    :param changed: how many members it has added or removed.
    """
    bound = ctx.services.bindings(ctx.cluster["id"])
    if not bound:
        return
    request = _request(ctx, changed)
    for binding_id, columns in pipeline.conclude(bound, request, succeeded).items():
        ctx.changes.bindings.setdefault(binding_id, {}).update(columns)


def _request(ctx, changed=0):
    rows = ctx.read(members.listing, ctx.cluster["id"])
    profiles = ctx.read(lookup.get_many, "profile", {row["profile_id"] for row in rows})
    return pipeline.PolicyRequest(
        action=ctx.action["action"],
        cluster=ctx.cluster,
        members=rows,
        inputs=ctx.inputs,
        now=ctx.now,
        random=ctx.services.random,
        max_nodes_per_cluster=ctx.settings.max_nodes_per_cluster,
        target=ctx.action["target"],
        profiles_since={key: row["created_at"] for key, row in profiles.items()},
        changed=changed,
    )
