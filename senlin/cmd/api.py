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

"""senlin-api: the API on a server of its own."""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import signal
import sys
import threading

from oslo_service import service

from senlin.cmd import startup
from senlin.conf import CONF

BINARY = "senlin-api"


class ApiWorker(service.ServiceBase):
    """One of several API processes; plain data until it is started."""

    def __init__(self):
        self._server = None
        self._stopped = None

    def start(self):
        """Build the application and listen; called in the worker's process."""
        from senlin.api import app
        from senlin.wsgi import server

        self._stopped = threading.Event()
        application = app.build_application(CONF)
        self._server = server.Server(application, CONF.senlin_api, shared_port=True)
        self._server.start()

    def wait(self):
        """Return when the worker was stopped."""
        self._stopped.wait()

    def stop(self):
        """Stop listening and end the requests in progress."""
        from senlin.db import facade

        if self._server is not None:
            self._server.stop()
            facade.dispose()
            self._stopped.set()

    def reset(self):
        """Nothing is kept that a changed configuration would change."""


def _serve():
    """Serve from this process until it is told to end."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    worker = ApiWorker()
    worker.start()
    stopped.wait()
    worker.stop()


def main():
    """Run senlin-api."""
    startup.prepare(BINARY)
    startup.prepare_reports()
    if CONF.senlin_api.workers == 0:
        _serve()
    else:
        launcher = service.ProcessLauncher(CONF, restart_method="reload")
        launcher.launch_service(ApiWorker(), workers=CONF.senlin_api.workers)
        launcher.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
