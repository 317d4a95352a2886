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


"""The real WSGI application in front of a database and a recording engine."""

import contextlib
import datetime
import itertools
import json
import uuid

import fixtures
import sqlalchemy as sa
import webtest

from senlin.api import app
from senlin.api import rules
from senlin.common import exception
from senlin.common import secrets
from senlin.db import facade
from senlin.db import lookup
from senlin.tests.unit import base

USER = "5f0e2d1c6f9b4a3a8c7d6e5f4a3b2c1d"
PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
OTHER_PROJECT = "99999999999999999999999999999999"
MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.UTC)

_TABLES = ("cluster", "node", "profile", "policy", "receiver", "action", "event")


class FakeKeystone:
    """Stands for Keystone's middleware: takes the identity headers as they are.

    A request without an ``X-User-Id`` has no token.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        if "HTTP_X_USER_ID" not in environ:
            start_response("401 Unauthorized", [("Content-Length", "0")])
            return [b""]
        return self.application(environ, start_response)


class RecordingEngine:
    """An engine's client that answers what a test prepared and keeps the calls.

    :ivar calls: (method, arguments) of each request, in order.
    :ivar answers: method -> answer, an exception to raise, or a function of the
        context and the arguments that gives either.
    """

    def __init__(self):
        self.calls = []
        self.answers = {}

    def ping(self):
        """The bus works."""

    def __getattr__(self, method):
        def answer(context, **arguments):
            self.calls.append((method, arguments))
            result = self.answers.get(method, {"action": str(uuid.uuid4())})
            if callable(result):
                result = result(context, **arguments)
            if isinstance(result, Exception):
                raise result
            return result

        return answer


class ApiTestCase(base.DatabaseTestCase):
    """Requests to the application as an ordinary member of a project.

    :ivar engine: the :class:`RecordingEngine` behind it.
    :ivar app: the :class:`webtest.TestApp`.
    """

    roles = "member,reader"

    def setUp(self):
        super().setUp()
        rules.reset()
        self.addCleanup(rules.reset)
        self.config("senlin_api", response_validation="error")
        self.engine = RecordingEngine()
        self._counter = itertools.count()
        self.build()

    def build(self):
        """Make the application, anew after a change of options."""
        self.application = app.build_application(
            self.conf,
            engine=self.engine,
            authentication=FakeKeystone,
        )
        self.app = webtest.TestApp(self.application, lint=True)

    def seal_secrets(self):
        """Give the service a key for secrets."""
        path = self.useFixture(fixtures.TempDir()).join("keys")
        secrets.create_key_file(path)
        self.config(secrets_key_file=path)

    def headers(self, version=None, **extra):
        """The headers of a request by the test's user."""
        headers = {
            "X-User-Id": USER,
            "X-Project-Id": PROJECT,
            "X-User-Domain-Id": "default",
            "X-Roles": self.roles,
        }
        if version is not None:
            headers["OpenStack-API-Version"] = f"clustering {version}"
        return {**headers, **extra}

    def get(self, path, version=None, status=200, **extra):
        """A GET; by default it has to succeed."""
        return self.app.get(path, headers=self.headers(version, **extra), status=status)

    def send(self, method, path, body=None, version=None, status=None, **extra):
        """A request with a JSON body."""
        return self.app.request(
            path,
            method=method,
            headers=self.headers(version, **extra),
            status=status,
            **({} if body is None else _json(body)),
        )

    def post(self, path, body=None, **options):
        """A POST with a JSON body."""
        return self.send("POST", path, body, **options)

    def patch(self, path, body=None, **options):
        """A PATCH with a JSON body."""
        return self.send("PATCH", path, body, **options)

    def delete(self, path, body=None, **options):
        """A DELETE, perhaps with a JSON body."""
        return self.send("DELETE", path, body, **options)

    def assert_refused(self, response, status, message, error_type=None):
        """The response is a fault of this status with exactly this message."""
        self.assertEqual(message, response.json["error"]["message"])
        self.assertEqual(status, response.status_int)
        self.assertEqual(status, response.json["code"])
        if error_type is not None:
            self.assertEqual(error_type, response.json["error"]["type"])

    def assert_invalid(self, response, message):
        """The response says that the request itself is wrong."""
        self.assert_refused(response, 400, message, "HTTPBadRequest")

    def assert_not_found(self, response, kind, identity):
        """The response says that an object does not exist."""
        message = f"The {kind} '{identity}' could not be found."
        self.assert_refused(response, 404, message, "ResourceNotFound")

    @contextlib.contextmanager
    def counted_queries(self):
        """The SELECT statements sent to the database in a block, as a list."""
        queries = []

        def note(conn, cursor, statement, parameters, context, executemany):
            if statement.startswith("SELECT"):
                queries.append(statement)

        engine = facade.engine()
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    def insert(self, kind, **values):
        """Insert a row with defaults for what the test does not care about."""
        table = lookup.table(kind) if kind in _TABLES else kind
        row = {**self._defaults(table), **values}
        facade.write(lambda conn: conn.execute(sa.insert(table).values(**row)))
        return row

    def _defaults(self, table):
        number = next(self._counter)
        moment = MOMENT + datetime.timedelta(seconds=number)
        defaults = {
            "id": str(uuid.uuid4()),
            "name": f"{table.name}-{number}",
            "user": USER,
            "project": PROJECT,
            "domain": "default",
            "created_at": moment,
            "init_at": moment,
            "timestamp": moment,
            "profile_id": str(uuid.uuid4()),
            "spec": {"type": "os.nova.server", "version": "1.0", "properties": {}},
            "type": "webhook" if table.name == "receiver" else "os.nova.server-1.0",
            "status": "READY" if table.name == "action" else "ACTIVE",
            "status_reason": "",
            "timeout": 3600,
            "target": str(uuid.uuid4()),
            "oid": str(uuid.uuid4()),
            "action": "CLUSTER_CREATE",
            "cause": "RPC Request",
            "step": "start",
            "level": 20,
            "enabled": True,
        }
        return {name: value for name, value in defaults.items() if name in table.c}

    def row(self, kind, **values):
        """A row as the engine sends it: moments as text, nothing missing."""
        table = lookup.table(kind)
        row = {column.key: None for column in table.c}
        row.update({"meta_data": {}, "data": {}, "dependents": {}, "config": {}})
        row.update(self._defaults(table))
        row.update(values)
        return {k: _as_text(v) for k, v in row.items() if k in table.c or k in values}

    def cluster_row(self, **values):
        """A new cluster as the engine sends it."""
        defaults = {
            "status": "INIT",
            "status_reason": "Initializing",
            "created_at": None,
            "min_size": 0,
            "max_size": -1,
            "desired_capacity": 0,
            "profile_name": "web",
        }
        return self.row("cluster", **{**defaults, **values})

    def node_row(self, **values):
        """A new node as the engine sends it."""
        defaults = {
            "status": "INIT",
            "created_at": None,
            "index": -1,
            "cluster_id": "",
            "role": "",
            "tainted": False,
            "profile_name": "web",
        }
        return self.row("node", **{**defaults, **values})


def not_found(kind, identity):
    """What the engine raises when it does not know an object."""
    return exception.ResourceNotFound(type=kind, id=identity)


def _as_text(value):
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def _json(body):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"body": raw, "content_type": "application/json"}
