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

from senlin.sandbox.identity import seed
from senlin.tests.unit.sandbox import harness

V2 = "/network/v2.0"


class NetworkTestCase(harness.SandboxTestCase):
    """A cloud, and tokens of demo and admin."""

    def setUp(self):
        super().setUp()
        self.demo = self.token("demo")
        self.admin = self.token("admin")
        self.project = seed.fixed_id("project", "demo")

    def ask(self, method, path, body=None, token=None):
        return self.call(method, V2 + path, body, token=token or self.demo)

    def get(self, path, token=None):
        return self.ask("GET", path, token=token).json

    def post(self, kind, token=None, path=None, **values):
        """Create and give the resource."""
        answer = self.ask("POST", path or f"/{kind}s", {kind: values}, token)
        self.assertEqual(201, answer.status, answer.body)
        return answer.json[kind]

    def named(self, plural, name):
        (found,) = self.get(f"/{plural}?name={name}", self.admin)[plural]
        return found

    def assertFault(self, status, title, answer):
        self.assertEqual((status, title), (answer.status, answer.json["NeutronError"]["type"]))


class NetworkTest(NetworkTestCase):
    def test_a_new_cloud_has_a_shared_and_an_external_network(self):
        private, public = self.named("networks", "private"), self.named("networks", "public")
        self.assertEqual((True, False), (private["shared"], private["router:external"]))
        self.assertEqual((False, True), (public["shared"], public["router:external"]))
        cidrs = {
            subnet["name"]: subnet["cidr"] for subnet in self.get("/subnets", self.admin)["subnets"]
        }
        self.assertEqual({"private-subnet": "10.0.0.0/16", "public-subnet": "172.24.0.0/16"}, cidrs)

    def test_router1_leads_from_private_to_public(self):
        (router,) = self.get("/routers")["routers"]
        outside = router["external_gateway_info"]["network_id"]
        self.assertEqual(self.named("networks", "public")["id"], outside)
        ports = self.get(f"/ports?device_id={router['id']}", self.admin)["ports"]
        owners = {port["device_owner"] for port in ports}
        self.assertEqual({"network:router_gateway", "network:router_interface"}, owners)

    def test_another_project_s_network_is_404(self):
        network = self.post("network", name="mine")
        answer = self.ask("GET", f"/networks/{network['id']}", token=self.token("alt"))
        self.assertFault(404, "NetworkNotFound", answer)

    def test_only_admins_see_segments_and_make_shared_networks(self):
        self.assertNotIn("provider:segmentation_id", self.post("network", name="a"))
        answer = self.ask("POST", "/networks", {"network": {"name": "b", "shared": True}})
        self.assertFault(403, "PolicyNotAuthorized", answer)
        made = self.post("network", self.admin, name="c", shared=True)
        self.assertIn("provider:segmentation_id", made)

    def test_a_reader_may_not_write(self):
        reader = self.token("reader", "demo")
        answer = self.ask("POST", "/networks", {"network": {"name": "a"}}, reader)
        self.assertFault(403, "PolicyNotAuthorized", answer)
        network = self.post("network", name="a")
        answer = self.ask("DELETE", f"/networks/{network['id']}", token=reader)
        self.assertEqual(403, answer.status)

    def test_a_shared_network_belongs_to_its_owner_only(self):
        private = self.named("networks", "private")
        answer = self.ask("DELETE", f"/networks/{private['id']}", token=self.token("alt"))
        self.assertFault(403, "PolicyNotAuthorized", answer)

    def test_an_unknown_attribute_is_400_and_named(self):
        answer = self.ask("POST", "/networks", {"network": {"colour": "red"}})
        self.assertEqual(400, answer.status)
        self.assertEqual("Unrecognized attribute(s) 'colour'", answer.message)

    def test_a_bad_value_is_400_and_named(self):
        answer = self.ask("POST", "/networks", {"network": {"admin_state_up": "maybe"}})
        self.assertEqual(400, answer.status)
        self.assertIn("admin_state_up", answer.message)

    def test_a_body_without_the_resource_is_400(self):
        self.assertEqual(400, self.ask("POST", "/networks", {"net": {}}).status)

    def test_a_change_counts_up_the_revision(self):
        network = self.post("network", name="a")
        path = f"/networks/{network['id']}"
        changed = self.ask("PUT", path, {"network": {"name": "b"}}).json["network"]
        self.assertEqual(("b", 2), (changed["name"], changed["revision_number"]))

    def test_an_attribute_for_birth_only_cannot_be_changed(self):
        network = self.post("network", name="a")
        body = {"network": {"project_id": "x"}}
        self.assertEqual(400, self.ask("PUT", f"/networks/{network['id']}", body).status)

    def test_a_network_with_ports_cannot_be_deleted(self):
        network = self.post("network", name="a")
        port = self.post("port", network_id=network["id"])
        answer = self.ask("DELETE", f"/networks/{network['id']}")
        self.assertFault(409, "NetworkInUse", answer)
        self.assertIn(port["id"], answer.message)
        self.ask("DELETE", f"/ports/{port['id']}")
        self.assertEqual(204, self.ask("DELETE", f"/networks/{network['id']}").status)

    def test_several_networks_can_be_made_at_once(self):
        answer = self.ask("POST", "/networks", {"networks": [{"name": "a"}, {"name": "b"}]})
        self.assertEqual(["a", "b"], [network["name"] for network in answer.json["networks"]])

    def test_a_subnet_gets_gateway_and_pool(self):
        network = self.post("network", name="a")
        subnet = self.post("subnet", network_id=network["id"], ip_version=4, cidr="10.9.0.0/24")
        self.assertEqual("10.9.0.1", subnet["gateway_ip"])
        pools = [{"start": "10.9.0.2", "end": "10.9.0.254"}]
        self.assertEqual(pools, subnet["allocation_pools"])
        path = f"/networks/{network['id']}"
        self.assertEqual([subnet["id"]], self.get(path)["network"]["subnets"])
        self.assertEqual(204, self.ask("DELETE", f"/subnets/{subnet['id']}").status)
        self.assertEqual([], self.get(path)["network"]["subnets"])

    def test_overlapping_subnets_are_refused(self):
        network = self.post("network", name="a")
        self.post("subnet", network_id=network["id"], cidr="10.9.0.0/16")
        body = {"subnet": {"network_id": network["id"], "cidr": "10.9.1.0/24"}}
        self.assertFault(400, "InvalidInput", self.ask("POST", "/subnets", body))

    def test_a_pool_outside_the_subnet_is_refused(self):
        network = self.post("network", name="a")
        pools = [{"start": "10.8.0.2", "end": "10.8.0.9"}]
        body = {"network_id": network["id"], "cidr": "10.9.0.0/24", "allocation_pools": pools}
        answer = self.ask("POST", "/subnets", {"subnet": body})
        self.assertFault(400, "OutOfBoundsAllocationPool", answer)

    def test_a_subnet_in_use_cannot_be_deleted(self):
        network = self.post("network", name="a")
        subnet = self.post("subnet", network_id=network["id"], cidr="10.9.0.0/24")
        self.post("port", network_id=network["id"])
        answer = self.ask("DELETE", f"/subnets/{subnet['id']}")
        self.assertFault(409, "SubnetInUse", answer)


class ListTest(NetworkTestCase):
    def setUp(self):
        super().setUp()
        self.names = [f"net{number}" for number in range(5)]
        for name in self.names:
            self.post("network", name=name)
        self.mine = f"/networks?project_id={self.project}&shared=False"

    def found(self, query=""):
        answer = self.get(self.mine + query)
        return [network["name"] for network in answer["networks"]]

    def test_filters_of_one_name_are_alternatives(self):
        self.assertEqual(["net1", "net3"], self.found("&name=net1&name=net3"))

    def test_tenant_id_is_another_word_for_project_id(self):
        answer = self.get(f"/networks?tenant_id={self.project}&name=net1")
        self.assertEqual(1, len(answer["networks"]))

    def test_an_unknown_filter_is_400(self):
        answer = self.ask("GET", "/networks?colour=red")
        self.assertEqual(400, answer.status)
        self.assertIn("colour", answer.message)

    def test_lists_are_sorted_as_asked(self):
        self.assertEqual(self.names[::-1], self.found("&sort_key=name&sort_dir=desc"))

    def test_only_the_fields_asked_for_are_given(self):
        answer = self.get(f"{self.mine}&fields=name&fields=id&name=net1")
        self.assertEqual({"name", "id"}, set(answer["networks"][0]))

    def test_pages_follow_each_other_by_their_links(self):
        path, pages = f"{self.mine}&sort_key=name&sort_dir=asc&limit=2", []
        while path:
            answer = self.get(path)
            pages.append([network["name"] for network in answer["networks"]])
            links = {link["rel"]: link["href"] for link in answer.get("networks_links", [])}
            path = links.get("next", "").removeprefix(harness.BASE_URL + V2)
        self.assertEqual([["net0", "net1"], ["net2", "net3"], ["net4"]], pages)

    def test_pages_can_be_turned_back(self):
        path = f"{self.mine}&sort_key=name&sort_dir=asc&limit=2"
        following = self.get(path)["networks_links"][0]["href"].removeprefix(harness.BASE_URL + V2)
        links = {link["rel"]: link["href"] for link in self.get(following)["networks_links"]}
        back = self.get(links["previous"].removeprefix(harness.BASE_URL + V2))
        self.assertEqual(["net0", "net1"], [network["name"] for network in back["networks"]])

    def test_an_unknown_marker_is_400(self):
        self.assertEqual(400, self.ask("GET", "/networks?limit=1&marker=nowhere").status)

    def test_a_negative_limit_is_400(self):
        self.assertEqual(400, self.ask("GET", "/networks?limit=-1").status)

    def test_tags_are_set_and_filtered_by(self):
        first, second = (self.named("networks", name) for name in ("net0", "net1"))
        path = f"/networks/{first['id']}/tags"
        self.ask("PUT", path, {"tags": ["red", "blue"]})
        self.assertEqual(201, self.ask("PUT", f"/networks/{second['id']}/tags/red").status)
        self.assertEqual(["net0", "net1"], self.found("&tags=red"))
        self.assertEqual(["net0"], self.found("&tags=red,blue"))
        self.assertEqual(["net0", "net1"], self.found("&tags-any=blue,red"))
        self.assertEqual(["net2", "net3", "net4"], self.found("&not-tags-any=red"))
        self.assertEqual(204, self.ask("DELETE", f"{path}/blue").status)
        self.assertEqual(404, self.ask("DELETE", f"{path}/blue").status)
        self.assertEqual({"tags": ["red"]}, self.get(path))


class ExtensionTest(NetworkTestCase):
    def test_extensions_are_listed_and_shown(self):
        aliases = {extension["alias"] for extension in self.get("/extensions")["extensions"]}
        self.assertLessEqual({"security-group", "router", "quotas", "binding"}, aliases)
        shown = self.get("/extensions/quotas")["extension"]
        self.assertEqual("quotas", shown["alias"])
        self.assertEqual(404, self.ask("GET", "/extensions/none").status)

    def test_there_are_no_agents(self):
        self.assertEqual({"agents": []}, self.get("/agents"))

    def test_the_version_is_v2_0(self):
        answer = self.call("GET", "/network")
        self.assertEqual(["v2.0"], [version["id"] for version in answer.json["versions"]])
        self.assertIn("resources", self.call("GET", V2).json)


class QuotaTest(NetworkTestCase):
    def limit(self, **limits):
        return self.ask("PUT", f"/quotas/{self.project}", {"quota": limits}, self.admin)

    def test_nothing_is_limited_at_first(self):
        quota = self.get(f"/quotas/{self.project}")["quota"]
        self.assertEqual({-1}, set(quota.values()))

    def test_a_full_quota_is_409(self):
        self.limit(network=2)
        network = self.post("network", name="second")
        answer = self.ask("POST", "/networks", {"network": {"name": "third"}})
        self.assertFault(409, "OverQuota", answer)
        self.assertEqual("Quota exceeded for resources: ['network'].", answer.message)
        self.ask("DELETE", f"/networks/{network['id']}")
        self.post("network", name="third")

    def test_use_is_shown_beside_the_limit(self):
        self.limit(network=9)
        details = self.get(f"/quotas/{self.project}/details")["quota"]
        self.assertEqual({"limit": 9, "used": 1, "reserved": 0}, details["network"])

    def test_only_admins_set_quotas(self):
        answer = self.ask("PUT", f"/quotas/{self.project}", {"quota": {"port": 1}})
        self.assertFault(403, "PolicyNotAuthorized", answer)
        other = f"/quotas/{seed.fixed_id('project', 'alt')}"
        self.assertEqual(403, self.ask("GET", other).status)

    def test_a_bad_limit_is_400_and_named(self):
        answer = self.limit(port="many")
        self.assertEqual(400, answer.status)
        self.assertIn("port", answer.message)

    def test_a_limit_below_use_is_refused_when_the_caller_wants_it_checked(self):
        self.assertEqual(200, self.limit(network=0).status)
        self.assertEqual(400, self.limit(network=0, check_limit=True).status)
        self.assertEqual(200, self.limit(network=1, check_limit=True).status)

    def test_a_deleted_quota_is_the_default_again(self):
        self.limit(port=1)
        path = f"/quotas/{self.project}"
        self.assertEqual(204, self.ask("DELETE", path, token=self.admin).status)
        self.assertEqual(-1, self.get(path)["quota"]["port"])
