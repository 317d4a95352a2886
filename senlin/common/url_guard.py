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

"""Where a URL that a user gave may lead.

The service sits where its users do not: a URL of theirs must not reach what is
only open to the service, such as its own ports or the metadata of its machine.
"""

import ipaddress
import socket
import urllib.parse


class UrlRefused(Exception):
    """The URL leads to where it must not, or nowhere; says why."""


def addresses(url, allowed_networks=(), resolve=socket.getaddrinfo):
    """The addresses behind a URL, all of which may be connected to.

    Whoever connects has to use one of these and not look the name up again: a
    name may answer differently the second time.

    :param allowed_networks: CIDR texts that are allowed although the rules
        below forbid them.
    :param resolve: like ``socket.getaddrinfo``.
    :returns: (host, port, list of addresses as text).
    :raises UrlRefused: for a scheme other than http and https, for a host that
        cannot be resolved, and if any of its addresses is loopback,
        link-local, multicast, unspecified or reserved.
    """
    host, port = _host_and_port(url)
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UrlRefused(f"The host '{host}' cannot be resolved.") from error
    networks = [ipaddress.ip_network(text, strict=False) for text in allowed_networks]
    result = list(dict.fromkeys(item[4][0] for item in found))
    for text in result:
        if not _is_allowed(ipaddress.ip_address(text.partition("%")[0]), networks):
            raise UrlRefused(f"The host '{host}' leads to {text}, which is not allowed.")
    return host, port, result


def _host_and_port(url):
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UrlRefused("The URL is malformed.") from error
    if parts.scheme not in ("http", "https"):
        raise UrlRefused("Only URLs of the schemes http and https are allowed.")
    if not host:
        raise UrlRefused("The URL names no host.")
    return host, port or (443 if parts.scheme == "https" else 80)


def _is_allowed(address, networks):
    # An IPv4 address in the clothes of IPv6 is judged as what it is.
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in networks):
        return True
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or str(address) == "fd00:ec2::254"  # metadata over IPv6
    )
