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

"""Flavors, key pairs, server groups and quotas."""

from senlin.tests.unit.sandbox.compute import harness


class FlavorTest(harness.ComputeTestCase):
    def make(self, expect=200, **wanted):
        flavor = {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "id": "f", **wanted}
        return self.nova("POST", "/flavors", {"flavor": flavor}, self.admin, expect=expect)

    def ids(self, token=None, query=""):
        answer = self.nova("GET", f"/flavors/detail{query}", token=token, expect=200)
        return [flavor["id"] for flavor in answer.json["flavors"]]

    def test_the_usual_flavors_are_there(self):
        self.assertEqual(list("1234567"), self.ids())

    def test_a_private_flavor_is_seen_by_those_with_access(self):
        self.make(**{"os-flavor-access:is_public": False})
        self.assertNotIn("f", self.ids())
        self.nova("GET", "/flavors/f", expect=404)
        project = self.cloud.identity.project_id("demo")
        wanted = {"addTenantAccess": {"tenant": project}}
        self.nova("POST", "/flavors/f/action", wanted, self.admin, expect=200)
        self.assertIn("f", self.ids())
        self.assertIn("f", self.ids(self.admin, "?is_public=None"))

    def test_names_and_ids_are_unique(self):
        self.make()
        self.assertIn("name f already exists", self.make(expect=409).message)
        self.make(name="g", expect=409)

    def test_extra_specs_are_set_and_removed(self):
        path = "/flavors/1/os-extra_specs"
        self.nova("POST", path, {"extra_specs": {"a": "1"}}, self.admin, expect=200)
        self.nova("PUT", f"{path}/b", {"b": "2"}, self.admin, expect=200)
        self.assertEqual({"a": "1", "b": "2"}, self.nova("GET", path).json["extra_specs"])
        self.nova("DELETE", f"{path}/a", token=self.admin, expect=200)
        self.assertEqual({"b": "2"}, self.nova("GET", "/flavors/1").json["flavor"]["extra_specs"])

    def test_members_make_no_flavors(self):
        self.nova("POST", "/flavors", {"flavor": {}}, expect=403)

    def test_a_servers_flavor_outlives_its_deletion(self):
        self.make()
        server = self.create(flavorRef="f")
        self.nova("DELETE", "/flavors/f", token=self.admin, expect=202)
        self.assertEqual("f", self.show(server)["flavor"]["original_name"])


class KeyPairTest(harness.ComputeTestCase):
    def test_a_pair_is_made_listed_and_removed(self):
        made = self.nova(
            "POST", "/os-keypairs", {"keypair": {"name": "k"}}, version="2.91", expect=201
        )
        pair = made.json["keypair"]
        self.assertIn("OPENSSH PRIVATE KEY", pair["private_key"])
        shown = self.nova("GET", "/os-keypairs/k", expect=200).json["keypair"]
        self.assertEqual(pair["fingerprint"], shown["fingerprint"])
        names = [
            one["keypair"]["name"] for one in self.nova("GET", "/os-keypairs").json["keypairs"]
        ]
        self.assertEqual(["demo", "k"], names)
        self.nova("DELETE", "/os-keypairs/k", expect=204)
        self.nova("GET", "/os-keypairs/k", expect=404)

    def test_a_name_is_taken_once_and_a_key_is_checked(self):
        wanted = {"keypair": {"name": "demo", "public_key": "ssh-ed25519 AAAA"}}
        self.assertEqual(
            "Key pair 'demo' already exists.",
            self.nova("POST", "/os-keypairs", wanted, expect=409).message,
        )
        wanted = {"keypair": {"name": "new", "public_key": "nonsense"}}
        self.nova("POST", "/os-keypairs", wanted, expect=400)

    def test_key_pairs_belong_to_one_user(self):
        self.nova("GET", "/os-keypairs/demo", token=self.token("alt"), expect=404)


class ServerGroupTest(harness.ComputeTestCase):
    def make(self, expect=200, version=harness.NEWEST, **wanted):
        body = {"server_group": {"name": "g", **wanted}}
        return self.nova("POST", "/os-server-groups", body, version=version, expect=expect)

    def test_older_microversions_speak_of_policies(self):
        made = self.make(policies=["anti-affinity"], version="2.63").json["server_group"]
        self.assertEqual(["anti-affinity"], made["policies"])
        shown = self.nova("GET", f"/os-server-groups/{made['id']}").json["server_group"]
        self.assertEqual(("anti-affinity", {}), (shown["policy"], shown["rules"]))

    def test_an_unknown_policy_is_a_bad_request(self):
        self.make(policy="togetherness", expect=400)

    def test_a_rule_limits_how_many_share_a_host(self):
        rules = {"max_server_per_host": 2}
        group = self.make(policy="anti-affinity", rules=rules).json["server_group"]["id"]
        ids = [self.create(f"w{number}", hints={"group": group}) for number in range(5)]
        statuses = [self.status(server_id) for server_id in ids]
        self.assertEqual(["ACTIVE"] * 4 + ["ERROR"], statuses)

    def test_a_removed_group_is_not_found_again(self):
        group = self.make(policy="affinity").json["server_group"]["id"]
        self.nova("DELETE", f"/os-server-groups/{group}", expect=204)
        answer = self.nova("DELETE", f"/os-server-groups/{group}", expect=404)
        self.assertEqual(f"Instance group {group} could not be found.", answer.message)


class QuotaTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.project = self.cloud.identity.project_id("demo")
        self.path = f"/os-quota-sets/{self.project}"

    def set(self, expect=200, **limits):
        return self.nova("PUT", self.path, {"quota_set": limits}, self.admin, expect=expect)

    def test_everything_is_unlimited_until_it_is_set(self):
        self.assertEqual(-1, self.nova("GET", self.path).json["quota_set"]["instances"])
        self.set(instances=7)
        self.assertEqual(7, self.nova("GET", self.path).json["quota_set"]["instances"])
        self.nova("DELETE", self.path, token=self.admin, expect=202)
        self.assertEqual(-1, self.nova("GET", self.path).json["quota_set"]["instances"])

    def test_a_limit_below_what_is_used_needs_force(self):
        self.create()
        self.set(instances=0, expect=400)
        self.set(instances=0, force=True)

    def test_cores_limit_a_resize(self):
        server = self.create()
        self.set(cores=1)
        answer = self.act(server, "resize", {"flavorRef": "5"}, expect=403)
        self.assertEqual(
            "Quota exceeded for cores: Requested 1, but already used 1 of 1 cores", answer.message
        )

    def test_fewer_servers_are_made_when_the_quota_allows_but_some(self):
        self.set(instances=2)
        self.nova("POST", "/servers", self.body(min_count=1, max_count=5), expect=202)
        self.assertEqual(2, len(self.names()))

    def test_usage_falls_when_a_server_goes(self):
        server = self.create()
        used = self.nova("GET", f"{self.path}/detail").json["quota_set"]["ram"]
        self.assertEqual({"limit": -1, "in_use": 64, "reserved": 0}, used)
        self.nova("DELETE", f"/servers/{server}", expect=204)
        self.pass_time(1)
        used = self.nova("GET", f"{self.path}/detail").json["quota_set"]["ram"]
        self.assertEqual(0, used["in_use"])

    def test_members_set_no_quotas(self):
        self.nova("PUT", self.path, {"quota_set": {}}, expect=403)
