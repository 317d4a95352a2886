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

"""Queries on profiles, for requests."""

import sqlalchemy as sa

from senlin.db import holding
from senlin.db import models

_profiles = models.Profile.__table__
_clusters = models.Cluster.__table__
_nodes = models.Node.__table__


def insert(conn, row):
    """Insert a whole row."""
    conn.execute(sa.insert(_profiles), [row])


def delete(conn, profile_id):
    """Remove a profile that nothing refers to; gives whether that was so.

    Has to be a transaction's first statement, see ``holding.hold``.
    """
    holding.hold(conn, "profile", profile_id)
    for table in (_clusters, _nodes):
        query = sa.select(table.c.id).where(table.c.profile_id == profile_id).limit(1)
        if conn.execute(query).first() is not None:
            return False
    conn.execute(sa.delete(_profiles).where(_profiles.c.id == profile_id))
    return True
