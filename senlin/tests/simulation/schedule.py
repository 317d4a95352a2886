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

"""One schedule: a small installation, what is done to it, and the end."""

import random
import types
from unittest import mock
import uuid

from senlin.actions import context as step_context
from senlin.common import consts
from senlin.common import context as request_context
from senlin.common import timestamps
from senlin.db import admission
from senlin.db import bulk
from senlin.db import facade
from senlin.db import lookup
from senlin.engine import requests
from senlin.tests.simulation import books
from senlin.tests.simulation import cloud as sim_cloud
from senlin.tests.simulation import engines
from senlin.tests.simulation import rules
from senlin.tests.simulation import scheduler as schedulers

PROJECTS = ("p1", "p2")
_TIMEOUT = 400
_REST = 20000.0
_MOST_STEPS = 200_000
_STEPS_PER_LOOK = 8
_MOST_RULES = 16
_MOST_POINTS = 60
_MOMENT = 3.0

_CONTEXTS = {
    project: request_context.RequestContext(
        user_id="u1", project_id=project, domain_id="default", overwrite=False
    ).to_dict()
    for project in PROJECTS
}

_SPECS = {
    "deletion": {"criteria": "OLDEST_FIRST", "reduce_desired_capacity": False},
    "grace": {"grace_period": 5},
    "release": {"destroy_after_deletion": False},
    "hook": {
        "hooks": {"type": "webhook", "params": {"url": "http://example.com/go"}, "timeout": 40}
    },
    "out": {"event": "CLUSTER_SCALE_OUT", "adjustment": {"number": 2, "cooldown": 20}},
    "in": {"event": "CLUSTER_SCALE_IN", "adjustment": {"number": 1, "best_effort": True}},
}


class Violation(AssertionError):
    """The books do not balance; the text says what and after which schedule."""


#: Actions that wait for somebody to say that they may go on.
_HELD = "control = 'SUSPEND' OR (status = 'SUSPENDED' AND coalesce(control, '') != 'RESUME')"


class Schedule:
    """A seeded sequence of what users and fate do, and then a rest.

    :param choices: a ``random.Random``, from which all that happens follows.
    :param storage: the :class:`senlin.tests.simulation.storage.Storage`.
    :param threads: the :class:`senlin.tests.simulation.scheduler.Threads`.
    :ivar told: what happened, as lines.
    :ivar cancelled: id of each action that is to be cancelled -> the last claim which
        may not know of that.
    """

    def __init__(self, choices, storage, threads):
        self.choices = choices
        self.storage = storage
        self.random = random.Random(choices.getrandbits(32))
        self._ids = random.Random(choices.getrandbits(32))
        random.seed(choices.getrandbits(32))
        self.scheduler = schedulers.Scheduler(self.random)
        threads.scheduler = storage.scheduler = self.scheduler
        self.cloud = sim_cloud.Cloud(self.scheduler)
        self.read, self.write = facade.read, facade.write
        self.settings = step_context.Settings(default_action_timeout=_TIMEOUT, create_attempts=2)
        self.api = schedulers.Process("api")
        self.engines = []
        self.told = []
        self.answers = []
        self.bell_works = True
        self.skewed = False
        self.patient = True
        self.cancelled = {}
        self._endpoints = self._build_endpoints()

    def run(self):
        """Do it all; look at the books at the end.

        :raises Violation: if they do not balance.
        """
        with mock.patch("uuid.uuid4", self._next_id):
            try:
                self._run()
            except books.Unbalanced as problem:
                raise Violation("\n".join([*self.told, str(problem)])) from problem
            except Exception as error:
                raise Violation("\n".join([*self.told, repr(error)])) from error
            finally:
                self.scheduler.close()

    def tell(self, text):
        """Note what is done, for the reader of a failure."""
        self.told.append(f"{self.scheduler.now - 1_000_000:9.3f} {text}")

    def request(self, method, project, **arguments):
        """Send a request, as the API would; it is answered at a later step."""
        self.tell(f"request {method} {arguments}")
        self.scheduler.spawn(self.api, self._answer, method, project, arguments)

    def request_at_once(self, method, project, **arguments):
        """Send a request and have it answered before anything else happens."""
        self.tell(f"request {method} {arguments}")
        self._answer(method, project, arguments)
        return "error" not in self.answers[-1][2]

    def start_engine(self, skew=0.0):
        """Have one more engine."""
        self.skewed = self.skewed or bool(skew)
        engine = engines.Engine(self, f"engine{len(self.engines) + 1}", skew)
        self.engines.append(engine)
        engine.start()

    def living(self):
        """The engines that have not ended."""
        return [engine for engine in self.engines if engine.process.alive]

    def ring(self):
        """Ring the doorbell of all engines; some hear it late, twice or not at all."""
        if not self.bell_works:
            return
        for engine in self.living():
            engine.wake()

    def advance(self, points, seconds=_MOMENT):
        """Let everybody go on for so many points, or until so much time has passed."""
        until = self.scheduler.now + seconds
        for _ in range(points):
            if not self.scheduler.step(until):
                break

    def _run(self):
        self.storage.empty()
        self._insert_presuppositions()
        for _ in range(self.choices.randint(1, 2)):
            self.start_engine()
        rules.Requests(self).cluster_create()
        for _ in range(self.choices.randint(3, _MOST_RULES)):
            rules.apply_one(self)
            self.advance(self.choices.randint(0, _MOST_POINTS))
        self._come_to_rest()
        books.check(self)

    def _come_to_rest(self):
        self.tell("rest")
        self.cloud.build_seconds, self.cloud.builds_fail = 1.0, False
        self.bell_works = True
        for process in [self.api, *(engine.process for engine in self.engines)]:
            process.traps.clear()
        if all(engine.stopping for engine in self.living()):
            self.start_engine()
        end = self.scheduler.now + _REST
        for _ in range(_MOST_STEPS):
            self.advance(_STEPS_PER_LOOK, _REST)
            if self._is_at_rest():
                return
            if self.scheduler.now > end:
                break
        unfinished = [a for a in self.storage.rows("action") if not books.has_ended(a)]
        raise books.Unbalanced(f"It does not come to rest: {unfinished}")

    def _is_at_rest(self):
        # Once: to say it again and again would put it off for an engine whose clock
        # is behind, which sees it due later.
        for row in self.storage.rows("action", _HELD):
            now = self.scheduler.now
            facade.write(admission.signal, row["id"], consts.Control.RESUME, now)
        unfinished = self.storage.count("action", f"status NOT IN ({books.FINAL})")
        return not unfinished and not self.scheduler.has_tasks(self.api)

    def _answer(self, method, project, arguments):
        envelope = self._endpoints[method](_CONTEXTS[project], **arguments)
        self.tell(f"answer to {method}: {str(envelope.get('error', 'accepted'))[:150]}")
        self.answers.append((method, arguments, envelope))

    def _next_id(self):
        return uuid.UUID(int=self._ids.getrandbits(128), version=4)

    def _build_endpoints(self):
        conf = types.SimpleNamespace(
            max_nodes_per_cluster=100,
            max_clusters_per_project=100,
            default_action_timeout=_TIMEOUT,
            name_unique=False,
        )
        pool = types.SimpleNamespace(trusts=types.SimpleNamespace(ensure=lambda context: None))
        built = requests.build_endpoints(
            pool,
            engines.profile_types(),
            types.SimpleNamespace(ring=self.ring),
            engines.Clock(self.scheduler),
            conf,
            engines.policy_types(),
        )
        wanted = {name for name in dir(rules.Requests) if not name.startswith("_")}
        return {
            name: getattr(endpoint, name)
            for endpoint in built
            for name in wanted
            if hasattr(endpoint, name)
        }

    def _insert_presuppositions(self):
        moment = timestamps.from_epoch(self.scheduler.now)
        profiles, policies = [], []
        for project in PROJECTS:
            owner = {"user": "u1", "project": project, "domain": "default"}
            common = {**owner, "created_at": moment, "updated_at": None}
            for name in ("a", "b"):
                spec = {"type": "simulated", "version": "1.0", "properties": {}}
                profiles.append(
                    {
                        "id": f"{project}-{name}",
                        "name": name,
                        "type": "simulated-1.0",
                        "spec": spec,
                        "meta_data": {},
                        **common,
                    }
                )
            for name, properties in _SPECS.items():
                kind = "scaling" if "event" in properties else "deletion"
                version = "1.0" if kind == "scaling" else "1.1"
                type_ = f"senlin.policy.{kind}"
                spec = {"type": type_, "version": version, "properties": properties}
                policies.append(
                    {
                        "id": f"{project}-{name}",
                        "name": name,
                        "type": f"{type_}-{version}",
                        "spec": spec,
                        "data": {},
                        **common,
                    }
                )
        facade.write(bulk.insert, lookup.table("profile"), profiles)
        facade.write(bulk.insert, lookup.table("policy"), policies)
