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

"""Pages of lists as openstacksdk follows them."""

from senlin.tests.functional import base


class PagesTest(base.TestCase):
    def test_pages_are_linked_and_the_sdk_follows(self):
        config = self.service.directory / "local.conf"
        text = config.read_text() if config.exists() else ""
        config.write_text(f"{text}[senlin_api]\nmax_page_size = 2\n")
        self.service.terminate()
        self.service.start()
        names = {f"p{number}" for number in range(5)}
        for name in names:
            self.service.new_profile(name)
        clustering = self.service.connect(
            "senlin", clustering_default_microversion="1.15"
        ).clustering

        found = [profile.name for profile in clustering.profiles(limit=3)]
        self.assertEqual((5, names), (len(found), set(found)))

        found = [profile.name for profile in clustering.profiles(sort="name:desc")]
        self.assertEqual(sorted(names, reverse=True), found)

        first = clustering.get("/profiles", params={"name": "in:p1,p2,p3"})
        self.assertEqual("clustering 1.15", first.headers["OpenStack-API-Version"])
        self.assertEqual(2, len(first.json()["profiles"]))
        rest = clustering.get(first.links["next"]["url"]).json()["profiles"]
        self.assertEqual(1, len(rest))
