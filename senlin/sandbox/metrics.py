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

"""What Prometheus may read of the simulated cloud: the calls that it counted."""

from prometheus_client import core


class Collector:
    """Reads the sandbox's counters when it is asked.

    :param counters: gives what :meth:`senlin.sandbox.knobs.Counters.to_json` gives.
    """

    def __init__(self, counters):
        self._counters = counters

    def collect(self):
        """The metrics, as prometheus_client wants them."""
        calls = core.CounterMetricFamily(
            "senlin_sandbox_calls",
            "Calls of the simulated cloud's routes.",
            labels=["service", "method", "route"],
        )
        failures = core.CounterMetricFamily(
            "senlin_sandbox_call_failures",
            "Answers of 400 and more, by status; 0 is a broken connection.",
            labels=["service", "status"],
        )
        for service, found in sorted(self._counters().get("services", {}).items()):
            for name, number in found["routes"].items():
                method, route = name.split(" ", 1)
                calls.add_metric([service, method, route], number)
            for status, number in found["failures"].items():
                failures.add_metric([service, status], number)
        yield calls
        yield failures
