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

"""From the body of ``POST /servers`` to the records of new servers."""

import base64
import binascii
from dataclasses import dataclass
import re
import secrets
import uuid

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import flavors
from senlin.sandbox.compute import states

_MAX_USER_DATA = 65535
_PASSWORD_LENGTH = 12
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

# Key of a server to create -> first minor version that knows it.
_KEYS = {
    "name": 1, "imageRef": 1, "flavorRef": 1, "adminPass": 1, "metadata": 1, "networks": 1,
    "OS-DCF:diskConfig": 1, "accessIPv4": 1, "accessIPv6": 1, "availability_zone": 1,
    "block_device_mapping": 1, "block_device_mapping_v2": 1, "config_drive": 1, "key_name": 1,
    "max_count": 1, "min_count": 1, "return_reservation_id": 1, "security_groups": 1,
    "user_data": 1, "personality": 1, "description": 19, "tags": 52,
    "trusted_image_certificates": 63, "host": 74, "hypervisor_hostname": 74, "hostname": 90,
}  # fmt: skip
_LAST_PERSONALITY = 56
_HINT_KEYS = ("os:scheduler_hints", "OS-SCH-HNT:scheduler_hints")


@dataclass(slots=True)
class Blueprint:
    """A checked request for servers."""

    name: str
    count_min: int
    count_max: int
    flavor: dict
    image: str | None
    networks: list
    zone: str | None
    host: str | None
    group: str | None
    hints: dict
    security_groups: list
    key_name: str | None
    password: str
    volumes: list
    fields: dict
    wants_reservation: bool


class Reader:
    """Checks requests for servers against the cloud.

    :param cloud: the :class:`~senlin.sandbox.compute.base.Context`.
    """

    def __init__(self, cloud):
        self._cloud = cloud

    def read(self, request):
        """Give the :class:`Blueprint` of a request.

        :raises Fault: 400, 403 or 409 as nova words them.
        """
        body = request.json()
        minor = request.microversion[1]
        base.check_keys(body, "body", {"server", *_HINT_KEYS})
        wanted = base.section(body, "server")
        _check_keys(wanted, minor)
        hints = next((body[key] for key in _HINT_KEYS if body.get(key)), {})
        if not isinstance(hints, dict):
            raise base.invalid("os:scheduler_hints", hints, "it is not of type 'object'")
        name = base.text(wanted.get("name"), "server.name")
        low = base.integer(wanted.get("min_count", 1), "server.min_count", low=1)
        high = base.integer(wanted.get("max_count", low), "server.max_count", low=1)
        if low > high:
            raise web.Fault(400, "min_count must be <= max_count")
        token = request.token
        flavor = self.flavor(wanted.get("flavorRef"), token)
        mapping = _block_devices(wanted)
        zone, host = self._zone(wanted, token)
        password = wanted.get("adminPass")
        if password is not None:
            base.text(password, "server.adminPass")
        return Blueprint(
            name=name,
            count_min=low,
            count_max=high,
            flavor=flavor,
            image=self._image(wanted, mapping, flavor, token),
            networks=self._networks(wanted, minor, high, token),
            zone=zone,
            host=host,
            group=self._group(hints, token),
            hints=hints,
            security_groups=[
                self._cloud.ports.security_group(name, token.project_id)["name"]
                for name in _security_groups(wanted)
            ],
            key_name=self._key_name(wanted, token),
            password=password or make_password(),
            volumes=volumes_of(mapping),
            fields=self._fields(wanted, name, token),
            wants_reservation=bool(wanted.get("return_reservation_id")),
        )

    def flavor(self, reference, token):
        """Give the flavor of a ``flavorRef``.

        :raises Fault: 400 when there is none.
        """
        if isinstance(reference, int) and not isinstance(reference, bool):
            reference = str(reference)
        reference = base.text(reference, "server.flavorRef").rsplit("/", 1)[-1]
        flavor = self._cloud.flavors.get(reference, token)
        if flavor is None or flavor["disabled"]:
            raise web.Fault(400, f"Flavor {reference} could not be found.")
        return flavors.embedded(flavor)

    def check_image(self, image_id, flavor, token):
        """Check that an image is there, is usable and fits the flavor.

        :raises Fault: 400 otherwise.
        """
        image = self.image(image_id, token)
        if image["status"] != "active":
            raise web.Fault(400, f"Image {image_id} is not active.")
        if (image.get("min_ram") or 0) > flavor["ram"]:
            raise web.Fault(400, "Flavor's memory is too small for requested image.")
        if flavor["disk"] and (image.get("min_disk") or 0) > flavor["disk"]:
            raise web.Fault(400, "Flavor's disk is too small for requested image.")
        return image

    def image(self, image_id, token):
        """Give an image the caller may use.

        :raises Fault: 400 when there is none.
        """
        image = self._cloud.image.find_image(image_id)
        usable = image is not None and (
            token.is_admin
            or image["visibility"] in ("public", "community")
            or image["owner"] == token.project_id
        )
        if not usable:
            raise web.Fault(400, "Can not find requested image")
        return image

    def check_metadata(self, value, path, project_id):
        """Check metadata, also against the quota of items.

        :raises Fault: 400, or 403 above the quota.
        """
        checked = base.metadata(value, path)
        limit = self._cloud.quotas.limits(project_id)["metadata_items"]
        if 0 <= limit < len(checked):
            raise web.Fault(403, f"Maximum number of metadata items exceeds {limit}")
        return checked

    def _image(self, wanted, mapping, flavor, token):
        reference = wanted.get("imageRef") or ""
        image_id = str(reference).rsplit("/", 1)[-1]
        roots = [device for device in mapping if device.get("boot_index") in (0, "0")]
        if not image_id:
            if not mapping:
                raise web.Fault(400, "Missing imageRef attribute")
            for device in roots:
                if device.get("source_type") == "image":
                    self.check_image(device.get("uuid"), flavor, token)
            return None
        self.check_image(image_id, flavor, token)
        if any(device.get("destination_type") == "volume" for device in roots):
            return None
        return image_id

    def _networks(self, wanted, minor, count, token):
        networks = wanted.get("networks")
        if networks is None and minor >= 37:
            raise base.invalid("server", wanted, "'networks' is a required property")
        if isinstance(networks, str):
            if minor < 37 or networks not in ("auto", "none"):
                raise base.invalid("server.networks", networks, f"{networks!r} is not valid")
        elif networks is not None:
            if not isinstance(networks, list) or not all(isinstance(x, dict) for x in networks):
                raise base.invalid("server.networks", networks, "it is not a list of objects")
            for index, entry in enumerate(networks):
                known = {"uuid", "port", "fixed_ip", "tag"}
                base.check_keys(entry, f"server.networks.{index}", known)
            if count > 1 and any(entry.get("port") for entry in networks):
                raise web.Fault(
                    400,
                    "Unable to launch multiple instances with a single configured port ID. "
                    "Please launch your instance one by one with different ports.",
                )
        return self._cloud.ports.resolve(networks, token.project_id, token.is_admin)

    def _zone(self, wanted, token):
        zone = wanted.get("availability_zone")
        host = wanted.get("host") or wanted.get("hypervisor_hostname")
        if host:
            base.require_admin_token(token, "servers:create:requested_destination")
            if self._cloud.hosts.get(host) is None:
                raise web.Fault(400, f"Compute host {host} could not be found.")
        if not zone:
            return None, host
        zone, _, forced = base.text(zone, "server.availability_zone").partition(":")
        if forced:
            base.require_admin_token(token, "servers:create:forced_host")
            host = forced.partition(":")[0]
            if self._cloud.hosts.get(host) is None:
                raise web.Fault(400, f"Compute host {host} could not be found.")
        if not self._cloud.hosts.is_zone_available(zone):
            raise web.Fault(400, "The requested availability zone is not available")
        return zone, host

    def _group(self, hints, token):
        group_id = hints.get("group")
        if isinstance(group_id, list):
            group_id = group_id[0] if group_id else None
        if not group_id:
            return None
        group = self._cloud.groups.get(group_id)
        if group is None or not (token.is_admin or group["project_id"] == token.project_id):
            raise web.Fault(400, f"Instance group {group_id} could not be found.")
        limit = self._cloud.quotas.limits(token.project_id)["server_group_members"]
        if 0 <= limit <= len(self._cloud.fleet.members(group_id)):
            raise web.Fault(403, "Quota exceeded, too many servers in group")
        return group_id

    def _key_name(self, wanted, token):
        name = wanted.get("key_name")
        if name is None:
            return None
        if self._cloud.keypairs.get(token.user_id, base.text(name, "server.key_name")) is None:
            raise web.Fault(400, "Invalid key_name provided.")
        return name

    def _fields(self, wanted, name, token):
        user_data = wanted.get("user_data")
        if user_data is not None:
            check_user_data(user_data)
        metadata = self.check_metadata(
            wanted.get("metadata") or {}, "server.metadata", token.project_id
        )
        disk_config = wanted.get("OS-DCF:diskConfig", "MANUAL")
        if disk_config not in ("AUTO", "MANUAL"):
            raise base.invalid(
                "server.OS-DCF:diskConfig",
                disk_config,
                f"{disk_config!r} is not one of ['AUTO', 'MANUAL']",
            )
        return {
            "metadata": metadata,
            "tags": sorted(set(wanted.get("tags") or ())),
            "description": wanted.get("description"),
            "user_data": user_data,
            "config_drive": "True" if wanted.get("config_drive") in (True, "true", "True") else "",
            "disk_config": disk_config,
            "access_v4": wanted.get("accessIPv4") or "",
            "access_v6": wanted.get("accessIPv6") or "",
            "hostname": wanted.get("hostname") or hostname(name),
        }


def new_record(blueprint, token, now, sequence, name, index, reservation):
    """Make the record of one new server; it has no host and no interfaces yet."""
    return {
        "id": str(uuid.uuid4()),
        "sequence": sequence,
        "name": name,
        "project_id": token.project_id,
        "user_id": token.user_id,
        "created": now,
        "updated": now,
        "launched_at": None,
        "terminated_at": None,
        "vm_state": states.BUILDING,
        "task_state": "scheduling",
        "power_state": states.NOSTATE,
        "progress": 0,
        "pending": None,
        "fault": None,
        "host": None,
        "zone": blueprint.zone,
        "wanted_zone": blueprint.zone,
        "flavor": blueprint.flavor,
        "image": blueprint.image,
        "key_name": blueprint.key_name,
        "nics": [],
        "volumes": blueprint.volumes,
        "security_groups": blueprint.security_groups or ["default"],
        "locked": False,
        "locked_reason": None,
        "server_group": blueprint.group,
        "resized_from": None,
        "hints": blueprint.hints,
        "reservation_id": reservation,
        "launch_index": index,
        "actions": [],
        **blueprint.fields,
    }


def make_password():
    """Give a random administrator password."""
    # One system call, not one per letter; the slight bias does no harm here.
    letters = len(_ALPHABET)
    return "".join(_ALPHABET[byte % letters] for byte in secrets.token_bytes(_PASSWORD_LENGTH))


def hostname(name):
    """Give the guest's host name for a server name, as nova makes it."""
    plain = re.sub(r"[ _.]", "-", name.lower())
    return re.sub(r"[^a-z0-9-]+", "", plain).strip("-")[:63] or "server"


def check_user_data(value):
    """Refuse user data that is not base64 or too long.

    :raises Fault: 400.
    """
    if not isinstance(value, str):
        raise base.invalid("server.user_data", value, "it is not of type 'string'")
    if len(value) > _MAX_USER_DATA:
        raise base.invalid("server.user_data", "(long)", "it is too long")
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise base.invalid("server.user_data", "(not shown)", "it is not a 'base64'") from None


def volumes_of(mapping):
    """Give the volume attachments that a block device mapping asks for."""
    volumes = []
    for device in mapping:
        if device.get("destination_type", "volume") != "volume":
            continue
        source = device.get("source_type", "volume")
        volume_id = device.get("uuid") or device.get("volume_id")
        if source != "volume" or not volume_id:
            volume_id = str(uuid.uuid4())
        volumes.append(
            {
                "id": str(uuid.uuid4()),
                "volume_id": volume_id,
                "device": device.get("device_name") or device_name(len(volumes)),
                "delete_on_termination": device.get("delete_on_termination") in (True, "true"),
                "tag": device.get("tag"),
            }
        )
    return volumes


def device_name(position):
    """Give the name of the disk at a position: /dev/vda, /dev/vdb, ..."""
    return f"/dev/vd{chr(ord('a') + position % 26)}"


def _check_keys(wanted, minor):
    for key in wanted:
        since = _KEYS.get(key)
        if since is None or since > minor or (key == "personality" and minor > _LAST_PERSONALITY):
            raise base.invalid(
                "server",
                sorted(wanted),
                f"Additional properties are not allowed ({key!r} was unexpected)",
            )


def _block_devices(wanted):
    mapping = wanted.get("block_device_mapping_v2") or wanted.get("block_device_mapping") or []
    if not isinstance(mapping, list) or not all(isinstance(item, dict) for item in mapping):
        raise base.invalid("server.block_device_mapping_v2", mapping, "it is not a list")
    for index, device in enumerate(mapping):
        source = device.get("source_type", "volume")
        path = f"server.block_device_mapping_v2.{index}"
        if source not in ("image", "volume", "snapshot", "blank"):
            raise base.invalid(f"{path}.source_type", source, "it is not a known source")
        if source != "blank" and not (device.get("uuid") or device.get("volume_id")):
            raise web.Fault(400, "Block Device Mapping is Invalid: a device has no uuid.")
        if device.get("volume_size") is not None:
            base.integer(device["volume_size"], f"{path}.volume_size", low=1)
    return mapping


def _security_groups(wanted):
    groups = wanted.get("security_groups") or []
    if not isinstance(groups, list) or not all(
        isinstance(group, dict) and isinstance(group.get("name"), str) for group in groups
    ):
        raise base.invalid("server.security_groups", groups, "it is not a list of names")
    return list(dict.fromkeys(group["name"] for group in groups))
