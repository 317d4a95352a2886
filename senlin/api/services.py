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


"""What a process of the API works with, made when the first request needs it.

A web server may load the application in a parent process and fork its workers
afterwards; connections made before that would be shared by all of them.
"""

import threading

from senlin.api import idempotency
from senlin.db import facade


class Services:
    """The engine's client, the database, and settings read once.

    :param make_engine: makes the client of the engine; called once, lazily.
    """

    def __init__(self, conf, make_engine):
        self.conf = conf
        self.max_body_bytes = conf.senlin_api.max_json_body_size
        self.response_validation = conf.senlin_api.response_validation
        self.keys = idempotency.Keys(self)
        self._make_engine = make_engine
        self._engine = None
        self._database_is_open = False
        self._lock = threading.Lock()

    @property
    def engine(self):
        """The client of the engine."""
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = self._make_engine()
        return self._engine

    def read(self, function, *args, **kwargs):
        """Call ``function(connection, ...)`` inside a read transaction."""
        self.open_database()
        return facade.read(function, *args, **kwargs)

    def write(self, function, *args, **kwargs):
        """Call ``function(connection, ...)`` inside a write transaction."""
        self.open_database()
        return facade.write(function, *args, **kwargs)

    def open_database(self):
        """Make sure that ``senlin.db.facade`` can be used."""
        if self._database_is_open:
            return
        with self._lock:
            if self._database_is_open:
                return
            try:
                facade.engine()
            except RuntimeError:
                # Nobody else in this process, such as an engine, has done it.
                facade.configure()
            self._database_is_open = True
