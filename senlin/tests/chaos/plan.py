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

"""What is asked and what goes wrong in a campaign: all of it drawn from one seed.

A plan names things by place ("the second cluster of demo") and by lot (a number
between 0 and 1), never by id, so that the same seed makes the same plan whatever
comes of it.
"""

import dataclasses
import random

PROJECTS = ("demo", "alt", "admin")
#: How many clusters, and how many nodes outside clusters, each project has.
PLACES = 5

_REQUESTS_PER_SECOND = 4.0
_SECONDS_BETWEEN_FAULTS = 1.5
#: At the end, the last faults are undone and nothing new goes wrong.
_CALM_SHARE = 0.05

REQUESTS = {
    "cluster_create": 8,
    "cluster_resize": 10,
    "cluster_grow": 6,
    "cluster_limits": 2,
    "cluster_scale_out": 7,
    "cluster_scale_in": 7,
    "cluster_check": 4,
    "cluster_recover": 6,
    "cluster_update": 3,
    "cluster_reprofile": 3,
    "cluster_delete": 4,
    "cluster_force_delete": 2,
    "policy_attach": 3,
    "policy_detach": 3,
    "member_create": 4,
    "member_delete": 5,
    "member_check": 2,
    "member_recover": 2,
    "members_add": 2,
    "members_remove": 3,
    "node_create": 6,
    "node_check": 2,
    "node_recover": 2,
    "node_update": 3,
    "node_delete": 4,
    "action_cancel": 8,
}

FAULTS = {
    "engine_kill": 6,
    "engine_stop": 3,
    "engine_hang": 3,
    "engine_reload": 2,
    "worker_kill": 6,
    "api_kill": 3,
    "api_stop": 2,
    "database_kill": 3,
    "database_stop": 1,
    "database_hang": 2,
    "database_cut": 3,
    "database_wire_cut": 4,
    "database_wire_mute": 4,
    "broker_kill": 2,
    "broker_hang": 2,
    "broker_cut": 1,
    "broker_wire_cut": 3,
    "broker_wire_mute": 2,
    "cloud_kill": 2,
    "cloud_loses_replies": 8,
    "cloud_resets": 4,
    "cloud_refuses": 6,
    "cloud_limits": 3,
    "cloud_delays": 4,
    "cloud_builds_fail": 4,
    "cloud_builds_slowly": 3,
    "server_fails": 4,
    "server_vanishes": 4,
}

#: What a refusing cloud says, and to which calls.
REFUSALS = (400, 403, 409, 500, 502, 503)
CALLS = (
    {"service": "compute", "method": "POST", "path": "/servers$"},
    {"service": "compute", "method": "DELETE", "path": "/servers/"},
    {"service": "compute", "method": "GET", "path": "/servers"},
    {"service": "compute"},
    {"service": "network"},
    {"service": "image"},
    {"service": "identity", "path": "/OS-TRUST"},
)


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """Something that a user wants, ``at`` seconds after the start.

    ``place``: which of the project's clusters or nodes outside clusters;
    ``number``: a size or a count; ``lot``: 0..1, for whatever is to be picked.
    """

    at: float
    project: str
    kind: str
    place: int
    number: int
    lot: float


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong ``at`` seconds after the start, for ``seconds``.

    ``which``: of several daemons; ``lot`` and ``rate``: 0..1, for what is to be
    picked and how often a call is hit.
    """

    at: float
    kind: str
    seconds: float
    which: int
    lot: float
    rate: float


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The requests and the faults of one campaign, each in order of time."""

    seed: int
    seconds: float
    requests: tuple
    faults: tuple


def draw(seed, seconds, engines=2, apis=2):
    """The plan that belongs to a seed.

    :param seconds: how long requests and faults go on.
    :param engines: how many engine daemons there are; likewise ``apis``.
    """
    return Plan(
        seed,
        seconds,
        tuple(_requests(random.Random(f"requests {seed}"), seconds)),
        tuple(_faults(random.Random(f"faults {seed}"), seconds, engines, apis)),
    )


def _requests(rng, seconds):
    at = rng.expovariate(_REQUESTS_PER_SECOND)
    while at < seconds:
        yield Request(
            at=at,
            project=rng.choice(PROJECTS),
            kind=_pick(rng, REQUESTS),
            place=rng.randrange(PLACES),
            number=rng.randint(0, 6) if rng.random() < 0.9 else rng.randint(7, 20),
            lot=rng.random(),
        )
        at += rng.expovariate(_REQUESTS_PER_SECOND)


def _faults(rng, seconds, engines, apis):
    end = seconds * (1 - _CALM_SHARE)
    at = rng.uniform(1.0, _SECONDS_BETWEEN_FAULTS)
    while at < end:
        kind = _pick(rng, FAULTS)
        yield Fault(
            at=at,
            kind=kind,
            seconds=min(rng.uniform(0.5, 8.0), seconds - at),
            which=rng.randrange(apis if kind.startswith("api") else engines),
            lot=rng.random(),
            rate=rng.uniform(0.2, 1.0),
        )
        at += rng.expovariate(1 / _SECONDS_BETWEEN_FAULTS)


def _pick(rng, weights):
    (kind,) = rng.choices(list(weights), list(weights.values()))
    return kind
