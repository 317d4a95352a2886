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
    return _pairs(conn, _bindings.c.cluster_id == cluster_id, _bindings.c.enabled.is_(True))


def _pairs(conn, *conditions):
    query = (
        sa.select(_bindings, _policies)
        .join(_policies, _policies.c.id == _bindings.c.policy_id)
        .where(*conditions)
        .order_by(_bindings.c.priority, _bindings.c.id)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    return [
        (_of_table(row, _bindings), _of_table(row, _policies))
        for row in conn.execute(query).mappings()
    ]


def of_cluster(conn, cluster_id):
    """All bindings of a cluster, disabled ones too, in the form of :func:`enabled`."""
    return _pairs(conn, _bindings.c.cluster_id == cluster_id)


def find(conn, cluster_id, policy_id):
    """The binding of a policy to a cluster, or None."""
    query = sa.select(_bindings).where(
        _bindings.c.cluster_id == cluster_id, _bindings.c.policy_id == policy_id
    )
    row = conn.execute(query).first()
    return None if row is None else dict(row._mapping)


def attach(conn, row):
    """Insert a binding unless there is one for the same policy and cluster.

    :returns: False if the policy is gone.
    """
    policy = sa.select(_policies.c.id).where(_policies.c.id == row["policy_id"])
    if conn.execute(policy.with_for_update(read=True)).first() is None:
        return False
    if find(conn, row["cluster_id"], row["policy_id"]) is None:
        conn.execute(sa.insert(_bindings), [row])
    return True


def _of_table(row, table):
    return {column.key: row[f"{table.name}_{column.name}"] for column in table.c}
