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


"""Version documents and microversions (API contract, section 1)."""

import ddt

from senlin.api import microversions
from senlin.common import exception
from senlin.tests.unit import base as unit_base
from senlin.tests.unit.api import base


class DocumentTest(base.ApiTestCase):
    def test_the_root_needs_no_token_and_answers_300(self):
        for path in ("/", "", "/versions"):
            response = self.app.get(path, status=300)
            self.assertEqual(["versions"], list(response.json))
            self.assertEqual(1, len(response.json["versions"]))

    def test_the_root_describes_version_1_0(self):
        element = self.app.get("/", status=300).json["versions"][0]
        self.assertEqual("1.0", element["id"])
        self.assertEqual("CURRENT", element["status"])
        self.assertEqual("2016-01-18T00:00:00Z", element["updated"])
        self.assertEqual("1.0", element["min_version"])
        self.assertEqual("1.16", element["max_version"])
        self.assertEqual(
            [
                {
                    "base": "application/json",
                    "type": "application/vnd.openstack.clustering-v1+json",
                }
            ],
            element["media-types"],
        )

    def test_the_root_ignores_the_microversion_header(self):
        headers = {"OpenStack-API-Version": "clustering 99.0"}
        self.app.get("/", headers=headers, status=300)

    def test_the_v1_document_holds_the_same_element(self):
        root = self.app.get("/", status=300).json["versions"][0]
        for path in ("/v1", "/v1/", "/v1.0", "/v1.0/"):
            self.assertEqual({"version": root}, self.app.get(path, status=200).json)

    def test_the_self_link_includes_the_mount_prefix(self):
        for path, status in (("/", 300), ("/v1", 200)):
            response = self.app.get(
                path,
                status=status,
                extra_environ={"SCRIPT_NAME": "/clustering", "HTTP_HOST": "cloud.test"},
            )
            element = response.json.get("version") or response.json["versions"][0]
            self.assertEqual(
                {"rel": "self", "href": "http://cloud.test/clustering/v1"},
                element["links"][0],
            )

    def test_the_v1_document_evaluates_the_microversion(self):
        headers = {"OpenStack-API-Version": "clustering 1.17"}
        response = self.app.get("/v1", headers=headers, status=406)
        self.assertEqual("InvalidGlobalAPIVersion", response.json["error"]["type"])
        for word in ("1.17", "1.0", "1.16"):
            self.assertIn(word, response.json["error"]["message"])

    def test_other_versions_are_not_found(self):
        for path in ("/vx", "/v2", "/v1.1", "/v01", "/clusters", "/v1x"):
            response = self.app.get(path, headers={"Accept": "application/json"}, status=404)
            self.assertEqual(404, response.json["error"]["code"])

    def test_other_versions_show_the_root_to_who_accepts_anything(self):
        self.app.get("/vx", headers={"Accept": "*/*"}, status=300)

    def test_versioned_paths_need_a_token(self):
        self.app.get("/v1/clusters", status=401)


class MicroversionHeaderTest(base.ApiTestCase):
    def test_the_effective_version_is_echoed(self):
        response = self.get("/v1/build-info", version="latest")
        self.assertEqual("clustering 1.16", response.headers["OpenStack-API-Version"])
        self.assertEqual("OpenStack-API-Version", response.headers["Vary"])

    def test_it_is_echoed_on_errors_and_on_empty_responses_too(self):
        missing = self.get("/v1/clusters/none", version="1.3", status=404)
        self.assertEqual("clustering 1.3", missing.headers["OpenStack-API-Version"])
        self.engine.answers["profile_delete"] = None
        gone = self.delete("/v1/profiles/x", version="1.3", status=204)
        self.assertEqual("clustering 1.3", gone.headers["OpenStack-API-Version"])

    def test_a_bad_version_is_refused_before_the_token_is_looked_at(self):
        headers = {"OpenStack-API-Version": "clustering 1.01"}
        response = self.app.get("/v1/clusters", headers=headers, status=400)
        self.assertEqual("InvalidAPIVersionString", response.json["error"]["type"])


@ddt.ddt
class FromHeaderTest(unit_base.TestCase):
    @ddt.data(
        (None, "1.0"),
        ("", "1.0"),
        ("clustering 1.5", "1.5"),
        ("CLUSTERING   1.5 ", "1.5"),
        ("clustering latest", "1.16"),
        ("clustering LATEST", "1.16"),
        ("compute 2.90, clustering 1.7", "1.7"),
        ("clustering 1.7, clustering 1.8", "1.8"),
        ("cluster 1.5", "1.0"),
        ("senlin 1.5", "1.0"),
        ("1.5", "1.0"),
        ("clustering", "1.0"),
    )
    @ddt.unpack
    def test_it_reads(self, header, version):
        self.assertEqual(version, str(microversions.from_header(header)))

    @ddt.data("abc", "1", "0.9", "1.01", "1.16.1", "1.", "-1.0", "1.1x", "1.٣")
    def test_it_refuses_as_malformed(self, wanted):
        self.assertRaises(
            exception.InvalidAPIVersionString,
            microversions.from_header,
            f"clustering {wanted}",
        )

    @ddt.data("1.17", "2.0", "1.999999999")
    def test_it_refuses_as_not_served(self, wanted):
        self.assertRaises(
            exception.InvalidGlobalAPIVersion,
            microversions.from_header,
            f"clustering {wanted}",
        )


@ddt.ddt
class GateTest(base.ApiTestCase):
    @ddt.data(
        ("GET", "/v1/clusters/FAKE/attrs/name", "1.1"),
        ("POST", "/v1/profiles/validate", "1.1"),
        ("POST", "/v1/policies/validate", "1.1"),
        ("GET", "/v1/profile-types/FAKE/ops", "1.3"),
        ("POST", "/v1/nodes/FAKE/ops", "1.3"),
        ("POST", "/v1/clusters/FAKE/ops", "1.3"),
        ("POST", "/v1/nodes/adopt", "1.6"),
        ("POST", "/v1/nodes/adopt-preview", "1.6"),
        ("PATCH", "/v1/actions/FAKE", "1.11"),
    )
    @ddt.unpack
    def test_a_call_is_refused_below_its_version(self, method, path, version):
        response = self.send(
            method, path, b"{not json" if method != "GET" else None, version=version, status=400
        )
        self.assert_refused(
            response,
            400,
            f"API version '{version}' is not supported on this method.",
            "MethodVersionNotFound",
        )
        self.assertEqual([], self.engine.calls)

    @ddt.data(
        ("replace_nodes", "1.2"),
        ("complete_lifecycle", "1.8"),
    )
    @ddt.unpack
    def test_a_verb_is_refused_below_its_version(self, verb, version):
        response = self.post("/v1/clusters/c/actions", {verb: {}}, version=version, status=400)
        self.assert_refused(
            response,
            400,
            f"API version '{version}' is not supported on this method.",
            "MethodVersionNotFound",
        )

    def test_the_check_for_a_map_comes_before_a_verbs_version(self):
        response = self.post(
            "/v1/clusters/c/actions", {"replace_nodes": []}, version="1.2", status=400
        )
        self.assert_invalid(response, "The data provided is not a map")
