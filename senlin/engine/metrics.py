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

"""What Prometheus may read of an engine, beside what its parts count themselves.

The figures of the whole database are the same from every engine: sum them over
none, take the largest.
"""

import threading

from oslo_log import log as logging
from prometheus_client import core

from senlin.common import exception
from senlin.common import metrics
from senlin.db import facade
from senlin.db import statistics

LOG = logging.getLogger(__name__)

#: Reading the figures of the database may take this share of the time ...
_READING_SHARE = 0.05
#: ... and they are not read more often than this (seconds).
_SHORTEST_GAP = 10.0

_CLAIM_SIZE = metrics.histogram(
    "senlin_claim_size",
    "Actions taken from the queue at once, by kind: due, or waiting for the cloud.",
    "kind",
    buckets=metrics.SIZES,
)
_ACTION_SECONDS = metrics.histogram(
    "senlin_action_seconds",
    "From an action's first step to its end, by action and result.",
    "action",
    "result",
    buckets=metrics.ACTIONS,
)


def note_claim(number, observing):
    """Count a claim that was not in vain."""
    if number:
        _CLAIM_SIZE.labels("cloud" if observing else "due").observe(number)


def note_step(action, result, now):
    """Count an action whose last step was run.

    :param action: its row before the step. :param result: the StepResult.
    """
    if result.final:
        began = action["start_time"] or now
        _ACTION_SECONDS.labels(action["action"], result.status).observe(max(0.0, now - began))


class Collector:
    """Reads an engine's and the database's figures when it is asked, not before.

    :param in_hand: gives the number of claimed actions.
    :param open_breakers: gives service -> number of open circuit breakers.
    """

    def __init__(self, services, in_hand, open_breakers):
        self._services = services
        self._in_hand = in_hand
        self._open_breakers = open_breakers
        self._lock = threading.Lock()
        self._backlog = None
        self._next_reading = 0.0

    def collect(self):
        """The metrics, as prometheus_client wants them."""
        yield core.GaugeMetricFamily(
            "senlin_actions_in_hand",
            "Actions that this engine has claimed and not saved yet.",
            value=self._in_hand(),
        )
        yield core.CounterMetricFamily(
            "senlin_sql_statements",
            "SQL statements that this process has sent.",
            value=facade.statements(),
        )
        yield _by_label(
            "senlin_cloud_breakers_open",
            "Services that are taken for down in how many regions.",
            "service",
            self._open_breakers(),
        )
        backlog = self._fresh_backlog()
        if backlog is not None:
            yield from _of_backlog(backlog, self._services.clock.time())

    def _fresh_backlog(self):
        """The database's figures; those of before while it does not answer."""
        clock = self._services.clock
        with self._lock:
            began = clock.monotonic()
            if began >= self._next_reading:
                try:
                    self._backlog = self._services.read(statistics.backlog, clock.time())
                except exception.DatabaseUnavailable as error:
                    LOG.warning("The backlog could not be read: %s", error)
                    self._backlog = None
                ended = clock.monotonic()
                gap = max(_SHORTEST_GAP, (ended - began) / _READING_SHARE)
                self._next_reading = ended + gap
            return self._backlog


def _of_backlog(backlog, now):
    yield _by_label(
        "senlin_actions",
        "Actions that an engine has or will take, in the whole database.",
        "status",
        backlog.actions,
    )
    yield core.GaugeMetricFamily(
        "senlin_actions_due", "Actions that no engine has taken yet but could.", value=backlog.due
    )
    yield core.GaugeMetricFamily(
        "senlin_actions_due_oldest_seconds",
        "For how long the first of them has been due.",
        value=_age(backlog.due_since, now),
    )
    yield _by_label(
        "senlin_actions_parked",
        "Actions that wait for the cloud, or for a time, other actions or a lock.",
        "for",
        backlog.parked,
    )
    locks = backlog.locks
    for name, text, values in (
        ("senlin_locks", "Locks held.", {k: v.number for k, v in locks.items()}),
        (
            "senlin_locks_oldest_seconds",
            "Age of the oldest action that holds a lock.",
            {k: _age(v.oldest, now) for k, v in locks.items()},
        ),
        (
            "senlin_locks_leaked",
            "Locks of actions that have ended or are gone; always 0.",
            {k: v.leaked for k, v in locks.items()},
        ),
    ):
        yield _by_label(name, text, "kind", values)


def _age(since, now):
    return 0.0 if since is None else max(0.0, now - since)


def _by_label(name, text, label, values):
    family = core.GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
