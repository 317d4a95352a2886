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

"""A simulated cloud over HTTP, and the service as one of its users."""

import os

import fixtures
from keystoneauth1 import session
from keystoneauth1.identity import v3

from senlin.cloud import calls
from senlin.cloud import sessions
from senlin.common import context
from senlin.common import secrets
from senlin.sandbox import server
from senlin.tests.unit import base


class SandboxTestCase(base.DatabaseTestCase):
    """A test that talks to a sandbox of its own.

    :ivar sandbox: the running server. :ivar pool: sessions with it.
    :ivar context: a request of the user demo.
    """

    def setUp(self):
        super().setUp()
        self.sandbox = server.SandboxServer("127.0.0.1", 0, None)
        self.sandbox.start()
        self.addCleanup(self.sandbox.stop)
        key_file = os.path.join(self.useFixture(fixtures.TempDir()).path, "key")
        secrets.create_key_file(key_file)
        self.config(secrets_key_file=key_file)
        self.config(
            group="authentication",
            auth_url=self.sandbox.auth_url,
            service_username="clustering",
            service_password="secret",
        )
        self.pool = sessions.SessionPool()
        self.addCleanup(self.pool.close)
        self.context = self.request_of("demo")
        calls.reset()

    def request_of(self, name):
        """The context of a request by a user in the project of the same name."""
        auth = v3.Password(
            auth_url=self.sandbox.auth_url,
            username=name,
            password="secret",
            user_domain_name="Default",
            project_name=name,
            project_domain_name="Default",
        )
        access = auth.get_access(session.Session())
        return context.RequestContext(
            user_id=access.user_id,
            project_id=access.project_id,
            auth_token=access.auth_token,
            roles=access.role_names,
            overwrite=False,
        )

    def demo_cloud(self):
        """The cloud as the service sees it on behalf of demo."""
        self.pool.trusts.ensure(self.context)
        return self.pool.for_owner(self.context.user_id, self.context.project_id)

    def break_calls(self, kind, **rule):
        """Let the sandbox fail: see ``senlin.sandbox.knobs.Rule``."""
        self.sandbox.knobs.update({"rules": [{"kind": kind, **rule}]})

    def requests(self):
        """How many requests were sent so far, of all kinds but identity's."""
        return sum(n for (service, _), n in calls.counts().items() if service != "identity")
