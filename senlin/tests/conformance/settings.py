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

"""What the conformance tests are told about the cloud they run against.

``tools/conformance`` writes it, as JSON, into the environment.
"""

import dataclasses
import functools
import json
import os

import openstack

ENVIRONMENT = "SENLIN_CONFORMANCE"

#: What a cloud may lack. A cloud that lacks something has to say so: its tests
#: are then skipped by name, and fail otherwise.
CAPABILITIES = {
    "faults": "server metadata bench.fail, bench.delay and bench.destroy make the hypervisor "
    "fail or be slow",
    "floating-addresses": "an external network gives out floating addresses",
    "host-failure": "a command breaks a compute host, another one mends it",
    "migration": "another host can take a server that is resized",
    "notifications": "Nova's notifications arrive on a message bus that can be read",
    "quotas": "the administrator may change the quota of the other project",
    "short-tokens": "tokens end after seconds, and it is known how many",
    "zones": "there are two availability zones or more",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """The cloud, and what is found there.

    :ivar member: name in clouds.yaml of the user whose servers are made.
    :ivar other: of a user of another project, whose quota may be changed.
    :ivar admin: of an administrator.
    :ivar service: of the service user, who is trusted.
    :ivar notifications: transport URL of Nova's message bus.
    :ivar without: capabilities that the cloud is declared not to have.
    :ivar flavor, larger: two flavors; the larger one differs in memory.
    :ivar database: SQLAlchemy URL of a user who may make databases, for the service.
    :ivar transport: of the service's own messages.
    :ivar nodes: how many nodes the service makes at most.
    :ivar token_lifetime: seconds that tokens are good for.
    :ivar break_host, mend_host: shell commands.
    """

    member: str
    other: str
    admin: str
    service: str
    notifications: str | None = None
    without: tuple = ()
    image: str = "cirros"
    flavor: str = "m1.nano"
    larger: str = "m1.micro"
    network: str = "private"
    external: str = "public"
    database: str | None = None
    transport: str | None = None
    nodes: int = 100
    token_lifetime: int | None = None
    break_host: str | None = None
    mend_host: str | None = None


@functools.cache
def load():
    """The settings of this run.

    :raises RuntimeError: if there are none, or an unknown capability is named.
    """
    text = os.environ.get(ENVIRONMENT)
    if not text:
        raise RuntimeError("tools/conformance runs these tests: it says which cloud to talk to")
    values = json.loads(text)
    settings = Settings(**{**values, "without": tuple(values.get("without", ()))})
    unknown = set(settings.without) - set(CAPABILITIES)
    if unknown:
        raise RuntimeError(f"{sorted(unknown)} are no capabilities; these are {CAPABILITIES}")
    return settings


@functools.cache
def connect(name):
    """An openstacksdk connection of one of the clouds in clouds.yaml."""
    return openstack.connect(cloud=name)
