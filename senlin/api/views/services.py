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


"""The service's processes as administrators see them (API contract, 3.13)."""

from senlin.api.views import common


def service(row, now, down_after):
    """A process's row as a document.

    :param now: the current aware UTC datetime.
    :param down_after: seconds of silence after which a process counts as down.
    """
    seen = row["updated_at"] or row["created_at"]
    is_up = seen is not None and (now - seen).total_seconds() <= down_after
    return {
        "id": row["id"],
        "host": row["host"],
        "binary": row["binary"],
        "topic": row["topic"],
        "disabled_reason": row["disabled_reason"],
        "status": "disabled" if row["disabled"] else "enabled",
        "state": "up" if is_up else "down",
        "updated_at": common.timestamp(seen),
    }
