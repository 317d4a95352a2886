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

"""Requests that gather something about nodes (API contract, 3.6.9 and 3.8.1)."""

import collections

import jsonpath_ng
from jsonpath_ng import exceptions as jsonpath_errors
from oslo_log import log as logging

from senlin.cloud import errors as cloud_errors
from senlin.common import exception
from senlin.common import timestamps
from senlin.db import facade
from senlin.db import lookup
from senlin.db import members
from senlin.engine.requests import base
from senlin.rpc import server as rpc_server

LOG = logging.getLogger(__name__)

#: What one path may cost: each descent walks the whole document again.
_MAX_PATH = 1024
_MAX_DESCENTS = 3

_PLAIN_KEYS = (
    "id",
    "name",
    "cluster_id",
    "physical_id",
    "profile_id",
    "user",
    "project",
    "domain",
    "index",
    "role",
    "status",
    "status_reason",
    "tainted",
)


class CollectRequests(base.Endpoint):
    """Show what the cloud knows about nodes."""

    @rpc_server.request
    def cluster_collect(self, context, identity, path):
        """The first match of a JSONPath in each member's document.

        :returns: list of {"id", "value"}; members without a match are left out.
        :raises BadRequest: if the path cannot be parsed.
        """
        expression = parse_path(path)
        rows, profiles = facade.read(_members, context, identity)
        details = {}
        if "details" in path:
            details = self._details(rows, profiles)
        result = []
        for row in rows:
            document = node_document(row, profiles.get(row["profile_id"]), details.get(row["id"]))
            match = next(iter(expression.find(document)), None)
            if match is not None:
                result.append({"id": row["id"], "value": match.value})
        return result

    @rpc_server.request
    def node_details(self, context, node_id):
        """What the cloud shows of a node's object, or ``{"Error": {...}}``."""
        rows, profiles = facade.read(_one_node, context, node_id)
        if not rows[0]["physical_id"]:
            return {}
        return self._details(rows, profiles)[node_id]

    def _details(self, rows, profiles):
        """node id -> details of the nodes that have an object, looked up in bulk."""
        groups = collections.defaultdict(list)
        for row in rows:
            if row["physical_id"]:
                groups[(row["user"], row["project"], row["profile_id"])].append(row)
        result = {}
        for (user, project, profile_id), group in groups.items():
            shown = self._show(user, project, profiles.get(profile_id), group)
            for row in group:
                result[row["id"]] = shown.get(row["physical_id"]) or _error(
                    404, f"No object with id '{row['physical_id']}' could be found."
                )
        return result

    def _show(self, user, project, profile_row, group):
        """physical id -> details; when the cloud fails, its error for each."""
        ids = [row["physical_id"] for row in group]
        try:
            profile = self._tools.registry.load(profile_row)
            cloud = self._cloud_of({"user": user, "project": project}, profile.region)
            return profile.details(cloud, ids)
        except cloud_errors.CloudError as error:
            LOG.warning("Details of %s nodes are not available: %s", len(ids), error)
            failure = _error(error.status or 500, str(error))
        except exception.SenlinError as error:
            LOG.warning("Details of %s nodes are not available: %s", len(ids), error)
            failure = _error(error.http_code, error.message)
        return dict.fromkeys(ids, failure)


def parse_path(path):
    """The expression behind a JSONPath.

    :raises BadRequest: if it cannot be parsed or would cost too much.
    """
    if len(path) > _MAX_PATH or path.count("..") > _MAX_DESCENTS:
        raise exception.BadRequest(
            f"The path is longer than {_MAX_PATH} characters or descends ('..') more than "
            f"{_MAX_DESCENTS} times."
        )
    try:
        return jsonpath_ng.parse(path.strip())
    except (jsonpath_errors.JSONPathError, ValueError, TypeError) as error:
        raise exception.BadRequest(f"Invalid attribute path - {error}") from error


def node_document(row, profile, details=None):
    """A node as the API shows it, for paths to be evaluated on."""
    document = {key: row[key] for key in _PLAIN_KEYS}
    for key in ("init_at", "created_at", "updated_at"):
        document[key] = timestamps.render(row[key])
    document["profile_name"] = profile and profile["name"]
    document["metadata"] = row["meta_data"] or {}
    document["data"] = row["data"] or {}
    document["dependents"] = row["dependents"] or {}
    if details is not None:
        document["details"] = details
    return document


def _members(conn, context, identity):
    cluster = base.find(conn, context, "cluster", identity)
    rows = members.listing(conn, cluster["id"])
    return rows, _profiles_of(conn, rows)


def _one_node(conn, context, node_id):
    row = lookup.get(conn, "node", node_id, project=context.project_scope)
    if row is None:
        raise exception.ResourceNotFound(type="node", id=node_id)
    return [row], _profiles_of(conn, [row])


def _profiles_of(conn, rows):
    return lookup.get_many(conn, "profile", {row["profile_id"] for row in rows})


def _error(code, message):
    return {"Error": {"code": code, "message": message}}
