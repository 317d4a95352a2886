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


"""The version documents (API contract, 1.1 and 1.2)."""

from senlin.api import microversions

_HELP = "https://docs.openstack.org/api-ref/clustering"


def element(base):
    """The description of version 1, with a self link that starts with ``base``."""
    return {
        "id": "1.0",
        "status": "CURRENT",
        "updated": "2016-01-18T00:00:00Z",
        "media-types": [
            {
                "base": "application/json",
                "type": "application/vnd.openstack.clustering-v1+json",
            }
        ],
        "links": [
            {"rel": "self", "href": f"{base}/v1"},
            {"rel": "help", "href": _HELP},
        ],
        "min_version": str(microversions.MINIMUM),
        "max_version": str(microversions.MAXIMUM),
    }


def root_document(base):
    """What ``GET /`` shows; answered with status 300."""
    return {"versions": [element(base)]}


def v1_document(base):
    """What ``GET /v1`` shows."""
    return {"version": element(base)}
