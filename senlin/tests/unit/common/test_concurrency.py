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
import threading
import unittest

import futurist

from senlin.common import concurrency
from senlin.tests.unit import base

NATIVE_ONLY = unittest.skipUnless(concurrency.is_threading(), "of native threads")


def run_python(code, *arguments, **environment):
    """Run code in a fresh interpreter and give its output, both streams."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    ).stdout


SETUP = "from senlin.common import concurrency; print(concurrency.setup())"


class SetupTest(base.TestCase):
    def config_file(self, text):
        return self.create_tempfiles([("senlin", text)])[0]

    def test_threads_are_the_default(self):
        self.assertEqual("threading\n", run_python(SETUP))

    def test_a_false_environment_variable_asks_for_eventlet(self):
        out = run_python(SETUP, OS_SENLIN_DISABLE_EVENTLET_PATCHING="false")
        self.assertEqual("eventlet", out.splitlines()[-1])

    def test_eventlet_is_announced_as_deprecated(self):
        out = run_python(SETUP, OS_SENLIN_DISABLE_EVENTLET_PATCHING="0")
        self.assertIn("deprecated", out)

    def test_the_environment_wins_over_the_configuration(self):
        path = self.config_file("[DEFAULT]\nconcurrency_backend = eventlet\n")
        out = run_python(SETUP, "--config-file", path, OS_SENLIN_DISABLE_EVENTLET_PATCHING="1")
        self.assertEqual("threading\n", out)

    def test_the_configuration_wins_over_the_default(self):
        path = self.config_file("[DEFAULT]\nconcurrency_backend = eventlet\n")
        out = run_python(SETUP, f"--config-file={path}")
        self.assertEqual("eventlet", out.splitlines()[-1])

    def test_auto_leaves_the_choice_to_the_program(self):
        path = self.config_file("[DEFAULT]\nconcurrency_backend = auto\n")
        self.assertEqual("threading\n", run_python(SETUP, "--config-file", path))

    def test_other_arguments_of_the_program_are_left_alone(self):
        self.assertEqual("threading\n", run_python(SETUP, "--port", "0", "sync"))

    def test_an_environment_variable_that_is_no_boolean_is_refused(self):
        out = run_python(SETUP, OS_SENLIN_DISABLE_EVENTLET_PATCHING="perhaps")
        self.assertIn("must be a boolean, not 'perhaps'", out)

    def test_a_program_for_web_servers_ignores_the_wish_for_eventlet(self):
        out = run_python(
            "from senlin.common import concurrency; print(concurrency.setup(threading_only=True))",
            OS_SENLIN_DISABLE_EVENTLET_PATCHING="false",
        )
        self.assertEqual("threading\n", out)

    def test_eventlet_cannot_be_imported_once_threads_are_chosen(self):
        out = run_python(SETUP + "; import eventlet")
        self.assertIn("ImportError: eventlet is not used", out)

    def test_threads_are_refused_when_eventlet_is_loaded_already(self):
        out = run_python("import eventlet; " + SETUP)
        self.assertIn("eventlet was imported before", out)

    def test_oslo_service_is_told(self):
        out = run_python(
            SETUP + "; from oslo_service import backend; print(backend.get_backend_type())"
        )
        self.assertIn("THREADING", out)

    def test_a_second_call_gives_the_first_choice(self):
        first = concurrency.setup()
        self.assertEqual(first, concurrency.setup(default="other"))


class ExecutorTest(base.TestCase):
    def test_it_answers_with_the_calls_result(self):
        pool = concurrency.make_executor("sums", 2)
        self.addCleanup(pool.shutdown)
        self.assertEqual(5, pool.submit(lambda a, b: a + b, 2, b=3).result(timeout=10))

    @NATIVE_ONLY
    def test_its_threads_bear_its_name(self):
        pool = concurrency.make_executor("cloud-calls", 1)
        self.addCleanup(pool.shutdown)
        name = pool.submit(lambda: threading.current_thread().name).result(timeout=10)
        self.assertTrue(name.startswith("cloud-calls"), name)

    @NATIVE_ONLY
    def test_calls_beyond_the_queues_limit_are_refused(self):
        for at_once in (None, 1):
            release, running = threading.Event(), threading.Event()
            pool = concurrency.make_executor("bounded", 1, queue_limit=1, at_once=at_once)
            self.addCleanup(pool.shutdown)
            self.addCleanup(release.set)

            def work(release=release, running=running):
                running.set()
                release.wait(10)

            pool.submit(work)
            self.assertTrue(running.wait(10))
            pool.submit(work)
            self.assertRaises(futurist.RejectedSubmission, pool.submit, work)


@NATIVE_ONLY
class TurnPoolTest(base.TestCase):
    def pool(self, size=2, queue_limit=10, at_once=1):
        made = concurrency.make_executor("turns", size, queue_limit, at_once)
        self.addCleanup(made.shutdown)
        return made

    def test_it_answers_with_the_calls_result_or_error(self):
        pool = self.pool()
        self.assertEqual(3, pool.submit(sum, (1, 2)).result(10))
        self.assertRaises(ZeroDivisionError, pool.submit(divmod, 1, 0).result, 10)
        self.assertEqual(7, pool.submit(sum, (3, 4)).result(10))

    def test_a_call_that_takes_long_lets_another_begin(self):
        pool = self.pool(at_once=1)
        begun = threading.Event()
        first = pool.submit(begun.wait, 10)
        pool.submit(begun.set)
        self.assertTrue(first.result(10))

    def test_calls_that_wait_are_run_before_its_end(self):
        pool = self.pool()
        calls = [pool.submit(sum, (number,)) for number in range(10)]
        pool.shutdown()
        self.assertEqual(list(range(10)), [call.result(0) for call in calls])
