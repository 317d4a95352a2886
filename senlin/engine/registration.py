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

"""Signs of life, and taking over from those who give none."""

import threading
import uuid

from oslo_log import log as logging

from senlin.db import claims
from senlin.db import locks
from senlin.db import services as db_services
from senlin.rpc import versions

LOG = logging.getLogger(__name__)


class Registration:
    """This process's row in the service table, and its eye on the others'.

    Another engine is dead when its counter has stood still for a lease by this
    process's own clock: clocks of different hosts are never compared.

    :param on_work: called when actions became due by a take-over.
    """

    def __init__(self, services, host, binary, topic, *, interval, lease, scan_interval, on_work):
        self._services = services
        self._host = host
        self._binary = binary
        self._topic = topic
        self._interval = interval
        self._lease = lease
        self._scan_interval = scan_interval
        self._on_work = on_work
        self._id = None
        self._seen = {}
        self._next_scan = 0.0
        self._valid_until = 0.0
        self._beaten_at = None
        self._stopping = threading.Event()
        self._thread = None
        self.alone = False

    @property
    def id(self):
        """The present service id; another one after the registration was lost."""
        return self._id

    @property
    def seconds_since_beat(self):
        """How long ago the database took a sign of life; None before the first."""
        if self._beaten_at is None:
            return None
        return self._services.clock.monotonic() - self._beaten_at

    def holds(self, owner):
        """Whether what was claimed under this id is surely still this process's.

        Others take over a lease after the last sign of life that they have seen,
        which was given after the moment that is kept here.
        """
        return owner == self._id and self._services.clock.monotonic() < self._valid_until

    def start(self, replace_host=False):
        """Announce this process.

        :param replace_host: take others of this kind on this host for dead at
            once; only right where there can be but one.
        """
        if replace_host:
            self._services.write(
                db_services.remove_of_host, self._host, self._binary, self._services.clock.time()
            )
        self._register()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self, deadline):
        """Sign off; what this process still owns is free for others."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(deadline)
        if self._id is not None:
            self._services.write(db_services.remove, [self._id], self._services.clock.time())

    def check(self):
        """One round: beat, look for the dead, pull the safety nets."""
        now, moment = self._services.clock.time(), self._services.clock.monotonic()
        if self._services.write(db_services.beat, self._id, now):
            self._valid_until = moment + self._lease
        else:
            LOG.warning("This engine was taken for dead: it registers anew and drops its work")
            self._register()
        self._beaten_at = self._services.clock.monotonic()
        dead = self._dead(self._services.read(db_services.heartbeats))
        work = 0
        if dead:
            LOG.warning("Engines that give no sign of life are taken for dead: %s", dead)
            work += self._services.write(db_services.remove, dead, now)
        if self._services.clock.monotonic() >= self._next_scan:
            self._next_scan = self._services.clock.monotonic() + self._scan_interval
            work += self._services.write(claims.release_unregistered, now)
            work += self._services.write(locks.wake_forgotten, now)
        if work:
            self._on_work()

    def _register(self):
        self._id = str(uuid.uuid4())
        self._valid_until = self._services.clock.monotonic() + self._lease
        self._services.write(
            db_services.register,
            self._id,
            self._host,
            self._binary,
            self._topic,
            versions.RELEASE,
            self._services.clock.time(),
        )
        self._beaten_at = self._services.clock.monotonic()

    def _dead(self, heartbeats):
        moment = self._services.clock.monotonic()
        others = {
            key: beat
            for key, (binary, beat) in heartbeats.items()
            if binary == self._binary and key != self._id
        }
        self.alone = not others
        dead = []
        for key, beat in others.items():
            known = self._seen.get(key)
            if known is None or known[0] != beat:
                self._seen[key] = (beat, moment)
            elif moment - known[1] > self._lease:
                dead.append(key)
        self._seen = {key: value for key, value in self._seen.items() if key in others}
        return dead

    def _run(self):
        while not self._stopping.wait(self._interval):
            try:
                self.check()
            except Exception:  # noqa: BLE001 - a database that is away must not end it
                LOG.exception("The heartbeat failed")
