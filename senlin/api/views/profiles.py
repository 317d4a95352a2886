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


"""Profiles as clients see them (API contract, 3.3)."""

from senlin.api.views import common
from senlin.common import secrets


def profile(row, context):
    """A profile's row as a document; secrets are shown to its user only."""
    owned = row["user"] == context.user_id
    return {
        "id": row["id"],
        "name": row["name"],
        "type": row["type"],
        "spec": secrets.open_spec(row["spec"]) if owned else secrets.redact(row["spec"]),
        "metadata": row["meta_data"] or {},
        "user": row["user"],
        "project": row["project"],
        "domain": row["domain"],
        "created_at": common.timestamp(row["created_at"]),
        "updated_at": common.timestamp(row["updated_at"]),
    }


def validated(checked, context):
    """A spec that was checked but not stored, in the form of a profile."""
    return {
        "id": None,
        "name": "validated_profile",
        "type": checked["type"],
        "spec": checked["spec"],
        "metadata": {},
        "user": context.user_id,
        "project": context.project_id,
        "domain": context.owner_fields["domain"],
        "created_at": None,
        "updated_at": None,
    }
