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

"""Does what a spec names exist? (Profile contract, section 3.3.)"""

from senlin.cloud import errors
from senlin.common import exception
from senlin.profiles.nova import properties as schema


def validate(profile, cloud):
    """Check a spec with the cloud, in the order of the contract.

    :raises InvalidSpec: naming the property and what is wrong with it.
    :raises CloudError: if the cloud cannot be asked.
    """
    properties = profile.properties
    _check_context(properties["context"] or {})
    _check_zone(properties, cloud)
    _check_flavor(properties["flavor"], cloud)
    if properties["image"]:
        _look_up(cloud, "image", properties["image"], "image")
    if properties["key_name"]:
        _look_up(cloud, "key_pair", properties["key_name"], "key_name")
    for number, entry in enumerate(profile.networks):
        _check_network(entry, cloud, f"networks[{number}]")
    _check_files(properties)


def _check_context(context):
    """Servers are always made on behalf of the profile's owner."""
    for key in schema.FOREIGN_IDENTITY:
        if context.get(key):
            raise exception.InvalidSpec(
                f"The item 'context.{key}' is not supported: the service acts with the "
                "trust of the profile's owner; only 'region_name' can be chosen"
            )


def _check_zone(properties, cloud):
    zone = properties["availability_zone"]
    if zone and zone not in cloud.zones():
        raise exception.InvalidSpec(f"The specified availability_zone '{zone}' could not be found")


def _check_flavor(name, cloud):
    flavor = _look_up(cloud, "flavor", name, "flavor")
    if flavor.get("OS-FLV-DISABLED:disabled"):
        raise exception.InvalidSpec(f"The specified flavor '{name}' is disabled")


def _check_network(entry, cloud, path):
    if entry["network"]:
        _look_up(cloud, "network", entry["network"], f"{path}.network")
    if entry["subnet"]:
        _look_up(cloud, "subnet", entry["subnet"], f"{path}.subnet")
    if entry["port"]:
        _check_port(entry["port"], cloud, f"{path}.port")
    check_network_shape(entry, path)
    for group in entry["security_groups"] or ():
        _look_up(cloud, "security_group", group, f"{path}.security_groups")
    if entry["floating_network"]:
        _look_up(cloud, "network", entry["floating_network"], f"{path}.floating_network")
    if entry["floating_ip"]:
        _check_floating_ip(entry, cloud, path)


def check_network_shape(entry, path):
    """Check what can be told without the cloud.

    :raises InvalidSpec: for entries that cannot be.
    """
    if not entry["port"] and not entry["network"]:
        raise exception.InvalidSpec(f"One of 'port' and 'network' must be provided in {path}")
    if entry["fixed_ip"] and entry["port"]:
        raise exception.InvalidSpec(
            f"The 'port' property and the 'fixed_ip' property of {path} "
            "cannot be specified at the same time"
        )
    if entry["vnic_type"] and entry["vnic_type"] not in schema.VNIC_TYPES:
        raise exception.InvalidSpec(
            f"vnic_type: '{entry['vnic_type']}' is not supported in {path}; "
            f"use one of {', '.join(schema.VNIC_TYPES)}"
        )


def _check_port(name, cloud, path):
    try:
        port = cloud.network.port(name)
    except errors.CloudError as error:
        raise _refusal(error, path, "port", name) from error
    if port is None:
        raise exception.InvalidSpec(f"The specified port '{name}' could not be found")
    if port["status"] != "DOWN":
        raise exception.InvalidSpec(
            f"The status of the port {name} of {path} must be DOWN, not {port['status']}"
        )


def _check_floating_ip(entry, cloud, path):
    address = entry["floating_ip"]
    found = cloud.network.floating_ips(floating_ip_address=address)
    if found and found[0]["status"] == "ACTIVE":
        raise exception.InvalidSpec(f"The floating IP {address} of {path} has been used")
    if not entry["floating_network"]:
        raise exception.InvalidSpec(
            f"Must specify a 'floating_network' in {path} to use the floating IP {address}"
        )


def _check_files(properties):
    """The compute API has files up to 2.56 and volume types from 2.67 on."""
    devices = properties["block_device_mapping_v2"] or ()
    if properties["personality"] and any(device["volume_type"] for device in devices):
        raise exception.InvalidSpec(
            "'personality' cannot be used together with a 'volume_type' in block_device_mapping_v2"
        )


def _look_up(cloud, kind, name, path):
    try:
        return cloud.look_up(kind, name)
    except errors.CloudError as error:
        raise _refusal(error, path, kind, name) from error


def _refusal(error, path, kind, name):
    """InvalidSpec where the cloud refuses the name; its trouble goes through."""
    if error.is_not_found:
        return exception.InvalidSpec(
            f"The specified {path.rsplit('.', 1)[-1]} '{name}' could not be found"
            + (f" ({path})" if "." in path else "")
        )
    if error.status in (400, 409):
        return exception.InvalidSpec(
            f"The specified {kind.replace('_', ' ')} '{name}' of {path} cannot be used: "
            f"{error.message}"
        )
    return error
