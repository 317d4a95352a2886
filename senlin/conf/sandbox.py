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

"""Options of the [sandbox] group: the simulated cloud."""

from oslo_config import cfg

GROUP = cfg.OptGroup(
    "sandbox",
    title="Sandbox",
    help="The simulated OpenStack cloud of senlin-sandbox and senlin-standalone.",
)

#: Options that are first values of knobs of the same name.
KNOBS = [
    cfg.FloatOpt(
        "active_delay",
        default=0.05,
        min=0,
        help="Seconds from the creation of a server to ACTIVE.",
    ),
    cfg.FloatOpt(
        "delete_delay",
        default=0,
        min=0,
        help="Seconds from the deletion of a server to its end.",
    ),
    cfg.FloatOpt(
        "operation_delay",
        default=0,
        min=0,
        help="Seconds of any other operation on a server, such as a reboot or a resize.",
    ),
    cfg.FloatOpt(
        "build_failure_rate",
        default=0,
        min=0,
        max=1,
        help="Share of the servers that build into ERROR.",
    ),
    cfg.FloatOpt("latency", default=0, min=0, help="Extra seconds of each API call."),
    cfg.IntOpt("seed", default=0, min=0, help="Seed of everything left to chance."),
]

OPTS = [
    cfg.HostAddressOpt("host", default="127.0.0.1", help="Address to listen on."),
    cfg.PortOpt("port", default=0, help="Port to listen on; 0 takes a free one."),
    cfg.StrOpt(
        "state_dir",
        help="Directory of the journal, from which a later start goes on. When it is not set, "
        "the cloud is in memory only.",
    ),
    cfg.StrOpt(
        "clustering_url",
        help="Endpoint of the clustering service in the catalog. When it is not set, the catalog "
        "has none.",
    ),
    cfg.StrOpt(
        "notification_url",
        secret=True,
        help="Transport URL of the message bus for Nova's notifications. When it is not set, "
        "none are sent.",
    ),
    cfg.IntOpt(
        "token_lifetime", default=3600, min=1, help="Seconds for which a new token is valid."
    ),
    cfg.HostAddressOpt("metrics_host", default="127.0.0.1", help="Address of the metrics."),
    cfg.PortOpt(
        "metrics_port",
        default=0,
        help="First port to try for /metrics, which Prometheus reads, and /healthcheck; 0 = "
        "neither.",
    ),
    *KNOBS,
]


def register_opts(conf):
    """Register the options of [sandbox]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
