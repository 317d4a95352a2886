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

"""Options of the [DEFAULT] group."""

import socket

from oslo_config import cfg

_IDENTITY_OPTS = [
    cfg.HostAddressOpt(
        "host",
        default=socket.gethostname(),
        sample_default="<the machine's host name>",
        help="Name of this machine on the message bus and in the list of services. It "
        "has to be unique among the machines that run the service.",
    ),
    cfg.StrOpt(
        "default_region_name",
        help="Region in which the endpoints of the other services are looked up when a "
        "profile or policy names none.",
    ),
    cfg.StrOpt(
        "concurrency_backend",
        default="auto",
        choices=[
            ("auto", "the default of each program, which is native threads"),
            ("threading", "native threads"),
            ("eventlet", "green threads of eventlet; deprecated"),
        ],
        help="How the daemons run concurrent work. Read once, when a program starts, and "
        "only from configuration files. The environment variable "
        "OS_SENLIN_DISABLE_EVENTLET_PATCHING, where set, takes precedence.",
    ),
]

_LIMIT_OPTS = [
    cfg.IntOpt(
        "max_nodes_per_cluster",
        default=1000,
        min=1,
        help="The most nodes a cluster may have, and the upper bound for its max_size.",
    ),
    cfg.IntOpt(
        "max_clusters_per_project",
        default=100,
        min=0,
        help="The most clusters a project may have.",
    ),
    cfg.BoolOpt(
        "name_unique",
        default=False,
        help="Refuse a second cluster, node, profile, policy or receiver of the same "
        "name in a project.",
    ),
    cfg.IntOpt(
        "max_response_size",
        default=524288,
        min=1,
        help="The most bytes read of the answer of a polled health URL.",
    ),
]

_ACTION_OPTS = [
    cfg.IntOpt(
        "default_action_timeout",
        default=3600,
        min=1,
        help="Seconds after which an action is failed, when its cluster names no timeout.",
    ),
    cfg.IntOpt(
        "default_nova_timeout",
        default=600,
        min=1,
        help="Seconds an operation on one server may take.",
    ),
    cfg.IntOpt(
        "max_actions_per_batch",
        default=0,
        min=0,
        help="The most node actions of one cluster action that start before a pause of "
        "batch_interval seconds; 0 means no limit.",
    ),
    cfg.IntOpt(
        "batch_interval",
        default=3,
        min=0,
        help="Seconds between the starts of two batches of node actions.",
    ),
    cfg.IntOpt(
        "lock_retry_times",
        default=3,
        min=0,
        help="How often an action that was asked to try again later does so before it fails.",
    ),
    cfg.IntOpt(
        "lock_retry_interval",
        default=10,
        min=0,
        help="Seconds between two tries of such an action.",
    ),
]

_HEALTH_OPTS = [
    cfg.IntOpt(
        "health_check_interval_min",
        default=60,
        min=1,
        help="The shortest interval, in seconds, that a health policy may ask for.",
    ),
    cfg.IntOpt(
        "check_interval_max",
        default=3600,
        min=1,
        help="The longest interval, in seconds, that a health policy may ask for.",
    ),
    cfg.IntOpt(
        "service_down_time",
        default=60,
        min=1,
        help="Seconds without a sign of life after which a service is listed as down.",
    ),
]

_DATABASE_OPTS = [
    cfg.IntOpt(
        "database_retry_limit",
        default=10,
        min=0,
        help="How often a transaction is repeated that the database ended for a deadlock.",
    ),
    cfg.FloatOpt(
        "database_retry_interval",
        default=0.3,
        min=0,
        help="Seconds before the first repetition; each further wait is longer.",
    ),
    cfg.FloatOpt(
        "database_max_retry_interval",
        default=2,
        min=0,
        help="The longest wait between two repetitions, in seconds.",
    ),
]

_EVENT_OPTS = [
    cfg.ListOpt(
        "notification_topics",
        default=["versioned_notifications"],
        help="Topics on the message bus to which events are published.",
    ),
    cfg.MultiStrOpt(
        "event_dispatchers",
        default=["database"],
        help="Where events go. May be given several times. The names are those of the "
        "entry points of the group senlin.dispatchers.",
    ),
]

_TRUST_OPTS = [
    cfg.ListOpt(
        "trust_roles",
        default=[],
        help="Roles that users delegate to the service. When empty, each user delegates "
        "the roles of the token the request was made with.",
    ),
]

OPTS = [
    *_IDENTITY_OPTS,
    *_LIMIT_OPTS,
    *_ACTION_OPTS,
    *_HEALTH_OPTS,
    *_DATABASE_OPTS,
    *_EVENT_OPTS,
    *_TRUST_OPTS,
]


def register_opts(conf):
    """Register the options of [DEFAULT]."""
    conf.register_opts(OPTS)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {"DEFAULT": OPTS}
