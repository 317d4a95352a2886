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

"""Many threads of many processes in one thread, in an order that a seed decides.

Code under simulation runs in tasks (greenlets). A task gives way only at *points*:
before and after each transaction and each call to the cloud, and where it waits. There
the scheduler may let another task go on, or do to its process what fate has in store: kill
it, or have it stand still for a while. Time passes only when everybody waits.
"""

import collections
import dataclasses
import queue
import threading
import typing

import greenlet  # noqa: S305 - tasks in one thread, which is what is tested here

#: Virtual seconds that pass at each point, so that moments differ.
_TICK = 0.001


class Killed(greenlet.GreenletExit):
    """The process of this task does not exist any more."""


@dataclasses.dataclass(eq=False, slots=True)
class Trap:
    """Something that happens to a process at one of its next points.

    ``kind``: ``kill``, ``freeze``, or a word that the code at the point knows.
    ``at``: the first letters of the labels of the points that count. ``skip``: how
    many of those are passed before. ``times``: at how many it then happens.
    """

    kind: str
    at: str = ""
    skip: int = 0
    times: int = 1
    seconds: float = 0.0


@dataclasses.dataclass(eq=False, slots=True)
class Process:
    """What dies and stands still as a whole."""

    name: str
    alive: bool = True
    frozen_until: float = 0.0
    traps: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(eq=False, slots=True)
class _Task:
    process: Process
    wake_at: float | None
    body: typing.Any = None
    values: dict = dataclasses.field(default_factory=dict)


class Scheduler:
    """Runs tasks one point at a time.

    :param random: decides which task is next, of those that can go on.
    """

    def __init__(self, random):
        self.now = 1_000_000.0
        self._random = random
        self._tasks = []
        self._hub = greenlet.getcurrent()
        self._current = None
        self._values = {}

    @property
    def process(self):
        """The process that runs now; None outside of all tasks."""
        return self._current and self._current.process

    @property
    def values(self):
        """The values that belong to the task that runs now."""
        return self._current.values if self._current else self._values

    def spawn(self, process, function, *arguments):
        """Start a task; it first runs when the scheduler chooses it."""
        task = _Task(process, self.now)

        def body():
            try:
                function(*arguments)
            finally:
                if task in self._tasks:
                    self._tasks.remove(task)

        task.body = greenlet.greenlet(body, self._hub)
        self._tasks.append(task)
        return task

    def has_tasks(self, process):
        """Whether a process has anything left to do."""
        return any(task.process is process for task in self._tasks)

    def is_running(self, task):
        """Whether a task has not ended."""
        return task in self._tasks

    def point(self, label):
        """Give way; gives the kind of the trap that the code here is to act on, or None.

        Code outside of all tasks does not give way.
        """
        task = self._current
        if task is None:
            return None
        self.now += _TICK
        trap = self._trap(task.process, label)
        if trap is not None and trap.kind == "kill":
            self.kill(task.process)
            raise Killed()
        if trap is not None and trap.kind == "freeze":
            task.process.frozen_until = self.now + trap.seconds
        self._give_way(task, self.now)
        return trap and trap.kind

    def wait(self, seconds, waiters=None):
        """Stand still for ``seconds`` (None = for ever), or until woken as one of ``waiters``."""
        task = self._current
        if task is None:
            raise RuntimeError("Only tasks can wait.")
        if waiters is not None:
            waiters.append(task)
        self._give_way(task, None if seconds is None else self.now + seconds)
        if waiters is not None and task in waiters:
            waiters.remove(task)

    def wake(self, waiters):
        """Let those go on that wait."""
        for task in waiters:
            task.wake_at = self.now
        waiters.clear()

    def kill(self, process):
        """End all tasks of a process, whatever they are at."""
        process.alive = False
        for task in [t for t in self._tasks if t.process is process and t is not self._current]:
            self._end(task)

    def close(self):
        """End all tasks."""
        for task in list(self._tasks):
            task.process.alive = False
            self._end(task)

    def step(self, until=float("inf")):
        """Run one task to its next point, letting time pass if all wait.

        :param until: how far time may pass.
        :returns: False if nothing goes on until then.
        """
        ready = [t for t in self._tasks if self._moment(t) <= self.now]
        if not ready:
            moment = min((self._moment(t) for t in self._tasks), default=float("inf"))
            if moment > until or moment == float("inf"):
                return False
            self.now = moment
            ready = [t for t in self._tasks if self._moment(t) <= self.now]
        self._switch(ready[0] if len(ready) == 1 else self._random.choice(ready))
        return True

    def _moment(self, task):
        if task.wake_at is None:
            return float("inf")
        return max(task.wake_at, task.process.frozen_until)

    def _switch(self, task):
        self._current = task
        try:
            task.body.switch()
        finally:
            self._current = None

    def _give_way(self, task, wake_at):
        task.wake_at = wake_at
        self._hub.switch()
        if not task.process.alive:
            raise Killed()

    def _end(self, task):
        before, self._current = self._current, task
        parent, task.body.parent = task.body.parent, greenlet.getcurrent()
        try:
            if task.body:
                task.body.throw(Killed)
        finally:
            self._current = before
            if not task.body.dead:
                task.body.parent = parent
            if task in self._tasks:
                self._tasks.remove(task)

    def _trap(self, process, label):
        for trap in process.traps:
            if not label.startswith(trap.at):
                continue
            if trap.skip > 0:
                trap.skip -= 1
                continue
            trap.times -= 1
            if trap.times <= 0:
                process.traps.remove(trap)
            return trap
        return None


class Threads:
    """Stands in for the modules ``threading`` and ``queue`` in the code under simulation."""

    Lock = staticmethod(threading.Lock)
    Empty = queue.Empty

    def __init__(self):
        self.scheduler = None

    def Event(self):  # noqa: N802 - the name that it stands in for
        return _Event(self.scheduler)

    def SimpleQueue(self):  # noqa: N802
        return _Queue(self.scheduler)

    def Thread(self, target, name="", daemon=True, args=()):  # noqa: N802
        return _Thread(self.scheduler, target, args)

    def local(self):
        """Stands in for ``threading.local``: each task has its own."""
        return _Local(self)

    def sleep(self, seconds):
        """Stands in for ``time.sleep`` of libraries."""
        if self.scheduler is not None and self.scheduler.process is not None:
            self.scheduler.wait(seconds)


class _Local:
    def __init__(self, threads):
        object.__setattr__(self, "_values", lambda: threads.scheduler.values)

    def __getattr__(self, name):
        try:
            return self._values()[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self._values()[name] = value


class _Event:
    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._set = False
        self._waiters = []

    def is_set(self):
        return self._set

    def set(self):
        self._set = True
        self._scheduler.wake(self._waiters)

    def clear(self):
        self._set = False

    def wait(self, timeout=None):
        if not self._set:
            self._scheduler.wait(timeout, self._waiters)
        return self._set


class _Queue:
    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._items = collections.deque()
        self._waiters = []

    def put(self, item):
        self._items.append(item)
        self._scheduler.wake(self._waiters)

    def empty(self):
        return not self._items

    def get(self, timeout=None):
        if not self._items:
            self._scheduler.wait(timeout, self._waiters)
        if not self._items:
            raise queue.Empty
        return self._items.popleft()


class _Thread:
    def __init__(self, scheduler, target, arguments):
        self._scheduler = scheduler
        self._target = target
        self._arguments = arguments
        self._waiters = []
        self._task = None

    def start(self):
        self._task = self._scheduler.spawn(self._scheduler.process, self._run)

    def join(self, timeout=None):
        if self._scheduler.is_running(self._task):
            self._scheduler.wait(timeout, self._waiters)

    def _run(self):
        self._target(*self._arguments)
        self._scheduler.wake(self._waiters)
