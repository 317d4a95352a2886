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

import sys
import threading

from oslo_service import service

from senlin.cmd import forking
from senlin.cmd import startup
from senlin.conf import CONF
from senlin.wsgi import server as wsgi_server

BINARY = "senlin-api"


class ApiWorker(service.ServiceBase):
    """One of several API processes; next to nothing until it is started.

    :param listener: the socket that all of them accept connections from.
    """

    def __init__(self, listener=None):
        self._listener = listener
        self._server = None
        self._monitor = None
        self._stopped = None

    def start(self):
        """Build the application and listen; called in the worker's process."""
        from senlin.api import app

        self._stopped = threading.Event()
        application = app.build_application(CONF)
        self._server = wsgi_server.Server(application, CONF.senlin_api, listener=self._listener)
        self._server.start()
        self._monitor = startup.api_monitor(application)
        self._monitor.start()

    def wait(self):
        """Return when the worker was stopped."""
        self._stopped.wait()

    def stop(self):
        """Stop listening and end the requests in progress.

        :returns: whether all of them ended in time.
        """
        from senlin.db import facade

        if self._server is None:
            return True
        ended = self._server.stop()
        self._monitor.stop()
        facade.dispose()
        self._stopped.set()
        return ended

    def reset(self):
        """Never called: on SIGHUP the launcher replaces the worker."""


def _serve():
    """Serve from this process until it is told to end."""
    signals = startup.Signals()
    worker = ApiWorker()
    worker.start()
    signals.wait_for_end()
    return startup.leave(worker.stop())


def main():
    """Run senlin-api."""
    startup.prepare(BINARY)
    startup.prepare_reports()
    if CONF.senlin_api.workers == 0:
        return _serve()
    startup.allow_to_drain(CONF.senlin_api.drain_timeout)
    # What workers need is loaded once, and shared.
    from senlin.api import app  # noqa: F401

    forking.prepare()
    launcher = service.ProcessLauncher(CONF, restart_method="reload")
    worker = ApiWorker(wsgi_server.listen(CONF.senlin_api))
    launcher.launch_service(worker, workers=CONF.senlin_api.workers)
    launcher.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
