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

import ddt

from senlin.hacking import checks
from senlin.tests.unit import base


@ddt.ddt
class ChecksTest(base.TestCase):
    def found(self, check, line, filename="senlin/engine/loop.py"):
        return [text[:4] for _, text in check(line, filename)]

    @ddt.data("time.sleep(3)", "eventlet.sleep(0)", "from time import sleep")
    def test_s301_refuses_sleeping(self, line):
        self.assertEqual(["S301"], self.found(checks.no_sleep, line))

    @ddt.data("stop.wait(3)", "import time", "sleep = 3", "from time import monotonic")
    def test_s301_accepts_waiting(self, line):
        self.assertEqual([], self.found(checks.no_sleep, line))

    def test_s301_leaves_tools_alone(self):
        self.assertEqual([], self.found(checks.no_sleep, "time.sleep(1)", "./tools/bench"))

    @ddt.data(
        "import sqlalchemy as sa",
        "from sqlalchemy import orm",
        "from sqlalchemy.dialects import mysql",
        "import alembic",
        "from oslo_db import exception",
    )
    def test_s302_refuses_sql_in_the_engine(self, line):
        self.assertEqual(["S302"], self.found(checks.sql_only_in_db, line))

    @ddt.data("senlin/db/models.py", "./senlin/db/migrations/env.py", "/src/senlin/db/types.py")
    def test_s302_accepts_sql_in_db(self, filename):
        self.assertEqual([], self.found(checks.sql_only_in_db, "import sqlalchemy", filename))

    @ddt.data("from senlin.db import facade", "from oslo_db import options as db_options")
    def test_s302_accepts_what_is_not_sql(self, line):
        self.assertEqual([], self.found(checks.sql_only_in_db, line))

    @ddt.data(
        "import openstack", "from openstack import exceptions", "import keystoneauth1.session"
    )
    def test_s303_refuses_the_sdk_in_the_engine(self, line):
        self.assertEqual(["S303"], self.found(checks.sdk_only_in_cloud, line))

    @ddt.data("import openstack_extra", "from senlin.cloud import openstack")
    def test_s303_accepts_what_only_sounds_alike(self, line):
        self.assertEqual([], self.found(checks.sdk_only_in_cloud, line))

    @ddt.data("senlin/cloud/session.py", "senlin/osc/plugin.py", "senlin/direct.py")
    def test_s303_accepts_the_sdk_in_cloud_and_in_clients(self, filename):
        found = self.found(checks.sdk_only_in_cloud, "import openstack", filename)
        self.assertEqual([], found)

    @ddt.data('cfg.IntOpt("threads")', "OPTS = [cfg.StrOpt('host')]", "cfg.Opt('x')")
    def test_s304_refuses_options_in_the_engine(self, line):
        self.assertEqual(["S304"], self.found(checks.options_only_in_conf, line))

    @ddt.data("cfg.CONF", 'cfg.SubCommandOpt("command")', "cfg.NoSuchOptError")
    def test_s304_accepts_other_uses(self, line):
        self.assertEqual([], self.found(checks.options_only_in_conf, line))

    def test_s304_accepts_options_in_conf(self):
        found = self.found(checks.options_only_in_conf, "cfg.IntOpt('x')", "senlin/conf/engine.py")
        self.assertEqual([], found)

    @ddt.data("import eventlet", "from eventlet import queue", "import greenlet")
    def test_s305_refuses_eventlet(self, line):
        self.assertEqual(["S305"], self.found(checks.eventlet_only_in_concurrency, line))

    def test_s305_accepts_eventlet_where_the_choice_is_made(self):
        found = self.found(
            checks.eventlet_only_in_concurrency,
            "import eventlet",
            "senlin/common/concurrency.py",
        )
        self.assertEqual([], found)
