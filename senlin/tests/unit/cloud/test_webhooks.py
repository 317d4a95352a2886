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

"""Telling a URL of a user, over a real connection to this machine."""

import http.server
import json
import threading

from senlin.cloud import webhooks
from senlin.tests.unit import base


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["Host"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        """Keep the output of tests clean."""


class WebhookTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.server = http.server.HTTPServer(("127.0.0.1", 0), _Handler)
        self.server.seen, self.server.status = [], 204
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        webhooks.CONF.set_override("allowed_networks", ["127.0.0.0/8"], "lifecycle_hooks")
        self.addCleanup(webhooks.CONF.clear_override, "allowed_networks", "lifecycle_hooks")
        self.host = f"127.0.0.1:{self.server.server_port}"

    def test_the_document_arrives(self):
        webhooks.post(f"http://{self.host}/go?x=1", {"k": "v"})
        self.assertEqual([("/go?x=1", self.host, {"k": "v"})], self.server.seen)

    def test_a_redirect_is_not_followed(self):
        self.server.status = 302
        self.assertRaises(webhooks.NotDelivered, webhooks.post, f"http://{self.host}/", {})
        self.assertEqual(1, len(self.server.seen))

    def test_this_machine_is_out_of_bounds_unless_allowed(self):
        webhooks.CONF.set_override("allowed_networks", [], "lifecycle_hooks")
        self.assertRaises(webhooks.NotDelivered, webhooks.post, f"http://{self.host}/", {})
        self.assertEqual([], self.server.seen)
