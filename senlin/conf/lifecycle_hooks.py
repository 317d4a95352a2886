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

"""Options of [lifecycle_hooks]: URLs that are told before a node goes."""

from oslo_config import cfg

GROUP = cfg.OptGroup(
    "lifecycle_hooks",
    title="Lifecycle hooks",
    help="Messages to URLs of users before a node is taken away.",
)

OPTS = [
    cfg.FloatOpt(
        "timeout",
        default=10,
        min=0.1,
        help="Seconds that one message may take. It is tried three times.",
    ),
    cfg.ListOpt(
        "allowed_networks",
        default=[],
        help="Networks in CIDR notation to which URLs may lead although their addresses "
        "are loopback, link-local, multicast or reserved ones.",
    ),
]


def register_opts(conf):
    """Register the options of [lifecycle_hooks]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
