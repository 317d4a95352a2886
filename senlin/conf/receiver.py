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

"""Options of the [receiver] group: how receivers are reached from outside."""

from oslo_config import cfg

GROUP = cfg.OptGroup("receiver", title="Receivers", help="Webhooks and message receivers.")

OPTS = [
    cfg.StrOpt(
        "host",
        deprecated_group="webhook",
        help="Host name or address in the URLs of webhooks. When it is not set, the "
        "service's endpoint in the catalog is used.",
    ),
    cfg.PortOpt(
        "port",
        default=8777,
        deprecated_group="webhook",
        help="Port in the URLs of webhooks, used along with host.",
    ),
    cfg.IntOpt(
        "max_message_size",
        default=65535,
        min=1,
        help="The largest message accepted by the queue of a message receiver, in bytes.",
    ),
]


def register_opts(conf):
    """Register the options of [receiver]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
