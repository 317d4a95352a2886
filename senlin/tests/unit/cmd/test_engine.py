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


import subprocess
import sys

from senlin.tests.unit import base

CODE = """
import pickle, threading
from senlin.cmd import engine
worker = engine.EngineWorker("here")
copy = pickle.loads(pickle.dumps(worker))
print(copy.engine.host, [thread.name for thread in threading.enumerate()])
"""


class EngineWorkerTest(base.TestCase):
    def test_a_worker_can_cross_a_fork_or_a_spawn(self):
        """It is plain data, and nothing has started a thread before it."""
        out = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CODE],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.assertEqual("here ['MainThread']\n", out.stdout, out.stderr)
