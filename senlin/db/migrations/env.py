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

"""Alembic's environment: runs on the connection that the caller gives."""

from alembic import context

from senlin.db import models

#: Waiting longer than this for a table's lock would stop the running service.
_LOCK_SECONDS = 30


def _limit_waiting(connection):
    statement = {
        "mysql": f"SET SESSION lock_wait_timeout = {_LOCK_SECONDS}",
        "mariadb": f"SET SESSION lock_wait_timeout = {_LOCK_SECONDS}",
        "postgresql": f"SET lock_timeout = '{_LOCK_SECONDS}s'",
    }.get(connection.dialect.name)
    if statement:
        connection.exec_driver_sql(statement)
        connection.commit()


def _run():
    connection = context.config.attributes["connection"]
    _limit_waiting(connection)
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()


_run()
