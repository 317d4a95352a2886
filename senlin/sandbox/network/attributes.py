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

"""What a caller may say about each kind of resource.

A kind maps attribute names to an :class:`Attribute`. Attributes a caller may
not set at all (``status``, ``revision_number``, ...) are absent or have neither
``post`` nor ``put``.
"""

import dataclasses
import ipaddress
import typing

from senlin.sandbox.network import errors


@dataclasses.dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its check, and when and by whom it may be set."""

    check: typing.Callable
    post: bool = True
    put: bool = True
    admin: bool = False


def _text(value):
    if not isinstance(value, str):
        raise ValueError(f"'{value}' is not a valid string")
    if len(value) > 255:
        raise ValueError(f"'{value}' exceeds maximum length of 255")
    return value


def _text_or_null(value):
    return value if value is None else _text(value)


def _boolean(value):
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "1"):
        return True
    if str(value).lower() in ("false", "0"):
        return False
    raise ValueError(f"'{value}' cannot be converted to boolean")


def _items(value):
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"'{value}' is not a list")
    return value


def _names(value):
    for item in _items(value):
        _text(item)
    return value or []


def _mapping(value):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"'{value}' is not a dictionary")
    return value


def _integer_or_null(value):
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{value}' is not an integer") from None


def _prefix(value):
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise ValueError(f"'{value}' is not a valid IP subnet") from None


def _address_or_null(value):
    if value is None:
        return None
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(f"'{value}' is not a valid IP address") from None


def _any(value):
    return value


_OWNER = {
    "tenant_id": Attribute(_text, put=False),
    "project_id": Attribute(_text, put=False),
}
_COMMON = {
    **_OWNER,
    "name": Attribute(_text),
    "description": Attribute(_text),
    "tags": Attribute(_names, put=False),
}
_BORN = Attribute(_text_or_null, put=False)

KINDS = {
    "network": {
        **_COMMON,
        "admin_state_up": Attribute(_boolean),
        "shared": Attribute(_boolean, admin=True),
        "router:external": Attribute(_boolean, admin=True),
        "port_security_enabled": Attribute(_boolean),
        "mtu": Attribute(_integer_or_null),
        "is_default": Attribute(_boolean, admin=True),
        "dns_domain": Attribute(_text),
        "availability_zone_hints": Attribute(_items, put=False),
        "provider:network_type": Attribute(_text, admin=True, put=False),
        "provider:physical_network": Attribute(_text_or_null, admin=True, put=False),
        "provider:segmentation_id": Attribute(_integer_or_null, admin=True),
    },
    "subnet": {
        **_COMMON,
        "network_id": Attribute(_text, put=False),
        "ip_version": Attribute(_integer_or_null, put=False),
        "cidr": Attribute(_prefix, put=False),
        "gateway_ip": Attribute(_address_or_null),
        "enable_dhcp": Attribute(_boolean),
        "allocation_pools": Attribute(_items),
        "dns_nameservers": Attribute(_items),
        "host_routes": Attribute(_items),
        "ipv6_ra_mode": _BORN,
        "ipv6_address_mode": _BORN,
    },
    "port": {
        **_COMMON,
        "network_id": Attribute(_text, put=False),
        "admin_state_up": Attribute(_boolean),
        "mac_address": Attribute(_text),
        "fixed_ips": Attribute(_items),
        "device_id": Attribute(_text),
        "device_owner": Attribute(_text),
        "security_groups": Attribute(_names),
        "allowed_address_pairs": Attribute(_items),
        "extra_dhcp_opts": Attribute(_items),
        "port_security_enabled": Attribute(_boolean),
        "dns_name": Attribute(_text),
        "binding:host_id": Attribute(_text_or_null, admin=True),
        "binding:profile": Attribute(_mapping, admin=True),
        "binding:vnic_type": Attribute(_text),
    },
    "floatingip": {
        **_OWNER,
        "description": Attribute(_text),
        "tags": Attribute(_names, put=False),
        "floating_network_id": Attribute(_text, put=False),
        "floating_ip_address": Attribute(_address_or_null, put=False),
        "subnet_id": _BORN,
        "port_id": Attribute(_text_or_null),
        "fixed_ip_address": Attribute(_address_or_null),
    },
    "security_group": {**_COMMON, "stateful": Attribute(_boolean)},
    "security_group_rule": {
        **_OWNER,
        "description": Attribute(_text, put=False),
        "security_group_id": Attribute(_text, put=False),
        "direction": Attribute(_text, put=False),
        "ethertype": Attribute(_text, put=False),
        "protocol": Attribute(_any, put=False),
        "port_range_min": Attribute(_integer_or_null, put=False),
        "port_range_max": Attribute(_integer_or_null, put=False),
        "remote_ip_prefix": _BORN,
        "remote_group_id": _BORN,
        "remote_address_group_id": _BORN,
    },
}


def checked(kind, wanted, method, is_admin):
    """Give what a request body says about one resource, checked.

    :param method: ``POST`` or ``PUT``.
    :raises Fault: 400 for an attribute that is unknown, may not be set now or
        has a bad value; 403 for one that only an admin may set.
    """
    if not isinstance(wanted, dict):
        raise errors.bad_request(f"Body contains invalid data: {kind} must be an object")
    known = KINDS[kind]
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        listed = ", ".join(f"'{name}'" for name in unknown)
        raise errors.bad_request(f"Unrecognized attribute(s) {listed}")
    found = {}
    for name, value in wanted.items():
        attribute = known[name]
        if not (attribute.post if method == "POST" else attribute.put):
            raise errors.bad_request(f"Attribute '{name}' not allowed in {method}")
        if attribute.admin and not is_admin:
            verb = "create" if method == "POST" else "update"
            raise errors.not_allowed(f"({verb}_{kind} and {verb}_{kind}:{name})")
        try:
            found[name] = attribute.check(value)
        except ValueError as error:
            message = f"Invalid input for {name}. Reason: {error}."
            raise errors.bad_request(message) from None
    return found
