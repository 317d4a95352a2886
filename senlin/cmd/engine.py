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

"""senlin-engine: the daemon that runs actions."""

from senlin.common import concurrency

concurrency.setup()

import sys
import threading

from oslo_service import service

from senlin.cmd import forking
from senlin.cmd import startup
from senlin.conf import CONF
from senlin.engine.service import EngineService

BINARY = "senlin-engine"


class EngineWorker(service.ServiceBase):
    """An engine as a child of the launcher; plain data until it is started.

    The launcher forks while it has threads, at start and whenever a worker
    died: anything built before the fork could be a lock that nobody releases.
    """

    def __init__(self, host):
        self.engine = EngineService(host, BINARY)
        self._stopped = None

    def start(self):
        """Build everything and begin to work; called in the worker's process."""
        self._end()
        self.engine.start()

    def wait(self):
        """Return when the worker was stopped."""
        self._end().wait()

    def stop(self):
        """Drain: what was begun is saved, the rest is left to other engines."""
        if self._stopped is not None:
            self.engine.stop(deadline=CONF.engine.drain_timeout)
            self._stopped.set()

    def _end(self):
        """The event of the end, made in the worker's process by who needs it first.

        Threads are started before they are waited for; green threads after.
        """
        if self._stopped is None:
            self._stopped = threading.Event()
        return self._stopped

    def reset(self):
        """Never called: on SIGHUP the launcher replaces the worker."""


def main():
    """Run senlin-engine."""
    startup.prepare(BINARY)
    startup.prepare_reports()
    startup.allow_to_drain(CONF.engine.drain_timeout)
    forking.prepare()
    launcher = service.ProcessLauncher(CONF, restart_method="reload")
    launcher.launch_service(EngineWorker(CONF.host), workers=CONF.engine.workers)
    launcher.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
