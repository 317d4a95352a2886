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

"""Saving results in groups: one transaction for what came in within some ms."""

import queue
import threading

from oslo_log import log as logging

from senlin.common import exception
from senlin.db import commits
from senlin.engine import runner

LOG = logging.getLogger(__name__)

_LARGEST_GROUP = 256
_DATABASE_PAUSE = 1.0


class Committer:
    """A thread that saves what steps did.

    :param owner: gives this engine's present service id.
    :param on_saved: called with (ids of actions, senlin.db.commits.Saved) after each
        transaction.
    """

    def __init__(self, services, owner, interval, on_saved):
        self._services = services
        self._owner = owner
        self._interval = interval
        self._on_saved = on_saved
        self._queue = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = None

    def start(self):
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def put(self, results):
        """Have results saved soon. Bounded by the number of claimed actions."""
        self._queue.put(results)

    def stop(self, deadline):
        """Save what is there and end; waits ``deadline`` seconds at most."""
        self._stopping.set()
        self._queue.put([])
        if self._thread is not None:
            self._thread.join(deadline)

    def _run(self):
        while True:
            group = self._gather()
            if group:
                self._save(group)
            elif self._stopping.is_set() and self._queue.empty():
                return

    def _gather(self):
        group = list(self._queue.get())
        if self._stopping.is_set():
            wait = 0
        else:
            wait = self._interval
        clock = self._services.clock
        end = clock.monotonic() + wait
        while len(group) < _LARGEST_GROUP:
            try:
                group += self._queue.get(timeout=max(0.0, end - clock.monotonic()))
            except queue.Empty:
                break
        return group

    def _save(self, group):
        try:
            self._write(group)
        except Exception:  # noqa: BLE001 - one bad result must not take the others along
            LOG.exception("%d results could not be saved together", len(group))
            for result in group:
                self._save_alone(result)

    def _save_alone(self, result):
        try:
            self._write([result])
        except Exception:  # noqa: BLE001 - the action fails rather than hangs
            LOG.exception("The result of action %s cannot be saved", result.action_id)
            try:
                self._write([runner.failed_to_save(result)])
            except Exception:  # noqa: BLE001 - nothing more can be done here
                LOG.exception("Action %s is left to be taken over", result.action_id)
                ids = frozenset([result.action_id])
                self._on_saved(ids, commits.Saved(ids, False))

    def _write(self, group):
        while True:
            try:
                saved = self._services.write(
                    commits.save, self._owner(), group, self._services.clock.time()
                )
                break
            except exception.DatabaseUnavailable as error:
                # The rows stay ours while the database is away; an engine that
                # ends before it is back leaves them to be taken over. What was
                # saved unheard is found saved, and not saved again.
                LOG.warning("The database does not answer: %s", error)
                if self._stopping.wait(_DATABASE_PAUSE):
                    raise
        if saved.lost:
            LOG.warning("Results of actions taken over by others were dropped: %s", saved.lost)
        self._on_saved([result.action_id for result in group], saved)
