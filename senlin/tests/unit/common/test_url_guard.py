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

"""URLs of users: which may be connected to."""

import ddt

from senlin.common import url_guard
from senlin.tests.unit import base


def resolver(*addresses):
    return lambda host, port, **kwargs: [(2, 1, 6, "", (text, port)) for text in addresses]


@ddt.ddt
class UrlGuardTest(base.TestCase):
    @ddt.data(
        "127.0.0.1",
        "169.254.169.254",
        "::1",
        "fe80::1%2",
        "0.0.0.0",
        "224.0.0.1",
        "::ffff:127.0.0.1",
        "fd00:ec2::254",
    )
    def test_addresses_of_the_service_itself_are_refused(self, address):
        self.assertRaises(
            url_guard.UrlRefused, url_guard.addresses, "http://h/x", (), resolver(address)
        )

    def test_one_bad_address_among_good_ones_is_enough(self):
        resolve = resolver("198.51.100.7", "127.0.0.1")
        self.assertRaises(url_guard.UrlRefused, url_guard.addresses, "http://h", (), resolve)

    def test_a_network_may_be_allowed(self):
        found = url_guard.addresses("https://h", ("127.0.0.0/8",), resolver("127.0.0.1"))
        self.assertEqual(("h", 443, ["127.0.0.1"]), found)

    def test_networks_of_tenants_are_good(self):
        found = url_guard.addresses("http://h:8080/x", (), resolver("10.1.2.3"))
        self.assertEqual(("h", 8080, ["10.1.2.3"]), found)

    @ddt.data("ftp://h", "file:///etc/passwd", "http://", "http://h:99999", "http://[::1")
    def test_other_urls_are_refused(self, url):
        self.assertRaises(url_guard.UrlRefused, url_guard.addresses, url, (), resolver("10.0.0.1"))

    def test_a_host_that_does_not_resolve_is_refused(self):
        def resolve(*args, **kwargs):
            raise OSError("no such host")

        self.assertRaises(url_guard.UrlRefused, url_guard.addresses, "http://h", (), resolve)
