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


"""Profile types and policy types as clients see them (API contract, 3.2, 3.4)."""

from senlin.api import microversions


def listed(entry, version):
    """An entry of a list of types."""
    if version < microversions.SUPPORT_STATUS:
        return {"name": f"{entry['name']}-{entry['version']}"}
    return {
        "name": entry["name"],
        "version": entry["version"],
        "support_status": entry["support_status"],
    }


def shown(entry, version):
    """One type with its schema."""
    document = {"name": entry["name"], "schema": entry["schema"]}
    if version >= microversions.SUPPORT_STATUS:
        document["support_status"] = entry["support_status"]
    return document
