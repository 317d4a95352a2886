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

"""The network service: networks, subnets, ports, security groups, floating addresses."""

from oslo_utils import uuidutils

from senlin.cloud import errors
from senlin.cloud import service


class Network(service.Service):
    """Calls to Neutron; plain JSON, raises CloudError."""

    TYPE = "network"

    def network(self, name_or_id):
        """The network with this id or name, None if there is none.

        Of several with one name those of the project come before shared ones.
        """
        return self._find("networks", "network", name_or_id, self._link.project)

    def subnet(self, name_or_id):
        """The subnet with this id or name, None if there is none."""
        return self._find("subnets", "subnet", name_or_id, self._link.project)

    def security_group(self, name_or_id):
        """The security group with this id or name, the project's own first."""
        return self._find("security-groups", "security_group", name_or_id, self._link.project)

    def port(self, name_or_id):
        """The port with this id or name, None if there is none."""
        return self._find("ports", "port", name_or_id, None)

    def ports(self, **filters):
        """Ports that fit the filters."""
        return self.get("/ports", filters)["ports"]

    def create_port(self, port):
        """Make a port."""
        return self.post("/ports", {"port": port})["port"]

    def update_port(self, port_id, changes):
        """Change a port."""
        return self.put(f"/ports/{service.quote(port_id)}", {"port": changes})["port"]

    def delete_port(self, port_id):
        """Delete a port; False when it does not exist any more."""
        return self.delete(f"/ports/{service.quote(port_id)}")

    def floating_ips(self, **filters):
        """Floating addresses that fit the filters."""
        return self.get("/floatingips", filters)["floatingips"]

    def create_floating_ip(self, floating_ip):
        """Allocate a floating address."""
        return self.post("/floatingips", {"floatingip": floating_ip})["floatingip"]

    def update_floating_ip(self, floating_ip_id, changes):
        """Change a floating address, such as the port it leads to."""
        path = f"/floatingips/{service.quote(floating_ip_id)}"
        return self.put(path, {"floatingip": changes})["floatingip"]

    def delete_floating_ip(self, floating_ip_id):
        """Give a floating address back; False when it does not exist any more."""
        return self.delete(f"/floatingips/{service.quote(floating_ip_id)}")

    def _find(self, collection, key, name_or_id, project):
        if uuidutils.is_uuid_like(name_or_id):
            found = self.first(f"/{collection}/{service.quote(name_or_id)}", key)
            if found is not None:
                return found
        answer = self.get(f"/{collection}", {"name": name_or_id})
        found = answer[collection.replace("-", "_")]
        if len(found) > 1 and project:
            found = [one for one in found if one.get("project_id") == project] or found
        if len(found) > 1:
            raise errors.CloudError(
                f"More than one {key.replace('_', ' ')} is named '{name_or_id}'; use the id.",
                status=409,
                reason=errors.ReasonClass.INVALID,
                service=self.TYPE,
            )
        return found[0] if found else None
