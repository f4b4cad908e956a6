"""Who reported without a name may ask that the case becomes whistleblowing.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("anonymous_message", sa.Column("wish", sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    op.drop_column("anonymous_message", "wish")
