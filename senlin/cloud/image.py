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

from oslo_utils import uuidutils

from senlin.cloud import errors
from senlin.cloud import service


class Image(service.Service):
    """Calls to Glance; plain JSON, raises CloudError."""

    TYPE = "image"

    def image(self, name_or_id):
        """The image with this id or name, None if there is none."""
        if uuidutils.is_uuid_like(name_or_id):
            try:
                return self.get(f"/images/{service.quote(name_or_id)}")
            except errors.CloudError as error:
                if not error.is_not_found:
                    raise
        found = self.get("/images", {"name": name_or_id})["images"]
        if len(found) > 1:
            raise errors.CloudError(
                f"More than one image is named '{name_or_id}'; use the id.",
                status=409,
                reason=errors.ReasonClass.INVALID,
                service=self.TYPE,
            )
        return found[0] if found else None
