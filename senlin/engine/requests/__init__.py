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

"""What the API asks of the engine: meaning is checked, actions are admitted.

Endpoints, one module for each kind of thing. Shape was checked by the API;
here are the checks that need the database, the member types or the cloud (API
contract, 2.1, stages 12 to 15), then one write transaction, then the doorbell.
"""

from senlin.engine.requests import actions
from senlin.engine.requests import adoption
from senlin.engine.requests import base
from senlin.engine.requests import clusters
from senlin.engine.requests import collecting
from senlin.engine.requests import members
from senlin.engine.requests import nodes
from senlin.engine.requests import operations
from senlin.engine.requests import policies
from senlin.engine.requests import profiles
from senlin.engine.requests import receivers
from senlin.engine.requests import sizes
from senlin.engine.requests import types
from senlin.policies import registry as policy_registry


def build_endpoints(cloud_pool, registry, doorbell, clock, conf, policy_types=None):
    """All endpoints, for a :class:`senlin.rpc.server.RequestServer`.

    :param cloud_pool: gives clouds, ``for_owner(user, project, region=None)``, and
        has the ``trusts`` by which it may; see ``senlin.cloud.sessions``.
    :param registry: a :class:`senlin.profiles.registry.Registry`.
    :param doorbell: ``ring()`` is called after each new action.
    :param clock: a :class:`senlin.common.clock.Clock`.
    :param conf: the service's configuration.
    :param policy_types: a :class:`senlin.policies.registry.Registry`; None = that
        of the installed types.
    """
    tools = base.Tools(
        cloud_pool,
        registry,
        doorbell,
        clock,
        conf,
        policy_registry.Registry() if policy_types is None else policy_types,
    )
    classes = (
        types.TypeRequests,
        profiles.ProfileRequests,
        policies.PolicyRequests,
        policies.BindingRequests,
        clusters.ClusterRequests,
        members.MemberRequests,
        sizes.SizeRequests,
        operations.OperationRequests,
        collecting.CollectRequests,
        nodes.NodeRequests,
        adoption.AdoptionRequests,
        receivers.ReceiverRequests,
        actions.ActionRequests,
    )
    return [endpoint(tools) for endpoint in classes]
