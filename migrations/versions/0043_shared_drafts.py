"""Whether an article's draft is shared with the unit that stands behind it.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "article", sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade():
    op.drop_column("article", "is_shared")
