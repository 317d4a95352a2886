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

"""The image service."""

import json
import urllib.parse
import uuid

from senlin.sandbox import faults
from senlin.sandbox import web
from senlin.sandbox.identity import seed
from senlin.sandbox.image import records

_SEEDED = ("cirros", "fedora")
_SEEDED_DATA = bytes(65536)
_MOST = 1000
_USUAL = 25
_SORT_KEYS = ("name", "status", "container_format", "disk_format", "size", "id", "created_at",
              "updated_at")  # fmt: skip
_NOT_FILTERS = {
    "limit", "marker", "sort_key", "sort_dir", "sort", "member_status", "size_min", "size_max",
    "tag", "changes-since",
}  # fmt: skip


class ImageService(web.Service):
    """Glance, API v2."""

    name = "image"
    root = "/image"
    version = "/v2"

    def __init__(self, store, identity, clock):
        self._store = store
        self._identity = identity
        self._clock = clock
        self._images = store.table("image.images")
        self._data = store.table("image.data")

    def reset(self):
        """Seed two public images of 64 KiB."""
        for name in _SEEDED:
            key = str(uuid.UUID(seed.fixed_id("image", name)))
            owner = self._identity.project_id("admin")
            formats = {"container_format": "bare", "disk_format": "raw", "visibility": "public"}
            image = records.new(key, owner, self._clock.time(), name=name, **formats)
            self._keep(image, _SEEDED_DATA)

    def _keep(self, image, data):
        image = records.filled(image, data, self._clock.time())
        self._store.put_many(
            [
                ("image.data", image["id"], records.encode(data)),
                ("image.images", image["id"], image),
            ]
        )
        return image

    def find_image(self, image_id):
        """Give an image as stored, or None."""
        return self._images.get(image_id)

    def create_snapshot(self, name, project_id, properties):
        """Make an active private image for compute; gives it.

        :param properties: extra string properties of the image.
        """
        formats = {"container_format": "bare", "disk_format": "raw", "visibility": "private"}
        values = {**properties, **formats, "name": name}
        image = records.new(str(uuid.uuid4()), project_id, self._clock.time(), **values)
        return self._keep(image, _SEEDED_DATA)

    def versions_document(self, request):
        """Answer ``GET /image``."""
        href = f"{request.service_url}/"
        versions = [
            {
                "id": f"v2.{minor}",
                "status": "CURRENT" if minor == 17 else "SUPPORTED",
                "links": [{"rel": "self", "href": href}],
            }
            for minor in (17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
        ]
        return web.Response(300, {"versions": versions})

    def version_document(self, request):
        """Glance has none of one version: it answers with all."""
        return self.versions_document(request)

    def fault_body(self, fault, request_id):
        """Word an error as glance does."""
        return faults.glance(fault, request_id)

    def _visible(self, image, token):
        return (
            token.is_admin
            or image["owner"] == token.project_id
            or image["visibility"] in ("public", "community")
        )

    def _image(self, request, image_id, to_change=False):
        """Give an image the caller may see; for a change, one he owns."""
        image = self._images.get(image_id)
        token = request.token
        if image is None or not self._visible(image, token):
            raise web.Fault(404, f"No image found with ID {image_id}")
        if to_change:
            self._require_writer(request)
            if image["owner"] != token.project_id and not token.is_admin:
                raise web.Fault(403, "You are not permitted to modify this image: it is not yours.")
        return image

    def _require_writer(self, request):
        if not request.token.roles & {"member", "admin", "service"}:
            raise web.Fault(403, "You are not authorized to complete this action.")

    @web.route("GET", "/images")
    def list_images(self, request):
        """List images: own, public, and community ones when asked for."""
        query = request.query
        wanted = query.get("visibility")
        if wanted is not None and wanted not in (*records.VISIBILITIES, "all"):
            raise web.Fault(400, f"Invalid visibility value: {wanted}")
        token = request.token
        found = [
            image
            for image in list(self._images.values())
            if self._visible(image, token)
            and (image["visibility"] != "community" or wanted in ("community", "all"))
            and wanted in (None, "all", image["visibility"])
        ]
        hidden = query.get("os_hidden", "false").lower() == "true"
        found = [image for image in found if image["os_hidden"] == hidden]
        found = _sorted(query, _filtered(query, found))
        page, following = _page(query, found)
        answer = {
            "images": [records.shown(image) for image in page],
            "first": _path(query, None),
            "schema": "/v2/schemas/images",
        }
        if following:
            answer["next"] = _path(query, page[-1]["id"])
        return answer

    @web.route("POST", "/images")
    def create_image(self, request):
        """Register an image; its data comes later."""
        self._require_writer(request)
        wanted = request.json()
        records.check(wanted, request.token.is_admin)
        key = wanted.pop("id", None) or str(uuid.uuid4())
        values = {"owner": request.token.project_id, **wanted}
        with self._store.lock:
            if key in self._images:
                raise web.Fault(409, f"Image ID {key} already exists!")
            image = records.new(key, values.pop("owner"), self._clock.time(), **values)
            self._store.put("image.images", key, image)
        location = f"{request.service_url}/images/{key}"
        headers = {"Location": location, "OpenStack-image-import-methods": "web-download"}
        return web.Response(201, records.shown(image), headers)

    @web.route("GET", "/images/{image_id}")
    def show_image(self, request, image_id):
        """Show an image."""
        return records.shown(self._image(request, image_id))

    @web.route("PATCH", "/images/{image_id}")
    def update_image(self, request, image_id):
        """Change an image by a JSON patch."""
        if "openstack-images-v2" not in request.headers.get("Content-Type", ""):
            raise web.Fault(
                415,
                "Unsupported Content-Type: use application/openstack-images-v2.1-json-patch.",
            )
        try:
            changes = json.loads(request.body)
        except ValueError:
            raise web.Fault(400, "Malformed request body: it is not JSON.") from None
        with self._store.lock:
            former = self._image(request, image_id, to_change=True)
            image = records.patched(former, changes)
            changed = {k: v for k, v in image.items() if former.get(k) != v or k not in former}
            records.check(changed, request.token.is_admin)
            image["updated_at"] = records.iso(self._clock.time())
            self._store.put("image.images", image_id, image)
        return records.shown(image)

    @web.route("DELETE", "/images/{image_id}")
    def delete_image(self, request, image_id):
        """Remove an image that is not protected."""
        image = self._image(request, image_id, to_change=True)
        if image["protected"]:
            raise web.Fault(403, f"Image {image_id} is protected and cannot be deleted.")
        self._store.put_many([("image.images", image_id, None), ("image.data", image_id, None)])

    @web.route("PUT", "/images/{image_id}/file")
    def upload(self, request, image_id):
        """Take the data of a queued image."""
        image = self._image(request, image_id, to_change=True)
        if image["status"] != "queued":
            raise web.Fault(
                409, f"Image status transition from {image['status']} to saving is not allowed"
            )
        for name in ("disk_format", "container_format"):
            if not image[name]:
                raise web.Fault(400, f"Property {name} must be set prior to saving data.")
        self._keep(image, request.body)

    @web.route("GET", "/images/{image_id}/file")
    def download(self, request, image_id):
        """Give the data of an image."""
        image = self._image(request, image_id)
        kept = self._data.get(image_id)
        if kept is None:
            return None
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-MD5": image["checksum"],
        }
        return web.Response(200, records.decode(kept), headers)

    @web.route("PUT", "/images/{image_id}/tags/{tag}")
    def add_tag(self, request, image_id, tag):
        """Add a tag."""
        self._set_tags(request, image_id, lambda tags: dict.fromkeys([*tags, tag]))

    @web.route("DELETE", "/images/{image_id}/tags/{tag}")
    def remove_tag(self, request, image_id, tag):
        """Take a tag away."""
        if tag not in self._image(request, image_id)["tags"]:
            raise web.Fault(404, f"Unable to find tag {tag} on image {image_id}.")
        self._set_tags(request, image_id, lambda tags: [one for one in tags if one != tag])

    def _set_tags(self, request, image_id, change):
        with self._store.lock:
            image = self._image(request, image_id, to_change=True)
            tags = list(change(image["tags"]))
            self._store.put("image.images", image_id, {**image, "tags": tags})

    @web.route("POST", "/images/{image_id}/actions/deactivate")
    def deactivate(self, request, image_id):
        """Have an image's data refused."""
        self._set_status(request, image_id, "active", "deactivated")

    @web.route("POST", "/images/{image_id}/actions/reactivate")
    def reactivate(self, request, image_id):
        """Have an image's data given again."""
        self._set_status(request, image_id, "deactivated", "active")

    def _set_status(self, request, image_id, former, status):
        with self._store.lock:
            image = self._image(request, image_id, to_change=True)
            if image["status"] not in (former, status):
                raise web.Fault(403, f"Not allowed to make an image {status} that is not {former}.")
            self._store.put("image.images", image_id, {**image, "status": status})

    @web.route("GET", "/images/{image_id}/members")
    def list_members(self, request, image_id):
        """List with whom an image is shared: nobody."""
        self._image(request, image_id)
        return {"members": [], "schema": "/v2/schemas/members"}

    @web.route("GET", "/info/import")
    def show_import_methods(self, request):
        """Say that images cannot be imported."""
        return {"import-methods": {"description": "Import methods available.",
                                   "type": "array", "value": []}}  # fmt: skip

    @web.route("GET", "/schemas/image")
    def show_schema(self, request):
        """Give the outline of an image."""
        names = records.new("", "", 0)
        return {"name": "image", "properties": {name: {} for name in names}, "links": []}


def _filtered(query, images):
    """Keep what the query wants; ``in:a,b`` means any of them."""
    for tag in query.getall("tag"):
        images = [image for image in images if tag in image["tags"]]
    for name, test in (("size_min", int.__ge__), ("size_max", int.__le__)):
        if name in query:
            text = query.get(name)
            if not text.isdecimal():
                raise web.Fault(400, f"Invalid value for option {name}: {text}")
            images = [image for image in images if test(image["size"] or 0, int(text))]
    for name, value in query.items():
        if name in _NOT_FILTERS or name in ("visibility", "os_hidden"):
            continue
        values = value[3:].split(",") if value.startswith("in:") else [value]
        if name == "protected":
            values = [text.capitalize() for text in values]
        images = [image for image in images if str(image.get(name)) in values]
    return images


def _sorted(query, images):
    """Order as asked: ``sort=name:asc`` or sort_key and sort_dir; newest first if not."""
    pairs = []
    if "sort" in query:
        for part in query.get("sort").split(","):
            key, _, direction = part.partition(":")
            pairs.append((key, direction or "desc"))
    else:
        directions = query.getall("sort_dir")
        for index, key in enumerate(query.getall("sort_key")):
            usual = directions[-1] if directions else "desc"
            pairs.append((key, directions[index] if index < len(directions) else usual))
    for key, direction in pairs:
        if key not in _SORT_KEYS or direction not in ("asc", "desc"):
            raise web.Fault(400, f"Invalid sort: {key}:{direction}")
    images = sorted(images, key=lambda image: (image["created_at"], image["id"]), reverse=True)
    for key, direction in reversed(pairs):
        images.sort(key=lambda image: str(image[key] or ""), reverse=direction == "desc")
    return images


def _page(query, images):
    """Give (page, whether there is more)."""
    text = query.get("limit", str(_USUAL))
    if not text.isdecimal():
        raise web.Fault(400, "limit param must be an integer")
    limit = min(int(text), _MOST)
    start = 0
    marker = query.get("marker")
    if marker:
        places = [index for index, image in enumerate(images) if image["id"] == marker]
        if not places:
            raise web.Fault(400, f"Invalid marker. Image could not be found: {marker}")
        start = places[0] + 1
    page = images[start : start + limit]
    return page, bool(page) and start + limit < len(images)


def _path(query, marker):
    pairs = [pair for pair in query.items() if pair[0] != "marker"]
    if marker is not None:
        pairs.append(("marker", marker))
    text = urllib.parse.urlencode(pairs)
    return f"/v2/images?{text}" if text else "/v2/images"
