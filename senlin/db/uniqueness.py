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

"""Whether a name is taken, for ``name_unique``."""

import sqlalchemy as sa

from senlin.db import lookup


def name_is_taken(conn, kind, name, project):
    """Whether a project has an object of a kind with this very name."""
    table = lookup.table(kind)
    query = sa.select(table.c.id).where(table.c.project == project, table.c.name == name)
    return conn.execute(query.limit(1)).first() is not None
