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

"""The block storage service."""

from senlin.cloud import service

_READ = "3.0"


class BlockStorage(service.Service):
    """Calls to Cinder; plain JSON, raises CloudError."""

    TYPE = "block-storage"

    def volume(self, volume_id):
        """The volume, None if it does not exist."""
        return self.first(f"/volumes/{service.quote(volume_id)}", "volume", microversion=_READ)

    def volume_type(self, name_or_id):
        """The volume type with this id or name, None if there is none."""
        found = self.first(f"/types/{service.quote(name_or_id)}", "volume_type", None, _READ)
        if found is not None:
            return found
        types = self.get("/types", microversion=_READ)["volume_types"]
        return next((one for one in types if one["name"] == name_or_id), None)
