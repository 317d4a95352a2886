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

from senlin.tests.unit.sandbox import harness

IMAGES = "/image/v2/images"
PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


class ImageTest(harness.SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")
        self.admin = self.token("admin")

    def ask(self, method, path="", body=None, token=None, headers=None):
        return self.call(method, IMAGES + path, body, token=token or self.demo, headers=headers)

    def create(self, token=None, **values):
        values = {"disk_format": "raw", "container_format": "bare", **values}
        answer = self.ask("POST", body=values, token=token)
        self.assertEqual(201, answer.status, answer.body)
        return answer.json

    def names(self, query="", token=None):
        return [image["name"] for image in self.ask("GET", query, token=token).json["images"]]

    def patch(self, image, *changes, token=None):
        body = json.dumps(changes).encode()
        return self.ask("PATCH", f"/{image['id']}", body, token, PATCH)

    def test_a_new_cloud_has_cirros_and_fedora(self):
        found = self.ask("GET").json["images"]
        self.assertEqual({"cirros", "fedora"}, {image["name"] for image in found})
        self.assertEqual({"active"}, {image["status"] for image in found})
        self.assertEqual({65536}, {image["size"] for image in found})

    def test_an_image_is_active_once_it_has_data(self):
        image = self.create(name="mine")
        self.assertEqual(("queued", None), (image["status"], image["size"]))
        path = f"/{image['id']}"
        self.assertEqual(204, self.ask("PUT", f"{path}/file", b"hello").status)
        shown = self.ask("GET", path).json
        self.assertEqual(("active", 5), (shown["status"], shown["size"]))
        self.assertEqual("5d41402abc4b2a76b9719d911017c592", shown["checksum"])
        self.assertEqual(b"hello", self.ask("GET", f"{path}/file").body)

    def test_data_can_be_given_once(self):
        image = self.create(name="mine")
        path = f"/{image['id']}/file"
        self.ask("PUT", path, b"hello")
        self.assertEqual(409, self.ask("PUT", path, b"again").status)

    def test_properties_of_one_s_own_are_kept(self):
        image = self.create(name="mine", hw_disk_bus="virtio")
        self.assertEqual("virtio", self.ask("GET", f"/{image['id']}").json["hw_disk_bus"])

    def test_a_json_patch_changes_an_image(self):
        image = self.create(name="mine", colour="red")
        answer = self.patch(
            image,
            {"op": "replace", "path": "/name", "value": "yours"},
            {"op": "remove", "path": "/colour"},
            {"op": "add", "path": "/size_hint", "value": "big"},
        )
        self.assertEqual(("yours", "big"), (answer.json["name"], answer.json["size_hint"]))
        self.assertNotIn("colour", answer.json)

    def test_a_patch_of_something_that_is_not_there_is_409(self):
        image = self.create(name="mine")
        answer = self.patch(image, {"op": "replace", "path": "/colour", "value": "red"})
        self.assertEqual(409, answer.status)

    def test_a_patch_needs_its_own_content_type(self):
        self.assertEqual(415, self.ask("PATCH", f"/{self.create()['id']}", []).status)

    def test_read_only_attributes_are_403(self):
        image = self.create(name="mine")
        answer = self.patch(image, {"op": "replace", "path": "/status", "value": "active"})
        self.assertEqual(403, answer.status)
        self.assertEqual(403, self.ask("POST", body={"checksum": "x"}).status)

    def test_values_that_do_not_fit_are_400(self):
        for values in ({"min_disk": -1}, {"visibility": "secret"}, {"disk_format": "paper"}):
            self.assertEqual(400, self.ask("POST", body=values).status, values)

    def test_only_admins_publish(self):
        self.assertEqual(403, self.ask("POST", body={"visibility": "public"}).status)
        self.create(self.admin, visibility="public")

    def test_another_project_s_private_image_is_404(self):
        image = self.create(name="mine")
        answer = self.ask("GET", f"/{image['id']}", token=self.token("alt"))
        self.assertEqual(404, answer.status)
        self.assertEqual("404 Not Found", answer.json["code"])

    def test_a_public_image_of_another_cannot_be_changed(self):
        (cirros,) = self.ask("GET", "?name=cirros").json["images"]
        self.assertEqual(403, self.ask("DELETE", f"/{cirros['id']}").status)

    def test_a_reader_may_not_write(self):
        answer = self.ask("POST", body={"name": "x"}, token=self.token("reader", "demo"))
        self.assertEqual(403, answer.status)

    def test_a_protected_image_cannot_be_deleted(self):
        image = self.create(name="mine", protected=True)
        path = f"/{image['id']}"
        self.assertEqual(403, self.ask("DELETE", path).status)
        self.patch(image, {"op": "replace", "path": "/protected", "value": False})
        self.assertEqual(204, self.ask("DELETE", path).status)
        self.assertEqual(404, self.ask("GET", path).status)

    def test_images_are_filtered_and_sorted(self):
        for name in ("b", "a", "c"):
            self.create(name=name, tags=["t"])
        self.assertEqual(["a", "b", "c"], self.names("?tag=t&sort=name:asc"))
        self.assertEqual(["c", "b", "a"], self.names("?tag=t&sort_key=name&sort_dir=desc"))
        self.assertEqual(["a", "c"], sorted(self.names("?name=in:a,c")))
        self.assertEqual([], self.names("?status=queued&visibility=public"))
        self.assertEqual(400, self.ask("GET", "?sort=colour:asc").status)

    def test_pages_follow_each_other_by_next(self):
        for number in range(5):
            self.create(name=f"i{number}", tags=["t"])
        path, found = "/v2/images?tag=t&sort=name:asc&limit=2", []
        while path:
            answer = self.call("GET", f"/image{path}", token=self.demo).json
            found.append([image["name"] for image in answer["images"]])
            path = answer.get("next")
        self.assertEqual([["i0", "i1"], ["i2", "i3"], ["i4"]], found)

    def test_hidden_and_community_images_are_listed_only_when_asked_for(self):
        self.create(self.admin, name="hidden", os_hidden=True)
        self.create(self.admin, name="common", visibility="community")
        self.assertEqual({"cirros", "fedora"}, set(self.names()))
        self.assertEqual(["hidden"], self.names("?os_hidden=true", self.admin))
        self.assertEqual(["common"], self.names("?visibility=community"))

    def test_tags_come_and_go(self):
        path = f"/{self.create(name='mine')['id']}"
        self.assertEqual(204, self.ask("PUT", f"{path}/tags/red").status)
        self.assertEqual(["red"], self.ask("GET", path).json["tags"])
        self.assertEqual(204, self.ask("DELETE", f"{path}/tags/red").status)
        self.assertEqual(404, self.ask("DELETE", f"{path}/tags/red").status)

    def test_a_deactivated_image_can_be_activated_again(self):
        image = self.create(name="mine")
        path = f"/{image['id']}"
        self.ask("PUT", f"{path}/file", b"x")
        self.assertEqual(204, self.ask("POST", f"{path}/actions/deactivate").status)
        self.assertEqual("deactivated", self.ask("GET", path).json["status"])
        self.assertEqual(204, self.ask("POST", f"{path}/actions/reactivate").status)
        self.assertEqual("active", self.ask("GET", path).json["status"])

    def test_a_snapshot_for_compute_is_an_active_private_image(self):
        project = self.cloud.identity.project_id("demo")
        made = self.cloud.image.create_snapshot("snap", project, {"image_type": "snapshot"})
        shown = self.ask("GET", f"/{made['id']}").json
        self.assertEqual(("active", "private"), (shown["status"], shown["visibility"]))
        self.assertEqual("snapshot", shown["image_type"])

    def test_the_version_document_names_v2(self):
        answer = self.call("GET", "/image")
        self.assertEqual(300, answer.status)
        self.assertIn("CURRENT", [version["status"] for version in answer.json["versions"]])
