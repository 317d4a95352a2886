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

"""Making, changing and listing servers over the API."""

import base64

from senlin.tests.unit.sandbox.compute import harness


class CreateTest(harness.ComputeTestCase):
    def assert_bad(self, why, status=400, version=harness.NEWEST, **wanted):
        answer = self.nova("POST", "/servers", self.body(**wanted), version=version, expect=status)
        self.assertIn(why, answer.message)

    def test_the_answer_names_the_server_and_its_password(self):
        answer = self.nova("POST", "/servers", self.body(adminPass="pw"), expect=202)
        server = answer.json["server"]
        self.assertEqual("pw", server["adminPass"])
        self.assertEqual([{"name": "default"}], server["security_groups"])
        self.assertTrue(
            answer.headers["Location"].endswith(f"/compute/v2.1/servers/{server['id']}")
        )

    def test_a_member_sees_no_host_but_an_administrator_does(self):
        server_id = self.create()
        self.assertNotIn("OS-EXT-SRV-ATTR:host", self.show(server_id))
        self.assertIn(self.host_of(server_id), ("compute1", "compute2"))

    def test_what_was_asked_for_is_shown(self):
        data = base64.b64encode(b"#!/bin/sh").decode()
        server = self.show(
            self.create(
                metadata={"a": "b"},
                tags=["blue"],
                description="mine",
                key_name="demo",
                config_drive=True,
                user_data=data,
                hostname="guest",
            ),
            self.admin,
        )
        self.assertEqual({"a": "b"}, server["metadata"])
        self.assertEqual(["blue"], server["tags"])
        self.assertEqual(
            ("mine", "demo", "True"),
            (server["description"], server["key_name"], server["config_drive"]),
        )
        self.assertEqual(data, server["OS-EXT-SRV-ATTR:user_data"])
        self.assertEqual("guest", server["OS-EXT-SRV-ATTR:hostname"])

    def test_its_port_belongs_to_the_server(self):
        server_id = self.create()
        port = self.call(
            "GET", f"/network/v2.0/ports?device_id={server_id}", token=self.admin
        ).json["ports"][0]
        self.assertEqual("ACTIVE", port["status"])
        self.assertEqual(self.host_of(server_id), port["binding:host_id"])
        self.assertTrue(port["device_owner"].startswith("compute:az"))
        address = self.show(server_id)["addresses"]["private"][0]["addr"]
        self.assertEqual(port["fixed_ips"][0]["ip_address"], address)

    def test_no_network_at_all_can_be_asked_for(self):
        self.assertEqual({}, self.show(self.create(networks="none"))["addresses"])

    def test_the_only_network_is_taken_when_none_is_named(self):
        self.assertEqual(["private"], list(self.show(self.create(networks="auto"))["addresses"]))

    def test_several_possible_networks_are_ambiguous(self):
        self.call("POST", "/network/v2.0/networks", {"network": {"name": "second"}}, self.demo)
        self.assert_bad("Multiple possible networks found", 409, networks="auto")

    def test_a_port_in_use_is_a_conflict(self):
        server_id = self.create()
        port = self.call("GET", f"/network/v2.0/ports?device_id={server_id}", token=self.demo).json[
            "ports"
        ][0]["id"]
        self.assert_bad(f"Port {port} is still in use.", 409, networks=[{"port": port}])

    def test_many_servers_share_a_reservation(self):
        answer = self.nova(
            "POST",
            "/servers",
            self.body(min_count=2, max_count=3, return_reservation_id=True),
            expect=202,
        )
        self.assertRegex(answer.json["reservation_id"], "^r-")
        self.assertEqual(["web-3", "web-2", "web-1"], self.names())

    def test_a_server_boots_from_a_volume(self):
        device = {
            "uuid": self.image_id,
            "source_type": "image",
            "destination_type": "volume",
            "boot_index": 0,
            "volume_size": 1,
            "delete_on_termination": True,
        }
        server = self.show(self.create(imageRef=None, block_device_mapping_v2=[device]))
        self.assertEqual("", server["image"])
        (volume,) = server["os-extended-volumes:volumes_attached"]
        self.assertTrue(volume["delete_on_termination"])

    def test_what_does_not_exist_is_a_bad_request(self):
        self.assert_bad("Flavor 99 could not be found.", flavorRef="99")
        self.assert_bad("Can not find requested image", imageRef="nope")
        self.assert_bad("Missing imageRef attribute", imageRef=None)
        self.assert_bad("Invalid key_name provided.", key_name="nope")
        self.assert_bad("Network nope could not be found.", networks=[{"uuid": "nope"}])
        self.assert_bad("Port id nope could not be found.", networks=[{"port": "nope"}])
        self.assert_bad("requested availability zone is not available", availability_zone="az9")
        self.assert_bad("Security group nope not found", security_groups=[{"name": "nope"}])

    def test_malformed_values_are_bad_requests_that_name_the_key(self):
        self.assert_bad("attribute name. Value", name=" ")
        self.assert_bad("attribute a. Value: 1. 1 is not of type 'string'", metadata={"a": 1})
        self.assert_bad("attribute min_count. Value", min_count=0)
        self.assert_bad("attribute user_data. Value", user_data="%%%")
        self.assert_bad("'colour' was unexpected", colour="red")
        self.assert_bad("'networks' is a required property", networks=None)

    def test_an_older_microversion_knows_fewer_keys(self):
        self.assert_bad("'tags' was unexpected", tags=["a"], version="2.51")
        self.nova("POST", "/servers", self.body(networks=None), version="2.36", expect=202)

    def test_a_full_quota_forbids(self):
        project = self.show(self.create())["tenant_id"]
        self.nova(
            "PUT",
            f"/os-quota-sets/{project}",
            {"quota_set": {"instances": 1}},
            self.admin,
            expect=200,
        )
        self.assert_bad(
            "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances", 403
        )

    def test_members_of_an_anti_affine_group_are_kept_apart(self):
        group = self.nova(
            "POST",
            "/os-server-groups",
            {"server_group": {"name": "apart", "policy": "anti-affinity"}},
            expect=200,
        ).json["server_group"]
        ids = [self.create(f"web{number}", hints={"group": group["id"]}) for number in range(3)]
        self.assertEqual({"compute1", "compute2"}, {self.host_of(ids[0]), self.host_of(ids[1])})
        self.assertIn("No valid host", self.show(ids[2])["fault"]["message"])
        self.assertEqual([group["id"]], self.show(ids[0])["server_groups"])
        shown = self.nova("GET", f"/os-server-groups/{group['id']}").json["server_group"]
        self.assertEqual(ids, shown["members"])

    def test_members_of_an_affine_group_share_a_host(self):
        group = self.nova(
            "POST",
            "/os-server-groups",
            {"server_group": {"name": "together", "policy": "affinity"}},
            expect=200,
        ).json["server_group"]["id"]
        ids = [self.create(f"web{number}", hints={"group": group}) for number in range(3)]
        self.assertEqual(1, len({self.host_of(server_id) for server_id in ids}))


class UpdateTest(harness.ComputeTestCase):
    def test_name_and_description_change(self):
        server_id = self.create()
        wanted = {"server": {"name": "new", "description": "text"}}
        self.nova("PUT", f"/servers/{server_id}", wanted, expect=200)
        shown = self.show(server_id)
        self.assertEqual(("new", "text"), (shown["name"], shown["description"]))

    def test_other_keys_are_refused(self):
        server_id = self.create()
        answer = self.nova(
            "PUT", f"/servers/{server_id}", {"server": {"flavorRef": "2"}}, expect=400
        )
        self.assertIn("'flavorRef' was unexpected", answer.message)


class ListTest(harness.ComputeTestCase):
    def setUp(self):
        super().setUp()
        self.cloud.knobs.update({"active_delay": 0})
        self.ids = {}
        for number in range(5):
            metadata = {"group": "odd" if number % 2 else "even"}
            self.ids[number] = self.create(f"web{number}", metadata=metadata)

    def test_the_newest_come_first(self):
        self.assertEqual(["web4", "web3", "web2", "web1", "web0"], self.names())

    def test_pages_are_linked(self):
        names, query, pages = [], "?limit=2", 0
        while query is not None:
            body = self.nova("GET", f"/servers{query}", expect=200).json
            names += [server["name"] for server in body["servers"]]
            links = body.get("servers_links", [])
            query = "?" + links[0]["href"].partition("?")[2] if links else None
            pages += 1
        self.assertEqual((3, ["web4", "web3", "web2", "web1", "web0"]), (pages, names))

    def test_an_unknown_marker_is_a_bad_request(self):
        answer = self.nova("GET", "/servers?marker=nope", expect=400)
        self.assertEqual("marker [nope] not found", answer.message)

    def test_names_are_matched_by_text_or_regular_expression(self):
        self.assertEqual(["web3"], self.names("?name=b3"))
        self.assertEqual(["web2", "web1"], self.names("?name=%5Eweb[12]$"))
        self.assertEqual(["web4"], self.names("/detail?name=web4"))
        self.nova("GET", "/servers?name=(", expect=400)

    def test_status_filters_follow_the_servers(self):
        self.act_and_wait(self.ids[2], "os-stop")
        self.assertEqual(["web2"], self.names("?status=SHUTOFF"))
        self.assertEqual(["web4", "web3", "web1", "web0"], self.names("?status=active"))
        self.assertEqual([], self.names("?status=nonsense"))
        self.act_and_wait(self.ids[2], "os-start")
        self.assertEqual([], self.names("?status=SHUTOFF"))

    def test_sorting_by_name(self):
        self.assertEqual(
            ["web0", "web1"], self.names("?sort_key=display_name&sort_dir=asc&limit=2")
        )
        marker = self.ids[1]
        rest = self.names(f"?sort_key=display_name&sort_dir=asc&marker={marker}")
        self.assertEqual(["web2", "web3", "web4"], rest)

    def test_filters_by_flavor_image_address_and_tag(self):
        self.assertEqual(5, len(self.names(f"?image={self.image_id}&flavor=1")))
        self.assertEqual([], self.names("?flavor=2"))
        address = self.show(self.ids[3])["addresses"]["private"][0]["addr"]
        self.assertEqual(["web3"], self.names(f"?ip=%5E{address}$"))
        self.nova("PUT", f"/servers/{self.ids[1]}/tags/blue", expect=201)
        self.assertEqual(["web1"], self.names("?tags=blue"))
        self.assertEqual(4, len(self.names("?not-tags=blue")))

    def test_only_administrators_list_all_projects_and_filter_by_host(self):
        self.nova("GET", "/servers?all_tenants=1", expect=403)
        self.assertEqual([], self.names(token=self.admin))
        self.assertEqual(5, len(self.names("?all_tenants=1", self.admin)))
        here = self.names("?all_tenants=1&host=compute1", self.admin)
        there = self.names("?all_tenants=1&host=compute2", self.admin)
        self.assertEqual(5, len(here) + len(there))
        self.assertTrue(here and there)

    def test_changes_since_shows_what_changed_and_what_is_gone(self):
        self.pass_time(100)
        self.nova("DELETE", f"/servers/{self.ids[0]}", expect=204)
        self.act(self.ids[1], "os-stop")
        self.pass_time(1)
        since = "2027-01-15T08:01:00Z"
        body = self.nova("GET", f"/servers/detail?changes-since={since}", expect=200).json
        found = {server["name"]: server["status"] for server in body["servers"]}
        self.assertEqual({"web0": "DELETED", "web1": "SHUTOFF"}, found)

    def test_servers_are_found_by_their_ids(self):
        wanted = f"?uuid={self.ids[1]}&uuid={self.ids[3]}&uuid=nope"
        self.assertEqual(["web3", "web1"], self.names(wanted))
        self.assertEqual([], self.names(wanted, self.token("alt")))

    def test_a_marker_that_no_longer_passes_the_filter_still_marks(self):
        query = f"?sort_key=display_name&sort_dir=asc&status=ACTIVE&marker={self.ids[2]}"
        self.act_and_wait(self.ids[2], "os-stop")
        self.assertEqual(["web3", "web4"], self.names(query))

    def test_a_list_shows_a_change_at_once(self):
        self.names("/detail")
        self.nova("PUT", f"/servers/{self.ids[4]}", {"server": {"name": "new"}}, expect=200)
        self.assertEqual("new", self.names("/detail")[0])

    def test_another_projects_list_is_empty(self):
        self.assertEqual([], self.names(token=self.token("alt")))


class ShapeTest(harness.ComputeTestCase):
    def test_the_flavor_is_embedded_from_2_47(self):
        server_id = self.create()
        self.assertEqual("1", self.show(server_id, version="2.46")["flavor"]["id"])
        flavor = self.show(server_id, version="2.47")["flavor"]
        self.assertEqual(("m1.nano", 64), (flavor["original_name"], flavor["ram"]))

    def test_each_key_appears_with_its_microversion(self):
        server_id = self.create()
        for version, key in (
            ("2.9", "locked"),
            ("2.19", "description"),
            ("2.26", "tags"),
            ("2.63", "trusted_image_certificates"),
            ("2.71", "server_groups"),
            ("2.73", "locked_reason"),
            ("2.90", "OS-EXT-SRV-ATTR:hostname"),
            ("2.96", "pinned_availability_zone"),
        ):
            before = f"2.{int(version.partition('.')[2]) - 1}"
            self.assertNotIn(key, self.show(server_id, version=before))
            self.assertIn(key, self.show(server_id, version=version))

    def test_the_version_is_named_in_the_answer_and_unknown_ones_are_refused(self):
        answer = self.nova("GET", "/servers", version="2.53", expect=200)
        self.assertEqual("compute 2.53", answer.headers["OpenStack-API-Version"])
        answer = self.nova("GET", "/servers", version="2.999", expect=406)
        self.assertIn("Minimum is 2.1 and maximum is 2.96", answer.message)

    def test_the_version_documents_need_no_token(self):
        versions = self.call("GET", "/compute/").json["versions"]
        self.assertEqual(("v2.1", "2.96"), (versions[0]["id"], versions[0]["version"]))
        self.assertEqual("2.1", self.call("GET", "/compute/v2.1").json["version"]["min_version"])
