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


"""No input makes the API answer 500."""

import json
import urllib.parse

import hypothesis
from hypothesis import strategies

from senlin.api import routes
from senlin.api.schemas import cluster_actions
from senlin.tests.unit.api import base

_WRITES = [
    (method, path)
    for path, methods in routes.ROUTES.items()
    for method in methods
    if method != "GET"
]
_READS = [path for path, methods in routes.ROUTES.items() if "GET" in methods]
_WRAPPERS = ("profile", "policy", "cluster", "node", "receiver", "action")
_FIELDS = (
    "name",
    "spec",
    "metadata",
    "profile_id",
    "min_size",
    "max_size",
    "desired_capacity",
    "timeout",
    "config",
    "cluster_id",
    "role",
    "type",
    "action",
    "params",
    "status",
    "identity",
    "overrides",
    "force",
    "nodes",
    "count",
    "number",
    "adjustment_type",
    "policy_id",
    "lifecycle_action_token",
)
_PARAMETERS = (
    "limit",
    "marker",
    "sort",
    "global_project",
    "name",
    "status",
    "cluster_id",
    "enabled",
    "show_details",
    "level",
    "action",
    "created_at",
    "timestamp",
)

_scalars = strategies.one_of(
    strategies.none(),
    strategies.booleans(),
    strategies.integers(),
    strategies.floats(),
    strategies.text(max_size=20),
    strategies.sampled_from(["EXACT_CAPACITY", "webhook", "CANCELLED", "1", "-1", "true"]),
)
_values = strategies.recursive(
    _scalars,
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_objects = strategies.dictionaries(strategies.sampled_from(_FIELDS), _values, max_size=6)
_keys = strategies.sampled_from((*_WRAPPERS, *cluster_actions.VERBS, "reboot"))
_bodies = strategies.one_of(
    _objects, strategies.dictionaries(_keys, _objects | _values, max_size=2), _values
)
_parameters = strategies.lists(
    strategies.tuples(strategies.sampled_from(_PARAMETERS), strategies.text(max_size=12)),
    max_size=4,
)
_versions = strategies.sampled_from(["1.0", "1.6", "1.14", "1.15", "1.16"])
_settings = hypothesis.settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    database=None,
)


class HostileInputTest(base.ApiTestCase):
    def setUp(self):
        super().setUp()
        # That the engine is asked at all shows that the input was accepted.
        self.engine.answers = _Everything(base.not_found("thing", "x"))

    @_settings
    @hypothesis.given(strategies.sampled_from(_WRITES), _bodies, _versions)
    def test_bodies(self, route, document, version):
        method, path = route
        raw = json.dumps(document).encode("utf-8", "surrogatepass")
        response = self.send(method, "/v1" + _filled(path), raw, version=version, status="*")
        self.assertLess(response.status_int, 500, response.text)

    @_settings
    @hypothesis.given(strategies.sampled_from(_READS), _parameters, _versions)
    def test_queries(self, path, parameters, version):
        query = urllib.parse.urlencode(parameters, errors="surrogatepass")
        response = self.get(f"/v1{_filled(path)}?{query}", version=version, status="*")
        self.assertLess(response.status_int, 500, response.text)

    @_settings
    @hypothesis.given(strategies.sampled_from(_READS), strategies.binary(max_size=12))
    def test_identities(self, path, identity):
        quoted = urllib.parse.quote(identity, safe="")
        response = self.get(f"/v1{_filled(path, quoted)}", version="1.14", status="*")
        self.assertLess(response.status_int, 500, response.text)

    @_settings
    @hypothesis.given(strategies.sampled_from(_WRITES), strategies.binary(max_size=40))
    def test_bytes(self, route, raw):
        method, path = route
        response = self.send(method, "/v1" + _filled(path), b"{" + raw, version="1.14", status="*")
        self.assertLess(response.status_int, 500, response.text)


class _Everything(dict):
    """The same answer to every request."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def get(self, key, default=None):
        return self.answer


def _filled(path, value="x"):
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))
