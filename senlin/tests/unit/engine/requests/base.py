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

"""A database, a member type and a cloud for tests of requests."""

from senlin.common import consts
from senlin.common import context as senlin_context
from senlin.common import exception
from senlin.common import schema
from senlin.db import bulk
from senlin.db import facade
from senlin.db import lookup
from senlin.engine import requests
from senlin.profiles import base as profile_base
from senlin.profiles import registry as profile_registry
from senlin.rpc import wire
from senlin.tests.unit import base

NOW = 1_700_000_000.25


class Thing(profile_base.Profile):
    """A member type with one property that can change and one that cannot."""

    TYPE = "os.thing"
    VERSIONS = {"1.0": [{"status": "SUPPORTED", "since": "2026.11"}]}
    PROPERTIES = {
        "flavor": schema.String("size", updatable=True),
        "color": schema.String("never changes"),
    }
    OPERATIONS = {
        "reboot": schema.Operation(
            "restart it",
            {"type": schema.String(constraints=[schema.AllowedValues(("SOFT", "HARD"))])},
        ),
        "pause": schema.Operation("stop its clock"),
    }

    def __init__(self, spec):
        self.properties = schema.resolve_spec(self.PROPERTIES, spec)

    def validate(self, cloud):
        if self.properties["flavor"] not in (None, *cloud.flavors):
            raise exception.InvalidSpec(
                f"The specified flavor '{self.properties['flavor']}' could not be found"
            )

    def check_update(self, new_profile):
        if self.properties["color"] != new_profile.properties["color"]:
            raise exception.InvalidSpec("The property 'color' cannot be updated")

    def check_operation(self, operation, params):
        return self.OPERATIONS[operation].resolve(params)

    def details(self, cloud, physical_ids):
        cloud.shown.append(list(physical_ids))
        if cloud.failure:
            raise cloud.failure
        return {id_: cloud.objects[id_] for id_ in physical_ids if id_ in cloud.objects}

    @classmethod
    def find(cls, cloud, identity):
        if cloud.failure:
            raise cloud.failure
        return identity

    @classmethod
    def adopt(cls, cloud, physical_id, overrides=None, snapshot=False):
        if cloud.failure:
            raise cloud.failure
        cloud.snapshots += 1 if snapshot else 0
        return {"flavor": "small", **(overrides or {})}

    def observe(self, cloud, physical_ids, worked_on_for=0):
        raise NotImplementedError

    create = delete = update = check = recover = operate = join = leave = observe


class OtherThing(Thing):
    """A second member type."""

    TYPE = "os.other"


class StubCloud:
    """What :class:`Thing` sees of a cloud."""

    def __init__(self):
        self.flavors = {"small", "big"}
        self.objects = {}
        self.shown = []
        self.snapshots = 0
        self.failure = None


class StubPool:
    """Gives one cloud to everybody, and remembers who asked."""

    def __init__(self):
        self.cloud = StubCloud()
        self.owners = []
        self.trusts = self
        self.trusted = []
        self.trust_failure = None
        self.endpoint = None

    def for_owner(self, user, project, region=None):
        self.owners.append((user, project))
        return self.cloud

    def ensure(self, context):
        if self.trust_failure:
            raise self.trust_failure
        self.trusted.append((context.user_id, context.project_id))

    def verify(self, user, project):
        if self.trust_failure:
            raise self.trust_failure

    def public_endpoint(self, service_type):
        return self.endpoint


class StubDoorbell:
    """Counts its rings."""

    def __init__(self):
        self.rings = 0

    def ring(self):
        self.rings += 1


class FixedClock:
    """A clock that stands still."""

    def time(self):
        return NOW

    monotonic = time


def a_context(project="p1", user="u1", is_admin=False, request_id="req-1"):
    """Who asks."""
    return senlin_context.RequestContext(
        user_id=user,
        project_id=project,
        user_domain_id="default",
        is_admin=is_admin,
        request_id=request_id,
        overwrite=False,
    )


def a_spec(type_="os.thing", **properties):
    """A spec that validates."""
    return {"type": type_, "version": "1.0", "properties": properties}


class RequestTestCase(base.DatabaseTestCase):
    """Asks endpoints as the API does, without the bus."""

    def setUp(self):
        super().setUp()
        self.pool = StubPool()
        self.cloud = self.pool.cloud
        self.doorbell = StubDoorbell()
        registry = profile_registry.Registry({"os.thing-1.0": Thing, "os.other-1.0": OtherThing})
        self.endpoints = requests.build_endpoints(
            self.pool, registry, self.doorbell, FixedClock(), self.conf
        )
        self.context = a_context()

    def ask(self, method, context=None, **arguments):
        """The result of a request; its error is raised."""
        for endpoint in self.endpoints:
            if hasattr(endpoint, method):
                caller = context or self.context
                envelope = getattr(endpoint, method)(caller.to_dict(), **arguments)
                return wire.unpack(envelope)
        raise AssertionError(f"No endpoint offers {method}")

    def refused(self, error, method, context=None, **arguments):
        """The message of the error with which a request is refused."""
        return self.assertRaises(error, self.ask, method, context, **arguments).message

    def make_profile(self, name="prof", context=None, type_="os.thing", **properties):
        """The row of a new profile."""
        return self.ask("profile_create", context, name=name, spec=a_spec(type_, **properties))

    def make_cluster(self, profile=None, context=None, settled=True, **options):
        """The row of a new cluster, whose creation has already succeeded."""
        profile = profile or self.make_profile(context=context)
        options.setdefault("name", "c1")
        made = self.ask("cluster_create", context, profile_id=profile["id"], **options)
        if settled:
            self.settle(made["action"])
            self.change("cluster", made["cluster"]["id"], status="ACTIVE")
        return made["cluster"]

    def make_node(self, profile=None, context=None, settled=True, **options):
        """The row of a new node, whose creation has already succeeded."""
        profile = profile or self.make_profile(context=context)
        options.setdefault("name", "n1")
        made = self.ask("node_create", context, profile_id=profile["id"], **options)
        if settled:
            self.settle(made["action"])
            self.change("node", made["node"]["id"], status="ACTIVE")
        return made["node"]

    def make_members(self, cluster, number):
        """Ids of ACTIVE members, as if the cluster had grown."""
        ids = []
        for _ in range(number):
            node = self.make_node({"id": cluster["profile_id"]}, cluster_id=cluster["id"])
            ids.append(node["id"])
        self.change("cluster", cluster["id"], desired_capacity=number)
        return ids

    def settle(self, action_id):
        """Let an action have succeeded."""
        self.change("action", action_id, status=consts.ActionStatus.SUCCEEDED.value)

    def change(self, kind, id_, **values):
        """Write columns as an engine would."""
        facade.write(bulk.update, lookup.table(kind), {id_: values})

    def row(self, kind, id_):
        """A row as it is stored, or None."""
        return facade.read(lookup.get, kind, id_)

    def action(self, result):
        """The row of the action that a request gave."""
        return self.row("action", result["action"])
