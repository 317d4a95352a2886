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

"""Plays the engine: saves what a procedure answers, and calls it again."""

import dataclasses

from senlin.profiles import base as profiles
from senlin.profiles.nova import profile as nova
from senlin.tests.unit import base
from senlin.tests.unit.profiles.nova import fake_cloud

NODE_ID = "11111111-1111-1111-1111-111111111111"
_MOST_CALLS = 200


def spec(**properties):
    """A server's spec with these properties beside flavor and image."""
    values = {"flavor": "m1.tiny", "image": "cirros", **properties}
    return {
        "type": "os.nova.server",
        "version": "1.0",
        "properties": {key: value for key, value in values.items() if value is not None},
    }


def server_profile(**properties):
    """A profile with these properties beside flavor and image."""
    return nova.ServerProfile(spec(**properties))


def node(**values):
    """A node that was never created, an orphan unless told otherwise."""
    fields = {
        "id": NODE_ID,
        "name": "node-1",
        "cluster_id": "",
        "physical_id": None,
        "index": -1,
        "role": "",
        "status": "CREATING",
        "user": "user1",
        "project": "project1",
        "metadata": {},
        "data": {},
    }
    return profiles.NodeView(**{**fields, **values})


class Driver:
    """Runs procedures of one node against a cloud, one call after the other.

    :ivar node: the node as the database would have it.
    :ivar answers: all answers so far.
    """

    def __init__(self, cloud, profile, a_node=None):
        self.cloud = cloud
        self.profile = profile
        self.node = a_node or node()
        self.answers = []
        self.now = 1000.0
        self.interval = 2.0

    def run(self, procedure, inputs=None, new_profile=None, config=None):
        """Call a procedure until it ends; gives its Finished.

        A killed process leaves nothing saved: the same state comes again, as restarted.
        """
        state, observed, restarted = {}, None, False
        for _ in range(_MOST_CALLS):
            try:
                answer = self.step(
                    procedure,
                    inputs,
                    state=state,
                    restarted=restarted,
                    observed=observed,
                    config=config or {},
                    new_profile=new_profile,
                )
            except fake_cloud.Killed:
                restarted = True
                self.cloud.tick()
                observed = self.look() if observed is not None else None
                continue
            restarted = False
            if isinstance(answer, profiles.Finished):
                return answer
            state = answer.state
            observed = self.look() if answer.observe else None
        raise AssertionError(f"{procedure} does not end: {state}")

    def step(self, procedure, inputs=None, **more):
        """Call a procedure once, save what it answers, and let time pass."""
        answer = getattr(self.profile, procedure)(self._task(inputs, **more))
        self.answers.append(answer)
        self._save(answer.node)
        if isinstance(answer, profiles.Working):
            self.now += self.interval if answer.after is None else answer.after
            self.cloud.tick()
        return answer

    def locate(self, state):
        """Node columns of what a procedure left that was given up in this state."""
        return self.profile.locate(self._task(state=state))

    def look(self):
        """The node's server as the cloud shows it."""
        physical_id = self.node.physical_id
        return self.profile.observe(self.cloud, [physical_id], 0).get(physical_id)

    def _task(self, inputs=None, state=None, restarted=False, observed=None, **more):
        return profiles.Task(
            cloud=self.cloud,
            node=self.node,
            inputs=inputs or {},
            state=state or {},
            restarted=restarted,
            observed=observed,
            now=self.now,
            **more,
        )

    def _save(self, columns):
        self.node = dataclasses.replace(self.node, **columns)


class ProcedureTestCase(base.TestCase):
    """A test with a cloud in memory."""

    def setUp(self):
        super().setUp()
        self.cloud = fake_cloud.FakeCloud()

    def driver(self, profile=None, a_node=None, cloud=None):
        """A driver for a node of a profile."""
        return Driver(cloud or self.cloud, profile or server_profile(), a_node)

    def created(self, profile=None, cloud=None, a_node=None):
        """A driver whose node has its server."""
        driver = self.driver(profile, a_node, cloud)
        driver.run("create")
        return driver

    def assert_same_end_when_killed(self, scenario, expected):
        """Run a scenario, killing it after its 1st, 2nd, ... changing call.

        :param scenario: function of a cloud.
        :param expected: function of a cloud; raises if the end is not right.
        """
        calls = fake_cloud.FakeCloud()
        scenario(calls)
        expected(calls)
        self.assertGreater(calls.changes, 0)
        for number in range(1, calls.changes + 1):
            cloud = fake_cloud.FakeCloud(kill_at=number)
            scenario(cloud)
            self.assertIsNone(cloud.kill_at, "nothing was killed")
            expected(cloud)
