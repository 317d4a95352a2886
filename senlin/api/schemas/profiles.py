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


"""Requests and responses about profiles (API contract, 3.3)."""

from senlin.api.schemas import common

CREATE = common.closed(
    {
        "name": common.NAME,
        "spec": common.OBJECT,
        "metadata": common.nullable(common.OBJECT),
    },
    required=("name", "spec"),
)
UPDATE = common.closed(
    {"name": common.nullable(common.NAME), "metadata": common.nullable(common.OBJECT)}
)
VALIDATE = common.closed({"spec": common.OBJECT}, required=("spec",))

INDEX_QUERY = common.list_query(
    "profiles",
    ("type", "name", "created_at", "updated_at"),
    {"name": common.multi(), "type": common.multi()},
)

PROFILE = common.document(
    {
        "id": common.UUID,
        "name": common.STRING,
        "type": common.STRING,
        "spec": common.OBJECT,
        "metadata": common.OBJECT,
        **common.OWNER,
        "created_at": common.TIMESTAMP,
        "updated_at": common.NULLABLE_TIMESTAMP,
    }
)
VALIDATED = common.document(
    {
        **PROFILE["properties"],
        "id": {"type": "null"},
        "created_at": {"type": "null"},
        "updated_at": {"type": "null"},
    }
)

SHOWN = common.one("profile", PROFILE)
LISTED = common.many("profiles", PROFILE)
SHOWN_VALIDATED = common.one("profile", VALIDATED)
