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


"""What the list calls of all collections have in common."""

from senlin.api import query
from senlin.common import exception
from senlin.db import lookup

_PAGING = frozenset({"limit", "marker", "sort", "global_project"})


def wanted(call, *not_filters):
    """The arguments of a list function of ``senlin.db.reads`` for a call.

    :param not_filters: parameters that are not simply columns to compare.
    :raises Forbidden: all projects are asked for by somebody who may not.
    """
    if query.boolean(call.query, "global_project") and not call.context.is_admin:
        raise exception.Forbidden()
    left_out = _PAGING.union(not_filters)
    return {
        "page": query.page(call.query),
        "project": call.context.project_scope,
        "filters": {k: v for k, v in call.query.items() if k not in left_out},
    }


def cluster_ids(conn, identities, project):
    """The ids of the clusters in a filter; None when one is unknown."""
    try:
        return [lookup.find(conn, "cluster", identity, project)["id"] for identity in identities]
    except exception.ResourceNotFound:
        return None
