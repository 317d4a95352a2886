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

"""The network tables, their indices, and the rules that every kind shares."""

import datetime
import uuid

from senlin.sandbox.network import addresses
from senlin.sandbox.network import attributes
from senlin.sandbox.network import errors
from senlin.sandbox.network import listing

PLURALS = {
    "network": "networks",
    "subnet": "subnets",
    "port": "ports",
    "floatingip": "floatingips",
    "router": "routers",
    "security_group": "security_groups",
    "security_group_rule": "security_group_rules",
}


class Index:
    """Which ids have a value of one attribute."""

    __slots__ = ("_ids",)

    def __init__(self):
        self._ids = {}

    def clear(self):
        """Forget all."""
        self._ids.clear()

    def add(self, value, key):
        """Note that ``key`` has ``value``; the empty value is not noted."""
        if value:
            self._ids.setdefault(value, {})[key] = True

    def remove(self, value, key):
        """Forget that ``key`` has ``value``."""
        ids = self._ids.get(value)
        if ids is not None:
            ids.pop(key, None)
            if not ids:
                del self._ids[value]

    def ids(self, value):
        """Give the ids that have the value, in the order they came."""
        return list(self._ids.get(value, ()))


class State:
    """Base of the network route classes."""

    def __init__(self, store, identity, clock):
        self.store = store
        self.identity = identity
        self.clock = clock
        self.tables = {kind: store.table(f"network.{plural}") for kind, plural in PLURALS.items()}
        self.quotas = store.table("network.quotas")
        self.addresses = addresses.Addresses()
        self.ports_of_device = Index()
        self.ports_of_network = Index()
        self.floating_of_port = Index()
        self.default_groups = {}

    def index(self):
        """Build the indices from the tables, after a load or a seed."""
        with self.store.lock:
            self.addresses.clear()
            for index in (self.ports_of_device, self.ports_of_network, self.floating_of_port):
                index.clear()
            self.default_groups.clear()
            for subnet in self.tables["subnet"].values():
                self.addresses.add_subnet(subnet)
            for port in self.tables["port"].values():
                self._index_port(port)
                for fixed in port["fixed_ips"]:
                    self.addresses.mark(fixed["subnet_id"], fixed["ip_address"])
            for floating in self.tables["floatingip"].values():
                self.floating_of_port.add(floating["port_id"], floating["id"])
            for group in self.tables["security_group"].values():
                if group["name"] == "default":
                    self.default_groups[group["project_id"]] = group["id"]

    def _index_port(self, port):
        self.ports_of_device.add(port["device_id"], port["id"])
        self.ports_of_network.add(port["network_id"], port["id"])

    def save(self, kind, record, former=None):
        """Write a record and keep the indices; callers hold the lock."""
        if kind == "port":
            if former is not None:
                self.ports_of_device.remove(former["device_id"], former["id"])
            self._index_port(record)
        elif kind == "floatingip":
            if former is not None:
                self.floating_of_port.remove(former["port_id"], former["id"])
            self.floating_of_port.add(record["port_id"], record["id"])
        self.store.put(f"network.{PLURALS[kind]}", record["id"], record)

    def remove(self, kind, record):
        """Delete a record and keep the indices; callers hold the lock."""
        if kind == "port":
            self.ports_of_device.remove(record["device_id"], record["id"])
            self.ports_of_network.remove(record["network_id"], record["id"])
            for fixed in record["fixed_ips"]:
                self.addresses.give_back(fixed["subnet_id"], fixed["ip_address"])
        elif kind == "floatingip":
            self.floating_of_port.remove(record["port_id"], record["id"])
        self.store.delete(f"network.{PLURALS[kind]}", record["id"])

    def now(self):
        """Give the time as neutron writes it."""
        moment = datetime.datetime.fromtimestamp(self.clock.time(), datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def born(self, project_id, **values):
        """Give a new record with what every resource has."""
        now = self.now()
        return {
            "id": str(uuid.uuid4()),
            "tenant_id": project_id,
            "project_id": project_id,
            "name": "",
            "description": "",
            "tags": [],
            **values,
            "revision_number": 1,
            "created_at": now,
            "updated_at": now,
        }

    def changed(self, record, **values):
        """Give a record with new values, the next revision and the time."""
        return {
            **record,
            **values,
            "revision_number": record["revision_number"] + 1,
            "updated_at": self.now(),
        }

    def owner(self, request, wanted, kind):
        """Give the project a new resource is for, and take it out of ``wanted``.

        :raises Fault: 403 when it is another's and the caller is no admin.
        """
        tenant_id, project_id = wanted.pop("tenant_id", None), wanted.pop("project_id", None)
        project_id = project_id or tenant_id or request.token.project_id
        if project_id != request.token.project_id and not request.token.is_admin:
            raise errors.not_allowed(f"(create_{kind} and create_{kind}:tenant_id)")
        return project_id

    def require_writer(self, request, rule):
        """Refuse callers whose only role is reader."""
        if not request.token.roles & {"member", "admin", "service"}:
            raise errors.not_allowed(rule)

    def items_wanted(self, request, kind):
        """Give (list of checked objects, whether the body was a bulk one)."""
        body = request.json()
        if kind in body:
            found, bulk = [body[kind]], False
        elif isinstance(body.get(PLURALS[kind]), list):
            found, bulk = body[PLURALS[kind]], True
        else:
            raise errors.bad_request(f"Resource body required: {kind}.")
        is_admin = request.token.is_admin
        return [attributes.checked(kind, item, "POST", is_admin) for item in found], bulk

    def item_wanted(self, request, kind):
        """Give the checked object of an update."""
        body = request.json()
        if kind not in body:
            raise errors.bad_request(f"Resource body required: {kind}.")
        return attributes.checked(kind, body[kind], "PUT", request.token.is_admin)

    def visible(self, kind, record, token):
        """True when the caller may see the record."""
        if token.is_admin or record["project_id"] == token.project_id:
            return True
        if kind == "network":
            return record["shared"] or record["router:external"]
        if kind == "subnet":
            network = self.tables["network"].get(record["network_id"])
            return network is not None and network["shared"]
        return False

    def mine(self, request, kind, key, to_change=False):
        """Give a record the caller may see; for a change, one he owns.

        :raises Fault: 404, or 403 for a change of what is only shared with him.
        """
        record = self.tables[kind].get(key)
        if record is None or not self.visible(kind, record, request.token):
            raise errors.not_found(kind, key)
        if to_change:
            self.require_writer(request, f"update_{kind}")
            token = request.token
            if record["project_id"] != token.project_id and not token.is_admin:
                raise errors.not_allowed(f"update_{kind}")
        return record

    def seen(self, request, kind, records=None):
        """Give the records of a kind that the caller may see."""
        if records is None:
            records = list(self.tables[kind].values())
        if request.token.is_admin:
            return records
        project_id = request.token.project_id
        return [
            record
            for record in records
            if record["project_id"] == project_id or self.visible(kind, record, request.token)
        ]

    def listed(self, request, kind, records, present=None):
        """Give the list body of records; ``present`` makes one fit to be seen."""
        return listing.body(request, PLURALS[kind], records, present)

    def check_quota(self, kind, project_id):
        """Refuse one more of a kind where the project's quota is full.

        :raises Fault: 409.
        """
        limit = self.quotas.get(project_id, {}).get(kind, -1)
        if limit >= 0 and self.used(kind, project_id) >= limit:
            raise errors.over_quota(kind)

    def used(self, kind, project_id):
        """Give how many of a kind a project has."""
        records = list(self.tables[kind].values())
        return sum(record["project_id"] == project_id for record in records)
