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

"""Images as they are stored, shown and changed."""

import base64
import datetime
import hashlib

from senlin.sandbox import web

VISIBILITIES = ("public", "private", "shared", "community")
_CONTAINERS = ("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed")
_DISKS = (
    "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "ploop", "iso",
)  # fmt: skip
# What callers may not set: glance says 403 for these.
READ_ONLY = (
    "checksum", "created_at", "updated_at", "direct_url", "file", "locations", "os_hash_algo",
    "os_hash_value", "schema", "self", "size", "status", "stores", "virtual_size", "owner",
)  # fmt: skip


def iso(seconds):
    """Give epoch seconds as glance writes times."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def new(image_id, owner, now, **values):
    """Give a new image, queued and without data."""
    return {
        "id": image_id,
        "name": None,
        "status": "queued",
        "visibility": "shared",
        "protected": False,
        "os_hidden": False,
        "owner": owner,
        "container_format": None,
        "disk_format": None,
        "min_disk": 0,
        "min_ram": 0,
        "size": None,
        "virtual_size": None,
        "checksum": None,
        "os_hash_algo": None,
        "os_hash_value": None,
        "tags": [],
        "created_at": iso(now),
        "updated_at": iso(now),
        **values,
    }


def filled(image, data, now):
    """Give an image that has data and is active."""
    return {
        **image,
        "status": "active",
        "size": len(data),
        "virtual_size": len(data),
        "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "os_hash_algo": "sha512",
        "os_hash_value": hashlib.sha512(data).hexdigest(),
        "updated_at": iso(now),
    }


def encode(data):
    """Give data as it is kept in the store."""
    return {"base64": base64.b64encode(data).decode()}


def decode(record):
    """Give the data kept in the store."""
    return base64.b64decode(record["base64"])


def shown(image):
    """Give an image as the API shows it."""
    path = f"/v2/images/{image['id']}"
    return {**image, "self": path, "file": f"{path}/file", "schema": "/v2/schemas/image"}


def check(values, is_admin):
    """Refuse values that glance refuses.

    :raises Fault: 400 or 403.
    """
    for name, value in values.items():
        if name in READ_ONLY and not (name == "owner" and is_admin):
            raise web.Fault(403, f"Attribute '{name}' is read-only.")
        if name == "visibility":
            if value not in VISIBILITIES:
                raise _invalid(name, f"'{value}' is not one of {list(VISIBILITIES)}")
            if value == "public" and not is_admin:
                raise web.Fault(403, "You are not authorized to complete publicize_image action.")
        elif name in ("min_disk", "min_ram"):
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise _invalid(name, f"{value!r} is not a whole number from 0")
        elif name in ("protected", "os_hidden"):
            if not isinstance(value, bool):
                raise _invalid(name, f"{value!r} is not of type 'boolean'")
        elif name == "container_format" and value not in (None, *_CONTAINERS):
            raise _invalid(name, f"'{value}' is not one of {list(_CONTAINERS)}")
        elif name == "disk_format" and value not in (None, *_DISKS):
            raise _invalid(name, f"'{value}' is not one of {list(_DISKS)}")
        elif name == "tags":
            if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
                raise _invalid(name, f"{value!r} is not a list of strings")
        elif name not in ("min_disk", "min_ram") and not isinstance(value, (str, type(None))):
            raise _invalid(name, f"{value!r} is not of type 'null', 'string'")


def _invalid(name, text):
    return web.Fault(400, f"Provided object does not match schema 'image': {text} ({name}).")


def patched(image, changes):
    """Give an image after a JSON patch (add, replace, remove of one level).

    :raises Fault: 400 malformed, 409 for what is not there.
    """
    if not isinstance(changes, list):
        raise web.Fault(400, "Request body must be a JSON array of operation objects.")
    result = dict(image)
    for change in changes:
        operation = change.get("op") if isinstance(change, dict) else None
        path = change.get("path", "") if isinstance(change, dict) else ""
        name = str(path).lstrip("/").replace("~1", "/").replace("~0", "~")
        if operation not in ("add", "replace", "remove") or not name:
            raise web.Fault(
                400, "Operations must have an 'op' of add, replace or remove, and a 'path'."
            )
        if operation in ("replace", "remove") and name not in result:
            raise web.Fault(409, f"Property {name} does not exist.")
        if operation == "remove":
            del result[name]
        elif "value" not in change:
            raise web.Fault(400, f"Operation object {change} has no 'value'.")
        else:
            result[name] = change["value"]
    return result
