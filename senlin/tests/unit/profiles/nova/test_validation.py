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

from senlin.common import exception
from senlin.tests.unit.profiles.nova import driver


class TestValidation(driver.ProcedureTestCase):
    def validate(self, **properties):
        driver.server_profile(**properties).validate(self.cloud)

    def refused(self, **properties):
        return self.assertRaises(exception.InvalidSpec, self.validate, **properties).message

    def test_absent_networks_are_an_empty_list(self):
        self.validate()

    def test_all_that_exists_is_accepted(self):
        self.validate(
            availability_zone="az1",
            key_name="key",
            networks=[
                {
                    "network": "private",
                    "subnet": "sub",
                    "vnic_type": "normal",
                    "security_groups": ["web"],
                    "floating_network": "public",
                    "floating_ip": "172.24.0.9",
                }
            ],
        )

    def test_each_missing_thing_is_named(self):
        cases = {
            "availability_zone": "no-zone",
            "flavor": "no-flavor",
            "image": "no-image",
            "key_name": "no-key",
        }
        for name, value in cases.items():
            self.assertEqual(
                f"The specified {name} '{value}' could not be found",
                self.refused(**{name: value}),
            )

    def test_each_missing_thing_of_a_network_is_named(self):
        for name in ("network", "subnet", "security_groups", "floating_network"):
            value = ["nothing"] if name == "security_groups" else "nothing"
            entry = {"network": "private", name: value}
            self.assertEqual(
                f"The specified {name} 'nothing' could not be found (networks[0].{name})",
                self.refused(networks=[entry]),
            )

    def test_checks_are_in_the_contracts_order(self):
        everything = {"availability_zone": "x", "flavor": "x", "image": "x"}

        self.assertIn("availability_zone", self.refused(**everything))

    def test_disabled_flavor(self):
        self.cloud.things["flavor"]["m1.tiny"]["OS-FLV-DISABLED:disabled"] = True

        self.assertEqual("The specified flavor 'm1.tiny' is disabled", self.refused())

    def test_entry_without_port_and_network(self):
        self.assertEqual(
            "One of 'port' and 'network' must be provided in networks[0]",
            self.refused(networks=[{"fixed_ip": "10.0.0.1"}]),
        )

    def test_fixed_ip_with_port(self):
        self.cloud.network.create_port({"name": "p", "network_id": "net-1"})

        self.assertIn(
            "cannot be specified at the same time",
            self.refused(networks=[{"port": "p", "fixed_ip": "10.0.0.1"}]),
        )

    def test_port_in_use(self):
        self.cloud.network.create_port({"name": "p", "network_id": "n", "status": "ACTIVE"})

        self.assertIn("must be DOWN, not ACTIVE", self.refused(networks=[{"port": "p"}]))

    def test_unknown_vnic_type(self):
        message = self.refused(networks=[{"network": "private", "vnic_type": "magic"}])

        self.assertIn("'magic' is not supported", message)

    def test_floating_ip_without_its_network(self):
        message = self.refused(networks=[{"network": "private", "floating_ip": "172.24.0.9"}])

        self.assertIn("Must specify a 'floating_network'", message)

    def test_floating_ip_in_use(self):
        self.cloud.network.create_floating_ip(
            {"floating_ip_address": "172.24.0.9", "status": "ACTIVE"}
        )
        entry = {
            "network": "private",
            "floating_network": "public",
            "floating_ip": "172.24.0.9",
        }

        self.assertIn("has been used", self.refused(networks=[entry]))

    def test_spec_is_checked_when_a_profile_is_made(self):
        for properties, message in (
            ({"bogus": 1}, "Unrecognizable spec item 'bogus'"),
            ({"networks": [{"bogus": 1}]}, "Unrecognizable spec item 'bogus'"),
            ({"flavor": None}, "Required spec item 'properties.flavor' not provided"),
            ({"context": {"colour": 1}}, "Unrecognizable spec item 'colour'"),
        ):
            error = self.assertRaises(exception.InvalidSpec, driver.server_profile, **properties)
            self.assertEqual(message, error.message)

    def test_region_comes_from_the_context(self):
        profile = driver.server_profile(context={"region_name": "R2"})

        self.assertEqual("R2", profile.region)

    def test_identity_of_somebody_else_is_refused(self):
        message = self.refused(context={"password": "x"})

        self.assertIn("'context.password' is not supported", message)
