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

from oslo_config import cfg

from senlin.cmd import startup
from senlin.conf import CONF
from senlin.tests.unit import base


class LibraryDefaultsTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.conf = cfg.ConfigOpts()
        startup.register_library_opts(self.conf)
        self.conf([])

    def test_the_connections_that_answering_requests_takes_are_kept(self):
        pool = self.conf.database.max_pool_size

        self.assertGreaterEqual(pool, CONF.engine.rpc_threads + 2)
        self.assertGreaterEqual(pool, CONF.senlin_api.threads)

    def test_no_worker_opens_more_connections_than_with_the_librarys_defaults(self):
        database = self.conf.database

        self.assertLessEqual(database.max_pool_size + database.max_overflow, 5 + 50)
