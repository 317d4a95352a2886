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

"""Hosts as the API shows them: hypervisors, services and zones."""

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import hosts
from senlin.sandbox.compute import listing
from senlin.sandbox.compute import views

_CONTROL = (("nova-scheduler", 1), ("nova-conductor", 2))
_CONTROL_HOST = "controller"
# Hypervisors lost their numbers of resources at this minor version.
_SLIM = 88


class HypervisorRoutes(base.Part):
    """``/os-hypervisors``, for administrators."""

    @web.route("GET", "/os-hypervisors")
    def list(self, request):
        """List hypervisors by id and name."""
        return self._page(request, False)

    @web.route("GET", "/os-hypervisors/detail")
    def list_details(self, request):
        """List hypervisors with all there is."""
        return self._page(request, True)

    @web.route("GET", "/os-hypervisors/statistics")
    def statistics(self, request):
        """Sum the numbers of all hypervisors, before 2.88."""
        base.require_admin(request, "os-hypervisors:statistics")
        if request.microversion[1] >= _SLIM:
            raise web.Fault(404, "The resource could not be found.")
        totals = {"count": 0}
        for host in self.cloud.hosts.all():
            totals["count"] += 1
            for key, value in self._numbers(host).items():
                totals[key] = totals.get(key, 0) + value
        return {"hypervisor_statistics": totals}

    @web.route("GET", "/os-hypervisors/{key}")
    def show(self, request, key):
        """Show one hypervisor."""
        base.require_admin(request, "os-hypervisors:show")
        host = self._host(request, key)
        with_servers = _wants_servers(request)
        return {"hypervisor": self._detail(request, host, with_servers)}

    @web.route("GET", "/os-hypervisors/{key}/uptime")
    def uptime(self, request, key):
        """Show how long a hypervisor has run, before 2.88."""
        base.require_admin(request, "os-hypervisors:uptime")
        if request.microversion[1] >= _SLIM:
            raise web.Fault(404, "The resource could not be found.")
        host = self._host(request, key)
        if not self.cloud.hosts.is_up(host["name"]):
            raise web.Fault(400, f"Host {host['name']} is down.")
        return {"hypervisor": {**self._brief(request, host), "uptime": _UPTIME}}

    @web.route("GET", "/os-hypervisors/{key}/search")
    def search(self, request, key):
        """Find hypervisors whose name contains a text, before 2.53."""
        return self._found(request, key, False)

    @web.route("GET", "/os-hypervisors/{key}/servers")
    def servers(self, request, key):
        """Find hypervisors by name and show their servers, before 2.53."""
        return self._found(request, key, True)

    def _found(self, request, pattern, with_servers):
        base.require_admin(request, "os-hypervisors:search")
        if request.microversion[1] >= 53:
            raise web.Fault(404, "The resource could not be found.")
        found = [host for host in self.cloud.hosts.all() if pattern in host["name"]]
        if not found:
            raise web.Fault(404, f"No hypervisor matching '{pattern}' could be found.")
        return {"hypervisors": [self._brief(request, host, with_servers) for host in found]}

    def _page(self, request, detailed):
        base.require_admin(request, f"os-hypervisors:list{'-detail' if detailed else ''}")
        query = request.query
        found = self.cloud.hosts.all()
        pattern = query.get("hypervisor_hostname_pattern")
        if pattern:
            found = [host for host in found if pattern in host["name"]]
            if not found:
                raise web.Fault(404, f"No hypervisor matching '{pattern}' could be found.")
        limit = listing.page_limit(query)
        marker = query.get("marker")
        if marker:
            keys = [_identifier(request, host) for host in found]
            if marker not in map(str, keys):
                raise web.Fault(400, f"marker [{marker}] not found")
            found = found[[str(key) for key in keys].index(marker) + 1 :]
        render = self._detail if detailed else self._brief
        shown = [render(request, host, _wants_servers(request)) for host in found[:limit]]
        body = {"hypervisors": shown}
        if len(found) > limit:
            path = "os-hypervisors/detail" if detailed else "os-hypervisors"
            href = f"{request.service_url}/{path}?limit={limit}&marker={shown[-1]['id']}"
            body["hypervisors_links"] = [{"rel": "next", "href": href}]
        return body

    def _host(self, request, key):
        for host in self.cloud.hosts.all():
            if str(_identifier(request, host)) == key:
                return host
        raise web.Fault(404, f"Compute host {key} could not be found.")

    def _brief(self, request, host, with_servers=False):
        body = {
            "id": _identifier(request, host),
            "hypervisor_hostname": host["name"],
            "state": "up" if self.cloud.hosts.is_up(host["name"]) else "down",
            "status": "disabled" if host["disabled"] else "enabled",
        }
        if with_servers:
            body["servers"] = [
                {"name": f"instance-{record['sequence']:08x}", "uuid": record["id"]}
                for record in self.cloud.fleet.records()
                if record["host"] == host["name"]
            ]
        return body

    def _detail(self, request, host, with_servers=False):
        minor = request.microversion[1]
        service_id = host["service_uuid"] if minor >= 53 else host["service_id"]
        body = self._brief(request, host, with_servers) | {
            "hypervisor_type": "fake",
            "hypervisor_version": 1000,
            "host_ip": f"127.0.1.{host['id'] % 250 + 1}",
            "service": {
                "id": service_id,
                "host": host["name"],
                "disabled_reason": host["disabled_reason"],
            },
        }
        if minor >= _SLIM:
            body["uptime"] = _UPTIME if body["state"] == "up" else None
        else:
            cpu = {"arch": "x86_64", "model": "Nehalem", "vendor": "Intel", "features": []}
            body |= self._numbers(host) | {"cpu_info": cpu}
        return body

    def _numbers(self, host):
        usage = self.cloud.fleet.host_usage(host["name"])
        return {
            "vcpus": hosts.VCPUS,
            "vcpus_used": usage.cores,
            "memory_mb": hosts.MEMORY_MB,
            "memory_mb_used": usage.ram,
            "free_ram_mb": hosts.MEMORY_MB - usage.ram,
            "local_gb": hosts.DISK_GB,
            "local_gb_used": usage.disk,
            "free_disk_gb": hosts.DISK_GB - usage.disk,
            "disk_available_least": hosts.DISK_GB - usage.disk,
            "running_vms": usage.instances,
            "current_workload": 0,
        }


_UPTIME = " 10:00:00 up 1 day,  0 users,  load average: 0.00, 0.00, 0.00"


def _identifier(request, host):
    return host["uuid"] if request.microversion[1] >= 53 else host["id"]


def _wants_servers(request):
    wanted = request.query.get("with_servers")
    if wanted is None or request.microversion[1] < 53:
        return False
    return listing.boolean(wanted, "with_servers")


class ServiceRoutes(base.Part):
    """``/os-services``, for administrators."""

    @web.route("GET", "/os-services")
    def list(self, request):
        """List the daemons: scheduler, conductor and one compute per host."""
        base.require_admin(request, "os-services:list")
        found = [_control(request, self.cloud, binary, number) for binary, number in _CONTROL] + [
            self._view(request, host) for host in self.cloud.hosts.all()
        ]
        for key in ("host", "binary"):
            wanted = request.query.get(key)
            if wanted:
                found = [service for service in found if service[key] == wanted]
        return {"services": found}

    @web.route("PUT", "/os-services/{service_id}")
    def update(self, request, service_id):
        """Enable, disable or force down a compute service, from 2.53.

        Before, the last word of the path is ``enable``, ``disable``,
        ``disable-log-reason`` or ``force-down`` and the body names the host.
        """
        base.require_admin(request, "os-services:update")
        body = request.json()
        if request.microversion[1] < 53:
            return self._update_old(request, service_id, body)
        for host in self.cloud.hosts.all():
            if host["service_uuid"] == service_id:
                break
        else:
            raise web.Fault(404, f"Service {service_id} could not be found.")
        base.check_keys(body, "body", {"status", "disabled_reason", "forced_down"})
        changes = {}
        if "status" in body:
            if body["status"] not in ("enabled", "disabled"):
                raise base.invalid("status", body["status"], "it is not enabled or disabled")
            changes["disabled"] = body["status"] == "disabled"
            changes["disabled_reason"] = body.get("disabled_reason")
        if "forced_down" in body:
            changes["forced_down"] = listing.boolean(body["forced_down"], "forced_down")
        return {"service": self._view(request, self._change(host, changes))}

    def _update_old(self, request, verb, body):
        host = self.cloud.hosts.get(body.get("host"))
        if host is None or body.get("binary", "nova-compute") != "nova-compute":
            raise web.Fault(404, f"Could not find binary nova-compute on host {body.get('host')}.")
        changes = {
            "enable": {"disabled": False, "disabled_reason": None},
            "disable": {"disabled": True},
            "disable-log-reason": {
                "disabled": True,
                "disabled_reason": body.get("disabled_reason"),
            },
            "force-down": {"forced_down": body.get("forced_down") in (True, "true", "True")},
        }.get(verb)
        if changes is None:
            raise web.Fault(404, "Unknown action")
        host = self._change(host, changes)
        shown = {"host": host["name"], "binary": "nova-compute"}
        if verb == "force-down":
            shown["forced_down"] = host["forced_down"]
        else:
            shown["status"] = "disabled" if host["disabled"] else "enabled"
            if verb == "disable-log-reason":
                shown["disabled_reason"] = host["disabled_reason"]
        return {"service": shown}

    def _change(self, host, changes):
        # Views of servers on the host say whether it is in maintenance.
        self.cloud.fleet.forget_views()
        return self.cloud.hosts.change(host["name"], **changes)

    def _view(self, request, host):
        minor = request.microversion[1]
        is_up = self.cloud.hosts.is_up(host["name"])
        body = {
            "id": host["service_uuid"] if minor >= 53 else host["service_id"],
            "binary": "nova-compute",
            "host": host["name"],
            "zone": self.cloud.hosts.zone_of(host["name"]),
            "status": "disabled" if host["disabled"] else "enabled",
            "state": "up" if is_up else "down",
            "updated_at": views.iso_micro(self.cloud.clock.time()),
            "disabled_reason": host["disabled_reason"],
        }
        if minor >= 11:
            body["forced_down"] = host["forced_down"]
        return body


def _control(request, cloud, binary, number):
    body = {
        "id": hosts.stable_uuid("service", binary) if request.microversion[1] >= 53 else number,
        "binary": binary,
        "host": _CONTROL_HOST,
        "zone": hosts.INTERNAL_ZONE,
        "status": "enabled",
        "state": "up",
        "updated_at": views.iso_micro(cloud.clock.time()),
        "disabled_reason": None,
    }
    if request.microversion[1] >= 11:
        body["forced_down"] = False
    return body


class ZoneRoutes(base.Part):
    """``/os-availability-zone``."""

    @web.route("GET", "/os-availability-zone")
    def list(self, request):
        """List the zones servers can be in."""
        return {
            "availabilityZoneInfo": [self._view(zone, None) for zone in self.cloud.hosts.zones()]
        }

    @web.route("GET", "/os-availability-zone/detail")
    def list_details(self, request):
        """List the zones with their hosts and services, for administrators."""
        base.require_admin(request, "os-availability-zone:detail")
        now = views.iso_micro(self.cloud.clock.time())
        internal = {
            binary: {"available": True, "active": True, "updated_at": now} for binary, _ in _CONTROL
        }
        zones = [
            {
                "zoneName": hosts.INTERNAL_ZONE,
                "zoneState": {"available": True},
                "hosts": {_CONTROL_HOST: internal},
            }
        ]
        for zone, members in self.cloud.hosts.zones().items():
            shown = {
                host["name"]: {
                    "nova-compute": {
                        "available": self.cloud.hosts.is_up(host["name"]),
                        "active": not host["disabled"],
                        "updated_at": now,
                    }
                }
                for host in members
            }
            zones.append(self._view(zone, shown))
        return {"availabilityZoneInfo": zones}

    def _view(self, zone, shown):
        available = self.cloud.hosts.is_zone_available(zone)
        return {"zoneName": zone, "zoneState": {"available": available}, "hosts": shown}


class MigrationRoutes(base.Part):
    """``/os-migrations`` and ``/servers/{id}/migrations``, for administrators."""

    @web.route("GET", "/os-migrations")
    def list(self, request):
        """List migrations."""
        base.require_admin(request, "os-migrations:index")
        query = request.query
        found = self.cloud.migrations.all()
        for name, key in (
            ("instance_uuid", "server_id"),
            ("status", "status"),
            ("migration_type", "type"),
            ("source_compute", "source"),
            ("user_id", "user_id"),
            ("project_id", "project_id"),
        ):
            if query.get(name):
                found = [record for record in found if record[key] == query.get(name)]
        if query.get("host"):
            found = [
                record
                for record in found
                if query.get("host") in (record["source"], record["target"])
            ]
        limit = listing.page_limit(query)
        found = list(reversed(found))
        marker = query.get("marker")
        if marker:
            keys = [record["uuid"] for record in found]
            if marker not in keys:
                raise web.Fault(400, f"Marker {marker} could not be found.")
            found = found[keys.index(marker) + 1 :]
        return {"migrations": [_migration(request, record) for record in found[:limit]]}

    @web.route("GET", "/servers/{server_id}/migrations")
    def of_server(self, request, server_id):
        """List a server's live migrations and evacuations under way."""
        base.require_admin(request, "servers:migrations:index")
        self.server(request, server_id)
        return {
            "migrations": [
                _server_migration(request, record)
                for record in self.cloud.migrations.all()
                if record["server_id"] == server_id
                and record["type"] in ("live-migration", "evacuation")
                and record["status"] in ("migrating", "running")
            ]
        }


def _migration(request, record):
    minor = request.microversion[1]
    body = {
        "id": record["id"],
        "instance_uuid": record["server_id"],
        "status": record["status"],
        "source_compute": record["source"],
        "source_node": record["source"],
        "dest_compute": record["target"],
        "dest_node": record["target"],
        "dest_host": None,
        "old_instance_type_id": record["old_flavor"],
        "new_instance_type_id": record["new_flavor"],
        "created_at": views.iso_micro(record["created"]),
        "updated_at": views.iso_micro(record["updated"]),
    }
    if minor >= 23:
        body["migration_type"] = record["type"]
    if minor >= 59:
        body["uuid"] = record["uuid"]
    if minor >= 80:
        body |= {"user_id": record["user_id"], "project_id": record["project_id"]}
    return body


def _server_migration(request, record):
    body = _migration(request, record)
    for key in ("instance_uuid", "old_instance_type_id", "new_instance_type_id"):
        del body[key]
    body.pop("migration_type", None)
    numbers = ("memory", "disk")
    body["server_uuid"] = record["server_id"]
    for kind in numbers:
        for what in ("total", "processed", "remaining"):
            body[f"{kind}_{what}_bytes"] = 0
    return body
