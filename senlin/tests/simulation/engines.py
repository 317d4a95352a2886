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

"""Whole engines on the scheduler: the daemon's own parts, put together as it does."""

import contextlib
import dataclasses
import functools
from unittest import mock

from senlin.actions import context as step_context
from senlin.cloud import fencing
from senlin.common import exception
from senlin.db import bindings
from senlin.db import lookup
from senlin.engine import committer
from senlin.engine import disowning
from senlin.engine import dispatcher
from senlin.engine import registration
from senlin.policies import registry as policy_registry
from senlin.profiles import registry as profile_registry
from senlin.rpc import versions
from senlin.tests.simulation import cloud as sim_cloud
from senlin.tests.simulation import scheduler as schedulers

#: Seconds between heartbeats, until an engine is given up, and between slow scans.
HEARTBEAT = 10.0
LEASE = 35.0
SCAN = 30.0
_COMMIT_INTERVAL = 0.03
_THREADS = 4
_DRAIN = 20.0


@contextlib.contextmanager
def on_scheduler(threads):
    """Have the parts of engines made from now on use the scheduler's threads."""
    with contextlib.ExitStack() as stack:
        for module in (committer, disowning, dispatcher, registration):
            stack.enter_context(mock.patch.object(module, "threading", threads))
        stack.enter_context(mock.patch.object(fencing, "_local", threads.local()))
        stack.enter_context(mock.patch.object(committer, "queue", threads))
        yield


@functools.cache
def policy_types():
    """The installed policy types."""
    return policy_registry.Registry()


def profile_types():
    """A registry in which the simulated member type is the only one."""
    return profile_registry.Registry({"simulated-1.0": sim_cloud.SimulatedProfile})


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """An engine's clock, which may be wrong by some seconds."""

    scheduler: schedulers.Scheduler
    skew: float = 0.0

    def time(self):
        return self.scheduler.now + self.skew

    def monotonic(self):
        return self.scheduler.now


class Engine:
    """One engine process.

    :param world: gives the scheduler, the cloud, the settings and the doorbell.
    :param skew: seconds by which its clock is ahead.
    :ivar stopping: whether it was told to end, which may take a while.
    """

    def __init__(self, world, name, skew=0.0):
        self.process = schedulers.Process(name)
        self.stopping = False
        self._world = world
        self._scheduler = world.scheduler
        self._profiles = profile_types()
        services = step_context.Services(
            clock=Clock(world.scheduler, skew),
            read=world.read,
            write=world.write,
            profile=functools.cache(self._load_profile),
            cloud=lambda user, project, region: world.cloud,
            bindings=self._load_bindings,
            settings=world.settings,
            random=world.random,
            notify=world.cloud.notify,
            policies=policy_types(),
            holds=self._holds,
        )
        self._services = services
        self._registration = registration.Registration(
            services,
            name,
            "senlin-engine",
            versions.ENGINE_TOPIC,
            interval=HEARTBEAT,
            lease=LEASE,
            scan_interval=SCAN,
            on_work=self.wake,
        )
        self._committer = committer.Committer(
            services, lambda: self._registration.id, _COMMIT_INTERVAL, self._on_saved
        )
        self._dispatcher = dispatcher.Dispatcher(
            services,
            lambda: self._registration.id,
            self,
            self._committer,
            batch=8,
            capacity=16,
            threads=_THREADS,
            scan_interval=SCAN,
        )

    def start(self):
        """Begin to work, at the scheduler's next steps."""
        self._scheduler.spawn(self.process, self._start)

    def stop(self):
        """End in order, as on SIGTERM."""
        self.stopping = True
        self._scheduler.spawn(self.process, self._stop)

    def wake(self):
        """Hear the doorbell."""
        if self.process.alive:
            self._dispatcher.wake()

    def submit(self, function, *arguments):
        """Run a step; the engine takes it for its thread pool."""
        self._scheduler.spawn(self.process, function, *arguments)

    def _start(self):
        try:
            self._registration.start()
        except exception.SenlinError:
            # A process that cannot register ends.
            self.process.alive = False
            return
        self._committer.start()
        self._dispatcher.start()

    def _stop(self):
        self._dispatcher.stop_claiming(_DRAIN)
        self._committer.stop(_DRAIN)
        # Without an answer to this the process ends all the same.
        with contextlib.suppress(exception.SenlinError):
            self._registration.stop(_DRAIN)
        self.process.alive = False

    def _holds(self, owner):
        return self._registration.holds(owner)

    def _on_saved(self, action_ids, saved):
        self._dispatcher.done(action_ids)
        for made in saved.strays:
            self.submit(disowning.disown, made, self._services)
        if saved.new_work and not self._registration.alone:
            self._world.ring()

    def _load_profile(self, profile_id):
        return self._profiles.load(self._world.read(lookup.get, "profile", profile_id))

    def _load_bindings(self, cluster_id):
        return policy_types().bound(self._world.read(bindings.enabled, cluster_id))
