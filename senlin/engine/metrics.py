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

"""What Prometheus may read of an engine: work in hand, statements, cloud calls."""

from oslo_log import log as logging
import prometheus_client
from prometheus_client import core

from senlin.cloud import calls
from senlin.db import facade

LOG = logging.getLogger(__name__)

_HOST = "127.0.0.1"


class _Collector:
    """Reads the process's counters when it is asked, not before."""

    def __init__(self, in_hand):
        self._in_hand = in_hand

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
        for name, text, values in (
            ("senlin_cloud_calls", "Requests sent to other services.", calls.counts()),
            ("senlin_cloud_call_failures", "Requests that failed.", calls.failures()),
            ("senlin_cloud_call_seconds", "Seconds spent in requests.", calls.seconds()),
        ):
            family = core.CounterMetricFamily(name, text, labels=["service", "method"])
            for labels, value in sorted(values.items()):
                family.add_metric(list(labels), value)
            yield family


class MetricsServer:
    """Serves the metrics on the loopback address.

    :param port: 0 = no server.
    :param in_hand: gives the number of claimed actions.
    """

    def __init__(self, port, in_hand):
        self._port = port
        self._in_hand = in_hand
        self._server = None

    def start(self):
        """Begin to listen; a port that another worker has is left to it."""
        if not self._port:
            return
        registry = core.CollectorRegistry()
        registry.register(_Collector(self._in_hand))
        prometheus_client.ProcessCollector(registry=registry)
        try:
            self._server, _ = prometheus_client.start_http_server(
                self._port, addr=_HOST, registry=registry
            )
        except OSError as error:
            LOG.warning("No metrics at port %s: %s", self._port, error)

    def stop(self):
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
