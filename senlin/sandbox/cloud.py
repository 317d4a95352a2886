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

"""The simulated cloud without its HTTP server: store, services, application."""

import contextlib
import importlib
import os

from senlin.common import clock as system_clock
from senlin.sandbox import application
from senlin.sandbox import control
from senlin.sandbox import knobs as knobs_module
from senlin.sandbox import store as store_module
from senlin.sandbox.identity import service as identity_service
from senlin.sandbox.image import service as image_service
from senlin.sandbox.network import service as network_service

JOURNAL = "cloud.journal"

# Mounted after identity, network and image; made with what Cloud._build hands over.
FURTHER_SERVICES = (
    "senlin.sandbox.compute.service:ComputeService",
    "senlin.sandbox.placement:PlacementService",
)
# Service -> its type and name in the catalogue.
_CATALOGUE = {
    "identity": ("identity", "keystone"),
    "compute": ("compute", "nova"),
    "placement": ("placement", "placement"),
    "network": ("network", "neutron"),
    "image": ("image", "glance"),
}


class Cloud:
    """Everything but the listening.

    :param state_dir: where the journal lives; None keeps all in memory.
    :param clustering_url: the catalogue's endpoint of the clustering service;
        None leaves it out.
    :param notifier: called as ``notifier(publisher_id, event_type, payload,
        priority)`` for each of Nova's notifications; None sends none.
    :param knobs: a :class:`~senlin.sandbox.knobs.Knobs`; None takes those the
        journal has kept, or the defaults.
    :param clock: see :class:`senlin.common.clock.Clock`.
    :param token_lifetime: seconds.
    :raises StoreInUse: when another process has the state directory.
    """

    def __init__(
        self,
        state_dir=None,
        clustering_url=None,
        notifier=None,
        knobs=None,
        clock=None,
        token_lifetime=3600,
    ):
        path = None
        if state_dir is not None:
            os.makedirs(state_dir, exist_ok=True)
            path = os.path.join(state_dir, JOURNAL)
        self.clustering_url = clustering_url
        self.clock = clock or system_clock.SystemClock()
        self.counters = knobs_module.Counters()
        self.base_url = None
        self.store = store_module.Store(path)
        with contextlib.ExitStack() as undo:
            undo.callback(self.store.close)
            self.knobs = knobs or self._kept_knobs()
            self._build(notifier, token_lifetime)
            undo.pop_all()

    def _kept_knobs(self):
        kept = self.store.table("sandbox.knobs").get("knobs", {})
        return knobs_module.Knobs(**kept)

    def _build(self, notifier, token_lifetime):
        self.identity = identity_service.IdentityService(self.store, self.clock, token_lifetime)
        self.network = network_service.NetworkService(self.store, self.identity, self.clock)
        self.image = image_service.ImageService(self.store, self.identity, self.clock)
        self.services = [self.identity, self.network, self.image]
        parts = (
            self.store, self.knobs, self.identity, self.network, self.image, notifier, self.clock,
        )  # fmt: skip
        for reference in FURTHER_SERVICES:
            module, _, name = reference.partition(":")
            self.services.append(getattr(importlib.import_module(module), name)(*parts))
        self.application = application.Application(
            self.identity, self.knobs, self.counters, self.clock
        )
        for service in (*self.services, control.ControlService(self)):
            self.application.mount(service)

    @property
    def compute(self):
        """The compute service."""
        return next(service for service in self.services if service.name == "compute")

    @property
    def auth_url(self):
        """What clients take as OS_AUTH_URL."""
        return self.base_url + self.identity.prefix

    def open(self, base_url):
        """Seed a new cloud, or go on with the one in the journal.

        :param base_url: where the application is served.
        """
        self.base_url = base_url
        entries = []
        for service in self.services:
            kind, name = _CATALOGUE[service.name]
            # Neutron and glance are listed without their version, as in real clouds.
            path = service.root if service.name in ("network", "image") else service.prefix
            entries.append((kind, name, base_url + path))
        if self.clustering_url:
            entries.append(("clustering", "senlin", self.clustering_url))
        self.identity.catalogue.set_services(entries)
        if not self.store.table("identity.users"):
            self._seed()
        self.keep_knobs()
        for service in self.services:
            service.start()

    def _seed(self):
        for service in self.services:
            service.reset()

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
            self.keep_knobs()
        self.counters.reset()
        for service in self.services:
            service.start()

    def close(self):
        """Stop the services and close the journal."""
        for service in self.services:
            service.stop()
        self.store.close()
