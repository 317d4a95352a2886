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

"""The version of the boundary between API and engine, and who speaks which.

A change that only adds (a request, an optional argument) raises the minor
number, and the request in ``senlin.rpc.client`` names the minor that brought
it, or its argument. During an upgrade, clients of the new release are pinned to the version of
the oldest engine.
"""

#: What this tree speaks.
CURRENT = "1.0"

#: Release -> version its engines understand. Each release adds a row.
RELEASES = {
    "20.0": "1.0",
}

#: The release that this tree is, or is to become.
RELEASE = "20.0"

#: Topic of requests: API processes call, one of the engines answers.
ENGINE_TOPIC = "senlin-engine"
#: Topic of the doorbell: heard by every engine.
DOORBELL_TOPIC = "senlin-engine-doorbell"
#: What a ring is sent as: engines of all releases have to hear it.
DOORBELL_VERSION = "1.0"
HEALTH_TOPIC = "senlin-health"


def highest(*versions):
    """The highest of some versions."""
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def cap(release=None):
    """The version to which a client has to limit itself.

    :param release: the oldest release among the running engines; None = this one.
    :raises ValueError: if that release is unknown.
    """
    if release is None:
        return CURRENT
    try:
        return RELEASES[release]
    except KeyError:
        known = ", ".join(sorted(RELEASES))
        raise ValueError(f"Release '{release}' is unknown; known ones are {known}.") from None
