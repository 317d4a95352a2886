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

"""Lists of servers: which ones a query asks for, in which order, which page."""

import datetime
import json
import re

from senlin.sandbox import web
from senlin.sandbox.compute import states
from senlin.sandbox.compute.fleet import EVERYONE

MAX_PAGE = 1000
_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
_SPECIAL = frozenset(r".^$*+?{}[]\|()")
_FALSE = frozenset({"0", "false", "f", "no", "n", "off"})

# Query names only an administrator may filter by; others have them ignored.
_ADMIN_ONLY = frozenset(
    {
        "host",
        "node",
        "instance_name",
        "vm_state",
        "task_state",
        "power_state",
        "deleted",
        "hostname",
        "reservation_id",
        "user_id",
        "project_id",
        "tenant_id",
        "availability_zone",
        "key_name",
        "config_drive",
        "progress",
        "launch_index",
        "description",
        "created_at",
        "launched_at",
        "terminated_at",
        "locked_by",
        "kernel_id",
        "ramdisk_id",
        "root_device_name",
        "auto_disk_config",
    }
)
# From 2.83 everybody may filter by these.
_OPENED_IN_83 = frozenset(
    {
        "availability_zone",
        "config_drive",
        "key_name",
        "created_at",
        "launched_at",
        "terminated_at",
        "power_state",
        "task_state",
        "vm_state",
        "progress",
        "user_id",
    }
)
_EXACT = {
    "flavor": lambda server: server["flavor"]["id"],
    "image": lambda server: server["image"] or "",
    "uuid": lambda server: server["id"],
    "host": lambda server: server["host"],
    "node": lambda server: server["host"],
    "vm_state": lambda server: server["vm_state"],
    "task_state": lambda server: server["task_state"],
    "power_state": lambda server: str(server["power_state"]),
    "reservation_id": lambda server: server["reservation_id"],
    "user_id": lambda server: server["user_id"],
    "project_id": lambda server: server["project_id"],
    "tenant_id": lambda server: server["project_id"],
    "availability_zone": lambda server: server["zone"],
    "pinned_availability_zone": lambda server: server["wanted_zone"],
    "key_name": lambda server: server["key_name"],
    "hostname": lambda server: server["hostname"],
    "progress": lambda server: str(server["progress"]),
    "launch_index": lambda server: str(server["launch_index"]),
    "access_ip_v4": lambda server: server["access_v4"],
    "access_ip_v6": lambda server: server["access_v6"],
}
_SORTABLE = {
    "created_at": lambda server: server["sequence"],
    "updated_at": lambda server: server["updated"],
    "display_name": lambda server: server["name"],
    "name": lambda server: server["name"],
    "uuid": lambda server: server["id"],
    "host": lambda server: server["host"] or "",
    "node": lambda server: server["host"] or "",
    "vm_state": lambda server: server["vm_state"],
    "task_state": lambda server: server["task_state"] or "",
    "power_state": lambda server: server["power_state"],
    "project_id": lambda server: server["project_id"],
    "user_id": lambda server: server["user_id"],
    "availability_zone": lambda server: server["zone"] or "",
    "key_name": lambda server: server["key_name"] or "",
    "image_ref": lambda server: server["image"] or "",
    "launched_at": lambda server: server["launched_at"] or 0,
    "locked": lambda server: server["locked"],
    "progress": lambda server: server["progress"],
}


def boolean(text, name):
    """Read a query's yes or no.

    :raises Fault: 400 when it is neither.
    """
    word = str(text).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise web.Fault(400, f"Invalid input for query parameters {name}. Value: {text}.")


def page_limit(query):
    """How many things a page may hold: the query's limit, at most 1000.

    :raises Fault: 400 for a limit that is not a number or below zero.
    """
    text = query.get("limit")
    if text is None:
        return MAX_PAGE
    if not text.isdecimal():
        raise web.Fault(
            400,
            f"Invalid input for query parameters limit. Value: {text}. "
            f"{text!r} does not match '^[0-9]*$'",
        )
    return min(int(text), MAX_PAGE) or MAX_PAGE


def parse_time(text, name):
    """Read an ISO 8601 time as epoch seconds; without a zone it is UTC.

    :raises Fault: 400 when it is none.
    """
    try:
        moment = datetime.datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise web.Fault(
            400,
            f"Invalid input for query parameters {name}. Value: {text}. "
            f"{text!r} is not a 'date-time'",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp()


class Listing:
    """Answers list queries over the fleet.

    :param fleet: the servers.
    """

    def __init__(self, fleet):
        self._fleet = fleet

    def page(self, request):
        """Give the servers of one page.

        :returns: (records, True when there are more).
        :raises Fault: 400 for a malformed query, 403 for a forbidden one.
        """
        query, token = request.query, request.token
        limit = page_limit(query)
        project = self._scope(query, token)
        tests = self._tests(request)
        if tests is None:
            return [], False
        keys = query.getall("sort_key")
        directions = query.getall("sort_dir")
        marker = self._marker(query, token)
        if self._wants_deleted(query, token):
            candidates = self._with_deleted(query, project)
        elif query.get("uuid"):
            candidates = self._named(query.getall("uuid"), project)
        elif keys or directions:
            candidates = self._fleet.records(project, vm_states=_vm_states(query))
        else:
            before = marker["sequence"] if marker else None
            candidates = self._fleet.records(project, before, _vm_states(query))
            return _take(candidates, tests, limit)
        # What the tests refuse is left out before the sort, but for the marker.
        found = [record for record in candidates if record is marker or _passes(record, tests)]
        return _take(_after(_ordered(found, keys, directions), marker), (), limit)

    def _named(self, ids, project):
        found = map(self._fleet.get, dict.fromkeys(ids))
        return [
            record for record in found if record and project in (EVERYONE, record["project_id"])
        ]

    def _scope(self, query, token):
        wanted = query.get("all_tenants")
        if wanted is None or (wanted != "" and not boolean(wanted, "all_tenants")):
            return token.project_id
        if not token.is_admin:
            raise web.Fault(
                403,
                "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants"
                " to be performed.",
            )
        return EVERYONE

    def _marker(self, query, token):
        marker = query.get("marker")
        if marker is None:
            return None
        record = self._fleet.get(marker) or self._fleet.get_deleted(marker)
        if record is None or not (token.is_admin or record["project_id"] == token.project_id):
            raise web.Fault(400, f"marker [{marker}] not found")
        return record

    @staticmethod
    def _wants_deleted(query, token):
        if "changes-since" in query:
            return True
        if not token.is_admin:
            return query.get("status", "").lower() == "deleted"
        asked = query.get("deleted")
        return (asked is not None and boolean(asked, "deleted")) or (
            query.get("status", "").lower() == "deleted"
        )

    def _with_deleted(self, query, project):
        gone = [
            record
            for record in self._fleet.deleted()
            if project is EVERYONE or record["project_id"] == project
        ]
        if "changes-since" not in query:
            return gone
        return [*self._fleet.records(project), *gone]

    def _tests(self, request):
        """Make the predicates of the query; None when nothing can match."""
        query, token = request.query, request.token
        minor = request.microversion[1]
        tests = []
        name = query.get("name") or query.get("display_name")
        if name:
            tests.append(_name_test(name))
        if query.getall("status"):
            test = _status_test(query, token)
            if test is None:
                return None
            tests.append(test)
        for key in ("ip", "ip6"):
            if query.get(key):
                tests.append(_address_test(query.get(key), 4 if key == "ip" else 6))
        for key in ("changes-since", "changes-before"):
            if query.get(key):
                tests.append(_change_test(key, parse_time(query.get(key), key)))
        if minor >= 26:
            tests += _tag_tests(query)
        if minor >= 73 and "locked" in query:
            locked = boolean(query.get("locked"), "locked")
            tests.append(lambda server: server["locked"] == locked)
        if query.get("metadata"):
            tests.append(_metadata_test(query.get("metadata")))
        for key in query:
            if key not in _EXACT or not query.get(key):
                continue
            closed = key in _ADMIN_ONLY and not (minor >= 83 and key in _OPENED_IN_83)
            if closed and not token.is_admin:
                continue
            tests.append(_exact_test(_EXACT[key], query.getall(key)))
        return tests


def _take(candidates, tests, limit):
    page = []
    for record in candidates:
        if _passes(record, tests):
            if len(page) == limit:
                return page, True
            page.append(record)
    return page, False


def _passes(record, tests):
    for test in tests:  # noqa: SIM110 - all() costs a generator per server
        if not test(record):
            return False
    return True


def _ordered(candidates, keys, directions):
    records = list(candidates)
    keys = keys or ["created_at"]
    records.sort(key=lambda server: server["sequence"], reverse=True)
    for position in range(len(keys) - 1, -1, -1):
        key = keys[position]
        if key not in _SORTABLE:
            raise web.Fault(400, f"Invalid input for query parameters sort_key. Value: {key}.")
        direction = directions[position] if position < len(directions) else "desc"
        if direction not in ("asc", "desc"):
            raise web.Fault(
                400, f"Invalid input for query parameters sort_dir. Value: {direction}."
            )
        records.sort(key=_SORTABLE[key], reverse=direction == "desc")
    return records


def _after(records, marker):
    if marker is None:
        return records
    for position, record in enumerate(records):
        if record["id"] == marker["id"]:
            return records[position + 1 :]
    return []


def _name_test(pattern):
    if not _SPECIAL & set(pattern):
        return lambda server: pattern in server["name"]
    try:
        matches = re.compile(pattern).search
    except re.error:
        raise web.Fault(
            400, f"Invalid input for query parameters name. Value: {pattern}."
        ) from None
    return lambda server: matches(server["name"])


def _vm_states(query):
    """The vm states behind the query's statuses; None when it has none."""
    wanted = query.getall("status")
    if not wanted:
        return None
    return {state for status in wanted for state in states.vm_states_of(status)}


def _status_test(query, token):
    wanted = {status.upper() for status in query.getall("status")}
    if "DELETED" in wanted and not token.is_admin:
        raise web.Fault(403, "Only administrators may list deleted instances")
    vm_states = _vm_states(query)
    if not vm_states:
        return None
    status_of = states.status_of

    def test(server):
        vm_state = server["vm_state"]
        return vm_state in vm_states and status_of(vm_state, server["task_state"]) in wanted

    return test


def _address_test(pattern, version):
    try:
        matches = re.compile(pattern).search
    except re.error:
        raise web.Fault(400, f"Invalid input for query parameters ip. Value: {pattern}.") from None
    return lambda server: any(
        ip["version"] == version and matches(ip["ip_address"])
        for nic in server["nics"]
        for ip in nic["ips"]
    )


def _change_test(key, moment):
    if key == "changes-since":
        return lambda server: server["updated"] >= moment
    return lambda server: server["updated"] <= moment


def _tag_tests(query):
    tests = []
    for key, joined, wanted in (
        ("tags", all, True),
        ("tags-any", any, True),
        ("not-tags", all, False),
        ("not-tags-any", any, False),
    ):
        if query.get(key):
            tags = query.get(key).split(",")
            tests.append(_tag_test(tags, joined, wanted))
    return tests


def _tag_test(tags, joined, wanted):
    return lambda server: joined(tag in server["tags"] for tag in tags) == wanted


def _metadata_test(text):
    try:
        wanted = json.loads(text)
    except ValueError:
        wanted = None
    if not isinstance(wanted, dict):
        raise web.Fault(400, f"Invalid input for query parameters metadata. Value: {text}.")
    return lambda server: wanted.items() <= server["metadata"].items()


def _exact_test(read, values):
    values = frozenset(values)
    return lambda server: read(server) in values
