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

"""Rows of living processes."""

import sqlalchemy as sa

from senlin.common import timestamps
from senlin.db import claims
from senlin.db import models

_services = models.Service.__table__


def register(conn, service_id, host, binary, topic, release, now):
    """Announce a process of some release; ``now`` in epoch seconds."""
    moment = timestamps.from_epoch(now)
    conn.execute(
        sa.insert(_services).values(
            id=service_id,
            host=host,
            binary=binary,
            topic=topic,
            disabled=False,
            heartbeat=0,
            release=release,
            created_at=moment,
            updated_at=moment,
        )
    )


def beat(conn, service_id, now):
    """Count a heartbeat; False if the row is gone: the process was given up."""
    result = conn.execute(
        sa.update(_services)
        .where(_services.c.id == service_id)
        .values(heartbeat=_services.c.heartbeat + 1, updated_at=timestamps.from_epoch(now))
    )
    return result.rowcount == 1


def heartbeats(conn):
    """Service id -> (binary, heartbeat counter) of all processes."""
    query = sa.select(_services.c.id, _services.c.binary, _services.c.heartbeat)
    return {row.id: (row.binary, row.heartbeat) for row in conn.execute(query)}


def remove(conn, service_ids, now):
    """Take processes for gone and give their work back to the others.

    :returns: how many actions are to be taken over.
    """
    ids = list(service_ids)
    conn.execute(sa.delete(_services).where(_services.c.id.in_(ids)))
    return claims.release_owned(conn, ids, now)


def remove_of_host(conn, host, binary, now):
    """Take all processes of a kind on a host for gone.

    For a process that knows that it is the only one of its kind there.
    """
    query = sa.select(_services.c.id).where(_services.c.host == host, _services.c.binary == binary)
    return remove(conn, conn.execute(query).scalars().all(), now)
