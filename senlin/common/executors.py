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

"""Pools of workers, native and green, which are the same to their users.

Got through :func:`senlin.common.concurrency.make_executor`.
"""

import concurrent.futures
import queue
import threading

import futurist
from futurist import rejection

from senlin.common import turns


def _refusal(queue_limit: int | None):
    return None if queue_limit is None else rejection.reject_when_reached(queue_limit)


class NativePool(futurist.ThreadPoolExecutor):
    """A pool of threads which say in logs and stack dumps whose they are."""

    def __init__(self, name: str, size: int, queue_limit: int | None = None):
        super().__init__(max_workers=size, check_and_reject=_refusal(queue_limit))
        self._name = name

    def submit(self, fn, /, *args, **kwargs):
        """Run a call in the pool; gives its future.

        :raises futurist.RejectedSubmission: as many calls wait as may.
        """
        return super().submit(self._run, fn, args, kwargs)

    def _run(self, fn, args, kwargs):
        thread = threading.current_thread()
        if not thread.name.startswith(self._name):
            thread.name = f"{self._name}-{thread.native_id}"
        return fn(*args, **kwargs)


class TurnPool(concurrent.futures.Executor):
    """A pool of threads that compute a few at a time; see ``senlin.common.turns``.

    :param at_once: those that do, until they have waited or worked for long.
    """

    def __init__(self, name: str, size: int, queue_limit: int, at_once: int):
        self._calls = turns.Turns(queue_limit, at_once)
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn, /, *args, **kwargs):
        """Run a call in the pool; gives its future.

        :raises futurist.RejectedSubmission: as many calls wait as may.
        """
        future = concurrent.futures.Future()
        try:
            self._calls.put((future, fn, args, kwargs), timeout=0)
        except queue.Full as error:
            raise futurist.RejectedSubmission() from error
        return future

    def shutdown(self, wait=True):
        """End the threads, after the calls that wait; return then, if asked to."""
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _run(self):
        while (call := self._calls.get()) is not None:
            future, fn, args, kwargs = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                future.set_exception(error)


class GreenPool(futurist.GreenThreadPoolExecutor):
    """A pool of eventlet's green threads, which have no names."""

    def __init__(self, name: str, size: int, queue_limit: int | None = None):
        super().__init__(max_workers=size, check_and_reject=_refusal(queue_limit))
        self.name = name
