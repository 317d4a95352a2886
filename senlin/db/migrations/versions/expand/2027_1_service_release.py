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

"""The release of each process, by which an upgrade sees how far it is."""

from alembic import op
import sqlalchemy as sa

revision = "2027.1_service_release"
down_revision = "2027.1_idempotency_key"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("service", sa.Column("release", sa.String(32), nullable=True))
