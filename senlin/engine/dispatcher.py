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

"""Finding due actions and giving them to threads.

One thread claims; a bounded pool runs steps; the committer saves. No thread ever
waits for another action, a timer or a machine: what must wait is a row.
"""

import threading

from oslo_log import log as logging

from senlin.actions import registry
from senlin.common import exception
from senlin.db import claims
from senlin.engine import metrics
from senlin.engine import runner

LOG = logging.getLogger(__name__)

#: Waiting actions claimed at once: one list of the cloud answers all of them.
_OBSERVING_BATCH = 1000
_ERROR_PAUSE = 1.0
#: Looking at the cloud may take this share of the time, so that large groups are
#: looked at less often than small ones: while there is other work, and while there is
#: none, when nothing is gained by letting the last ones wait.
_LOOKING_SHARE = 0.2
_IDLE_LOOKING_SHARE = 0.5
_LONGEST_GAP = 2.0
#: Claiming may take this share: what comes one by one under load is handed out in
#: groups, each of which costs little more than one.
_CLAIMING_SHARE = 0.2
_LONGEST_BREATH = 0.2
#: Claiming stands back while several users wait for answers: their requests need the same
#: processor, and what they ask for becomes one group. Seconds for which it does so at
#: most; those for which it then goes on all the same, at first, and twice as long each
#: time that they still come; those without several requests that end it.
_COURTESY = 2.0
_OWN_TIME = 0.5
_QUIET = 0.3


class Dispatcher:
    """Claims due actions while there is room, and sleeps while there is none.

    :param owner: gives this engine's present service id.
    :param executor: runs steps; its size is the number of cloud calls at once.
    :param committer: takes the results.
    :param batch: the most actions claimed at once; ``capacity``: the most that
        are in hand.
    :param scan_interval: seconds after which the queue is looked at unasked.
    :param crowded_at: gives when this process last had several requests to answer, in
        seconds of the clock's ``monotonic``; see ``RequestServer``.
    """

    def __init__(
        self,
        services,
        owner,
        executor,
        committer,
        *,
        batch,
        capacity,
        threads,
        scan_interval,
        crowded_at=lambda: float("-inf"),
    ):
        self._services = services
        self._owner = owner
        self._executor = executor
        self._committer = committer
        self._batch = batch
        self._capacity = capacity
        self._threads = threads
        self._scan_interval = scan_interval
        self._crowded_at = crowded_at
        self._entry_statuses = registry.entry_statuses()
        self._last_look = 0.0
        self._look_seconds = 0.0
        self._next_cycle = 0.0
        self._own_time = _OWN_TIME
        self._own_time_ends = 0.0
        self._looked_at = None
        self._in_hand = set()
        self._claimed_unheard = False
        self._count_lock = threading.Lock()
        self._idle = threading.Event()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = None

    @property
    def in_hand(self):
        """How many claimed actions are not saved yet."""
        return len(self._in_hand)

    @property
    def seconds_since_look(self):
        """How long ago the queue was last looked at; None before the first time."""
        if self._looked_at is None:
            return None
        return self._services.clock.monotonic() - self._looked_at

    def start(self):
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self):
        """Have a look at the queue now."""
        self._wake.set()

    def done(self, action_ids):
        """Count off actions that were saved."""
        with self._count_lock:
            self._in_hand.difference_update(action_ids)
            if not self._in_hand:
                self._idle.set()
        self._wake.set()

    def stop_claiming(self, deadline):
        """Claim no more; wait until what is in hand is saved.

        :returns: whether all of it was, within ``deadline`` seconds.
        """
        self._stopping.set()
        self._wake.set()
        end = self._services.clock.monotonic() + deadline
        if self._thread is not None:
            self._thread.join(deadline)
        left = max(0.0, end - self._services.clock.monotonic())
        return not self._in_hand or self._idle.wait(left)

    def _run(self):
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                pause = self._scan_interval if self._full() else self._cycle()
                self._looked_at = self._services.clock.monotonic()
            except Exception:  # noqa: BLE001 - the loop must outlive any trouble
                LOG.exception("The queue could not be read")
                pause = _ERROR_PAUSE
            if pause > 0:
                self._wake.wait(pause)
            self._breathe()

    def _breathe(self):
        """Let some more become due since the last cycle."""
        self._stopping.wait(max(0.0, self._next_cycle - self._services.clock.monotonic()))
        self._stand_back()

    def _stand_back(self):
        """Let requests go first as long as several come at once; work has its own time."""
        now = self._services.clock.monotonic
        if now() < self._own_time_ends:
            return
        end = now() + _COURTESY
        while now() - self._crowded_at() < _QUIET and not self._stopping.is_set():
            if now() >= end:
                self._own_time_ends = now() + self._own_time
                self._own_time = min(2 * self._own_time, _COURTESY)
                return
            self._stopping.wait(_QUIET)
        self._own_time = _OWN_TIME

    def _full(self):
        return self.in_hand >= self._capacity

    def _cycle(self):
        """Claim and hand out; returns how long nothing will be due (seconds)."""
        began = self._services.clock.monotonic()
        room = min(self._batch, self._capacity - self.in_hand)
        claimed, more = self._claim(room, observing=False)
        for item in claimed:
            self._submit(self._run_steps, [item])
        watched, gap = [], self._until_look()
        if gap <= 0:
            watched, _ = self._claim(_OBSERVING_BATCH, observing=True)
            if watched:
                # Until the list is there and says how long it took.
                self._last_look = self._services.clock.monotonic()
                self._look_seconds = _LONGEST_GAP
            for group in self._groups(watched):
                self._submit(self._observe_and_run, group)
        if more:
            return 0.0
        ended = self._services.clock.monotonic()
        self._next_cycle = ended + min((ended - began) / _CLAIMING_SHARE, _LONGEST_BREATH)
        return 0.0 if claimed or watched else self._until_next(gap)

    def _until_look(self):
        """Seconds until the cloud may be looked at; none are left if that is negative."""
        share = _LOOKING_SHARE if self._in_hand else _IDLE_LOOKING_SHARE
        gap = min(self._look_seconds / share, _LONGEST_GAP)
        return self._last_look + gap - self._services.clock.monotonic()

    def _until_next(self, gap):
        """Seconds until something is due, or may be looked at."""
        plain, watched = self._services.read(claims.next_due)
        now = self._services.clock.time()
        pauses = [self._scan_interval]
        if plain is not None:
            pauses.append(plain - now)
        if watched is not None:
            pauses.append(max(watched - now, gap))
        return max(0.01, min(pauses))

    def _claim(self, limit, observing):
        if self._claimed_unheard:
            self._give_back_unheard()
        try:
            claimed, more = self._services.write(
                claims.claim,
                self._owner(),
                self._services.clock.time(),
                limit,
                observing,
                self._entry_statuses,
            )
        except exception.OutcomeUnknown:
            self._claimed_unheard = True
            raise
        metrics.note_claim(len(claimed), observing)
        with self._count_lock:
            self._in_hand.update(item.action["id"] for item in claimed)
            if claimed:
                self._idle.clear()
        return claimed, more

    def _give_back_unheard(self):
        """Free what a claim whose answer was lost made this engine's.

        Nobody else would: the engine lives, and does not know that it has it.
        """
        with self._count_lock:
            known = list(self._in_hand)
        self._services.write(
            claims.release_others, self._owner(), known, self._services.clock.time()
        )
        self._claimed_unheard = False

    def _submit(self, function, *arguments):
        self._executor.submit(function, *arguments)

    def _groups(self, claimed):
        """Actions whose objects one list shows: same owner, same kind of thing."""
        groups = {}
        for item in claimed:
            node = item.node
            if node is None:
                self._submit(self._run_steps, [item])
                continue
            profile = self._profile_of(item)
            key = (type(profile), node["user"], node["project"], getattr(profile, "region", None))
            groups.setdefault(key, []).append(item)
        return groups.values()

    def _profile_of(self, item):
        try:
            return self._services.profile(item.node["profile_id"])
        except Exception:  # noqa: BLE001 - its step will say what is wrong
            return None

    def _observe_and_run(self, group):
        """Look at the objects of a group at once, then run the steps."""
        try:
            seen = self._observe(group)
        except Exception as error:  # noqa: BLE001 - each step decides by itself
            LOG.warning("%d objects could not be looked at: %s", len(group), error)
            seen = {}
        # Most steps end here and are quick; those that call the cloud again
        # share the threads.
        size = max(1, -(-len(group) // self._threads))
        for start in range(size, len(group), size):
            self._submit(self._run_steps, group[start : start + size], seen)
        self._run_steps(group[:size], seen)

    def _observe(self, group):
        profile = self._services.profile(group[0].node["profile_id"])
        node = group[0].node
        cloud = self._services.cloud(node["user"], node["project"], profile.region)
        ids = [item.node["physical_id"] for item in group if item.node["physical_id"]]
        began = min(item.action["start_time"] for item in group)
        start = self._services.clock.monotonic()
        try:
            return profile.observe(cloud, ids, self._services.clock.time() - began)
        finally:
            self._last_look = self._services.clock.monotonic()
            self._look_seconds = self._last_look - start

    def _run_steps(self, group, seen=None):
        results = []
        for item in group:
            observed = None
            if seen is not None and item.node is not None:
                observed = seen.get(item.node["physical_id"])
            result = runner.run(item, self._services, observed)
            metrics.note_step(item.action, result, self._services.clock.time())
            results.append(result)
        self._committer.put(results)
