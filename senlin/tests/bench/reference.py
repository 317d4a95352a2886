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
"""What the service is compared with: the least that the same work can cost.

As programs of their own, so that they do not share a process with who measures::

    python -m senlin.tests.bench.reference servers URL 100 50
    python -m senlin.tests.bench.reference select DATABASE_URL CLUSTER_ID PORT
"""

import concurrent.futures
import json
import sys
import threading
import time

from cheroot import wsgi
from keystoneauth1 import session as ksa_session
from keystoneauth1.identity import v3
import pecan
from pecan import core
from requests import adapters
import sqlalchemy as sa

from senlin.cmd import statedir

THREADS = 16
_POLL_SECONDS = 0.5
_PATIENCE = 900.0
_CONNECTIONS = 128


class BareScript:
    """Makes servers with one keystoneauth session, 16 threads and one polled list.

    :param url: of the sandbox cloud. It works in a project of its own.
    """

    def __init__(self, url):
        auth = v3.Password(
            auth_url=f"{url}/identity/v3",
            username="alt",
            password=statedir.PASSWORD,
            project_name="alt",
            user_domain_name="Default",
            project_domain_name="Default",
        )
        self._session = ksa_session.Session(auth=auth)
        self._session.session.mount(
            "http://", adapters.HTTPAdapter(pool_connections=THREADS, pool_maxsize=THREADS)
        )
        self._options = {
            "endpoint_filter": {"service_type": "compute", "interface": "public"},
            "microversion": "2.96",
        }
        self._flavor = self._named("compute", "/flavors", "flavors", "m1.tiny")
        self._image = self._named("image", "/v2/images", "images", "cirros")
        self._network = self._named("network", "/v2.0/networks", "networks", "private")

    def create(self, number):
        """Make servers; returns when one list shows all of them ACTIVE."""
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._create_one, range(number)))
        self._poll(lambda servers: all(s["status"] == "ACTIVE" for s in servers))

    def delete(self, number):
        """Delete servers; returns when the list does not show them any more."""
        victims = [s["id"] for s in self._list()][:number]
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._delete_one, victims))
        gone = set(victims)
        self._poll(lambda servers: not any(s["id"] in gone for s in servers))

    def _named(self, service, path, key, name):
        target = {"service_type": service, "interface": "public"}
        found = self._session.get(path, endpoint_filter=target).json()[key]
        return next(one["id"] for one in found if one["name"] == name)

    def _create_one(self, index):
        server = {
            "name": f"bare-{index}",
            "flavorRef": self._flavor,
            "imageRef": self._image,
            "networks": [{"uuid": self._network}],
            "metadata": {"cluster_node_id": f"bare-{index}"},
        }
        self._session.post("/servers", json={"server": server}, **self._options)

    def _delete_one(self, server_id):
        self._session.delete(f"/servers/{server_id}", **self._options)

    def _poll(self, done):
        pause = threading.Event()
        end = time.monotonic() + _PATIENCE
        while not done(self._list()):
            if time.monotonic() > end:
                raise SystemExit("The bare script's servers did not get there.")
            pause.wait(_POLL_SECONDS)

    def _list(self):
        servers, marker = [], ""
        while True:
            path = f"/servers/detail?limit=1000{marker}"
            page = self._session.get(path, **self._options).json()["servers"]
            servers += page
            if len(page) < 1000:
                return servers
            marker = f"&marker={page[-1]['id']}"


def life(url, nodes, change):
    """The life of a cluster without the service: {phase: seconds, "cpu": seconds}."""
    script = BareScript(url)
    phases = {
        "create": lambda: script.create(nodes),
        "scale out": lambda: script.create(change),
        "scale in": lambda: script.delete(change),
        "delete": lambda: script.delete(nodes),
    }
    figures = {}
    for name, work in phases.items():
        started, cpu = time.monotonic(), time.process_time()
        work()
        figures[name] = {
            "seconds": time.monotonic() - started,
            "cpu": time.process_time() - cpu,
        }
    return figures


class SelectController:
    """Answers with one row, found by an index."""

    def __init__(self, database_url, cluster_id):
        self._engine = sa.create_engine(database_url, pool_size=16)
        self._query = sa.text("SELECT * FROM cluster WHERE id = :id")
        self._id = cluster_id

    @pecan.expose("json")
    def index(self):
        """The row."""
        with self._engine.connect() as connection:
            row = connection.execute(self._query, {"id": self._id}).mappings().one()
        return {key: str(value) for key, value in row.items()}


def serve_select(database_url, cluster_id, port):
    """Serve a :class:`SelectController`, by the server under that of the service."""
    application = core.Pecan(SelectController(database_url, cluster_id))
    server = wsgi.Server(
        ("127.0.0.1", port), application, numthreads=16, request_queue_size=_CONNECTIONS
    )
    # It would close all connections but ten after each answer, and clients would wait
    # for seconds until they are accepted again.
    server.keep_alive_conn_limit = _CONNECTIONS
    server.start()


def main(words):
    """Run one of the references."""
    if words[0] == "servers":
        print(json.dumps(life(words[1], int(words[2]), int(words[3]))))
    else:
        serve_select(words[1], words[2], int(words[3]))


if __name__ == "__main__":
    main(sys.argv[1:])
