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

import json
import urllib.parse

from keystoneauth1 import exceptions as ksa
import requests

from senlin.cloud import block_storage
from senlin.cloud import breaker
from senlin.cloud import compute
from senlin.cloud import errors
from senlin.cloud import image
from senlin.cloud import network
from senlin.common import clock
from senlin.tests.unit import base

UUID = "5a1b6c2e-8d3c-4a1e-9f0a-0123456789ab"


def answer(status, body=None):
    response = requests.Response()
    response.status_code = status
    response.reason = "Reason"
    response._content = b"" if body is None else json.dumps(body).encode()
    return response


class FakeLink:
    """Answers from a script: path without query -> answers one after the other."""

    project = "p1"

    def __init__(self, **script):
        self.sent = []
        self.refusals = 0
        self.script = {key: list(value) for key, value in script.items()}
        self._breaker = breaker.Breaker("compute", clock.SystemClock())

    def put(self, method, path, *answers):
        self.script[(method, path)] = list(answers)

    def send(self, service_type, method, path, body, microversion):
        self.sent.append((method, path, body, microversion))
        item = self.script[(method, path.partition("?")[0])].pop(0)
        if isinstance(item, Exception):
            raise item
        return item

    def breaker(self, service_type):
        return self._breaker

    def refused(self, error):
        self.refusals += 1
        return error

    def query(self, number):
        return urllib.parse.parse_qs(self.sent[number][1].partition("?")[2])


class ServiceTestCase(base.TestCase):
    def setUp(self):
        super().setUp()
        self.link = FakeLink()


class TestService(ServiceTestCase):
    def setUp(self):
        super().setUp()
        self.compute = compute.Compute(self.link)

    def test_read_is_tried_three_times_on_broken_connections(self):
        self.link.put("GET", "/x", *[ksa.ConnectFailure("c")] * 2, answer(200, {"a": 1}))

        self.assertEqual({"a": 1}, self.compute.get("/x"))

    def test_read_gives_up_after_that(self):
        self.link.put("GET", "/x", *[ksa.ConnectFailure("c")] * 9)

        self.assertRaises(errors.CloudError, self.compute.get, "/x")
        self.assertEqual(3, len(self.link.sent))

    def test_timed_out_read_is_not_repeated(self):
        self.link.put("GET", "/x", ksa.ConnectTimeout("t"), answer(200, {}))

        self.assertRaises(errors.CloudError, self.compute.get, "/x")
        self.assertEqual(1, len(self.link.sent))

    def test_read_that_was_answered_with_an_error_is_not_repeated(self):
        self.link.put("GET", "/x", answer(503, {}))

        self.assertRaises(errors.CloudError, self.compute.get, "/x")
        self.assertEqual(1, len(self.link.sent))

    def test_change_is_never_repeated(self):
        for method, call in (("POST", self.compute.post), ("PUT", self.compute.put)):
            self.link.put(method, "/x", ksa.ConnectFailure("c"), answer(200, {}))
            self.assertRaises(errors.CloudError, call, "/x", {})
        self.assertEqual(2, len(self.link.sent))

    def test_deleting_what_is_gone_is_no_error(self):
        self.link.put("DELETE", "/x", answer(404, {"itemNotFound": {"message": "gone"}}))

        self.assertFalse(self.compute.delete("/x"))

    def test_refused_token_is_told_to_the_link(self):
        self.link.put("GET", "/x", answer(401, {}))

        self.assertRaises(errors.CloudError, self.compute.get, "/x")
        self.assertEqual(1, self.link.refusals)

    def test_lost_trust_is_told_to_the_link(self):
        self.link.put("GET", "/x", ksa.NotFound("Could not find trust"))

        self.assertRaises(errors.CloudError, self.compute.get, "/x")
        self.assertEqual(1, self.link.refusals)


class TestCompute(ServiceTestCase):
    def setUp(self):
        super().setUp()
        self.compute = compute.Compute(self.link)

    def test_servers_are_listed_to_the_last_page(self):
        self.link.put(
            "GET",
            "/servers/detail",
            answer(200, {"servers": [{"id": "a"}, {"id": "b"}], "servers_links": [{}]}),
            answer(200, {"servers": [{"id": "c"}]}),
        )

        self.assertEqual(["a", "b", "c"], [one["id"] for one in self.compute.servers()])
        self.assertEqual({"limit": ["1000"]}, self.link.query(0))
        self.assertEqual({"limit": ["1000"], "marker": ["b"]}, self.link.query(1))

    def test_page_that_fails_makes_no_incomplete_list(self):
        self.link.put(
            "GET",
            "/servers/detail",
            answer(200, {"servers": [{"id": "a"}], "servers_links": [{}]}),
            answer(500, {}),
        )

        self.assertRaises(errors.CloudError, self.compute.servers)

    def test_name_is_looked_for_literally(self):
        self.link.put(
            "GET",
            "/servers/detail",
            answer(200, {"servers": [{"id": "a", "name": "n.1-x"}, {"id": "b", "name": "nx1-x"}]}),
        )

        found = self.compute.servers_named("n.1-x")

        self.assertEqual(["a"], [one["id"] for one in found])
        self.assertEqual([r"^n\.1-x$"], self.link.query(0)["name"])

    def test_microversion_of_a_server_with_files_is_the_last_that_has_them(self):
        self.link.put("POST", "/servers", *[answer(202, {"server": {"id": "a"}})] * 2)

        self.compute.create_server({"name": "x"}, {"group": "g"})
        self.compute.create_server({"name": "x", "personality": [{}]})

        self.assertEqual(["2.67", "2.56"], [sent[3] for sent in self.link.sent])
        self.assertEqual({"group": "g"}, self.link.sent[0][2]["os:scheduler_hints"])

    def test_flavor_is_found_by_id_then_by_name(self):
        self.link.put("GET", "/flavors/m1.tiny", answer(404, {"itemNotFound": {"message": "no"}}))
        self.link.put("GET", "/flavors/1", answer(200, {"flavor": {"id": "1"}}))
        self.link.put(
            "GET", "/flavors/detail", answer(200, {"flavors": [{"id": "1", "name": "m1.tiny"}]})
        )

        self.assertEqual("1", self.compute.flavor("1")["id"])
        self.assertEqual("1", self.compute.flavor("m1.tiny")["id"])

    def test_zones_that_are_not_available_are_left_out(self):
        zones = [
            {"zoneName": "a", "zoneState": {"available": True}},
            {"zoneName": "b", "zoneState": {"available": False}},
        ]
        self.link.put("GET", "/os-availability-zone", answer(200, {"availabilityZoneInfo": zones}))

        self.assertEqual(["a"], self.compute.zones())

    def test_forced_deletion_of_what_is_gone_is_no_error(self):
        self.link.put(
            "POST", "/servers/a/action", answer(404, {"itemNotFound": {"message": "gone"}})
        )

        self.assertFalse(self.compute.delete_server("a", force=True))

    def test_names_are_quoted_in_paths(self):
        self.link.put("GET", "/os-keypairs/a%2Fb%20c", answer(200, {"keypair": {"name": "a/b c"}}))

        self.assertEqual("a/b c", self.compute.key_pair("a/b c")["name"])

    def test_names_that_lead_to_another_path_are_not_found_and_not_sent(self):
        for name in ("", ".", ".."):
            error = self.assertRaises(errors.CloudError, self.compute.flavor, name)
            self.assertTrue(error.is_not_found)
            self.assertRaises(errors.CloudError, self.compute.delete_metadata, "a", name)
        self.assertEqual([], self.link.sent)


class TestNetwork(ServiceTestCase):
    def setUp(self):
        super().setUp()
        self.network = network.Network(self.link)

    def test_id_that_is_a_name_is_found_too(self):
        self.link.put("GET", f"/networks/{UUID}", answer(404, {"NeutronError": {"message": "no"}}))
        self.link.put("GET", "/networks", answer(200, {"networks": [{"id": "n", "name": UUID}]}))

        self.assertEqual("n", self.network.network(UUID)["id"])

    def test_own_network_comes_before_a_shared_one_of_that_name(self):
        both = [{"id": "shared", "project_id": "p2"}, {"id": "own", "project_id": "p1"}]
        self.link.put("GET", "/networks", answer(200, {"networks": both}))

        self.assertEqual("own", self.network.network("n")["id"])

    def test_ambiguous_name_is_refused(self):
        both = [{"id": "a", "project_id": "p1"}, {"id": "b", "project_id": "p1"}]
        self.link.put("GET", "/security-groups", answer(200, {"security_groups": both}))

        error = self.assertRaises(errors.CloudError, self.network.security_group, "g")

        self.assertEqual("More than one security group is named 'g'; use the id.", error.message)

    def test_nothing_found_is_none(self):
        self.link.put("GET", "/subnets", answer(200, {"subnets": []}))

        self.assertIsNone(self.network.subnet("s"))


class TestImage(ServiceTestCase):
    def test_image_by_name_by_id_and_ambiguous(self):
        images = image.Image(self.link)
        self.link.put("GET", f"/images/{UUID}", answer(200, {"id": UUID}))
        self.link.put(
            "GET",
            "/images",
            answer(200, {"images": [{"id": "a"}]}),
            answer(200, {"images": []}),
            answer(200, {"images": [{"id": "a"}, {"id": "b"}]}),
        )

        self.assertEqual(UUID, images.image(UUID)["id"])
        self.assertEqual("a", images.image("one")["id"])
        self.assertIsNone(images.image("none"))
        self.assertRaises(errors.CloudError, images.image, "two")


class TestBlockStorage(ServiceTestCase):
    def test_volume_type_by_name(self):
        volumes = block_storage.BlockStorage(self.link)
        self.link.put("GET", "/types/fast", answer(404, {"itemNotFound": {"message": "no"}}))
        self.link.put("GET", "/types", answer(200, {"volume_types": [{"id": "1", "name": "fast"}]}))

        self.assertEqual("1", volumes.volume_type("fast")["id"])

    def test_missing_volume_is_none(self):
        volumes = block_storage.BlockStorage(self.link)
        self.link.put("GET", "/volumes/v", answer(404, {"itemNotFound": {"message": "no"}}))

        self.assertIsNone(volumes.volume("v"))
