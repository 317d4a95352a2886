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

"""Choosing the microversion."""

import argparse

from senlin.osc import plugin
from senlin.tests.unit.osc import base

HEADER = "OpenStack-API-Version"


class MicroversionTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.serve("GET", "/clusters", json={"clusters": []})

    def _sent_with(self, **configuration):
        self.run_command("cluster list", **configuration)
        return self.requests()[-1].headers.get(HEADER)

    def test_the_newest_known_microversion_is_requested_by_default(self):
        self.assertEqual("clustering 1.14", self._sent_with())

    def test_the_plain_major_version_stands_for_the_default(self):
        self.assertEqual("clustering 1.14", self._sent_with(clustering_api_version="1"))

    def test_a_given_microversion_is_requested(self):
        self.assertEqual("clustering 1.5", self._sent_with(clustering_api_version="1.5"))

    def test_the_first_microversion_can_be_requested(self):
        self.assertEqual("clustering 1.0", self._sent_with(clustering_api_version="1.0"))

    def test_a_number_from_a_yaml_file_is_accepted(self):
        self.assertEqual("clustering 1.7", self._sent_with(clustering_api_version=1.7))

    def test_latest_is_left_for_the_service_to_resolve(self):
        self.assertEqual("clustering latest", self._sent_with(clustering_api_version="latest"))

    def test_a_microversion_of_the_sdk_configuration_is_kept(self):
        self.assertEqual("clustering 1.9", self._sent_with(clustering_default_microversion="1.9"))

    def test_other_words_are_refused_with_the_accepted_forms(self):
        for wrong in ("2", "v1", "1.x", "newest", "1.01"):
            message = self.refusal("cluster list", clustering_api_version=wrong)
            self.assertIn(f"'{wrong}'", message)
            self.assertIn("1.14, or latest", message)


class OlderServiceTestCase(base.CommandTestCase):
    max_version = "1.10"

    def test_the_default_is_lowered_to_what_an_older_service_offers(self):
        self.serve("GET", "/clusters", json={"clusters": []})
        self.run_command("cluster list")
        self.assertEqual("clustering 1.10", self.requests()[-1].headers[HEADER])


class ShellInterfaceTestCase(base.CommandTestCase):
    def test_the_global_option_reaches_the_sdk_configuration(self):
        parser = plugin.build_option_parser(argparse.ArgumentParser())
        options = parser.parse_args(["--os-clustering-api-version", "latest"])
        self.assertEqual("latest", options.os_clustering_api_version)

    def test_no_api_version_can_lead_to_a_command_group_that_does_not_exist(self):
        # The shell makes up the group's name from the value under this key.
        parser = plugin.build_option_parser(argparse.ArgumentParser())
        destinations = [action.dest for action in parser._actions]
        self.assertNotIn(plugin.API_VERSION_OPTION, destinations)
        self.assertEqual("1", plugin.DEFAULT_API_VERSION)
