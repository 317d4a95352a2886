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

"""What a revision may do in its half of an upgrade.

Processes of the release before run during and after *expand*: it may not take anything
away from them, nor refuse what they write. *Contract* is for what they are no longer
there to miss.
"""

from alembic.operations import base
from alembic.operations import ops
from alembic.runtime import migration
import fixtures

_DROPS = (ops.DropTableOp, ops.DropColumnOp, ops.DropIndexOp, ops.DropConstraintOp)
_CONSTRAINTS = (
    ops.CreateUniqueConstraintOp,
    ops.CreateForeignKeyOp,
    ops.CreateCheckConstraintOp,
    ops.CreatePrimaryKeyOp,
)
_LOCAL = (ops.CreateIndexOp, *_CONSTRAINTS)


def operations_of(module):
    """What the upgrade of a revision's module would do, as alembic's operations."""
    recorded = []

    def invoke(operations, operation):
        recorded.append(operation)

    with fixtures.MockPatchObject(base.AbstractOperations, "invoke", invoke):
        context = migration.MigrationContext.configure(dialect_name="sqlite", opts={"as_sql": True})
        with base.Operations.context(context):
            module.upgrade()
    return recorded


def problems_of_expansion(operations):
    """What in *expand* could hurt the release before: a list of sentences."""
    made = {op.table_name for op in operations if isinstance(op, ops.CreateTableOp)}
    return [text for op in operations if (text := _hurt(op, made))]


def problems_of_contraction(operations):
    """What in *contract* should have been in *expand*: a list of sentences."""
    found = []
    for op in operations:
        if isinstance(op, ops.CreateTableOp | ops.AddColumnOp | ops.BulkInsertOp):
            found.append(f"{_name(op)} belongs into expand")
        elif _renames(op):
            found.append(f"{_name(op)} is an expansion, a data migration and a contraction")
        elif isinstance(op, ops.ExecuteSQLOp):
            found.append(f"{_name(op)} hides what it does")
    return found


def _hurt(op, made):
    if isinstance(op, ops.CreateTableOp):
        return None
    if isinstance(op, ops.AddColumnOp):
        column = op.column
        if column.nullable or column.server_default is not None:
            return None
        return f"{_name(op)}: inserts of the release before would miss a value"
    if isinstance(op, _LOCAL) and _table(op) in made:
        return None
    if isinstance(op, ops.CreateIndexOp) and not op.unique:
        return None
    if isinstance(op, ops.AlterColumnOp) and not _renames(op):
        if op.modify_nullable is not False and op.modify_server_default is not None:
            return None
        return f"{_name(op)} narrows what the release before may write"
    return f"{_name(op)} does more than expand"


def _renames(op):
    return isinstance(op, ops.RenameTableOp) or (
        isinstance(op, ops.AlterColumnOp) and op.modify_name is not None
    )


def _table(op):
    return getattr(op, "table_name", None) or getattr(op, "source_table", None)


def _name(op):
    return f"{type(op).__name__} of {_table(op)}"
