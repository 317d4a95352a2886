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

"""How many calls went to which service: the figures behind metrics and budgets."""

import collections

from senlin.common import metrics

_SECONDS = metrics.histogram(
    "senlin_cloud_call_seconds", "Requests to other services.", "service", "method"
)
_ERRORS = metrics.counter(
    "senlin_cloud_call_errors", "Requests that failed, by reason.", "service", "method", "reason"
)


def record(service, method, seconds, reason=None):
    """Count one request that was sent.

    :param reason: why it failed, a ``consts.ReasonClass``; None if it did not.
    """
    _SECONDS.labels(service, method).observe(seconds)
    if reason is not None:
        _ERRORS.labels(service, method, str(reason)).inc()


def counts():
    """Requests sent by this process: (service, method) -> number."""
    found = collections.Counter()
    for family in _SECONDS.collect():
        for sample in family.samples:
            if sample.name.endswith("_count"):
                found[sample.labels["service"], sample.labels["method"]] = int(sample.value)
    return found


def reset():
    """Start counting anew; for tests and benchmarks."""
    _SECONDS.clear()
    _ERRORS.clear()
