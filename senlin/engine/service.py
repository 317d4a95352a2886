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

"""The engine as one process sees it: what it is made of, start and stop."""

import random
import threading

from oslo_log import log as logging

from senlin.actions import context as step_context
from senlin.cloud import sessions
from senlin.common import clock as clocks
from senlin.common import concurrency
from senlin.common import consts
from senlin.common import metrics as process_metrics
from senlin.common import monitor
from senlin.conf import CONF
from senlin.db import bindings
from senlin.db import facade
from senlin.db import lookup
from senlin.engine import committer
from senlin.engine import disowning
from senlin.engine import dispatcher
from senlin.engine import health
from senlin.engine import metrics
from senlin.engine import registration
from senlin.engine import requests
from senlin.policies import registry as policy_registry
from senlin.profiles import registry as profile_registry
from senlin.rpc import doorbell
from senlin.rpc import server
from senlin.rpc import transport as rpc_transport
from senlin.rpc import versions

LOG = logging.getLogger(__name__)

_STOP_SHARE = 5.0


class EngineService:
    """A running engine: it answers requests and runs actions.

    An instance is plain data until ``start``, so that it can cross a fork.

    :param host: the machine's name, shown in the service list.
    :param binary: what kind of process it is.
    :param only_one: there can be no other engine on this host; what an earlier
        one left is taken over at once.
    """

    def __init__(self, host, binary="senlin-engine", only_one=False):
        self.host = host
        self.binary = binary
        self.only_one = only_one
        self._parts = None

    def start(self):
        """Build everything and begin to work. To be called after any fork."""
        facade.ensure_configured()
        self._parts = _Parts(self.host, self.binary)
        self._parts.start(self.only_one)

    def stop(self, deadline=None):
        """Claim no more, let what runs reach its next step, and sign off.

        :param deadline: seconds; default ``[engine] drain_timeout``.
        """
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.stop(CONF.engine.drain_timeout if deadline is None else deadline)


class _Parts:
    """What one running engine consists of."""

    def __init__(self, host, binary):
        conf = CONF.engine
        self.clock = clocks.SystemClock()
        self.pool = sessions.pool()
        self.profiles = profile_registry.Registry()
        self.policies = policy_registry.Registry()
        self.services = step_context.Services(
            clock=self.clock,
            read=facade.read,
            write=facade.write,
            profile=self._profile,
            cloud=self.pool.for_owner,
            bindings=self._load_bindings,
            settings=_settings(),
            random=random.SystemRandom(),
            policies=self.policies,
            holds=self._holds,
        )
        self.executor = concurrency.make_executor("steps", conf.threads)
        self.registration = registration.Registration(
            self.services,
            host,
            binary,
            versions.ENGINE_TOPIC,
            interval=conf.heartbeat_interval,
            lease=conf.lease,
            scan_interval=conf.scan_interval,
            on_work=self._wake,
        )
        self.committer = committer.Committer(
            self.services, lambda: self.registration.id, conf.commit_interval, self._on_saved
        )
        self.dispatcher = dispatcher.Dispatcher(
            self.services,
            lambda: self.registration.id,
            self.executor,
            self.committer,
            batch=conf.claim_batch,
            capacity=max(conf.claim_batch, conf.threads) * 2,
            threads=conf.threads,
            scan_interval=conf.scan_interval,
            crowded_at=lambda: self.server.crowded_at if self.server else float("-inf"),
        )
        self.metrics = metrics.Collector(
            self.services, lambda: self.dispatcher.in_hand, self.pool.open_breakers
        )
        self.monitor = monitor.Monitor(
            conf.metrics_host,
            conf.metrics_port,
            health.checks(
                self.registration,
                self.dispatcher,
                lambda: self.server,
                conf.lease,
                conf.scan_interval,
            ),
        )
        self.transport = rpc_transport.get(CONF)
        self.doorbell = doorbell.Doorbell(self.transport, local=self._wake)
        self.listener = None
        self.server = None

    def start(self, only_one):
        """Register first: claims carry the registration's id."""
        process_metrics.REGISTRY.register(self.metrics)
        self.registration.start(replace_host=only_one)
        self.committer.start()
        self.dispatcher.start()
        self.listener = doorbell.DoorbellListener(self.transport, self._wake, self.registration.id)
        self.listener.start()
        endpoints = requests.build_endpoints(
            self.pool, self.profiles, self.doorbell, self.clock, CONF, self.policies
        )
        self.server = server.RequestServer(self.transport, endpoints, self.registration.id)
        self.server.start()
        self.monitor.start()
        LOG.info("Engine %s is ready", self.registration.id)

    def stop(self, deadline):
        """In the order in which work flows, so that nothing is cut off.

        Whoever does not answer any more, each part ends: it takes ``deadline``
        and half a minute at most.
        """
        share = min(_STOP_SHARE, deadline)
        for part in (self.server, self.listener):
            # None where the engine is stopped while it starts.
            if part is not None:
                part.stop(share)
        if not self.dispatcher.stop_claiming(deadline):
            LOG.warning("Steps still running after %s seconds are left to others", deadline)
        self.committer.stop(share)
        _within(_STOP_SHARE, self.registration.stop, share)
        self.executor.shutdown(wait=False)
        self.monitor.stop()
        process_metrics.REGISTRY.unregister(self.metrics)
        self.doorbell.stop()
        _within(_STOP_SHARE, self.transport.cleanup)
        self.pool.close()

    def _wake(self):
        self.dispatcher.wake()

    def _holds(self, owner):
        return self.registration.holds(owner)

    def _on_saved(self, action_ids, saved):
        self.dispatcher.done(action_ids)
        for made in saved.strays:
            self.executor.submit(disowning.disown, made, self.services)
        if saved.new_work and not self.registration.alone:
            self.doorbell.ring()

    def _profile(self, profile_id):
        kept = self.profiles.kept(profile_id)
        if kept is not None:
            return kept
        row = facade.read(lookup.get, "profile", profile_id)
        if row is None:
            raise LookupError(f"The profile {profile_id} is gone.")
        return self.profiles.load(row)

    def _load_bindings(self, cluster_id):
        return self.policies.bound(facade.read(bindings.enabled, cluster_id))


def _settings():
    return step_context.Settings(
        poll_interval=CONF.engine.poll_interval,
        create_attempts=CONF.engine.create_attempts,
        max_nodes_per_cluster=CONF.max_nodes_per_cluster,
        default_action_timeout=CONF.default_action_timeout,
        event_level=consts.EventLevel[
            {"WARNING": "WARN"}.get(
                CONF.dispatchers.priority.upper(), CONF.dispatchers.priority.upper()
            )
        ],
        exclude_derived_actions=CONF.dispatchers.exclude_derived_actions,
        record_events="database" in CONF.event_dispatchers,
    )


def _within(seconds, function, *arguments):
    """Call something that may wait for a dead database or broker, for so long at most."""

    def call():
        try:
            function(*arguments)
        except Exception:  # noqa: BLE001 - stopping must go on
            LOG.exception("A part of the engine did not stop cleanly")

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
