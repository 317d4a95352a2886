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

"""The API as a WSGI application, for gunicorn, uWSGI and mod_wsgi.

The name to give them is ``senlin.wsgi.api:application``. Configuration is read
from the usual places, or from the files named in ``OS_SENLIN_CONFIG_FILES``
(separated by commas): a web server's own arguments are not ours to parse.
"""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import os
import threading

from senlin.cmd import startup


class _Monitored:
    """Starts the server of a process's metrics with the process's first request.

    Before that it is not known whether this process will be forked.
    """

    def __init__(self, wrapped):
        self._wrapped = wrapped
        self._lock = threading.Lock()
        self._monitor = None

    def __call__(self, environ, start_response):
        if self._monitor is None:
            with self._lock:
                if self._monitor is None:
                    made = startup.api_monitor(self._wrapped)
                    made.start()
                    self._monitor = made
        return self._wrapped(environ, start_response)


_files = os.environ.get("OS_SENLIN_CONFIG_FILES", "")
_arguments = [word for path in _files.split(",") if path for word in ("--config-file", path)]

application = _Monitored(startup.api_application("senlin-api", _arguments))
