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

import threading

import futurist
from futurist import rejection


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


class GreenPool(futurist.GreenThreadPoolExecutor):
    """A pool of eventlet's green threads, which have no names."""

    def __init__(self, name: str, size: int, queue_limit: int | None = None):
        super().__init__(max_workers=size, check_and_reject=_refusal(queue_limit))
        self.name = name
