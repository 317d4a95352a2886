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

"""Options of the [dispatchers] group: which events are kept and published."""

from oslo_config import cfg

GROUP = cfg.OptGroup("dispatchers", title="Event dispatchers")

OPTS = [
    cfg.StrOpt(
        "priority",
        default="info",
        choices=["critical", "error", "warning", "info", "debug"],
        help="The lowest level of an event that is kept and published.",
    ),
    cfg.BoolOpt(
        "exclude_derived_actions",
        default=True,
        help="Leave out the events of actions that another action made, such as those of "
        "the single nodes of a cluster that is being created.",
    ),
]


def register_opts(conf):
    """Register the options of [dispatchers]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
