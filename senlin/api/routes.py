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


"""Every address of the API, on one page (API contract, 3.0).

A path's literal segments win over its variable ones, and an address that is
known but not for the request's method counts as unknown.
"""

from senlin.api.controllers import actions
from senlin.api.controllers import build_info
from senlin.api.controllers import cluster_actions
from senlin.api.controllers import cluster_policies
from senlin.api.controllers import clusters
from senlin.api.controllers import events
from senlin.api.controllers import nodes
from senlin.api.controllers import policies
from senlin.api.controllers import policy_types
from senlin.api.controllers import profile_types
from senlin.api.controllers import profiles
from senlin.api.controllers import receivers
from senlin.api.controllers import services
from senlin.api.controllers import webhooks

_build_info = build_info.BuildInfoController()
_profile_types = profile_types.ProfileTypesController()
_profiles = profiles.ProfilesController()
_policy_types = policy_types.PolicyTypesController()
_policies = policies.PoliciesController()
_clusters = clusters.ClustersController()
_cluster_actions = cluster_actions.ClusterActionsController()
_cluster_policies = cluster_policies.ClusterPoliciesController()
_nodes = nodes.NodesController()
_receivers = receivers.ReceiversController()
_webhooks = webhooks.WebhooksController()
_actions = actions.ActionsController()
_events = events.EventsController()
_services = services.ServicesController()

ROUTES = {
    "/build-info": {"GET": _build_info.show},
    "/profile-types": {"GET": _profile_types.index},
    "/profile-types/{type}": {"GET": _profile_types.show},
    "/profile-types/{type}/ops": {"GET": _profile_types.ops},
    "/profiles": {"GET": _profiles.index, "POST": _profiles.create},
    "/profiles/validate": {"POST": _profiles.validate},
    "/profiles/{id}": {
        "GET": _profiles.show,
        "PATCH": _profiles.update,
        "DELETE": _profiles.delete,
    },
    "/policy-types": {"GET": _policy_types.index},
    "/policy-types/{type}": {"GET": _policy_types.show},
    "/policies": {"GET": _policies.index, "POST": _policies.create},
    "/policies/validate": {"POST": _policies.validate},
    "/policies/{id}": {
        "GET": _policies.show,
        "PATCH": _policies.update,
        "DELETE": _policies.delete,
    },
    "/clusters": {"GET": _clusters.index, "POST": _clusters.create},
    "/clusters/{id}": {
        "GET": _clusters.show,
        "PATCH": _clusters.update,
        "DELETE": _clusters.delete,
    },
    "/clusters/{id}/actions": {"POST": _cluster_actions.act},
    "/clusters/{id}/ops": {"POST": _cluster_actions.operate},
    "/clusters/{id}/attrs/{path}": {"GET": _clusters.collect},
    "/clusters/{id}/policies": {"GET": _cluster_policies.index},
    "/clusters/{id}/policies/{policy}": {"GET": _cluster_policies.show},
    "/nodes": {"GET": _nodes.index, "POST": _nodes.create},
    "/nodes/adopt": {"POST": _nodes.adopt},
    "/nodes/adopt-preview": {"POST": _nodes.adopt_preview},
    "/nodes/{id}": {
        "GET": _nodes.show,
        "PATCH": _nodes.update,
        "DELETE": _nodes.delete,
    },
    "/nodes/{id}/actions": {"POST": _nodes.act},
    "/nodes/{id}/ops": {"POST": _nodes.operate},
    "/receivers": {"GET": _receivers.index, "POST": _receivers.create},
    "/receivers/{id}": {
        "GET": _receivers.show,
        "PATCH": _receivers.update,
        "DELETE": _receivers.delete,
    },
    "/receivers/{id}/notify": {"POST": _receivers.notify},
    "/webhooks/{id}/trigger": {"POST": _webhooks.trigger},
    "/actions": {"GET": _actions.index, "POST": _actions.create},
    "/actions/{id}": {"GET": _actions.show, "PATCH": _actions.update},
    "/events": {"GET": _events.index},
    "/events/{id}": {"GET": _events.show},
    "/services": {"GET": _services.index},
}


def _compile(routes):
    """The routes by first segment and number of segments, literal ones first."""
    table = {}
    for pattern, methods in sorted(routes.items(), key=lambda item: item[0].count("{")):
        segments = tuple(None if s.startswith("{") else s for s in pattern[1:].split("/"))
        table.setdefault((segments[0], len(segments)), []).append((segments, methods, pattern))
    return table


_TABLE = _compile(ROUTES)


def find(method, path):
    """The call behind an address.

    :param path: decoded, below ``/v1``.
    :returns: the bound method and the values of the variable segments; None
        when there is no such call.
    """
    given = path[1:].split("/")
    for segments, methods, _ in _TABLE.get((given[0], len(given)), ()):
        if method in methods and _fits(segments, given):
            values = [g for s, g in zip(segments, given, strict=True) if s is None]
            return methods[method], values
    return None


def template(path):
    """The pattern in ROUTES that an address fits, None if it fits none."""
    given = path[1:].split("/")
    for segments, _, pattern in _TABLE.get((given[0], len(given)), ()):
        if _fits(segments, given):
            return pattern
    return None


def _fits(segments, given):
    return all(g if s is None else s == g for s, g in zip(segments, given, strict=True))
