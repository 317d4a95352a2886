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

"""Plug-in of the ``openstack`` command for the clustering service.

The shell imports this module through the entry point ``openstack.cli.extension``
and the commands through ``openstack.clustering.v1``.
"""

import logging
import re

from openstack import utils as sdk_utils
from osc_lib import exceptions
from osc_lib import utils

LOG = logging.getLogger(__name__)

API_NAME = "clustering"
DEFAULT_API_VERSION = "1"
API_VERSIONS = ("1",)

#: The configuration key from which the shell takes the *major* version, that is the
#: group of commands to load. It is deliberately not ``os_clustering_api_version``: that
#: one may hold a microversion or the word "latest", from which the shell would make
#: up the name of a command group which does not exist.
API_VERSION_OPTION = "os_clustering_command_version"

#: Requested when the user asks for no other one: the newest that these commands know.
DEFAULT_MICROVERSION = "1.14"

_ACCEPTED_VERSION = re.compile(r"1(\.(0|[1-9][0-9]*))?|latest")


def make_client(instance):
    """Give the SDK's clustering proxy, set to the wanted microversion.

    :param instance: the client manager of the shell.
    :raises osc_lib.exceptions.CommandError: when the configured API version is
        neither ``1``, nor ``1.N``, nor ``latest``.
    """
    requested = _requested_version(instance.get_configuration())
    proxy = instance.sdk_connection.clustering
    if requested == "latest":
        proxy.default_microversion = "latest"
    elif not proxy.default_microversion:
        # A version "1.N" has been set on the proxy by the SDK, after comparing it
        # with what the service offers; only the plain "1" is left to complete here.
        proxy.default_microversion = sdk_utils.maximum_supported_microversion(
            proxy, DEFAULT_MICROVERSION
        )
    LOG.debug("Clustering microversion: %s", proxy.default_microversion)
    return proxy


def build_option_parser(parser):
    """Add the global options of this plug-in to the shell's parser."""
    parser.add_argument(
        "--os-clustering-api-version",
        metavar="<clustering-api-version>",
        default=utils.env("OS_CLUSTERING_API_VERSION"),
        help=(
            "Clustering API version: 1, a microversion 1.N, or latest; default is "
            f"{DEFAULT_MICROVERSION} (Env: OS_CLUSTERING_API_VERSION)"
        ),
    )
    return parser


def _requested_version(configuration):
    requested = str(configuration.get("clustering_api_version") or DEFAULT_API_VERSION)
    if not _ACCEPTED_VERSION.fullmatch(requested):
        raise exceptions.CommandError(
            f"Clustering API version {requested!r} is not valid: give 1, a microversion "
            "such as 1.14, or latest"
        )
    return requested
