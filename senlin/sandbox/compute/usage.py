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

"""``/os-simple-tenant-usage``: what projects have had, from the running servers."""

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import listing
from senlin.sandbox.compute import states
from senlin.sandbox.compute import views
from senlin.sandbox.compute.fleet import EVERYONE

_MONTH = 30 * 24 * 3600
_HOUR = 3600


class UsageRoutes(base.Part):
    """``/os-simple-tenant-usage``."""

    @web.route("GET", "/os-simple-tenant-usage")
    def list(self, request):
        """Show every project's usage."""
        base.require_admin(request, "os-simple-tenant-usage:list")
        projects = {}
        for record in self.cloud.fleet.records(EVERYONE):
            projects.setdefault(record["project_id"], []).append(record)
        detailed = request.query.get("detailed") == "1"
        return {
            "tenant_usages": [
                self._usage(request, project, records, detailed)
                for project, records in sorted(projects.items())
            ]
        }

    @web.route("GET", "/os-simple-tenant-usage/{project_id}")
    def show(self, request, project_id):
        """Show one project's usage with its servers."""
        if project_id != request.token.project_id:
            base.require_admin(request, "os-simple-tenant-usage:show")
        records = list(self.cloud.fleet.records(project_id))
        if not records:
            return {"tenant_usage": {}}
        return {"tenant_usage": self._usage(request, project_id, records, True)}

    def _usage(self, request, project_id, records, detailed):
        now = self.cloud.clock.time()
        query = request.query
        start = (
            listing.parse_time(query.get("start"), "start") if query.get("start") else now - _MONTH
        )
        stop = listing.parse_time(query.get("end"), "end") if query.get("end") else now
        totals = {"hours": 0.0, "vcpus": 0.0, "memory": 0.0, "disk": 0.0}
        servers = []
        for record in records:
            hours = max(0.0, (min(now, stop) - max(record["created"], start)) / _HOUR)
            flavor = record["flavor"]
            disk = flavor["disk"] + flavor["ephemeral"]
            totals["hours"] += hours
            totals["vcpus"] += hours * flavor["vcpus"]
            totals["memory"] += hours * flavor["ram"]
            totals["disk"] += hours * disk
            servers.append(self._server(record, hours, disk, now))
        body = {
            "tenant_id": project_id,
            "total_hours": totals["hours"],
            "total_vcpus_usage": totals["vcpus"],
            "total_memory_mb_usage": totals["memory"],
            "total_local_gb_usage": totals["disk"],
            "start": views.iso_micro(start),
            "stop": views.iso_micro(stop),
        }
        if detailed:
            body["server_usages"] = servers
        return body

    @staticmethod
    def _server(record, hours, disk, now):
        flavor = record["flavor"]
        status = states.status_of(record["vm_state"], record["task_state"])
        return {
            "instance_id": record["id"],
            "name": record["name"],
            "tenant_id": record["project_id"],
            "flavor": flavor["name"],
            "vcpus": flavor["vcpus"],
            "memory_mb": flavor["ram"],
            "local_gb": disk,
            "hours": hours,
            "started_at": views.iso_micro(record["created"]),
            "ended_at": None,
            "state": status.lower(),
            "uptime": int(now - record["created"]),
        }
