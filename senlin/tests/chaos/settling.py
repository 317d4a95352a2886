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

"""After the books: everything must work again, and leave nothing behind.

Each cluster is recovered and must then have what is desired; each is deleted and
must then be gone, with all that it had in the cloud.
"""

import concurrent.futures
import threading
import time

import requests

from senlin.common import consts
from senlin.tests.chaos import books

_ACTION_SECONDS = 180


def settle(stage, users):
    """Recover everything, then delete it; gives (problems, the last picture)."""
    problems = []
    projects = {user.project_id: user for user in users.users.values()}
    picture = stage.picture()
    clusters = _rows(picture, "cluster", projects)
    recover = {"recover": {"operation": "RECREATE", "check": True, "check_capacity": True}}
    for outcome in _each("POST", "/v1/clusters/{}/actions", clusters, recover):
        problems += outcome
    problems += _unlike_desired(stage.picture())
    for outcome in _each("DELETE", "/v1/clusters/{}", clusters):
        problems += outcome
    nodes = _rows(stage.picture(), "node", projects)
    for outcome in _each("DELETE", "/v1/nodes/{}", nodes):
        problems += outcome
    return problems, stage.picture()


def check(picture):
    """The violations of "what is deleted is gone, with all that it had"."""
    found = [
        books.Violation(
            "what is deleted is gone", f"{table} {row['id']} {row['status']}", (row["id"],)
        )  # fmt: skip
        for table in ("cluster", "node")
        for row in picture.rows(table)
    ]
    for table in ("cluster_policy", "cluster_lock", "node_lock"):
        for row in picture.rows(table):
            found.append(books.Violation("what is deleted leaves nothing", f"{table} {row}"))
    for server_id, metadata in picture.servers.items():
        what = f"server {server_id} marked {metadata}"
        found.append(books.Violation("what is deleted leaves no server", what, (server_id,)))
    return found


def _rows(picture, table, projects):
    return [
        (projects[row["project"]], row["id"])
        for row in picture.rows(table)
        if row["project"] in projects
    ]


def _each(method, path, things, body=None):
    """Ask the same of all things at once; gives a list of problems for each."""

    def ask(item):
        user, identity = item
        try:
            answer = user.insist(method, path.format(identity), body)
        except requests.exceptions.RequestException as error:
            return [f"{method} {path.format(identity)}: {error}"]
        if answer.status_code == 404:
            return []
        if answer.status_code >= 300:
            return [f"{method} {path.format(identity)}: {answer.status_code} {answer.text}"]
        action = answer.headers["Location"].rsplit("/", 1)[1]
        ended = _wait(user, action)
        if ended["status"] == "SUCCEEDED":
            return []
        return [f"{ended['action']} {action} {ended['status']}: {ended['status_reason']}"]

    with concurrent.futures.ThreadPoolExecutor(4) as hands:
        return list(hands.map(ask, things))


def _wait(user, action):
    """Wait for the end of an action; gives it as the API shows it."""
    end = time.monotonic() + _ACTION_SECONDS
    pause = threading.Event()
    while True:
        found = user.insist("GET", f"/v1/actions/{action}").json()["action"]
        if found["status"] in consts.FINAL_ACTION_STATUSES or time.monotonic() > end:
            return found
        pause.wait(0.3)


def _unlike_desired(picture):
    problems = []
    for row in picture.rows("cluster"):
        members = [node for node in picture.rows("node") if node["cluster_id"] == row["id"]]
        sick = [node["id"] for node in members if node["status"] != "ACTIVE"]
        if row["status"] != "ACTIVE" or sick or len(members) != row["desired_capacity"]:
            problems.append(
                f"After its recovery, cluster {row['id']} is {row['status']} "
                f"({row['status_reason']}) with {len(members)} members of "
                f"{row['desired_capacity']} desired, {len(sick)} of them not ACTIVE"
            )
    return problems
