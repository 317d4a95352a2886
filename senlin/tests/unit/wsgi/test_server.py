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

import socket
import urllib.request

from senlin.tests.unit import base
from senlin.wsgi import server


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


class ServerTest(base.TestCase):
    def serve(self, application=hello, **options):
        made = server.Server(application, self.conf.senlin_api, host="127.0.0.1", port=0, **options)
        self.addCleanup(made.stop)
        made.start()
        return made

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def get(self, address, path="/", **headers):
        request = urllib.request.Request(f"http://{address[0]}:{address[1]}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def test_it_answers_on_the_port_it_tells(self):
        self.assertEqual(b"/v1", self.get(self.serve().address, "/v1"))

    def test_it_does_not_listen_once_stopped(self):
        running = self.serve()
        address = running.address
        running.stop()
        self.assertRaises(OSError, self.get, address)

    def test_a_taken_port_is_an_error_at_the_start(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            made = server.Server(
                hello, self.conf.senlin_api, host="127.0.0.1", port=taken.getsockname()[1]
            )
            self.assertRaises(OSError, made.start)

    def test_several_processes_may_share_a_port(self):
        port = self.free_port()
        for _ in range(2):
            made = server.Server(hello, self.conf.senlin_api, "127.0.0.1", port, shared_port=True)
            self.addCleanup(made.stop)
            made.start()
            self.assertEqual(("127.0.0.1", port), made.address)

    def test_long_tokens_are_accepted(self):
        token = "x" * 12000
        self.assertEqual(b"/", self.get(self.serve().address, **{"X-Auth-Token": token}))

    def test_headers_beyond_the_limit_are_refused(self):
        self.config(group="senlin_api", max_header_line=1024)
        error = self.assertRaises(
            urllib.request.HTTPError, self.get, self.serve().address, **{"X-Auth-Token": "x" * 2000}
        )
        self.assertEqual(413, error.code)
