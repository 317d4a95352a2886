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

"""The simulated placement service: what compute hosts have, use and have left.

There is one resource provider per compute host, of VCPU, MEMORY_MB and DISK_GB.
Its numbers are read from compute's records; nothing is kept here.
"""

import itertools

from senlin.sandbox import faults
from senlin.sandbox import web
from senlin.sandbox.compute import fleet
from senlin.sandbox.compute import hosts

_CLASSES = ("VCPU", "MEMORY_MB", "DISK_GB")
_TRAITS = ("COMPUTE_NODE", "HW_CPU_X86_SSE42", "COMPUTE_STATUS_DISABLED")
_TOTALS = {"VCPU": hosts.VCPUS, "MEMORY_MB": hosts.MEMORY_MB, "DISK_GB": hosts.DISK_GB}


class PlacementService(web.Service):
    """Placement 1.0 to 1.39; reads for administrators.

    Takes what every sandbox service takes; only the store and the knobs matter.
    """

    name = "placement"
    root = "/placement"
    version = ""
    microversion_type = "placement"
    min_microversion = (1, 0)
    max_microversion = (1, 39)

    def __init__(self, store, knobs, identity, network, image, notifier, clock):
        self._store = store
        self._hosts = hosts.Hosts(store, knobs)
        self._servers = store.table(fleet.SERVERS)
        self._aggregates = store.table(hosts.AGGREGATES)

    def versions_document(self, request):
        """Answer ``GET /placement``."""
        version = {
            "id": "v1.0",
            "status": "CURRENT",
            "min_version": "{}.{}".format(*self.min_microversion),
            "max_version": "{}.{}".format(*self.max_microversion),
            "links": [{"rel": "self", "href": ""}],
        }
        return {"versions": [version]}

    version_document = versions_document

    def fault_body(self, fault, request_id):
        """Word an error as placement does."""
        return faults.placement(fault, request_id)

    @web.route("GET", "/resource_providers")
    def list_providers(self, request):
        """List the providers, by name, uuid, or with room for ``resources``."""
        _require_admin(request)
        query = request.query
        found = self._hosts.all()
        if query.get("name"):
            found = [host for host in found if host["name"] == query.get("name")]
        if query.get("uuid"):
            found = [host for host in found if host["uuid"] == query.get("uuid")]
        if query.get("resources"):
            wanted = _resources(query.get("resources"))
            usage = self._usage()
            found = [host for host in found if _has_room(usage[host["name"]], wanted)]
        return {"resource_providers": [self._provider(request, host) for host in found]}

    @web.route("GET", "/resource_providers/{uuid}")
    def show_provider(self, request, uuid):
        """Show one provider."""
        _require_admin(request)
        return self._provider(request, self._host(uuid))

    @web.route("GET", "/resource_providers/{uuid}/inventories")
    def inventories(self, request, uuid):
        """Show what a provider has."""
        _require_admin(request)
        host = self._host(uuid)
        shown = {name: _inventory(name) for name in _CLASSES}
        return {"inventories": shown, "resource_provider_generation": host["id"]}

    @web.route("GET", "/resource_providers/{uuid}/inventories/{resource_class}")
    def inventory(self, request, uuid, resource_class):
        """Show how much of one class a provider has."""
        _require_admin(request)
        host = self._host(uuid)
        if resource_class not in _CLASSES:
            raise web.Fault(404, f"No inventory of class {resource_class} for {uuid}")
        return {**_inventory(resource_class), "resource_provider_generation": host["id"]}

    @web.route("GET", "/resource_providers/{uuid}/usages")
    def usages(self, request, uuid):
        """Show what is used of a provider."""
        _require_admin(request)
        host = self._host(uuid)
        return {
            "usages": self._usage()[host["name"]],
            "resource_provider_generation": host["id"],
        }

    @web.route("GET", "/resource_providers/{uuid}/allocations")
    def provider_allocations(self, request, uuid):
        """Show which servers use a provider, and how much each."""
        _require_admin(request)
        host = self._host(uuid)
        allocations = {
            server["id"]: {"resources": _taken(server["flavor"])}
            for server in list(self._servers.values())
            if server["host"] == host["name"]
        }
        return {"allocations": allocations, "resource_provider_generation": host["id"]}

    @web.route("GET", "/resource_providers/{uuid}/aggregates")
    def aggregates(self, request, uuid):
        """Show the host aggregates of a provider."""
        _require_admin(request)
        host = self._host(uuid)
        found = [
            record["uuid"]
            for record in list(self._aggregates.values())
            if host["name"] in record["hosts"]
        ]
        body = {"aggregates": found}
        if request.microversion >= (1, 19):
            body["resource_provider_generation"] = host["id"]
        return body

    @web.route("GET", "/resource_providers/{uuid}/traits")
    def provider_traits(self, request, uuid):
        """Show the traits of a provider."""
        _require_admin(request)
        host = self._host(uuid)
        return {"traits": _host_traits(host), "resource_provider_generation": host["id"]}

    @web.route("GET", "/allocations/{consumer_uuid}")
    def allocations(self, request, consumer_uuid):
        """Show what a server uses; empty for an unknown one."""
        _require_admin(request)
        server = self._servers.get(consumer_uuid)
        host = self._hosts.get(server["host"]) if server and server["host"] else None
        if host is None:
            return {"allocations": {}}
        entry = {"generation": host["id"], "resources": _taken(server["flavor"])}
        body = {"allocations": {host["uuid"]: entry}}
        if request.microversion >= (1, 12):
            body |= {"project_id": server["project_id"], "user_id": server["user_id"]}
        if request.microversion >= (1, 28):
            body["consumer_generation"] = 1
        return body

    @web.route("GET", "/usages")
    def project_usages(self, request):
        """Show what a project's servers use."""
        _require_admin(request)
        project_id = request.query.get("project_id")
        if not project_id:
            raise web.Fault(400, "Invalid query string parameters: 'project_id' is required")
        totals = dict.fromkeys(_CLASSES, 0)
        for server in list(self._servers.values()):
            if server["project_id"] == project_id and server["host"]:
                for name, amount in _taken(server["flavor"]).items():
                    totals[name] += amount
        return {"usages": totals}

    @web.route("GET", "/resource_classes")
    def resource_classes(self, request):
        """List the classes of resources."""
        _require_admin(request)
        return {
            "resource_classes": [
                {"name": name, "links": [{"rel": "self", "href": f"/resource_classes/{name}"}]}
                for name in _CLASSES
            ]
        }

    @web.route("GET", "/traits")
    def traits(self, request):
        """List the traits."""
        _require_admin(request)
        return {"traits": list(_TRAITS)}

    @web.route("GET", "/allocation_candidates")
    def candidates(self, request):
        """Show which providers could hold ``resources``.

        :raises Fault: 400 without resources or for an unknown class.
        """
        _require_admin(request)
        query = request.query
        if not query.get("resources"):
            raise web.Fault(400, "Invalid query string parameters: 'resources' is required")
        wanted = _resources(query.get("resources"))
        required = {trait for trait in query.get("required", "").split(",") if trait}
        usage = self._usage()
        fitting = [
            host
            for host in self._hosts.all()
            if _has_room(usage[host["name"]], wanted) and _has_traits(host, required)
        ]
        limit = query.get("limit")
        if limit is not None and (not limit.isdecimal() or limit == "0"):
            raise web.Fault(400, f"Invalid query string parameters: limit {limit!r} is not valid")
        fitting = list(itertools.islice(fitting, int(limit) if limit else None))
        return {
            "allocation_requests": [
                {"allocations": _request_for(host, wanted), **_mappings(request, host)}
                for host in fitting
            ],
            "provider_summaries": {
                host["uuid"]: self._summary(host, usage[host["name"]]) for host in fitting
            },
        }

    def _host(self, uuid):
        for host in self._hosts.all():
            if host["uuid"] == uuid:
                return host
        raise web.Fault(404, f"No resource provider with uuid {uuid} found")

    def _provider(self, request, host):
        base = f"/resource_providers/{host['uuid']}"
        kinds = ["self", "inventories", "usages"]
        kinds += ["aggregates"] if request.microversion >= (1, 1) else []
        kinds += ["traits"] if request.microversion >= (1, 6) else []
        kinds += ["allocations"] if request.microversion >= (1, 11) else []
        links = [
            {"rel": kind, "href": base if kind == "self" else f"{base}/{kind}"} for kind in kinds
        ]
        body = {
            "uuid": host["uuid"],
            "name": host["name"],
            "generation": host["id"],
            "links": links,
        }
        if request.microversion >= (1, 14):
            body |= {"root_provider_uuid": host["uuid"], "parent_provider_uuid": None}
        return body

    def _usage(self):
        """Sum up what every host's servers take."""
        usage = {host["name"]: dict.fromkeys(_CLASSES, 0) for host in self._hosts.all()}
        for server in list(self._servers.values()):
            sums = usage.get(server["host"])
            if sums is not None:
                flavor = server["flavor"]
                sums["VCPU"] += flavor["vcpus"]
                sums["MEMORY_MB"] += flavor["ram"]
                sums["DISK_GB"] += flavor["disk"] + flavor["ephemeral"]
        return usage

    @staticmethod
    def _summary(host, used):
        return {
            "resources": {
                name: {"capacity": _capacity(name), "used": used[name]} for name in _CLASSES
            },
            "traits": _host_traits(host),
            "root_provider_uuid": host["uuid"],
            "parent_provider_uuid": None,
        }


def _require_admin(request):
    if not (request.token.is_admin or "service" in request.token.roles):
        raise web.Fault(403, "Policy does not allow this request to be performed.")


def _capacity(name):
    return int(_TOTALS[name] * hosts.RATIOS[name])


def _inventory(name):
    return {
        "total": _TOTALS[name],
        "reserved": 0,
        "min_unit": 1,
        "max_unit": _TOTALS[name],
        "step_size": 1,
        "allocation_ratio": hosts.RATIOS[name],
    }


def _taken(flavor):
    amounts = {
        "VCPU": flavor["vcpus"],
        "MEMORY_MB": flavor["ram"],
        "DISK_GB": flavor["disk"] + flavor["ephemeral"],
    }
    return {name: amount for name, amount in amounts.items() if amount}


def _resources(text):
    """Read ``VCPU:1,MEMORY_MB:512`` as a dict.

    :raises Fault: 400 for anything else.
    """
    wanted = {}
    for item in text.split(","):
        name, _, amount = item.partition(":")
        if not amount.isdecimal() or int(amount) < 1:
            raise web.Fault(
                400,
                "Badly formed resources parameter. Expected resources query string parameter in "
                f"form: ?resources=VCPU:2,MEMORY_MB:1024. Got: {text}.",
            )
        if name not in _CLASSES:
            raise web.Fault(400, f"Invalid resource class in resources parameter: {name}")
        wanted[name] = int(amount)
    return wanted


def _has_room(used, wanted):
    return all(
        amount <= _TOTALS[name] and used[name] + amount <= _capacity(name)
        for name, amount in wanted.items()
    )


def _host_traits(host):
    return list(_TRAITS[:2]) + (["COMPUTE_STATUS_DISABLED"] if host["disabled"] else [])


def _has_traits(host, required):
    has = set(_host_traits(host))
    return all((trait[1:] not in has) if trait[0] == "!" else trait in has for trait in required)


def _request_for(host, wanted):
    return {host["uuid"]: {"resources": wanted}}


def _mappings(request, host):
    return {"mappings": {"": [host["uuid"]]}} if request.microversion >= (1, 34) else {}
