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


"""``/v1/clusters/{id}/actions`` and ``/ops`` (API contract, 3.6.7 and 3.6.8)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import rules
from senlin.api import validation
from senlin.api.controllers import cluster_policies
from senlin.api.controllers import resizing
from senlin.api.controllers import verbs
from senlin.api.schemas import cluster_actions as schemas
from senlin.api.schemas import common
from senlin.api.validation import formats
from senlin.common import exception

_SINCE = {
    "replace_nodes": microversions.REPLACE_NODES,
    "complete_lifecycle": microversions.COMPLETE_LIFECYCLE,
}
_OPERATION = validation.make_validator(schemas.OPERATION)


class ClusterActionsController:
    """Starts actions on one cluster."""

    @operations.operation("clusters:action", status=202, conditional=True)
    @validation.request_body_schema(schemas.ENVELOPE, optional=True, described=schemas.ACTION_BODY)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(common.ACTION_ID)
    def act(self, call, identity):
        """The action that does what the body's only key says."""
        verb, parameters = verbs.only(call.body, verbs.CLUSTER_ACTION, known=_HANDLERS)
        microversions.require(call.version, _SINCE.get(verb, microversions.MINIMUM))
        validation.check(_VALIDATORS[verb], parameters)
        result = _HANDLERS[verb](call, identity, parameters)
        return operations.triggered(call, result["action"])

    @operations.operation(
        "clusters:operation", since=microversions.OPERATIONS, status=202, conditional=True
    )
    @validation.request_body_schema(
        schemas.ENVELOPE, optional=True, described=schemas.OPERATION_BODY
    )
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(common.ACTION_ID)
    def operate(self, call, identity):
        """The action that runs an operation of the profile on members."""
        name, given = verbs.only(call.body, verbs.CLUSTER_OPERATION)
        validation.check(_OPERATION, given)
        flat = "params" not in given and "filters" not in given
        result = call.ask(
            "cluster_op",
            identity=identity,
            operation=name,
            params=given if flat else given.get("params") or {},
            filters=given.get("filters") or {},
        )
        return operations.triggered(call, result["action"])


def _add_nodes(call, identity, parameters):
    return call.ask("cluster_add_nodes", identity=identity, nodes=parameters["nodes"])


def _del_nodes(call, identity, parameters):
    arguments = {}
    if call.version >= microversions.DESTROY_AFTER_DELETION:
        arguments["destroy_after_deletion"] = bool(parameters.get("destroy_after_deletion"))
    return call.ask("cluster_del_nodes", identity=identity, nodes=parameters["nodes"], **arguments)


def _replace_nodes(call, identity, parameters):
    nodes = parameters.get("nodes")
    if not isinstance(nodes, dict) or not nodes:
        raise exception.RequestInvalid(verbs.CLUSTER_ACTION.no_map)
    for old, new in nodes.items():
        if new is None:
            raise exception.RequestInvalid(f"Field `nodes[{old[:255]}]' cannot be None")
        if not isinstance(new, str):
            raise exception.RequestInvalid(f"Field `nodes[{old[:255]}]' must be a string")
    if len(set(nodes.values())) < len(nodes):
        raise exception.RequestInvalid("Map contains duplicated values")
    return call.ask("cluster_replace_nodes", identity=identity, nodes=nodes)


def _scale_out(call, identity, parameters):
    count = formats.as_integer(parameters.get("count"))
    return call.ask("cluster_scale_out", identity=identity, count=count)


def _scale_in(call, identity, parameters):
    count = formats.as_integer(parameters.get("count"))
    return call.ask("cluster_scale_in", identity=identity, count=count)


def _resize(call, identity, parameters):
    return call.ask("cluster_resize", identity=identity, **resizing.arguments(parameters))


def _policy_attach(call, identity, parameters):
    rules.authorize(call.context, "cluster_policies:attach")
    return cluster_policies.attach(call, identity, parameters)


def _policy_update(call, identity, parameters):
    rules.authorize(call.context, "cluster_policies:update")
    return cluster_policies.update(call, identity, parameters)


def _policy_detach(call, identity, parameters):
    rules.authorize(call.context, "cluster_policies:detach")
    return cluster_policies.detach(call, identity, parameters)


def _check(call, identity, parameters):
    return call.ask("cluster_check", identity=identity, params=parameters)


def _recover(call, identity, parameters):
    # The engine looks the cluster up before it judges the parameters.
    return call.ask("cluster_recover", identity=identity, params=parameters)


def _complete_lifecycle(call, identity, parameters):
    token = parameters["lifecycle_action_token"]
    return call.ask("cluster_complete_lifecycle", identity=identity, token=token)


_HANDLERS = {
    "add_nodes": _add_nodes,
    "del_nodes": _del_nodes,
    "replace_nodes": _replace_nodes,
    "scale_out": _scale_out,
    "scale_in": _scale_in,
    "resize": _resize,
    "policy_attach": _policy_attach,
    "policy_update": _policy_update,
    "policy_detach": _policy_detach,
    "check": _check,
    "recover": _recover,
    "complete_lifecycle": _complete_lifecycle,
}
_VALIDATORS = {verb: validation.make_validator(schemas.VERBS[verb]) for verb in _HANDLERS}
