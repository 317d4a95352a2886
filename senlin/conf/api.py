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

"""Options of the [senlin_api] group: the HTTP server and what it accepts."""

from oslo_config import cfg

GROUP = cfg.OptGroup("senlin_api", title="API server", help="The HTTP API.")

OPTS = [
    cfg.HostAddressOpt(
        "bind_host",
        default="0.0.0.0",
        help="Address that the senlin-api command listens on.",
    ),
    cfg.PortOpt(
        "bind_port",
        default=8777,
        min=0,
        help="Port that the senlin-api command listens on; 0 takes any free one.",
    ),
    cfg.IntOpt(
        "backlog",
        default=4096,
        min=1,
        help="The most connections that wait to be accepted.",
    ),
    cfg.IntOpt(
        "threads",
        default=16,
        min=1,
        help="Requests that a process of the senlin-api command has in hand at once. Two of "
        "them are worked on; the others wait for an engine, Keystone or their client.",
    ),
    cfg.IntOpt(
        "max_waiting",
        default=256,
        min=1,
        help="Requests that may wait for a thread of the senlin-api command; further ones "
        "are answered 503 at once.",
    ),
    cfg.FloatOpt(
        "drain_timeout",
        default=15.0,
        min=0.0,
        help="Seconds that a stopping senlin-api command gives requests in progress to end.",
    ),
    cfg.IntOpt(
        "max_engine_calls",
        default=12,
        min=0,
        help="Requests of one process that may wait for an engine's answer; further ones "
        "are answered 503 after a second. Should be below the number of threads, so that "
        "reads, which need no engine, are answered also when no engine is. 0 = no limit.",
    ),
    cfg.HostAddressOpt(
        "metrics_host",
        default="127.0.0.1",
        help="Address of the metrics. They need no token: where it is not the loopback "
        "address, only the monitoring should reach it.",
    ),
    cfg.PortOpt(
        "metrics_port",
        default=0,
        help="First port to try for /metrics, which Prometheus reads, and /healthcheck; 0 = "
        "neither. Each worker takes the first free port from this one on; under a WSGI "
        "server it does so with its first request.",
    ),
    cfg.StrOpt("cert_file", help="Certificate file (PEM). Where set, the server speaks TLS."),
    cfg.StrOpt("key_file", help="File with the private key of the certificate (PEM)."),
    cfg.IntOpt(
        "workers",
        default=0,
        min=0,
        help="API processes. 0 serves from the main process; with more, one that dies or "
        "is replaced is not missed.",
    ),
    cfg.IntOpt(
        "max_header_line",
        default=16384,
        min=1024,
        help="The longest header accepted, in bytes. Tokens with many roles are long.",
    ),
    cfg.IntOpt(
        "client_socket_timeout",
        default=900,
        min=1,
        help="Seconds after which a silent connection is closed.",
    ),
    cfg.IntOpt(
        "max_json_body_size",
        default=1048576,
        min=1024,
        deprecated_group="DEFAULT",
        help="The largest request body accepted, in bytes.",
    ),
    cfg.IntOpt(
        "max_page_size",
        default=1000,
        min=1,
        help="The most items in one answer of a list, since microversion 1.15. The answer "
        "links to the next page.",
    ),
    cfg.IntOpt(
        "idempotency_key_lifetime",
        default=86400,
        min=60,
        help="Seconds for which the answer to a request with an Idempotency-Key is kept.",
    ),
    cfg.StrOpt(
        "response_validation",
        default="ignore",
        choices=[
            ("ignore", "Responses are not looked at."),
            ("warn", "A difference is written to the log."),
            ("error", "A difference makes the response an error, for tests."),
        ],
        help="What to do when a response is not as its schema declares it. Comparing "
        "takes longer than answering; it is meant for tests and for finding faults.",
    ),
]


def register_opts(conf):
    """Register the options of [senlin_api]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
