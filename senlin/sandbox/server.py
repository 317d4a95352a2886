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

"""The sandbox as a running thing: store, services and HTTP server."""

import importlib
import importlib.util
import os
import threading

from cheroot import wsgi
from oslo_log import log as logging

from senlin.common import clock as system_clock
from senlin.sandbox import application
from senlin.sandbox import knobs as knobs_module
from senlin.sandbox import store as store_module
from senlin.sandbox.control import ControlService
from senlin.sandbox.identity import service as identity_service
from senlin.sandbox.image import service as image_service
from senlin.sandbox.network import service as network_service

LOG = logging.getLogger(__name__)

JOURNAL = "cloud.journal"
_THREADS = 32
_START_SECONDS = 30
# Mounted after identity, image and network; made with what _build hands over.
_FURTHER_SERVICES = (
    "senlin.sandbox.compute.service:ComputeService",
    "senlin.sandbox.placement:PlacementService",
)


class _Gateway(wsgi.Gateway_10):
    """Hands the application the connection, for faults that break it."""

    def get_environ(self):
        environ = super().get_environ()
        environ[application.CONNECTION_KEY] = self.req.conn
        return environ


class SandboxServer:
    """A simulated OpenStack on one port.

    :param host: address to listen on.
    :param port: TCP port; 0 takes a free one.
    :param state_dir: where the journal lives; None keeps all in memory.
    :param clustering_url: the catalogue's endpoint of the clustering service;
        None leaves it out.
    :param notifier: called as ``notifier(publisher_id, event_type, payload,
        priority)`` for each of Nova's notifications; None sends none.
    :param knobs: a :class:`~senlin.sandbox.knobs.Knobs`; None takes the
        defaults, or those the journal has kept.
    :param clock: see :class:`senlin.common.clock.Clock`.
    :param token_lifetime: seconds.
    """

    def __init__(
        self,
        host,
        port,
        state_dir,
        clustering_url=None,
        notifier=None,
        knobs=None,
        clock=None,
        token_lifetime=3600,
    ):
        self.host = host
        self.port = port
        self.state_dir = state_dir
        self.clustering_url = clustering_url
        self.notifier = notifier
        self.knobs = knobs or knobs_module.Knobs()
        self._knobs_given = knobs is not None
        self.clock = clock or system_clock.SystemClock()
        self.token_lifetime = token_lifetime
        self.counters = knobs_module.Counters()
        self.services = []
        self.store = None
        self.identity = None
        self._application = None
        self._server = None
        self._thread = None

    @property
    def url(self):
        """The base URL; services hang under it by path."""
        return f"http://{self.host}:{self.port}"

    @property
    def auth_url(self):
        """What clients take as OS_AUTH_URL."""
        return f"{self.url}/identity/v3"

    def start(self):
        """Load or seed the cloud and listen; returns when calls are answered.

        :raises StoreInUse: when another process has the state directory.
        :raises OSError: when the address cannot be bound.
        """
        path = None
        if self.state_dir is not None:
            os.makedirs(self.state_dir, exist_ok=True)
            path = os.path.join(self.state_dir, JOURNAL)
        self.store = store_module.Store(path)
        try:
            self._build()
            self._listen()
        except BaseException:
            self.store.close()
            raise
        LOG.info("The sandbox cloud answers at %s", self.auth_url)

    def _build(self):
        self.identity = identity_service.IdentityService(
            self.store, self.clock, self.token_lifetime
        )
        image = image_service.ImageService(self.store, self.identity, self.clock)
        network = network_service.NetworkService(self.store, self.identity, self.clock)
        self.services = [self.identity, image, network]
        parts = (self.store, self.knobs, self.identity, network, image, self.notifier, self.clock)
        for reference in _FURTHER_SERVICES:
            module, _, name = reference.partition(":")
            if not _is_there(module):
                continue
            self.services.append(getattr(importlib.import_module(module), name)(*parts))
        self._application = application.Application(
            self.identity, self.knobs, self.counters, self.clock
        )
        for service in self.services:
            self._application.mount(service)
        self._application.mount(ControlService(self))
        if self.store.table("identity.users"):
            self._load_knobs()
        else:
            self._seed()
        for service in self.services:
            service.start()

    def _load_knobs(self):
        kept = self.store.table("sandbox.knobs").get("knobs")
        if kept is not None and not self._knobs_given:
            self.knobs.replace(kept)

    def _seed(self):
        for service in self.services:
            service.reset()
        self.keep_knobs()

    def keep_knobs(self):
        """Journal the knobs as they are."""
        self.store.put("sandbox.knobs", "knobs", self.knobs.to_json())

    def reset(self):
        """Make the cloud as new: seeds only, counters at zero; knobs stay."""
        for service in self.services:
            service.stop()
        with self.store.lock:
            self.store.clear()
            self._seed()
        self.counters.reset()
        for service in self.services:
            service.start()

    def _listen(self):
        self._server = wsgi.Server(
            (self.host, self.port),
            self._application,
            numthreads=_THREADS,
            request_queue_size=1024,
            timeout=60,
        )
        self._server.gateway = _Gateway
        self._server.keep_alive_conn_limit = 1024
        self._server.prepare()
        self.port = self._server.bind_addr[1]
        self._fill_catalogue()
        self._thread = threading.Thread(target=self._server.serve, name="sandbox-http", daemon=True)
        self._thread.start()

    def _fill_catalogue(self):
        types = {
            "identity": ("identity", "keystone"),
            "compute": ("compute", "nova"),
            "placement": ("placement", "placement"),
            "network": ("network", "neutron"),
            "image": ("image", "glance"),
        }
        entries = []
        for service in self.services:
            kind, name = types.get(service.name, (service.name, service.name))
            # Neutron and glance are listed without their version, as in real clouds.
            path = service.root if service.name in ("network", "image") else service.prefix
            entries.append((kind, name, self.url + path))
        if self.clustering_url:
            entries.append(("clustering", "senlin", self.clustering_url))
        self.identity.catalogue.set_services(entries)

    def stop(self):
        """Stop listening and close the journal; safe to repeat."""
        if self._application is not None:
            self._application.stop()
        if self._server is not None:
            self._server.stop()
            self._thread.join(_START_SECONDS)
            self._server = None
        for service in self.services:
            service.stop()
        if self.store is not None:
            self.store.close()


def _is_there(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
