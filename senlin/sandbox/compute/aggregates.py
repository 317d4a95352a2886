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

"""Host aggregates; one with ``availability_zone`` in its metadata is a zone."""

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import hosts
from senlin.sandbox.compute import views


class AggregateRoutes(base.Part):
    """``/os-aggregates``, for administrators."""

    @web.route("GET", "/os-aggregates")
    def list(self, request):
        """List the aggregates."""
        base.require_admin(request, "os-aggregates:index")
        records = self.cloud.store.table(hosts.AGGREGATES).values()
        return {"aggregates": [self._view(request, record) for record in records]}

    @web.route("GET", "/os-aggregates/{number}")
    def show(self, request, number):
        """Show one aggregate."""
        base.require_admin(request, "os-aggregates:show")
        return self._answer(request, self._aggregate(number))

    @web.route("POST", "/os-aggregates")
    def create(self, request):
        """Make an aggregate."""
        base.require_admin(request, "os-aggregates:create")
        wanted = base.section(request.json(), "aggregate")
        base.check_keys(wanted, "aggregate", {"name", "availability_zone"})
        name = base.text(wanted.get("name"), "aggregate.name")
        table = self.cloud.store.table(hosts.AGGREGATES)
        if any(record["name"] == name for record in table.values()):
            raise web.Fault(409, f"Aggregate {name} already exists.")
        zone = wanted.get("availability_zone")
        metadata = (
            {"availability_zone": base.text(zone, "aggregate.availability_zone")} if zone else {}
        )
        number = 1 + max((record["id"] for record in table.values()), default=0)
        record = hosts.aggregate(number, name, metadata, ())
        return self._answer(request, self._save({**record, "created": self.cloud.clock.time()}))

    @web.route("PUT", "/os-aggregates/{number}")
    def update(self, request, number):
        """Rename an aggregate or its zone."""
        base.require_admin(request, "os-aggregates:update")
        record = self._aggregate(number)
        wanted = base.section(request.json(), "aggregate")
        base.check_keys(wanted, "aggregate", {"name", "availability_zone"})
        if "name" in wanted:
            record = {**record, "name": base.text(wanted["name"], "aggregate.name")}
        if wanted.get("availability_zone"):
            zone = base.text(wanted["availability_zone"], "aggregate.availability_zone")
            record = {**record, "metadata": {**record["metadata"], "availability_zone": zone}}
        return self._answer(request, self._save(record))

    @web.route("DELETE", "/os-aggregates/{number}")
    def delete(self, request, number):
        """Remove an aggregate without hosts."""
        base.require_admin(request, "os-aggregates:delete")
        record = self._aggregate(number)
        if record["hosts"]:
            raise web.Fault(400, f"Cannot remove host(s) from aggregate {number}: not empty.")
        self.cloud.store.delete(hosts.AGGREGATES, number)
        return web.Response(200)

    @web.route("POST", "/os-aggregates/{number}/action")
    def act(self, request, number):
        """Add or remove a host, or set metadata."""
        base.require_admin(request, "os-aggregates:action")
        record = self._aggregate(number)
        body = request.json()
        if "set_metadata" in body:
            wanted = base.section(body["set_metadata"], "metadata")
            metadata = {**record["metadata"], **wanted}
            metadata = {key: value for key, value in metadata.items() if value is not None}
            return self._answer(request, self._save({**record, "metadata": metadata}))
        members = list(record["hosts"])
        if "add_host" in body:
            name = self._host(body["add_host"])
            if name in members:
                raise web.Fault(409, f"Aggregate {number} already has host {name}.")
            self._check_zone(record, name)
            members.append(name)
        elif "remove_host" in body:
            name = self._host(body["remove_host"])
            if name not in members:
                raise web.Fault(404, f"Aggregate {number} has no host {name}.")
            members.remove(name)
        else:
            raise web.Fault(400, f"There is no such action: {next(iter(body), '')}")
        return self._answer(request, self._save({**record, "hosts": members}))

    def _check_zone(self, record, name):
        zone = record["metadata"].get("availability_zone")
        now = self.cloud.hosts.zone_of(name)
        if zone and now not in (zone, hosts.DEFAULT_ZONE):
            raise web.Fault(
                409, f"Cannot add host {name}: it is in the availability zone {now} already."
            )

    def _host(self, wanted):
        name = wanted.get("host") if isinstance(wanted, dict) else None
        if self.cloud.hosts.get(name) is None:
            raise web.Fault(404, f"Compute host {name} could not be found.")
        return name

    def _aggregate(self, number):
        record = self.cloud.store.table(hosts.AGGREGATES).get(number)
        if record is None:
            raise web.Fault(404, f"Aggregate {number} could not be found.")
        return record

    def _save(self, record):
        record = {**record, "updated": self.cloud.clock.time()}
        self.cloud.store.put(hosts.AGGREGATES, str(record["id"]), record)
        return record

    def _answer(self, request, record):
        return {"aggregate": self._view(request, record)}

    @staticmethod
    def _view(request, record):
        body = {
            "id": record["id"],
            "name": record["name"],
            "hosts": record["hosts"],
            "metadata": record["metadata"],
            "availability_zone": record["metadata"].get("availability_zone"),
            "deleted": False,
            "deleted_at": None,
            "created_at": views.iso_micro(record["created"]),
            "updated_at": views.iso_micro(record["updated"]),
        }
        if request.microversion[1] >= 41:
            body["uuid"] = record["uuid"]
        return body
