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


"""``/v1/nodes``: members of clusters, and nodes of none (API contract, 3.8)."""

from senlin.api import microversions
from senlin.api import operations
from senlin.api import query
from senlin.api import validation
from senlin.api.controllers import listing
from senlin.api.controllers import verbs
from senlin.api.schemas import common
from senlin.api.schemas import nodes as schemas
from senlin.api.views import nodes as views
from senlin.common import exception
from senlin.db import lookup
from senlin.db import reads

_ACTIONS = {"check": "node_check", "recover": "node_recover"}


class NodesController:
    """Nodes of the caller's project."""

    @operations.operation("nodes:index")
    @validation.request_query_schema(schemas.INDEX_QUERY)
    @validation.response_body_schema(schemas.LISTED, "1.0", "1.12")
    @validation.response_body_schema(schemas.LISTED_1_13, "1.13")
    def index(self, call):
        """A page of nodes."""
        if call.query.get("cluster_id") in ("", [""]):
            del call.query["cluster_id"]
        resolvers = {"cluster_id": _find_clusters}
        wanted = listing.wanted(call, "show_details", resolvers=resolvers)
        rows = call.read(reads.nodes, **wanted)
        return operations.ok("nodes", [views.node(row, call.version) for row in rows])

    @operations.operation("nodes:create", status=202)
    @validation.request_body_schema(schemas.CREATE, wrapper="node")
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN, "1.0", "1.12")
    @validation.response_body_schema(schemas.SHOWN_1_13, "1.13")
    def create(self, call):
        """The node as it will be made by the action."""
        result = call.ask(
            "node_create",
            name=call.body["name"],
            profile_id=call.body["profile_id"],
            cluster_id=call.body.get("cluster_id") or "",
            role=call.body.get("role") or "",
            metadata=call.body.get("metadata") or {},
        )
        return _accepted(call, result)

    @operations.operation("nodes:adopt", since=microversions.ADOPT)
    @validation.request_body_schema(schemas.ADOPT)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN, "1.0", "1.12")
    @validation.response_body_schema(schemas.SHOWN_1_13, "1.13")
    def adopt(self, call):
        """A node for a resource that exists already."""
        result = call.ask(
            "node_adopt",
            identity=call.body["identity"],
            type=call.body["type"],
            name=call.body.get("name"),
            role=call.body.get("role") or "",
            metadata=call.body.get("metadata") or {},
            overrides=call.body.get("overrides"),
            snapshot=bool(call.body.get("snapshot")),
        )
        return operations.ok("node", views.node(result["node"], call.version))

    @operations.operation("nodes:adopt_preview", since=microversions.ADOPT)
    @validation.request_body_schema(schemas.ADOPT_PREVIEW)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.PREVIEWED)
    def adopt_preview(self, call):
        """The profile that the adoption of a resource would make."""
        preview = call.ask(
            "node_adopt_preview",
            identity=call.body["identity"],
            type=call.body["type"],
            overrides=call.body.get("overrides"),
            snapshot=bool(call.body.get("snapshot")),
        )
        return operations.ok("node_profile", {"node_preview": preview})

    @operations.operation("nodes:get", tagged=True)
    @validation.request_query_schema(schemas.SHOW_QUERY)
    @validation.response_body_schema(schemas.DETAILED, "1.0", "1.12")
    @validation.response_body_schema(schemas.DETAILED_1_13, "1.13")
    def show(self, call, identity):
        """One node, if asked for with what its driver tells about it."""
        row = call.read(reads.node, identity, call.context.project_scope)
        details = None
        if query.boolean(call.query, "show_details") and row["physical_id"]:
            # What the driver tells has no tag.
            details = call.ask("node_details", node_id=row["id"])
        else:
            call.shown = ("node", row)
        return operations.ok("node", views.node(row, call.version, details))

    @operations.operation("nodes:update", status=202, conditional=True)
    @validation.request_body_schema(schemas.UPDATE, wrapper="node", updates=True)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(schemas.SHOWN, "1.0", "1.12")
    @validation.response_body_schema(schemas.SHOWN_1_13, "1.13")
    def update(self, call, identity):
        """The node as it is before the action."""
        changes = {name: value for name, value in call.body.items() if value is not None}
        if call.version < microversions.TAINTED:
            changes.pop("tainted", None)
        if not changes.get("name", "-"):
            del changes["name"]
        result = call.ask("node_update", identity=identity, changes=changes)
        return _accepted(call, result)

    @operations.operation("nodes:delete", status=202, conditional=True)
    @validation.request_body_schema(schemas.DELETE, optional=True)
    @validation.request_query_schema(schemas.DELETE_QUERY)
    def delete(self, call, identity):
        """The action that deletes the node."""
        force = query.boolean(call.query, "force", default=_is_forced(call.body.get("force")))
        if call.version < microversions.FORCE_DELETE:
            force = False
        result = call.ask("node_delete", identity=identity, force=force)
        return operations.accepted(call, result["action"])

    @operations.operation("nodes:action", status=202, conditional=True)
    @validation.request_body_schema(schemas.ENVELOPE, optional=True, described=schemas.ACTION_BODY)
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(common.ACTION_ID)
    def act(self, call, identity):
        """The action that checks or recovers the node."""
        verb, params = verbs.only(call.body, verbs.NODE_ACTION, known=_ACTIONS)
        result = call.ask(_ACTIONS[verb], identity=identity, params=params)
        return operations.triggered(call, result["action"])

    @operations.operation(
        "nodes:operation", since=microversions.OPERATIONS, status=202, conditional=True
    )
    @validation.request_body_schema(
        schemas.ENVELOPE, optional=True, described=schemas.OPERATION_BODY
    )
    @validation.request_query_schema(common.ANY_QUERY)
    @validation.response_body_schema(common.ACTION_ID)
    def operate(self, call, identity):
        """The action that runs an operation of the profile on the node."""
        name, params = verbs.only(call.body, verbs.NODE_OPERATION, null_is_empty=True)
        result = call.ask("node_op", identity=identity, operation=name, params=params)
        return operations.triggered(call, result["action"])


def _accepted(call, result):
    document = views.node(result["node"], call.version)
    return operations.accepted(call, result["action"], "node", document)


def _find_clusters(call, term):
    project = call.context.project_scope
    return [call.read(_find_cluster, identity, project) for identity in term.values]


def _find_cluster(conn, identity, project):
    """The id of the cluster in a filter; unlike in a path it is 400 if unknown."""
    try:
        return lookup.find(conn, "cluster", identity, project)["id"]
    except exception.ResourceNotFound:
        raise exception.BadRequest(f"Cannot find the given cluster: {identity}.")


def _is_forced(value):
    """Whether a body's ``force`` says so: a boolean, or the word for one."""
    if not isinstance(value, str):
        return bool(value)
    if value.lower() not in ("true", "false"):
        raise exception.RequestInvalid(f"Invalid value '{value[:255]}' specified for 'force'")
    return value.lower() == "true"
