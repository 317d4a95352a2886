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

import dataclasses

from senlin.api import filters
from senlin.api import microversions
from senlin.api import query
from senlin.common import exception
from senlin.db import filtering
from senlin.db import lookup

_PAGING = frozenset({"limit", "marker", "sort", "global_project"})


def wanted(call, *not_filters, resolvers=None):
    """The arguments of a list function of ``senlin.db.reads`` for a call.

    :param not_filters: parameters that are no conditions on columns.
    :param resolvers: name of a filter -> function that makes of a term's values
        those to compare the column with, given ``(call, term)``.
    :raises Forbidden: all projects are asked for by somebody who may not.
    """
    if query.boolean(call.query, "global_project") and not call.context.is_admin:
        raise exception.Forbidden()
    left_out = _PAGING.union(not_filters)
    given = {name: value for name, value in call.query.items() if name not in left_out}
    if call.version >= microversions.ADVANCED_LISTS:
        call.page = query.page(call.query, call.services.conf.senlin_api.max_page_size)
        terms = [term for name, texts in given.items() for term in filters.terms(name, texts)]
    else:
        call.page = query.page(call.query)
        terms = [filtering.Term(name, "in", _values(value)) for name, value in given.items()]
    return {
        "page": call.page,
        "project": call.context.project_scope,
        "terms": [_resolved(call, term, resolvers or {}) for term in terms],
    }


def _values(given):
    return (given,) if isinstance(given, str) else tuple(given)


def _resolved(call, term, resolvers):
    resolve = resolvers.get(term.column)
    return dataclasses.replace(term, values=tuple(resolve(call, term))) if resolve else term


def cluster_ids(call, term):
    """The ids of the clusters in a filter. None if any is unknown that is asked for."""
    found = [call.read(_find_id, identity, call.context.project_scope) for identity in term.values]
    if term.operator == "in" and None in found:
        return []
    return [id_ for id_ in found if id_ is not None]


def _find_id(conn, identity, project):
    try:
        return lookup.find(conn, "cluster", identity, project)["id"]
    except exception.ResourceNotFound:
        return None
