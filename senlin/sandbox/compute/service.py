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

"""The compute service put together: routes, seeds, the timer thread."""

import functools
import threading

from senlin.sandbox import routing
from senlin.sandbox import web
from senlin.sandbox.compute import actions
from senlin.sandbox.compute import admin
from senlin.sandbox.compute import aggregates
from senlin.sandbox.compute import attachments
from senlin.sandbox.compute import base
from senlin.sandbox.compute import building
from senlin.sandbox.compute import details
from senlin.sandbox.compute import flavors
from senlin.sandbox.compute import fleet
from senlin.sandbox.compute import groups
from senlin.sandbox.compute import hosts
from senlin.sandbox.compute import keypairs
from senlin.sandbox.compute import lifecycle
from senlin.sandbox.compute import listing
from senlin.sandbox.compute import movement
from senlin.sandbox.compute import notices
from senlin.sandbox.compute import ports
from senlin.sandbox.compute import quotas
from senlin.sandbox.compute import servers
from senlin.sandbox.compute import usage
from senlin.sandbox.compute import views

_LONGEST_WAIT = 1.0
_STOP_SECONDS = 10
_UPDATED = "2013-07-23T11:33:21Z"


class ComputeService(web.Service):
    """Nova v2.1.

    :param store: the journalled store.
    :param knobs: delays, failure rates, failed hosts and zones.
    :param identity: the identity service; seeds need its ids.
    :param network: see :class:`senlin.sandbox.compute.ports.Network`.
    :param image: has ``find_image(id)`` and ``create_snapshot(...)``.
    :param notifier: called as ``notifier(publisher_id, event_type, payload,
        priority)`` for every notification; None sends none.
    :param clock: see :class:`senlin.common.clock.Clock`.
    :param compute_hosts: (host, zone) pairs of a new cloud.
    :param reclaim_interval: seconds a deleted server can be restored; 0 deletes
        at once.
    """

    name = "compute"
    root = "/compute"
    version = "/v2.1"
    microversion_type = "compute"
    min_microversion = (2, 1)
    max_microversion = (2, 96)
    legacy_microversion_header = "X-OpenStack-Nova-API-Version"
    request_id_headers = ("x-openstack-request-id", "x-compute-request-id")

    def __init__(
        self, store, knobs, identity, network, image, notifier, clock,
        compute_hosts=hosts.DEFAULT_HOSTS, reclaim_interval=0,
    ):  # fmt: skip
        self._store = store
        self._clock = clock
        self._compute_hosts = compute_hosts
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = None
        self.cloud = self._assemble(store, knobs, identity, network, image, notifier, clock)
        reader = building.Reader(self.cloud)
        self._parts = (
            servers.ServerRoutes(self.cloud, reader, reclaim_interval),
            actions.ActionRoutes(self.cloud, reader),
            details.MetadataRoutes(self.cloud, reader),
            details.TagRoutes(self.cloud),
            details.DetailRoutes(self.cloud),
            attachments.InterfaceRoutes(self.cloud),
            attachments.VolumeRoutes(self.cloud),
            flavors.FlavorRoutes(self.cloud),
            keypairs.KeyPairRoutes(self.cloud),
            groups.ServerGroupRoutes(self.cloud),
            quotas.QuotaRoutes(self.cloud),
            usage.UsageRoutes(self.cloud),
            admin.HypervisorRoutes(self.cloud),
            admin.ServiceRoutes(self.cloud),
            admin.ZoneRoutes(self.cloud),
            admin.MigrationRoutes(self.cloud),
            aggregates.AggregateRoutes(self.cloud),
        )

    def _assemble(self, store, knobs, identity, network, image, notifier, clock):
        all_groups = store.table(groups.GROUPS)
        all_servers = fleet.Fleet(store, clock)
        all_hosts = hosts.Hosts(store, knobs)
        all_ports = ports.Ports(network, all_hosts)
        outbox = notices.Notices(notifier)
        moves = movement.Migrations(store, clock)
        pairs = keypairs.KeyPairs(store, clock)
        return base.Context(
            store=store,
            knobs=knobs,
            identity=identity,
            network=network,
            image=image,
            clock=clock,
            notices=outbox,
            fleet=all_servers,
            hosts=all_hosts,
            scheduler=hosts.Scheduler(all_hosts, all_servers, all_groups),
            ports=all_ports,
            migrations=moves,
            lifecycle=lifecycle.Lifecycle(
                all_servers, all_hosts, all_ports, knobs, outbox, moves, clock, self._wake.set
            ),
            views=views.ServerViews(all_servers, all_hosts, all_ports),
            listing=listing.Listing(all_servers),
            flavors=flavors.Flavors(store),
            quotas=quotas.Quotas(store, all_servers, all_groups),
            groups=all_groups,
            keypairs=pairs,
        )

    def routes(self):
        """Give the routes of every part, each run under the store's lock.

        What is due in the cloud happens before a request is looked at.
        """
        found = []
        for part in self._parts:
            for attribute in dir(type(part)):
                marks = getattr(getattr(type(part), attribute), "sandbox_routes", ())
                for method, template, authenticated in marks:
                    handler = self._guarded(getattr(part, attribute))
                    found.append(routing.Route(method, template, handler, authenticated))
        return found

    def _guarded(self, handler):
        @functools.wraps(handler)
        def run(request, **params):
            with self._store.lock:
                self.cloud.lifecycle.settle()
                response = handler(request, **params)
            if self.cloud.notices.waiting:
                self._wake.set()
            return response

        return run

    def settle(self):
        """Let everything happen that is due, and send the notifications."""
        with self._store.lock:
            self.cloud.lifecycle.settle()
        self.cloud.notices.flush()

    def vanish(self, server_id):
        """Remove a server behind everybody's back, as its owner might have.

        :raises KeyError: when there is no such server.
        """
        with self._store.lock:
            server = self.cloud.fleet.get(server_id)
            if server is None:
                raise KeyError(server_id)
            self.cloud.lifecycle.vanish(server)
        self._wake.set()

    def fail(self, server_id, message):
        """Put a server into ERROR with a fault.

        :raises KeyError: when there is no such server.
        """
        with self._store.lock:
            server = self.cloud.fleet.get(server_id)
            if server is None:
                raise KeyError(server_id)
            self.cloud.lifecycle.fail(server, message, "reboot")
        self._wake.set()

    def reset(self):
        """Seed hosts, flavors and a key pair on an empty store."""
        with self._store.lock:
            self.cloud.hosts.seed(self._compute_hosts)
            self.cloud.flavors.seed()
            _, public = keypairs.generate()
            self.cloud.keypairs.add(self.cloud.identity.user_id("demo"), "demo", "ssh", public)
            self._load()

    def start(self):
        """Take up what was under way and let time pass in a thread."""
        with self._store.lock:
            self._load()
        self._stopped.clear()
        self._thread = threading.Thread(target=self._pass_time, name="sandbox-compute", daemon=True)
        self._thread.start()

    def stop(self):
        """End the thread; what is under way waits in the journal."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def _load(self):
        self.cloud.fleet.load()
        self.cloud.migrations.load()
        self.cloud.lifecycle.load()

    def _pass_time(self):
        while not self._stopped.is_set():
            self._wake.clear()
            self.settle()
            due = self.cloud.lifecycle.next_due
            wait = _LONGEST_WAIT
            if due is not None:
                wait = min(wait, max(0.0, due - self._clock.time()))
            self._wake.wait(wait)

    def versions_document(self, request):
        """Answer ``GET /compute``."""
        return web.Response(300, {"versions": [self._version(request)]})

    def version_document(self, request):
        """Answer ``GET /compute/v2.1``."""
        return {"version": self._version(request)}

    def _version(self, request):
        return {
            "id": "v2.1",
            "status": "CURRENT",
            "version": "{}.{}".format(*self.max_microversion),
            "min_version": "{}.{}".format(*self.min_microversion),
            "updated": _UPDATED,
            "links": [{"rel": "self", "href": f"{request.service_url}/"}],
        }
