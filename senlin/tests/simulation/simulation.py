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

"""Running schedules by number: the same number, the same schedule."""

import contextlib
import gc
import logging
import random

from senlin.tests.simulation import engines
from senlin.tests.simulation import schedule
from senlin.tests.simulation import scheduler as schedulers
from senlin.tests.simulation import storage as sim_storage


class Simulation:
    """Runs one schedule after the other, on one database that is emptied in between.

    :param url: that of an empty database; None = one in memory.
    """

    def __init__(self, url=None):
        self._threads = schedulers.Threads()
        self._storage = sim_storage.Storage(self._threads, url)

    @contextlib.contextmanager
    def installed(self):
        """Put the simulated database and threads in the place of the real ones."""
        level = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            with self._storage.installed(), engines.on_scheduler(self._threads):
                yield self
        finally:
            logging.disable(level)

    def close(self):
        """Let go of the database."""
        self._storage.close()

    def run(self, choices):
        """Run one schedule.

        :param choices: a ``random.Random`` from which all follows.
        :returns: the :class:`senlin.tests.simulation.schedule.Schedule` that was run.
        :raises senlin.tests.simulation.schedule.Violation: if the books do not balance.
        """
        done = schedule.Schedule(choices, self._storage, self._threads)
        done.run()
        return done

    def run_seed(self, seed):
        """Run the schedule with a number."""
        return self.run(random.Random(seed))


def quieten():
    """Leave what exists already out of garbage collection, for speed."""
    gc.collect()
    gc.freeze()
