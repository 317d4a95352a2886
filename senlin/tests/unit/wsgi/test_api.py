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

import os
import subprocess
import sys

from senlin.tests.unit import base

CODE = """
import webob
from senlin.wsgi import api
print(webob.Request.blank("/").get_response(api.application).status)
from senlin.conf import CONF
print(CONF.host)
"""


class ApplicationTest(base.TestCase):
    """In a process of its own, as a web server would load it."""

    def load(self, **environment):
        kept = {name: value for name, value in os.environ.items() if name[:3] != "OS_"}
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CODE, "--bind", "an argument of the web server"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**kept, **environment},
        )

    def test_it_answers_and_reads_the_files_that_the_environment_names(self):
        files = [
            self.create_tempfiles([(name, f"[DEFAULT]\nhost = {name}\n")], ".conf")[0]
            for name in ("first", "second")
        ]
        done = self.load(OS_SENLIN_CONFIG_FILES=",".join(files))
        self.assertEqual("300 Multiple Choices\nsecond\n", done.stdout, done.stderr)

    def test_it_runs_on_threads_whatever_the_environment_wishes(self):
        done = self.load(OS_SENLIN_DISABLE_EVENTLET_PATCHING="false")
        self.assertNotIn("deprecated", done.stderr)
        self.assertEqual(0, done.returncode, done.stderr)
