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

"""Changes of receivers."""

import sqlalchemy as sa

from senlin.db import models

_receivers = models.Receiver.__table__


def insert(conn, row):
    """Insert a whole row."""
    conn.execute(sa.insert(_receivers), [row])


def delete(conn, receiver_id):
    """Remove a receiver; gives whether it still existed."""
    statement = sa.delete(_receivers).where(_receivers.c.id == receiver_id)
    return conn.execute(statement).rowcount > 0
