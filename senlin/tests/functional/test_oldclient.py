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

"""The last released python-senlinclient, on the stack of its own time."""

import os
import pathlib
import subprocess
import sys

from senlin.tests.functional import base

TOOL = pathlib.Path(__file__).resolve().parents[3] / "tools" / "oldclient"
PATIENCE = 1800


class OldClientTest(base.TestCase):
    def test_each_of_its_commands_works(self):
        done = subprocess.run(
            [sys.executable, str(TOOL), "--cloud", "senlin", "--admin-cloud", "senlin-admin"],
            env={
                **os.environ,
                "OS_CLIENT_CONFIG_FILE": str(self.service.directory / "clouds.yaml"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertRegex(done.stdout.splitlines()[-1], r"^[1-9]\d* passed, 0 failed$")
