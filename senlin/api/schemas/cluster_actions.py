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


"""What each action and operation on a cluster takes (API contract, 3.6.7, 3.6.8)."""

from senlin.api import validation
from senlin.api.schemas import common
from senlin.common import consts

ENVELOPE = {"type": "object"}

_POLICY_ID = common.STRING
_ENABLED = common.nullable(common.BOOLEAN)

VERBS = {
    "add_nodes": common.opened({"nodes": common.IDENTITIES}, required=("nodes",)),
    "del_nodes": common.opened(
        {
            "nodes": common.IDENTITIES,
            "destroy_after_deletion": common.nullable(common.BOOLEAN),
        },
        required=("nodes",),
    ),
    "replace_nodes": common.opened({}),
    "scale_out": common.opened({"count": common.nullable(common.INTEGER)}),
    "scale_in": common.opened({"count": common.nullable(common.INTEGER)}),
    "resize": common.opened(
        {
            "adjustment_type": common.nullable(common.enum(consts.Adjustment)),
            "number": common.nullable(common.NUMBER),
            "min_size": common.nullable(common.CAPACITY),
            "max_size": common.nullable(common.CAPACITY_OR_UNLIMITED),
            "min_step": common.nullable(common.INTEGER),
            "strict": common.nullable(common.BOOLEAN),
        }
    ),
    "policy_attach": common.closed(
        {"policy_id": _POLICY_ID, "enabled": _ENABLED}, required=("policy_id",)
    ),
    "policy_update": common.closed(
        {"policy_id": _POLICY_ID, "enabled": _ENABLED}, required=("policy_id",)
    ),
    "policy_detach": common.closed({"policy_id": _POLICY_ID}, required=("policy_id",)),
    "check": common.opened({}),
    "recover": common.opened({}),
    "complete_lifecycle": common.opened(
        {"lifecycle_action_token": common.STRING}, required=("lifecycle_action_token",)
    ),
}

OPERATION = common.opened(
    {"params": common.nullable(common.OBJECT), "filters": common.nullable(common.OBJECT)}
)

#: What a recovery takes; the engine finds the words for what is wrong with it.
RECOVERY = {
    "operation": common.nullable(common.STRING),
    "operation_params": {},
    "check": {},
}
_DESCRIBED = {
    **VERBS,
    "replace_nodes": common.opened(
        {
            "nodes": {
                "type": "object",
                "additionalProperties": common.STRING,
                "minProperties": 1,
            }
        },
        required=("nodes",),
    ),
    "recover": common.closed({**RECOVERY, "check_capacity": {}}),
}


def _verbs_without(*left_out):
    return common.one_key({k: v for k, v in _DESCRIBED.items() if k not in left_out})


#: The whole body of an action.
ACTION_BODY = validation.ByVersion(
    (
        (_verbs_without("replace_nodes", "complete_lifecycle"), None, "1.2"),
        (_verbs_without("complete_lifecycle"), "1.3", "1.8"),
        (_verbs_without(), "1.9", None),
    )
)
#: The whole body of an operation, whose name depends on the profile's type.
OPERATION_BODY = validation.ByVersion(((common.one_of_any(OPERATION), None, None),))
