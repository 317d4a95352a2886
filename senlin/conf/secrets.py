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

"""Options about secrets at rest."""

from oslo_config import cfg

OPTS = [
    cfg.StrOpt(
        "secrets_key_file",
        default="/etc/senlin/secrets.key",
        help="File with the keys by which passwords, user data and trusts are sealed in the "
        "database: one Fernet key in a line. The first one seals; all of them unseal, so that "
        "a key is rotated by putting a new line on top. All engines need the same file; "
        "it must be readable by the service only.",
    ),
]


def register_opts(conf):
    """Register the options."""
    conf.register_opts(OPTS)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {"DEFAULT": OPTS}
