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

"""Doing harm by plan, and undoing it."""

import collections
import concurrent.futures
import logging
import os
import signal
import threading
import time

from senlin.tests.chaos import cloud_faults

LOG = logging.getLogger(__name__)

_HANDS = 16
_COMMIT = b"COMMIT"


class Faults:
    """Brings the faults of a plan upon a stage.

    :param stage: a ``stage.Stage``.
    :ivar done: kind -> how often it was done.
    :ivar vanished: ids of servers that were taken away behind the service's back.
    """

    def __init__(self, stage):
        self._deployment = stage.deployment
        self._database = stage.database
        self._database_wire = stage.database_wire
        self._broker = stage.broker
        self._broker_wire = stage.broker_wire
        self._locks = collections.defaultdict(threading.Lock)
        self._undo_now = threading.Event()
        self.cloud = cloud_faults.CloudFaults(stage)
        self.done = collections.Counter()
        self.problems = []

    def run(self, plan, started, stopped):
        """Bring all faults, each at its time; returns when they are undone.

        :param started: ``time.monotonic()`` of the plan's beginning.
        :param stopped: an Event that ends it early.
        """
        with concurrent.futures.ThreadPoolExecutor(_HANDS, "fault") as hands:
            for fault in plan.faults:
                if stopped.wait(max(0.0, started + fault.at - time.monotonic())):
                    break
                hands.submit(self._bring, fault)
            stopped.wait(max(0.0, started + plan.seconds - time.monotonic()))
            self._undo_now.set()

    def heal(self):
        """Have everything run again, whatever was broken."""
        self.cloud.heal()
        self._database_wire.mute(b"", 0)
        self._broker_wire.mute(b"", 0)

    def _bring(self, fault):
        family, _, what = fault.kind.partition("_")
        number = fault.which if family in ("engine", "worker", "api") else 0
        # What a fault has broken must work again before the next one breaks it.
        place = {"worker": "engine"}.get(family, family)
        place = "wire" if what.startswith("wire") else place
        place = fault.kind if family in ("cloud", "server") else place
        try:
            with self._locks[place, number]:
                if self._undo_now.is_set():
                    return
                LOG.info("Fault %s", fault)
                getattr(self, f"_{fault.kind}", self._cloud_fault)(fault)
                self.done[fault.kind] += 1
                LOG.info("Undone: %s", fault.kind)
        except Exception as error:  # noqa: BLE001 - told by the report, as a failure
            LOG.exception("The fault %s could not be done", fault)
            self.problems.append(f"{fault.kind}: {type(error).__name__}: {error}")

    def _wait(self, fault):
        self._undo_now.wait(fault.seconds)

    # Daemons ----------------------------------------------------------------

    def _engine_kill(self, fault):
        engine = self._deployment.engines[fault.which]
        engine.kill()
        self._wait(fault)
        engine.start()

    def _engine_stop(self, fault):
        engine = self._deployment.engines[fault.which]
        engine.stop()
        engine.start()

    def _engine_hang(self, fault):
        pids = self._deployment.engines[fault.which].pids()
        _signal(pids, signal.SIGSTOP)
        try:
            self._wait(fault)
        finally:
            _signal(pids, signal.SIGCONT)

    def _engine_reload(self, fault):
        self._deployment.engines[fault.which].signal(signal.SIGHUP)

    def _worker_kill(self, fault):
        engine = self._deployment.engines[fault.which]
        workers = [pid for pid in engine.pids() if pid != engine.pid]
        if workers:
            _signal([workers[int(fault.lot * len(workers))]], signal.SIGKILL)

    def _api_kill(self, fault):
        api = self._deployment.apis[fault.which]
        api.kill()
        self._wait(fault)
        api.start()

    def _api_stop(self, fault):
        api = self._deployment.apis[fault.which]
        api.stop()
        api.start()

    # Database and broker ------------------------------------------------------

    def _database_kill(self, fault):
        self._interrupt(self._database, self._database.kill, fault)

    def _database_stop(self, fault):
        self._interrupt(self._database, self._database.stop, fault)

    def _database_hang(self, fault):
        self._hang(self._database, fault)

    def _database_cut(self, fault):
        self._database.cut_connections()

    def _database_wire_cut(self, fault):
        self._database_wire.cut()

    def _database_wire_mute(self, fault):
        self._mute(self._database_wire, _COMMIT, fault)

    def _broker_kill(self, fault):
        self._interrupt(self._broker, self._broker.kill, fault)

    def _broker_hang(self, fault):
        self._hang(self._broker, fault)

    def _broker_cut(self, fault):
        self._broker.cut_connections()

    def _broker_wire_cut(self, fault):
        self._broker_wire.cut()

    def _broker_wire_mute(self, fault):
        self._mute(self._broker_wire, b"", fault)

    def _interrupt(self, server, end, fault):
        end()
        self._wait(fault)
        server.start()

    def _hang(self, server, fault):
        server.pause()
        try:
            self._wait(fault)
        finally:
            server.resume()

    def _mute(self, wire, pattern, fault):
        wire.mute(pattern, fault.rate / 2)
        try:
            self._wait(fault)
        finally:
            wire.mute(b"", 0)

    # The cloud ------------------------------------------------------------------

    def _cloud_fault(self, fault):
        undo = self.cloud.bring(fault)
        try:
            self._wait(fault)
        finally:
            undo()


def _signal(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            # It has ended by itself meanwhile.
            continue
