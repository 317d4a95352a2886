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

"""Compute hosts, their zones and services, and the choice of one for a server."""

import uuid

HOSTS = "compute.hosts"
AGGREGATES = "compute.aggregates"

#: Host name -> zone of a new cloud.
DEFAULT_HOSTS = (("compute1", "az1"), ("compute2", "az2"))
DEFAULT_ZONE = "nova"
INTERNAL_ZONE = "internal"

#: What one simulated host has; the allocation ratios multiply it.
VCPUS = 1000
MEMORY_MB = 16_000_000
DISK_GB = 600_000
RATIOS = {"VCPU": 64.0, "MEMORY_MB": 8.0, "DISK_GB": 8.0}

_NAMESPACE = uuid.UUID("2f9a1c52-6b0e-4a55-9d4c-1f0f6f6b7a10")


def stable_uuid(*words):
    """Give the same UUID for the same words, over all clouds and restarts."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(words)))


class Hosts:
    """The compute hosts and host aggregates.

    :param store: the journalled store.
    :param knobs: tells which hosts and zones have failed.
    """

    def __init__(self, store, knobs):
        self._store = store
        self._knobs = knobs
        self._hosts = store.table(HOSTS)
        self._aggregates = store.table(AGGREGATES)

    def seed(self, hosts=DEFAULT_HOSTS):
        """Make the hosts, each zone as a host aggregate, on an empty store."""
        for number, (name, _) in enumerate(hosts, 1):
            record = {
                "id": number,
                "uuid": stable_uuid("hypervisor", name),
                "name": name,
                "service_id": number + 2,
                "service_uuid": stable_uuid("service", name),
                "disabled_reason": None,
                "disabled": False,
                "forced_down": False,
            }
            self._store.put(HOSTS, name, record)
        zones = {}
        for name, zone in hosts:
            zones.setdefault(zone, []).append(name)
        for number, (zone, members) in enumerate(sorted(zones.items()), 1):
            if zone != DEFAULT_ZONE:
                record = aggregate(number, zone, {"availability_zone": zone}, members)
                self._store.put(AGGREGATES, str(number), record)

    def all(self):
        """Give every host's record, by name."""
        return [self._hosts[name] for name in sorted(self._hosts)]

    def get(self, name):
        """Give a host's record, or None."""
        return self._hosts.get(name)

    def change(self, name, **changes):
        """Replace some fields of a host; gives the new record."""
        record = {**self._hosts[name], **changes}
        self._store.put(HOSTS, name, record)
        return record

    def zone_of(self, name):
        """Give the availability zone of a host (``nova`` outside of any)."""
        for record in self._aggregates.values():
            if name in record["hosts"] and "availability_zone" in record["metadata"]:
                return record["metadata"]["availability_zone"]
        return DEFAULT_ZONE

    def zones(self):
        """Give zone name -> its hosts' records."""
        zones = {}
        for record in self.all():
            zones.setdefault(self.zone_of(record["name"]), []).append(record)
        return dict(sorted(zones.items()))

    def is_up(self, name):
        """True while the host's compute service reports."""
        record = self._hosts.get(name)
        if record is None or record["forced_down"]:
            return False
        return not self._knobs.is_down(name, self.zone_of(name))

    def down(self):
        """Give the names of the hosts that are down, sorted, as a tuple."""
        return tuple(name for name in sorted(self._hosts) if not self.is_up(name))

    def is_zone_available(self, zone):
        """True when the zone exists and has a host in service."""
        return any(not host["disabled"] for host in self.zones().get(zone, ()))


def aggregate(number, name, metadata, hosts):
    """Make a host aggregate's record."""
    return {
        "id": number,
        "uuid": stable_uuid("aggregate", str(number), name),
        "name": name,
        "metadata": metadata,
        "hosts": list(hosts),
        "created": None,
        "updated": None,
    }


class Scheduler:
    """Chooses the host of a server.

    :param hosts: a :class:`Hosts`.
    :param fleet: a :class:`~senlin.sandbox.compute.fleet.Fleet`.
    :param groups: the live table of server groups.
    """

    def __init__(self, hosts, fleet, groups):
        self._hosts = hosts
        self._fleet = fleet
        self._groups = groups

    def choose(self, server, flavor=None, host=None, avoid=()):
        """Give the name of a host for the server, or None when none will do.

        :param server: record; its zone, group and hints count.
        :param flavor: the flavor to fit, when it is not the server's own.
        :param host: only this host will do.
        :param avoid: hosts that will not do.
        """
        flavor = flavor or server["flavor"]
        fitting = [
            record["name"]
            for record in self._hosts.all()
            if record["name"] not in avoid
            and (host is None or record["name"] == host)
            and self._serves(record, server)
            and self._fits(record["name"], flavor)
        ]
        fitting = self._by_hints(fitting, server["hints"])
        return self._by_group(fitting, server)

    def _serves(self, record, server):
        if record["disabled"] or not self._hosts.is_up(record["name"]):
            return False
        return not server["wanted_zone"] or server["wanted_zone"] == self._hosts.zone_of(
            record["name"]
        )

    def _fits(self, name, flavor):
        if flavor["vcpus"] > VCPUS or flavor["ram"] > MEMORY_MB:
            return False
        usage = self._fleet.host_usage(name)
        return (
            usage.cores + flavor["vcpus"] <= VCPUS * RATIOS["VCPU"]
            and usage.ram + flavor["ram"] <= MEMORY_MB * RATIOS["MEMORY_MB"]
            and usage.disk + flavor["disk"] <= DISK_GB * RATIOS["DISK_GB"]
        )

    def _by_hints(self, names, hints):
        for key, keep_same in (("same_host", True), ("different_host", False)):
            ids = hints.get(key)
            if not ids:
                continue
            ids = [ids] if isinstance(ids, str) else ids
            others = {record["host"] for record in map(self._fleet.get, ids) if record}
            names = [name for name in names if (name in others) == keep_same]
        return names

    def _by_group(self, names, server):
        load = {name: self._fleet.host_usage(name).instances for name in names}
        group = self._groups.get(server["server_group"] or "")
        if group is not None:
            mates = self._mates_per_host(server)
            policy = group["policy"]
            if policy == "anti-affinity":
                most = int((group["rules"] or {}).get("max_server_per_host", 1))
                names = [name for name in names if mates.get(name, 0) < most]
            elif policy == "affinity" and mates:
                names = [name for name in names if name in mates]
            sign = {"soft-affinity": -1, "soft-anti-affinity": 1}.get(policy, 0)
            load = {name: (sign * mates.get(name, 0), load[name]) for name in names}
        return min(names, key=lambda name: load[name], default=None)

    def _mates_per_host(self, server):
        mates = {}
        for member in self._fleet.members(server["server_group"]):
            record = self._fleet.get(member)
            if member != server["id"] and record["host"]:
                mates[record["host"]] = mates.get(record["host"], 0) + 1
        return mates
