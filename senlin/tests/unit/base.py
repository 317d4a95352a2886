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

"""What all unit tests share."""

import ipaddress
import socket
import warnings

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from senlin import conf as senlin_conf
from senlin.cmd import startup
from senlin.tests import database


class NoOutsideNetwork(fixtures.Fixture):
    """Lets tests connect to this machine only."""

    def _setUp(self):
        connect = socket.socket.connect

        def checked(sock, address):
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                host = address[0]
                if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                    raise AssertionError(f"a test tried to connect to {address}")
            return connect(sock, address)

        self.useFixture(fixtures.MonkeyPatch("socket.socket.connect", checked))


class Warnings(fixtures.Fixture):
    """Makes errors of the warnings that foretell broken database code."""

    def _setUp(self):
        self.addCleanup(warnings.resetwarnings)
        warnings.filterwarnings("error", message=".*cartesian product.*")
        warnings.filterwarnings("error", message=".*garbage-collected.*")


class TestCase(base.BaseTestCase):
    """A test with the service's options at their defaults and no network.

    :ivar conf: the service's configuration.
    """

    def setUp(self):
        super().setUp()
        self.useFixture(NoOutsideNetwork())
        self.useFixture(Warnings())
        self.conf = senlin_conf.CONF
        startup.register_library_opts(self.conf)
        self._config = self.useFixture(config_fixture.Config(self.conf))
        self.conf([], project="senlin", default_config_files=[], default_config_dirs=[])

    def config(self, group: str | None = None, **values):
        """Set options for the time of this test."""
        self._config.config(group=group, **values)


class DatabaseTestCase(TestCase):
    """A test with an empty database of its own behind ``senlin.db.facade``.

    :ivar database: the :class:`senlin.tests.database.Database`.
    """

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database())
