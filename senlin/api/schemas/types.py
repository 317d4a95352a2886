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


"""Responses about profile types and policy types (API contract, 3.2, 3.4)."""

from senlin.api.schemas import common

_LISTED = common.document({"name": common.STRING})
_LISTED_1_5 = common.document(
    {"name": common.STRING, "version": common.STRING, "support_status": common.OBJECT}
)
_SHOWN = common.document({"name": common.STRING, "schema": common.OBJECT})
_SHOWN_1_5 = common.document(
    {"name": common.STRING, "schema": common.OBJECT, "support_status": common.OBJECT}
)

PROFILE_TYPES = common.many("profile_types", _LISTED)
PROFILE_TYPES_1_5 = common.many("profile_types", _LISTED_1_5)
PROFILE_TYPE = common.one("profile_type", _SHOWN)
PROFILE_TYPE_1_5 = common.one("profile_type", _SHOWN_1_5)

POLICY_TYPES = common.many("policy_types", _LISTED)
POLICY_TYPES_1_5 = common.many("policy_types", _LISTED_1_5)
POLICY_TYPE = common.one("policy_type", _SHOWN)
POLICY_TYPE_1_5 = common.one("policy_type", _SHOWN_1_5)

OPERATIONS = common.one(
    "operations",
    {
        "type": "object",
        "additionalProperties": common.document(
            {"description": common.STRING, "parameters": common.OBJECT}
        ),
    },
)

_REVISION = common.document({"revision": common.STRING})
BUILD_INFO = common.one("build_info", common.document({"api": _REVISION, "engine": _REVISION}))
