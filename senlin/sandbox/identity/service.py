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

"""The identity service: its parts put together."""

import math

from senlin.sandbox import faults
from senlin.sandbox import web
from senlin.sandbox.identity import authentication
from senlin.sandbox.identity import catalogue
from senlin.sandbox.identity import credentials
from senlin.sandbox.identity import people
from senlin.sandbox.identity import roles
from senlin.sandbox.identity import seed
from senlin.sandbox.identity import tokens
from senlin.sandbox.identity import trusts


class IdentityService(
    tokens.TokenRoutes,
    trusts.TrustRoutes,
    credentials.CredentialRoutes,
    catalogue.CatalogueRoutes,
    people.PeopleRoutes,
    roles.RoleRoutes,
    web.Service,
):
    """Keystone, API v3."""

    name = "identity"
    root = "/identity"
    version = "/v3"

    def __init__(self, store, clock, token_lifetime=3600):
        super().__init__(store, clock, catalogue.Catalogue(store), token_lifetime)

    def reset(self):
        """Seed domain, projects, users, roles and assignments."""
        self.store.put_many(seed.changes())
        self.catalogue.forget()
        self.forget_contexts()

    def project_id(self, name):
        """Give the id of a seeded project."""
        return seed.fixed_id("project", name)

    def user_id(self, name):
        """Give the id of a seeded user."""
        return seed.fixed_id("user", name)

    def issue_for_ec2(self, credential):
        """Issue the token of a signed EC2 request."""
        identity = authentication.Identity(credential["user_id"], ("ec2credential",))
        scope = authentication.Scope(credential["tenant_id"], expires=math.inf)
        return self.issue(identity, scope)

    def versions_document(self, request):
        """Answer ``GET /identity``."""
        return web.Response(300, {"versions": {"values": [self._version(request)]}})

    def version_document(self, request):
        """Answer ``GET /identity/v3``."""
        return {"version": self._version(request)}

    def _version(self, request):
        return {
            "id": "v3.14",
            "status": "stable",
            "updated": "2020-04-07T00:00:00Z",
            "links": [{"rel": "self", "href": f"{request.service_url}/"}],
            "media-types": [
                {
                    "base": "application/json",
                    "type": "application/vnd.openstack.identity-v3+json",
                }
            ],
        }

    def fault_body(self, fault, request_id):
        """Word an error as keystone does."""
        return faults.keystone(fault, request_id)
