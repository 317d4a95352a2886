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

"""Options of the [upgrade_levels] group: who speaks which version meanwhile."""

from oslo_config import cfg

GROUP = cfg.OptGroup(
    "upgrade_levels",
    title="Upgrade levels",
    help="What processes of a new release say to those of an older one during an upgrade.",
)

OPTS = [
    cfg.StrOpt(
        "engine",
        help="Release of the oldest engine that runs, such as 20.0. APIs then send nothing "
        "that it does not understand. When it is not set, all engines are of this release.",
    ),
]


def register_opts(conf):
    """Register the options of [upgrade_levels]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
