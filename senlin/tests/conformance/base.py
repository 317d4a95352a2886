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

"""Tests that talk to a cloud as the service does: with a trust of its user."""

import functools
import pathlib
import tempfile
import uuid

from oslotest import base

from senlin.cloud import errors
from senlin.cloud import sessions
from senlin.cloud import trusts
from senlin.common import context
from senlin.common import secrets
from senlin.conf import CONF
from senlin.tests import waiting
from senlin.tests.conformance import settings

PATIENCE = 240.0
POLL_SECONDS = 0.3

# Made before a test moves the place of temporary files into its own.
_PLACE = tempfile.TemporaryDirectory(prefix="senlin-conformance-")


class Store:
    """Trusts in memory, as ``senlin.db.credentials`` keeps them in the database."""

    def __init__(self):
        self._kept = {}

    def load(self, user, project):
        """What was saved, None if there is nothing."""
        return self._kept.get((user, project))

    def save(self, user, project, sealed):
        """Keep what is needed to act for a user."""
        self._kept[user, project] = sealed


def new_pool():
    """Sessions of the service user, with trusts that are kept in memory."""
    _configure()
    pool = sessions.SessionPool()
    pool.trusts = trusts.Trusts(pool, Store())
    return pool


@functools.cache
def _configure():
    """Tell the service's own cloud layer about the cloud, once in a process."""
    CONF([], project="senlin", default_config_files=[])
    config = settings.connect(settings.load().service).config
    auth = config.get_auth_args()
    for option, value in {
        "auth_url": auth["auth_url"],
        "service_username": auth["username"],
        "service_password": auth["password"],
        "service_project_name": auth["project_name"],
        "service_user_domain": auth.get("user_domain_name", "Default"),
        "service_project_domain": auth.get("project_domain_name", "Default"),
    }.items():
        CONF.set_override(option, value, group="authentication")
    CONF.set_override("default_region_name", config.get_region_name())
    key = str(pathlib.Path(_PLACE.name) / "key")
    secrets.create_key_file(key)
    CONF.set_override("secrets_key_file", key)


def request_of(name):
    """The context of a request of a user in clouds.yaml, with a token of its own."""
    connection = settings.connect(name)
    access = connection.session.auth.get_auth_ref(connection.session)
    return context.RequestContext(
        user_id=access.user_id,
        project_id=access.project_id,
        auth_token=access.auth_token,
        roles=access.role_names,
        overwrite=False,
    )


@functools.cache
def _owners_cloud(name):
    pool = new_pool()
    request = request_of(name)
    pool.trusts.ensure(request)
    return pool.for_owner(request.user_id, request.project_id)


def needs(capability):
    """Decorate a test of what a cloud may lack."""
    if capability not in settings.CAPABILITIES:
        raise ValueError(capability)

    def decorate(function):
        @functools.wraps(function)
        def test(self):
            if capability in settings.load().without:
                self.skipTest(f"the cloud is declared to be without {capability}")
            function(self)

        return test

    return decorate


class TestCase(base.BaseTestCase):
    """A test with a cloud.

    :ivar settings: see ``settings.Settings``.
    :ivar cloud: ``senlin.cloud.sessions.Cloud`` of the member, through a trust.
    :ivar other: the same of the user of the other project.
    :ivar admin: openstacksdk's connection of the administrator.
    """

    def setUp(self):
        super().setUp()
        self.settings = settings.load()
        self.cloud = _owners_cloud(self.settings.member)
        self.name = f"conformance-{uuid.uuid4().hex[:10]}"

    @property
    def other(self):
        return _owners_cloud(self.settings.other)

    @property
    def admin(self):
        return settings.connect(self.settings.admin)

    def body(self, **changes):
        """What is asked of Nova for a small server; None takes a key away."""
        body = {
            "name": self.name,
            "flavorRef": self.cloud.look_up("flavor", self.settings.flavor)["id"],
            "imageRef": self.cloud.look_up("image", self.settings.image)["id"],
            "networks": [{"uuid": self.network()["id"]}],
            **changes,
        }
        return {key: value for key, value in body.items() if value is not None}

    def network(self):
        """The network that servers are plugged into."""
        return self.cloud.look_up("network", self.settings.network)

    def create(self, cloud=None, hints=None, **changes):
        """Ask for a server, which goes when the test ends; gives its id."""
        cloud = cloud or self.cloud
        server_id = cloud.compute.create_server(self.body(**changes), hints)["id"]
        self.addCleanup(self.remove, server_id, cloud)
        return server_id

    def create_active(self, **changes):
        """A server that is ACTIVE; gives its JSON."""
        return self.reaches(self.create(**changes), "ACTIVE")

    def remove(self, server_id, cloud=None):
        """Delete a server and wait until it does not exist."""
        cloud = cloud or self.cloud
        if cloud.compute.delete_server(server_id):
            self.becomes(
                f"server {server_id} goes", lambda: cloud.compute.server(server_id) is None
            )

    def reaches(self, server_id, status):
        """Wait until a server has a status and Nova does nothing to it; gives its JSON."""

        def look():
            server = self.cloud.compute.server(server_id)
            if server["status"] != status or server["OS-EXT-STS:task_state"] is not None:
                return None
            return server

        return self.becomes(f"server {server_id} becomes {status}", look)

    def becomes(self, what, look, seconds=PATIENCE):
        """Wait until ``look`` gives something true; gives that."""
        return waiting.until(look, what, seconds, every=POLL_SECONDS)

    def refused(self, status, function, *args, **options):
        """The CloudError of a call that has to be answered with a status."""
        error = self.assertRaises(errors.CloudError, function, *args, **options)
        self.assertEqual(status, error.status, error.message)
        return error
