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

"""All servers, with the indexes that keep lists and counts cheap.

Records live in the journalled store; what is here beside them (order per
project, usage per project and host, group members, rendered views) is derived
and rebuilt by :meth:`Fleet.load`. Callers hold ``store.lock``.
"""

import bisect

SERVERS = "compute.servers"
DELETED = "compute.deleted_servers"

# Deleted servers remembered for `deleted=True` and `changes-since` lists.
_REMEMBERED = 5000
_SHAPES_KEPT = 4
_TALLIED = ("host", "flavor", "server_group", "vm_state")

EVERYONE = None


class Usage:
    """What a set of servers takes: counts, vCPUs, MiB of memory, GiB of disk."""

    __slots__ = ("instances", "cores", "ram", "disk")

    def __init__(self):
        self.instances = self.cores = self.ram = self.disk = 0

    def add(self, flavor, sign):
        """Count one server of this flavor in (sign 1) or out (-1)."""
        self.instances += sign
        self.cores += sign * flavor["vcpus"]
        self.ram += sign * flavor["ram"]
        self.disk += sign * (flavor["disk"] + flavor["ephemeral"])


class Fleet:
    """The servers of the cloud.

    :param store: the journalled store.
    :param clock: gives the time a record was changed.
    """

    def __init__(self, store, clock):
        self._store = store
        self._clock = clock
        self._servers = store.table(SERVERS)
        self._deleted = store.table(DELETED)
        self.load()

    def load(self):
        """Rebuild every index from the records."""
        self._order = {EVERYONE: []}
        self._ids = {}
        self._by_project = {}
        self._by_host = {}
        self._by_group = {}
        self._by_state = {}
        self._views = {}
        self._last = 0
        for record in sorted(self._servers.values(), key=_sequence):
            self._index(record)
        for record in self._deleted.values():
            self._last = max(self._last, record["sequence"])

    def next_sequence(self):
        """Give a number above that of every server so far."""
        self._last += 1
        return self._last

    def get(self, server_id):
        """Give the server's record, or None."""
        return self._servers.get(server_id)

    def __len__(self):
        return len(self._servers)

    def records(self, project_id=EVERYONE, before=None, vm_states=None):
        """Iterate over servers, newest first, at a cost per server taken.

        :param project_id: only this project's; EVERYONE for all.
        :param before: give only servers older than this sequence number.
        :param vm_states: a hint: servers in other states need not be given.
        """
        order = self._order.get(project_id, [])
        if vm_states is not None:
            chosen = [self._by_state.get((project_id, state), ()) for state in vm_states]
            if sum(map(len, chosen)) * 2 < len(order):
                order = sorted(number for numbers in chosen for number in numbers)
        position = len(order) if before is None else bisect.bisect_left(order, before)
        servers, ids = self._servers, self._ids
        for index in range(position - 1, -1, -1):
            yield servers[ids[order[index]]]

    def deleted(self):
        """Give the remembered deleted servers, newest first."""
        return sorted(self._deleted.values(), key=_sequence, reverse=True)

    def get_deleted(self, server_id):
        """Give a remembered deleted server's record, or None."""
        return self._deleted.get(server_id)

    def add(self, record):
        """Insert a new server, the newest of all."""
        self._store.put(SERVERS, record["id"], record)
        self._index(record)

    def change(self, server_id, **changes):
        """Replace some fields of a server and stamp it as updated.

        :returns: the new record.
        """
        old = self._servers[server_id]
        record = {**old, "updated": self._clock.time(), **changes}
        self._store.put(SERVERS, server_id, record)
        self._views.pop(server_id, None)
        if any(old[key] != record[key] for key in _TALLIED):
            self._tally(old, -1)
            self._tally(record, 1)
        return record

    def remove(self, server_id, **changes):
        """Take a server out, remembering it among the deleted ones."""
        old = self._servers[server_id]
        record = {**old, "updated": self._clock.time(), **changes}
        writes = [(SERVERS, server_id, None), (DELETED, server_id, record)]
        if len(self._deleted) >= _REMEMBERED:
            writes.append((DELETED, next(iter(self._deleted)), None))
        self._store.put_many(writes)
        self._views.pop(server_id, None)
        self._tally(old, -1)
        del self._ids[old["sequence"]]
        for key in (EVERYONE, old["project_id"]):
            order = self._order[key]
            del order[bisect.bisect_left(order, old["sequence"])]
        return record

    def project_usage(self, project_id):
        """Give the :class:`Usage` of a project."""
        return self._by_project.get(project_id) or Usage()

    def host_usage(self, host):
        """Give the :class:`Usage` of a compute host."""
        return self._by_host.get(host) or Usage()

    def members(self, group_id):
        """Give the ids of the servers of a server group, oldest first."""
        return list(self._by_group.get(group_id, ()))

    def view(self, server_id, shape, render):
        """Give a server's rendered view, made once per shape and change.

        :param shape: hashable; everything but the record the text depends on.
        :param render: called with the record for the text when there is none.
        """
        views = self._views.get(server_id)
        if views is None:
            views = self._views[server_id] = {}
        text = views.get(shape)
        if text is None:
            if len(views) >= _SHAPES_KEPT:
                views.clear()
            text = views[shape] = render(self._servers[server_id])
        return text

    def forget_views(self, server_id=None):
        """Drop rendered views: of one server, or of all."""
        if server_id is None:
            self._views.clear()
        else:
            self._views.pop(server_id, None)

    def _index(self, record):
        number = record["sequence"]
        self._last = max(self._last, number)
        self._ids[number] = record["id"]
        for key in (EVERYONE, record["project_id"]):
            self._order.setdefault(key, []).append(number)
        self._tally(record, 1)

    def _tally(self, record, sign):
        flavor = record["flavor"]
        project = self._by_project.setdefault(record["project_id"], Usage())
        project.add(flavor, sign)
        if record["host"]:
            self._by_host.setdefault(record["host"], Usage()).add(flavor, sign)
        for key in (EVERYONE, record["project_id"]):
            numbers = self._by_state.setdefault((key, record["vm_state"]), set())
            if sign > 0:
                numbers.add(record["sequence"])
            else:
                numbers.discard(record["sequence"])
        if record["server_group"]:
            group = self._by_group.setdefault(record["server_group"], {})
            if sign > 0:
                group[record["id"]] = None
            else:
                group.pop(record["id"], None)


def _sequence(record):
    return record["sequence"]
