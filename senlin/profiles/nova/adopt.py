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

"""From an existing server to the spec that describes it."""

from oslo_utils import uuidutils

from senlin.cloud import errors
from senlin.common import consts
from senlin.profiles.nova import servers


def find(cloud, identity):
    """The existing server with this id or name.

    :raises CloudError: status 404 if there is none, 409 if there are several.
    """
    if uuidutils.is_uuid_like(identity):
        server = cloud.compute.server(identity)
        if server is not None and not servers.is_gone(server):
            return server
    found = [one for one in cloud.compute.servers_named(identity) if not servers.is_gone(one)]
    if len(found) == 1:
        return found[0]
    if found:
        raise errors.CloudError(
            f"More than one server is named '{identity}'; use the id.",
            status=409,
            reason=consts.ReasonClass.INVALID,
            service="compute",
        )
    raise errors.CloudError(
        f"The server '{identity}' could not be found.",
        status=404,
        reason=consts.ReasonClass.NOT_FOUND,
        service="compute",
    )


def adopt(cloud, identity, overrides=None, snapshot=False):
    """The spec properties of an existing server.

    :param overrides: properties that take the place of what was found.
    :param snapshot: take an image of the server; the spec then names it.
    :raises CloudError: if the server cannot be found or read.
    """
    server = find(cloud, identity)
    properties = {
        "auto_disk_config": server.get("OS-DCF:diskConfig") == "AUTO",
        "flavor": server["flavor"]["id"],
        "name": server["name"],
    }
    zone = server.get("OS-EXT-AZ:availability_zone")
    if zone:
        properties["availability_zone"] = zone
    if server.get("config_drive"):
        properties["config_drive"] = str(server["config_drive"]).lower() == "true"
    if server.get("image"):
        properties["image"] = server["image"]["id"]
    if server.get("key_name"):
        properties["key_name"] = server["key_name"]
    metadata = {
        key: value for key, value in server["metadata"].items() if key not in servers.SERVICE_KEYS
    }
    if metadata:
        properties["metadata"] = metadata
    devices = _block_devices(cloud, server)
    if devices:
        properties["block_device_mapping_v2"] = devices
    properties["networks"] = _networks(server)
    groups = list(dict.fromkeys(one["name"] for one in server.get("security_groups") or ()))
    if groups:
        properties["security_groups"] = groups
    if snapshot:
        properties["image"] = _snapshot(cloud, server)
    properties.update(overrides or {})
    return properties


def _networks(server):
    """One entry for each network, with its first fixed address."""
    result = []
    for network, addresses in (server.get("addresses") or {}).items():
        fixed = [one for one in addresses if one.get("OS-EXT-IPS:type", "fixed") == "fixed"]
        if fixed:
            result.append({"network": network, "fixed_ip": fixed[0]["addr"]})
    return result


def _block_devices(cloud, server):
    """The attached volumes; the one that the server boots from comes first."""
    result = []
    attached = server.get("os-extended-volumes:volumes_attached") or ()
    for number, one in enumerate(attached):
        volume = cloud.block_storage.volume(one["id"])
        if volume is None:
            continue
        device = {
            "uuid": one["id"],
            "source_type": "volume",
            "destination_type": "volume",
            "volume_size": volume["size"],
            "delete_on_termination": bool(one.get("delete_on_termination")),
        }
        if number == 0 and not server.get("image"):
            device["boot_index"] = 0
        result.append(device)
    return result


def _snapshot(cloud, server):
    body = {"createImage": {"name": f"{server['name']}-adopted", "metadata": {}}}
    return cloud.compute.create_image(server["id"], body)
