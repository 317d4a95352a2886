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

"""Where a campaign plays: the production form of the service on one machine."""

import pathlib

import fixtures
import sqlalchemy as sa

from senlin.tests.chaos import books
from senlin.tests.chaos import wire
from senlin.tests.scenario import deployment
from senlin.tests.scenario import servers

#: What they are told to take it easy: the disk need not have it yet, but what was
#: committed must outlive a kill of the server.
DATABASES = {
    "mysql": (servers.MariaDB, ("--innodb-flush-log-at-trx-commit=2",)),
    "postgresql": (servers.PostgreSQL, ("fsync=off",)),
}
ENGINES = 2
APIS = 2
_OPTIONS = {
    "DEFAULT": {"rpc_response_timeout": "15", "debug": "false"},
    "engine": {
        "workers": "2",
        "heartbeat_interval": "1",
        "lease": "4",
        "scan_interval": "2",
        "poll_interval": "0.5",
        "drain_timeout": "5",
    },
}


class Stage(fixtures.Fixture):
    """A database, a broker, a sandbox and the service, with wires between them.

    :param database: a name of ``DATABASES``.
    :param directory: where configuration and logs are written.
    """

    def __init__(self, database, directory):
        super().__init__()
        self._database = database
        self.directory = pathlib.Path(directory)

    def _setUp(self):
        make, settings = DATABASES[self._database]
        self.database = self.useFixture(make(*settings))
        self.broker = self.useFixture(servers.RabbitMQ())
        self.database_wire = self.useFixture(wire.Wire(self.database.port))
        self.broker_wire = self.useFixture(wire.Wire(self.broker.port))
        self.deployment = self.useFixture(
            deployment.Deployment(
                self.directory,
                self._through(self.database.url, self.database_wire),
                self.broker.url.replace(str(self.broker.port), str(self.broker_wire.port)),
                engines=ENGINES,
                apis=APIS,
                options=_OPTIONS,
            )
        )
        self._admin = self.deployment.connect("admin", "admin")
        # The books are read past the wire, which may be cut.
        name = sa.make_url(self.deployment.database_url).database
        direct = sa.make_url(self.database.url).set(database=name)
        self.books_url = direct.render_as_string(hide_password=False)

    def _through(self, url, cable):
        changed = sa.make_url(url).set(port=cable.port)
        return changed.render_as_string(hide_password=False)

    def servers(self):
        """The servers of all projects, as nova shows them."""
        return list(self._admin.compute.servers(all_projects=True))

    def picture(self):
        """What the database and the cloud show now."""
        return books.take(self.books_url, self.servers())

    def unfinished(self):
        """How many actions have not ended."""
        return books.unfinished(self.books_url)
