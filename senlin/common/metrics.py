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

"""The figures that a process keeps for Prometheus.

Each module that has something to count makes its metric here, once, when it is
imported, and all land in one registry. Labels take their values from the code
or from the contract, never from users: the number of series is bounded.
``doc/source/admin/metrics.rst`` explains every metric; a test compares.
"""

import prometheus_client

#: Of a process; what :mod:`senlin.common.monitor` serves.
REGISTRY = prometheus_client.CollectorRegistry()

#: Seconds of calls: from a statement in the database to a call that hangs.
CALLS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
#: Seconds of actions: from a record that is removed to a large group on a slow cloud.
ACTIONS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
#: Sizes of batches.
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

# When a series began is of no use to anybody, and doubles the page.
prometheus_client.disable_created_metrics()
prometheus_client.ProcessCollector(registry=REGISTRY)


def counter(name, text, *labels):
    """A number that only grows; ``_total`` is appended to its name."""
    return prometheus_client.Counter(name, text, labels, registry=REGISTRY)


def gauge(name, text, *labels):
    """A number that goes up and down."""
    return prometheus_client.Gauge(name, text, labels, registry=REGISTRY)


def histogram(name, text, *labels, buckets=CALLS):
    """How values are spread; also how many there were, and their sum."""
    return prometheus_client.Histogram(name, text, labels, buckets=buckets, registry=REGISTRY)
