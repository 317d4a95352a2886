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

"""Responses that differ from their schema are noticed as far as is wanted."""

import logging

import fixtures

from senlin.api.validation import responses
from senlin.tests.unit.api import base


class ResponseValidationTest(base.ApiTestCase):
    """The engine answers with a text where a schema wants an object."""

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        self.engine.answers["profile_type_list"] = [
            {"name": "web", "version": "1.0", "support_status": "SUPPORTED"}
        ]

    def ask(self, mode, status):
        self.config("senlin_api", response_validation=mode)
        self.build()
        return self.get("/v1/profile-types", version="1.5", status=status)

    def test_a_difference_is_an_error_in_tests(self):
        self.ask(responses.ERROR, 500)
        self.assertIn("support_status: 'SUPPORTED' is not of type 'object'", self.log.output)

    def test_a_difference_may_only_be_logged(self):
        self.ask(responses.WARN, 200)
        self.assertIn("answers what it must not", self.log.output)

    def test_a_difference_is_ignored_by_default(self):
        self.conf.clear_override("response_validation", group="senlin_api")
        self.build()
        self.get("/v1/profile-types", version="1.5", status=200)
        self.assertEqual("", self.log.output)
