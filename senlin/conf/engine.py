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

"""Options of the [engine] group: the daemon that runs actions."""

from oslo_config import cfg

GROUP = cfg.OptGroup("engine", title="Engine", help="The daemon that runs actions.")

OPTS = [
    cfg.IntOpt(
        "workers",
        default=1,
        min=1,
        deprecated_name="num_engine_workers",
        deprecated_group="DEFAULT",
        help="Engine processes on this machine.",
    ),
    cfg.IntOpt(
        "threads",
        default=32,
        min=1,
        max=1000,
        deprecated_name="scheduler_thread_pool_size",
        deprecated_group="DEFAULT",
        help="Calls to other services that one process makes at once.",
    ),
    cfg.IntOpt(
        "claim_batch",
        default=64,
        min=1,
        max=1000,
        help="The most actions that an engine takes from the queue in one go.",
    ),
    cfg.FloatOpt(
        "commit_interval",
        default=0.02,
        min=0.0,
        max=1.0,
        help="Seconds over which results are gathered before they are saved together.",
    ),
    cfg.FloatOpt(
        "heartbeat_interval",
        default=2.0,
        min=0.1,
        help="Seconds between an engine's signs of life. Should be at most a third of lease.",
    ),
    cfg.FloatOpt(
        "lease",
        default=8.0,
        min=0.5,
        help="Seconds of silence after which an engine is taken for dead and others go on "
        "with its actions. They notice it within two heartbeat intervals more.",
    ),
    cfg.FloatOpt(
        "scan_interval",
        default=10.0,
        min=0.1,
        help="Seconds between two looks at the queue that no message asked for; the "
        "safety net for lost messages.",
    ),
    cfg.FloatOpt(
        "poll_interval",
        default=2.0,
        min=0.05,
        help="Seconds between two looks at servers that are being worked on.",
    ),
    cfg.IntOpt(
        "create_attempts",
        default=3,
        min=1,
        help="How often the creation of a node is tried before the node is in error.",
    ),
    cfg.FloatOpt(
        "drain_timeout",
        default=30.0,
        min=0.0,
        help="Seconds that a stopping engine gives the steps it is at to end.",
    ),
    cfg.IntOpt(
        "rpc_threads",
        default=16,
        min=1,
        help="Requests of the API that one process answers at once.",
    ),
    cfg.IntOpt(
        "rpc_queue",
        default=256,
        min=1,
        help="Requests of the API that may wait in one process; further ones are refused "
        "so that the API can say that the service is busy.",
    ),
    cfg.HostAddressOpt(
        "metrics_host",
        default="127.0.0.1",
        help="Address of the metrics and the health check. They need no token: where it is "
        "not the loopback address, only the monitoring should reach it.",
    ),
    cfg.PortOpt(
        "metrics_port",
        default=0,
        help="First port to try for /metrics, which Prometheus reads, and /healthcheck; 0 = "
        "neither. Each worker takes the first free port from this one on.",
    ),
]


def register_opts(conf):
    """Register the options of [engine]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
