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

"""Queries on policies, for requests."""

import sqlalchemy as sa

from senlin.db import holding
from senlin.db import models

_policies = models.Policy.__table__
_bindings = models.ClusterPolicy.__table__


def insert(conn, row):
    """Insert a whole row."""
    conn.execute(sa.insert(_policies), [row])


def delete(conn, policy_id):
    """Remove a policy that is attached to nothing; gives whether that was so.

    Has to be a transaction's first statement, see ``holding.hold``.
    """
    holding.hold(conn, "policy", policy_id)
    query = sa.select(_bindings.c.id).where(_bindings.c.policy_id == policy_id).limit(1)
    if conn.execute(query).first() is not None:
        return False
    conn.execute(sa.delete(_policies).where(_policies.c.id == policy_id))
    return True
