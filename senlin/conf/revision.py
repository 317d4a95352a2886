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

"""Options of the [revision] group: what build-info answers."""

from oslo_config import cfg

GROUP = cfg.OptGroup("revision", title="Build revisions")

OPTS = [
    cfg.StrOpt("senlin_api_revision", default="1.0", help="Revision of the installed API service."),
    cfg.StrOpt("senlin_engine_revision", default="1.0", help="Revision of the installed engine."),
]


def register_opts(conf):
    """Register the options of [revision]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
