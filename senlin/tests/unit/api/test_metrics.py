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

import fixtures

from senlin.api import routes
from senlin.common import exception
from senlin.common import metrics
from senlin.tests.unit.api import base


class RequestMetricsTest(base.ApiTestCase):
    def count(self, route, method="GET", status="200"):
        labels = {"route": route, "method": method, "status": status}
        value = metrics.REGISTRY.get_sample_value("senlin_api_request_seconds_count", labels)
        return value or 0

    def assert_counted(self, path, *labels, **options):
        before = self.count(*labels)
        self.app.request(path, headers=self.headers(), expect_errors=True, **options)
        self.assertEqual(before + 1, self.count(*labels), labels)

    def test_a_request_counts_for_its_route_and_not_for_its_address(self):
        self.assert_counted("/v1/clusters", "/clusters")
        self.assert_counted("/v1/clusters/some-name", "/clusters/{id}", "GET", "404")

    def test_an_error_counts_with_its_status(self):
        self.assert_counted("/v1/clusters?limit=none", "/clusters", "GET", "400")

    def test_what_is_on_no_route_counts_together(self):
        for path in ("/v1/nonsense/a", "/v1/nonsense/b", "/v2", "/v1/clusters/a/b/c/d/e"):
            self.assert_counted(path, "other", "GET", "404")

    def test_a_method_that_nobody_knows_has_no_series_of_its_own(self):
        self.assert_counted("/v1/clusters", "/clusters", "other", "404", method="BREW")

    def test_roots_and_health_checks_count_by_themselves(self):
        self.assert_counted("/", "/", "GET", "300")
        self.assert_counted("/v1", "/v1")
        self.assert_counted("/healthcheck", "/healthcheck")

    def test_each_route_is_its_own_template(self):
        for pattern in routes.ROUTES:
            self.assertEqual(pattern, routes.template(pattern.replace("{", "").replace("}", "")))


class HealthTest(base.ApiTestCase):
    def test_an_api_that_reaches_all_it_needs_is_fit(self):
        self.app.get("/healthcheck", status=200)

    def test_an_api_without_a_message_bus_says_so(self):
        def fail():
            raise ConnectionError("rabbit://senlin:secret@host")

        self.engine.ping = fail
        answer = self.app.get("/healthcheck", status=503)
        self.assertEqual("does not work (ConnectionError)", answer.json["checks"]["messaging"])
        self.assertEqual("ok", answer.json["checks"]["database"])

    def test_an_api_without_a_database_says_so(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.db.statistics.ping", _gone))
        answer = self.app.get("/healthcheck", status=503)
        self.assertEqual("does not work (DatabaseUnavailable)", answer.json["checks"]["database"])


def _gone(conn):
    raise exception.DatabaseUnavailable()
