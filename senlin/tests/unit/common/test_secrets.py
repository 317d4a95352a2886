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

import os
import stat

import fixtures

from senlin.common import exception
from senlin.common import secrets
from senlin.tests.unit import base

SPEC = {
    "type": "os.nova.server",
    "version": 1.0,
    "properties": {
        "flavor": "m1.tiny",
        "admin_pass": "hu!sh",
        "user_data": "#!/bin/sh",
        "personality": [{"path": "/a", "contents": "b"}, {"path": "/c"}],
        "context": {"region_name": "R", "password": "pass!word", "auth_token": "to!ken"},
    },
}


class TestSecrets(base.TestCase):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.useFixture(fixtures.TempDir()).path, "secrets.key")
        self.config(secrets_key_file=self.path)
        secrets.create_key_file(self.path)

    def test_key_file_is_for_its_owner_only(self):
        self.assertEqual(0o600, stat.S_IMODE(os.stat(self.path).st_mode))

    def test_existing_key_file_is_left_alone(self):
        with open(self.path) as stream:
            before = stream.read()

        self.assertFalse(secrets.create_key_file(self.path))
        with open(self.path) as stream:
            self.assertEqual(before, stream.read())

    def test_sealed_text_comes_back(self):
        token = secrets.seal("grüße")

        self.assertNotIn("grüße", token)
        self.assertEqual("grüße", secrets.unseal(token))

    def test_rotated_key_still_unseals(self):
        token = secrets.seal("x")
        with open(self.path) as stream:
            old = stream.read()
        os.unlink(self.path)
        secrets.create_key_file(self.path)
        with open(self.path, "a") as stream:
            stream.write(old)

        self.assertEqual("x", secrets.unseal(token))

    def test_lost_key_is_a_clear_error(self):
        token = secrets.seal("x")
        os.unlink(self.path)
        secrets.create_key_file(self.path)

        error = self.assertRaises(exception.SenlinError, secrets.unseal, token)

        self.assertIn("secrets_key_file", error.message)

    def test_missing_file_is_a_clear_error(self):
        os.unlink(self.path)

        error = self.assertRaises(exception.SenlinError, secrets.seal, "x")

        self.assertIn("No such file", error.message)

    def test_line_that_is_no_key_is_a_clear_error(self):
        with open(self.path, "w") as stream:
            stream.write("nonsense\n")

        error = self.assertRaises(exception.SenlinError, secrets.seal, "x")

        self.assertIn("not a Fernet key", error.message)

    def test_spec_is_sealed_and_opened(self):
        sealed = secrets.seal_spec(SPEC)

        for word in ("hu!sh", "#!/bin/sh", "pass!word", "to!ken"):
            self.assertNotIn(word, str(sealed))
        self.assertEqual("m1.tiny", sealed["properties"]["flavor"])
        self.assertEqual(["path"], list(sealed["properties"]["personality"][1]))
        self.assertEqual(SPEC, secrets.open_spec(sealed))

    def test_sealing_twice_seals_once(self):
        sealed = secrets.seal_spec(SPEC)

        self.assertEqual(sealed, secrets.seal_spec(sealed))

    def test_redacted_spec_shows_no_secret_sealed_or_not(self):
        for spec in (SPEC, secrets.seal_spec(SPEC)):
            shown = secrets.redact(spec)["properties"]

            self.assertEqual("******", shown["admin_pass"])
            self.assertEqual("******", shown["personality"][0]["contents"])
            self.assertEqual(
                {"region_name": "R", "password": "******", "auth_token": "******"},
                shown["context"],
            )

    def test_spec_that_is_no_spec_is_left_to_the_validator(self):
        for odd in (None, "x", [], {"properties": []}, {"properties": {"personality": "x"}}):
            self.assertEqual(odd, secrets.seal_spec(odd))
