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

"""Policies attached to clusters, as rows."""

import sqlalchemy as sa

from senlin.db import models

_bindings = models.ClusterPolicy.__table__
_policies = models.Policy.__table__


def enabled(conn, cluster_id):
    """Enabled bindings of a cluster with their policies: list of (binding, policy) rows."""
    query = (
        sa.select(_bindings, _policies)
        .join(_policies, _policies.c.id == _bindings.c.policy_id)
        .where(_bindings.c.cluster_id == cluster_id, _bindings.c.enabled.is_(True))
        .order_by(_bindings.c.priority, _bindings.c.id)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    return [
        (_of_table(row, _bindings), _of_table(row, _policies))
        for row in conn.execute(query).mappings()
    ]


def _of_table(row, table):
    return {column.key: row[f"{table.name}_{column.name}"] for column in table.c}
