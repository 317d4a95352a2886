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

"""The books that must balance when a campaign has come to rest."""

import collections
import dataclasses

import sqlalchemy as sa

from senlin.common import consts
from senlin.db import models
from senlin.tests.chaos import sizes

_FINAL = tuple(consts.FINAL_ACTION_STATUSES)
_RESTING_CLUSTER = ("ACTIVE", "WARNING", "ERROR")
_RESTING_NODE = ("ACTIVE", "WARNING", "ERROR")
_NO_EVENTS = ("gone already", "could not be found")


@dataclasses.dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and by what.

    :ivar ids: actions and objects whose rows, events and log lines tell more.
    """

    rule: str
    what: str
    ids: tuple = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """All rows of the service's tables, and all servers of the cloud.

    :ivar servers: id -> metadata.
    """

    tables: dict
    servers: dict

    def rows(self, table):
        return self.tables[table]

    def by_id(self, table):
        return {row["id"]: row for row in self.tables[table]}


def take(database_url, servers):
    """A picture of the database, read at one go.

    :param servers: what the cloud shows, objects with id and metadata.
    """
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        tables = {
            name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for name, table in models.Base.metadata.tables.items()
        }
    return Picture(tables, {server.id: server.metadata for server in servers})


def unfinished(database_url):
    """How many actions have not ended."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    actions = models.Action.__table__
    query = sa.select(sa.func.count()).where(actions.c.status.not_in(_FINAL))
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def check(picture, promises, vanished):
    """Every violation that a picture of a resting service shows.

    :param promises: what users were told, see ``workload.Promise``.
    :param vanished: ids of servers that the cloud has lost by itself.
    """
    found = []
    for rule in (_ended, _unlocked, _whole, _at_rest, _members_enough):
        found += rule(picture)
    found += _one_to_one(picture, vanished)
    found += _promised(picture, promises)
    found += _events(picture)
    found += _asked_once(picture)
    found += sizes.check(picture, promises, Violation)
    return found


def _ended(picture):
    """Every action is terminal, and so is all that it depends on."""
    ends = {row["id"]: row["end_time"] for row in picture.rows("action")}
    for row in picture.rows("action"):
        if row["status"] not in _FINAL:
            yield Violation("every action ends", _about(row), (row["id"], row["target"]))
        elif row["owner"] or row["run_at"] or row["pending"] or not row["end_time"]:
            left = {key: row[key] for key in ("owner", "run_at", "pending", "end_time")}
            yield Violation("an ended action is left alone", f"{_about(row)}: {left}", (row["id"],))
        elif row["parent_id"] and (ends.get(row["parent_id"]) or 0) < row["end_time"]:
            yield Violation("a parent ends last", _about(row), (row["id"], row["parent_id"]))


def _unlocked(picture):
    """No lock is left."""
    for table, column in (("cluster_lock", "cluster_id"), ("node_lock", "node_id")):
        for row in picture.rows(table):
            yield Violation("no lock is left", f"{table} {row}", (row[column], row["action_id"]))


def _whole(picture):
    """No row refers to what is not there."""
    known = {name: set(picture.by_id(name)) for name in ("cluster", "profile", "policy", "action")}
    references = (
        ("cluster", "profile_id", "profile"),
        ("node", "profile_id", "profile"),
        ("node", "cluster_id", "cluster"),
        ("cluster_policy", "cluster_id", "cluster"),
        ("cluster_policy", "policy_id", "policy"),
        ("receiver", "cluster_id", "cluster"),
        ("action", "parent_id", "action"),
    )
    for table, column, other in references:
        for row in picture.rows(table):
            if row[column] and row[column] not in known[other]:
                what = f"{table} {row['id']}: there is no {other} {row[column]}"
                yield Violation("no row refers to nothing", what, (row["id"], row[column]))
    indexes = collections.Counter(
        (row["cluster_id"], row["index"]) for row in picture.rows("node") if row["cluster_id"]
    )
    for (cluster_id, index), number in indexes.items():
        if number > 1:
            what = f"{number} members of {cluster_id} have the index {index}"
            yield Violation("an index is given once", what, (cluster_id,))


def _at_rest(picture):
    """No object is in a status that speaks of work."""
    for table, resting in (("cluster", _RESTING_CLUSTER), ("node", _RESTING_NODE)):
        for row in picture.rows(table):
            if row["status"] not in resting:
                what = f"{table} {row['id']} is {row['status']}: {row['status_reason']}"
                yield Violation("statuses come to rest", what, (row["id"],))


def _members_enough(picture):
    """A cluster that has less than is desired says so."""
    active = collections.Counter(
        row["cluster_id"] for row in picture.rows("node") if row["status"] == "ACTIVE"
    )
    for row in picture.rows("cluster"):
        if row["status"] == "ACTIVE" and active[row["id"]] < row["desired_capacity"]:
            what = (
                f"cluster {row['id']} is ACTIVE with {active[row['id']]} active members, "
                f"of {row['desired_capacity']} that are desired"
            )
            yield Violation("a cluster short of members says so", what, (row["id"],))


def _one_to_one(picture, vanished):
    """Servers and nodes match: none doubled, none leaked, none without its mark."""
    nodes = picture.by_id("node")
    owned = {row["physical_id"]: row for row in nodes.values() if row["physical_id"]}
    for server_id, metadata in picture.servers.items():
        node = owned.get(server_id)
        mark = metadata.get("cluster_node_id")
        if node is None:
            what = f"server {server_id} with the mark of node {mark} belongs to nobody"
            if mark in nodes:
                what += f"; that node has the server {nodes[mark]['physical_id']}"
            yield Violation("no server is leaked or doubled", what, (server_id, mark))
        elif (mark, metadata.get("cluster_id", "")) != (node["id"], node["cluster_id"]):
            what = (
                f"server {server_id} of node {node['id']} in cluster '{node['cluster_id']}' "
                f"is marked {metadata}"
            )
            yield Violation("a server carries its node's mark", what, (server_id, node["id"]))
    for server_id, node in owned.items():
        # A deletion that was stopped half-way leaves a node in ERROR, which says so.
        if server_id not in picture.servers.keys() | vanished and node["status"] == "ACTIVE":
            what = f"the server {server_id} of node {node['id']}, which is ACTIVE, is gone"
            yield Violation("no server is lost", what, (server_id, node["id"]))
    if len(owned) < sum(1 for row in nodes.values() if row["physical_id"]):
        yield Violation("a server has one node", "some nodes share a server")


def _promised(picture, promises):
    """Every accepted request has its action."""
    actions = picture.by_id("action")
    for promise in promises:
        if promise.action is None:
            continue
        row = actions.get(promise.action)
        if row is None:
            yield Violation(
                "an accepted request has its action", str(promise), (promise.action, promise.target)
            )
        elif row["project"] != promise.project:
            yield Violation(
                "an action belongs to who asked", f"{promise}: {_about(row)}", (promise.action,)
            )


def _events(picture):
    """A request's action has an event for its start, if it began, and for its end."""
    phases = collections.defaultdict(collections.Counter)
    for row in picture.rows("event"):
        phases[(row["meta_data"] or {}).get("action_id")][row["status"]] += 1
    for row in picture.rows("action"):
        if row["parent_id"] or row["status"] not in _FINAL:
            continue
        if any(words in (row["status_reason"] or "") for words in _NO_EVENTS):
            # An event belongs to an object, and there was none any more.
            continue
        seen = phases[row["id"]]
        ends = seen[consts.Phase.END] + seen[consts.Phase.ERROR]
        starts = seen[consts.Phase.START]
        if ends != 1 or starts != int(row["locked"]):
            what = f"{_about(row)}: {starts} starts and {ends} ends"
            yield Violation("an action has its events", what, (row["id"], row["target"]))


def _asked_once(picture):
    """A request makes one action."""
    asked = collections.defaultdict(list)
    for row in picture.rows("action"):
        if not row["parent_id"]:
            asked[row["request_id"]].append(row)
    for request_id, rows in asked.items():
        if len(rows) > 1:
            what = f"{request_id}: " + "; ".join(_about(row) for row in rows)
            yield Violation("a request makes one action", what, tuple(r["id"] for r in rows))


def _about(row):
    return f"{row['action']} {row['id']} {row['status']} ({row['status_reason']})"
