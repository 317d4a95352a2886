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

"""senlin.policy.deletion: which members go, and how.

Profiles and policies contract, section 9.3; its flags are honoured by every
action that takes members away (section 10 there).
"""

import urllib.parse

from senlin.common import capacity
from senlin.common import consts
from senlin.common import exception
from senlin.common import schema
from senlin.policies import base

RANDOM = "RANDOM"
OLDEST_FIRST = "OLDEST_FIRST"
OLDEST_PROFILE_FIRST = "OLDEST_PROFILE_FIRST"
YOUNGEST_FIRST = "YOUNGEST_FIRST"

_HOOK = {
    "type": schema.String(
        "How the outside is told of a node that is about to go.",
        default="zaqar",
        constraints=[schema.AllowedValues(("zaqar", "webhook"))],
    ),
    "params": schema.Map(
        "Where it is told.",
        default={},
        schema={
            "queue": schema.String("The queue, for the type zaqar.", default=""),
            "url": schema.String("The URL, for the type webhook.", default=""),
        },
    ),
    "timeout": schema.Integer("Seconds for which a go-ahead is waited for.", default=0),
}


class DeletionPolicy(base.Policy):
    """Chooses victims: the sick first, the never created next, then by a criterion."""

    TYPE = "senlin.policy.deletion"
    VERSIONS = {
        "1.0": [{"status": "SUPPORTED", "since": "2016.04"}],
        "1.1": [{"status": "SUPPORTED", "since": "2018.01"}],
    }
    PRIORITY = 400
    TARGETS = frozenset(
        (base.BEFORE, str(action))
        for action in (
            consts.ClusterAction.SCALE_IN,
            consts.ClusterAction.RESIZE,
            consts.ClusterAction.DEL_NODES,
            consts.NodeAction.DELETE,
        )
    )
    PROPERTIES = {
        "criteria": schema.String(
            "Which members go first.",
            default=RANDOM,
            constraints=[
                schema.AllowedValues((OLDEST_FIRST, OLDEST_PROFILE_FIRST, YOUNGEST_FIRST, RANDOM))
            ],
        ),
        "destroy_after_deletion": schema.Boolean(
            "Whether members taken away are destroyed.", default=True
        ),
        "grace_period": schema.Integer("Seconds before members are taken away.", default=0),
        "reduce_desired_capacity": schema.Boolean(
            "Whether the desired capacity shrinks with the cluster.", default=True
        ),
        "hooks": schema.Map("What is told before a member goes.", default={}, schema=_HOOK),
    }

    def check(self):
        if (self.properties["grace_period"] or 0) < 0:
            raise exception.InvalidSpec("The 'grace_period' must not be negative.")
        hook = self.properties["hooks"]
        if not hook:
            return
        if hook["type"] != "webhook":
            raise exception.InvalidSpec(
                "Lifecycle hooks of type 'zaqar' are not available: this service has no "
                "message service. Use the type 'webhook'."
            )
        if (hook["timeout"] or 0) < 0:
            raise exception.InvalidSpec("The 'timeout' of 'hooks' must not be negative.")
        url = hook["params"].get("url") or ""
        if not _is_web_url(url):
            raise exception.InvalidSpec(
                "Lifecycle hooks of type 'webhook' need a 'url' in 'hooks.params' "
                "that begins with http:// or https:// and names a host."
            )

    def decide(self, request, binding, plan):
        victims = self._victims(request, plan)
        if victims is None:
            return plan
        return plan.but(
            victims=victims,
            # Who asks for a node to be deleted does not want to keep it.
            destroy=(
                request.action == consts.NodeAction.DELETE
                or self.properties["destroy_after_deletion"]
            ),
            grace_period=self.properties["grace_period"] or 0,
            reduce_desired=self.properties["reduce_desired_capacity"],
            hook=self._hook(),
        )

    def _hook(self):
        hook = self.properties["hooks"]
        if not hook:
            return None
        return {"url": hook["params"]["url"], "timeout": hook["timeout"] or 0}

    def _victims(self, request, plan):
        """Ids in order; None if the action takes nothing away."""
        if plan.victims is not None:
            return plan.victims
        if request.action == consts.NodeAction.DELETE:
            return (request.target,)
        count = plan.shrink
        if count is None:
            count = _count(request)
        if count is None:
            return None
        return tuple(self._in_order(request)[:count])

    def _in_order(self, request):
        good = {
            row["id"]: row
            for row in request.members
            if not capacity.is_sick(row) and row["created_at"] is not None
        }
        # Without the good ones this order is not a matter of luck.
        bad = [row for row in request.members if row["id"] not in good]
        first = capacity.select_victims(bad, len(bad), request.random)
        return first + self._by_criterion(request, list(good.values()))

    def _by_criterion(self, request, rows):
        criterion = self.properties["criteria"]
        if criterion == RANDOM:
            request.random.shuffle(rows)
        elif criterion == OLDEST_PROFILE_FIRST:
            since = request.profiles_since
            # A profile that is gone was there before all others.
            rows.sort(
                key=lambda row: (
                    row["profile_id"] in since,
                    since.get(row["profile_id"], row["created_at"]),
                    row["created_at"],
                )
            )
        else:
            rows.sort(key=lambda row: row["created_at"], reverse=criterion == YOUNGEST_FIRST)
        return [row["id"] for row in rows]


def _count(request):
    """How many members a request takes away; None = none."""
    if request.action == consts.ClusterAction.SCALE_IN:
        given = request.inputs.get("count", 1)
        try:
            return max(0, int(str(1 if given is None else given)))
        except ValueError:
            return None  # the action itself refuses it, in a sentence
    current = len(request.members)
    try:
        target = capacity.resized(current, request.cluster, request.inputs)
    except (TypeError, ValueError, OverflowError):
        return None  # the same
    return current - target if target < current else None


def _is_web_url(text):
    try:
        parts = urllib.parse.urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
