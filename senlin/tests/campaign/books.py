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

"""What has to be true of the database when all requests are answered."""

import threading
import time

import sqlalchemy as sa

QUIET_SECONDS = 300
_OPEN = "('INIT', 'WAITING', 'READY', 'RUNNING')"

#: What it would mean -> a query for the ids of which this is true.
HALF_MADE = {
    "a cluster without its profile": (
        "SELECT id FROM cluster WHERE profile_id NOT IN (SELECT id FROM profile)"
    ),
    "a node without its profile": (
        "SELECT id FROM node WHERE profile_id NOT IN (SELECT id FROM profile)"
    ),
    "a node without its cluster": (
        "SELECT id FROM node WHERE cluster_id <> '' AND cluster_id NOT IN (SELECT id FROM cluster)"
    ),
    "a receiver without its cluster": (
        "SELECT id FROM receiver WHERE cluster_id IS NOT NULL"
        " AND cluster_id NOT IN (SELECT id FROM cluster)"
    ),
    "a binding without its cluster": (
        "SELECT id FROM cluster_policy WHERE cluster_id NOT IN (SELECT id FROM cluster)"
    ),
    "a binding without its policy": (
        "SELECT id FROM cluster_policy WHERE policy_id NOT IN (SELECT id FROM policy)"
    ),
    "a cluster that nobody creates": "SELECT id FROM cluster WHERE status = 'INIT'",
    "a node that nobody creates": "SELECT id FROM node WHERE status IN ('INIT', 'CREATING')",
    "a lock of a cluster": "SELECT cluster_id FROM cluster_lock",
    "a lock of a node": "SELECT node_id FROM node_lock",
    "an action that has not ended": f"SELECT id FROM action WHERE status IN {_OPEN}",
}


class Books:
    """The database of a service, seen from outside.

    :param url: of the database, for SQLAlchemy.
    """

    def __init__(self, url):
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)

    def ids(self, query):
        """The first column of a query's rows."""
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.text(query))]

    def wait_until_quiet(self):
        """Wait for the end of all actions; after a while go on without."""
        pause = threading.Event()
        end = time.monotonic() + QUIET_SECONDS
        query = HALF_MADE["an action that has not ended"]
        while self.ids(query) and time.monotonic() < end:
            pause.wait(0.5)

    def forget_history(self):
        """Remove all events and actions; only when all actions have ended.

        senlin-manage purges only those of which nobody may be waiting any more.
        """
        with self._engine.begin() as connection:
            for table in ("event", "action"):
                connection.execute(sa.text(f"DELETE FROM {table}"))

    def half_made(self):
        """What is wrong, as texts."""
        for meaning, query in HALF_MADE.items():
            for identity in self.ids(query)[:5]:
                yield f"{meaning}: {identity}"

    def made(self):
        """(kind, id) of all that a request makes before it is answered."""
        found = {
            (kind, identity)
            for kind in ("profile", "policy", "receiver")
            for identity in self.ids(f"SELECT id FROM {kind}")
        }
        asked = self.ids("SELECT id FROM action WHERE cause = 'RPC Request'")
        return found | {("action", identity) for identity in asked}
