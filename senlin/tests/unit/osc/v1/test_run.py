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

"""Running scripts on nodes."""

import subprocess

import fixtures
from osc_lib import exceptions

from senlin.osc.v1 import run
from senlin.tests.unit.osc import base

ADDRESSES = {
    "private": [
        {"addr": "10.0.0.5", "version": 4, "OS-EXT-IPS:type": "fixed"},
        {"addr": "fd00::5", "version": 6, "OS-EXT-IPS:type": "fixed"},
        {"addr": "203.0.113.5", "version": 4, "OS-EXT-IPS:type": "floating"},
    ]
}


class AddressTestCase(base.CommandTestCase):
    def _refusal(self, *args):
        return str(self.assertRaises(exceptions.CommandError, run.choose_address, *args))

    def test_kind_and_version_choose_the_address(self):
        for kind, version, wanted in (
            ("floating", 4, "203.0.113.5"),
            ("fixed", 4, "10.0.0.5"),
            ("fixed", 6, "fd00::5"),
        ):
            self.assertEqual(wanted, run.choose_address(ADDRESSES, None, kind, version))

    def test_a_node_on_several_networks_needs_a_choice(self):
        both = ADDRESSES | {"public": []}
        self.assertIn("choose one with --network", self._refusal(both, None, "fixed", 4))
        self.assertEqual("10.0.0.5", run.choose_address(both, "private", "fixed", 4))

    def test_what_is_missing_is_named(self):
        self.assertIn("no addresses", self._refusal({}, None, "fixed", 4))
        self.assertIn("not on network 'x'", self._refusal(ADDRESSES, "x", "fixed", 4))
        self.assertIn("no floating IPv6", self._refusal(ADDRESSES, None, "floating", 6))


class RunTestCase(base.CommandTestCase):
    def setUp(self):
        super().setUp()
        self.calls = []
        self.exit_code = 0
        self.script = self.useFixture(fixtures.TempDir()).join("script.sh")
        with open(self.script, "w", encoding="utf-8") as stream:
            stream.write("#!/bin/sh\nhostname; echo $HOME\n")
        self.useFixture(fixtures.MonkeyPatch("subprocess.run", self._run))
        self.serve(
            "GET",
            "/clusters/web/attrs/details",
            json={"cluster_attributes": [{"id": base.NODE_ID, "value": {"addresses": ADDRESSES}}]},
        )

    def _run(self, arguments, **keywords):
        self.calls.append((arguments, keywords))
        return subprocess.CompletedProcess(arguments, self.exit_code, "out\n", "err\n")

    def test_ssh_gets_a_list_of_arguments_and_the_script_on_its_input(self):
        self.run_command("cluster run web --user me --port 2222", "--script", self.script)
        ((arguments, keywords),) = self.calls
        self.assertEqual("ssh", arguments[0])
        self.assertEqual(["--", "203.0.113.5", run.REMOTE_COMMAND], arguments[-3:])
        self.assertEqual(["-p", "2222", "-l", "me"], arguments[-7:-3])
        self.assertNotIn("shell", keywords)
        self.assertIn("echo $HOME", keywords["input"])

    def test_options_of_the_user_come_before_the_defaults(self):
        self.run_command(
            "cluster run web",
            "--script",
            self.script,
            "--ssh-options",
            "-o ConnectTimeout=5 -o 'ProxyCommand=nc %h 22'",
        )
        arguments = self.calls[0][0]
        self.assertEqual(["-o", "ConnectTimeout=5", "-o", "ProxyCommand=nc %h 22"], arguments[1:5])

    def test_what_the_script_printed_is_printed_by_node(self):
        printed = self.run_command("cluster run web", "--script", self.script)
        self.assertEqual(f"node {base.NODE_ID} (203.0.113.5): succeeded\n  out\n  err\n", printed)

    def test_a_script_that_fails_ends_in_an_error_with_the_count(self):
        self.exit_code = 3
        message = self.refusal("cluster run web", "--script", self.script)
        self.assertEqual("The script failed on 1 of 1 nodes", message)
        self.assertIn("failed: exit code 3", self.app.stdout.getvalue())

    def test_a_missing_script_is_named_and_nothing_is_started(self):
        message = self.refusal("cluster run web --script /nonexistent")
        self.assertIn("script file '/nonexistent'", message)
        self.assertEqual([], self.calls)

    def test_a_node_without_the_wanted_address_is_a_failure(self):
        message = self.refusal("cluster run web --network x", "--script", self.script)
        self.assertEqual("The script failed on 1 of 1 nodes", message)
        self.assertEqual([], self.calls)


class RemoteCommandTestCase(base.CommandTestCase):
    def test_the_remote_side_obeys_the_first_line_of_the_script_and_its_exit_code(self):
        done = subprocess.run(
            ["sh", "-c", run.REMOTE_COMMAND],
            input="#!/usr/bin/env python3\nimport sys\nprint(6 * 7)\nsys.exit(5)\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual((5, "42\n"), (done.returncode, done.stdout))
