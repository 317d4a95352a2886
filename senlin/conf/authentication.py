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

"""Options of the [authentication] group: the service's own user."""

from oslo_config import cfg

GROUP = cfg.OptGroup(
    "authentication",
    title="Service user",
    help="The user as which the service talks to other services, with trusts of its users.",
)

OPTS = [
    cfg.StrOpt("auth_url", default="", help="URL of the Identity service, version 3."),
    cfg.StrOpt("service_username", default="senlin", help="Name of the service user."),
    cfg.StrOpt("service_password", default="", secret=True, help="Password of the service user."),
    cfg.StrOpt("service_project_name", default="service", help="Project of the service user."),
    cfg.StrOpt("service_user_domain", default="Default", help="Domain of the service user."),
    cfg.StrOpt(
        "service_project_domain", default="Default", help="Domain of the service user's project."
    ),
    cfg.BoolOpt(
        "verify_ssl",
        default=True,
        help="Check the certificates of the other services.",
    ),
    cfg.StrOpt(
        "interface",
        default="public",
        choices=["public", "internal", "admin"],
        help="Which of a service's endpoints is used.",
    ),
    cfg.StrOpt("cafile", help="File with the authorities that sign these certificates (PEM)."),
    cfg.StrOpt("certfile", help="Certificate file of the service user's TLS client (PEM)."),
    cfg.StrOpt("keyfile", help="File with the private key of that certificate (PEM)."),
]


def register_opts(conf):
    """Register the options of [authentication]."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """The options by group, for the generators of oslo.config."""
    return {GROUP: OPTS}
