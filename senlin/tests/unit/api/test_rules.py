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

"""Who may do what, whatever Keystone's roles imply."""

import math
from unittest import mock

import ddt

from senlin.api import routes
from senlin.api import rules
from senlin.common import context
from senlin.common import exception
from senlin.tests import pages
from senlin.tests.unit import base

_READ, _WRITE, _ADMIN = "clusters:get", "clusters:create", "services:index"


@ddt.ddt
class RuleTest(base.TestCase):
    def setUp(self):
        super().setUp()
        rules.reset()
        self.addCleanup(rules.reset)

    def allowed(self, *roles, **scope):
        """The sample rules that a token with these roles passes."""
        request = context.RequestContext(
            user_id="u", roles=roles, **(scope or {"project_id": "p"}), overwrite=False
        )
        return [rule for rule in (_READ, _WRITE, _ADMIN) if self._passes(request, rule)]

    def _passes(self, request, rule):
        try:
            rules.authorize(request, rule)
        except exception.Forbidden:
            return False
        return True

    @ddt.data(
        ("reader", [_READ]),
        ("member", [_READ, _WRITE]),
        ("manager", [_READ, _WRITE]),
        ("admin", [_READ, _WRITE, _ADMIN]),
        ("service", []),
    )
    @ddt.unpack
    def test_a_role_allows_by_itself(self, role, allowed):
        self.assertEqual(allowed, self.allowed(role))

    @ddt.data({"system_scope": "all"}, {"domain_id": "default"}, {"user_domain_id": "default"})
    def test_a_token_that_is_not_for_a_project_allows_nothing(self, scope):
        self.assertEqual([], self.allowed("admin", "manager", "member", "reader", **scope))

    def test_what_only_managers_may_is_for_deployments_to_choose(self):
        for role, expected in (("member", False), ("manager", True), ("admin", True)):
            request = context.RequestContext(
                user_id="u", project_id="p", roles=[role], overwrite=False
            )
            self.assertEqual(expected, self._passes(request, "project_manager_or_admin"), role)

    def test_a_decision_is_that_of_one_caller_in_one_project(self):
        self.assertEqual([_READ], self.allowed("reader"))
        self.assertEqual([_READ, _WRITE], self.allowed("member"))
        self.assertEqual([], self.allowed("reader", domain_id="default"))
        self.assertEqual([_READ], self.allowed("reader"))

    def test_a_decision_that_was_taken_is_not_taken_again(self):
        self.allowed("reader")
        with mock.patch.object(rules.get_enforcer(), "authorize") as authorize:
            self.assertEqual([_READ], self.allowed("reader"))
        authorize.assert_not_called()

    def test_rules_that_are_read_again_decide_anew(self):
        self.allowed("reader")
        enforcer = rules.get_enforcer()
        with (
            mock.patch.object(rules, "_loaded_at", -math.inf),
            mock.patch.object(enforcer, "load_rules"),
            mock.patch.object(enforcer, "authorize", return_value=True),
        ):
            self.assertEqual([_READ, _WRITE, _ADMIN], self.allowed("reader"))


class RolePageTest(base.TestCase):
    def test_the_page_has_a_row_for_each_call_with_its_rule(self):
        served = {
            f"{method} {path}": call.rule
            for path, methods in routes.ROUTES.items()
            for method, call in methods.items()
        }
        rows = pages.read("configuration/roles.csv")
        self.assertEqual(served, {row["call"]: row["rule"] for row in rows})
