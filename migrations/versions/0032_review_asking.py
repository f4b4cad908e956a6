"""How far the owner was asked about a review date, and what was found.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "document", sa.Column("review_told", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "document_review_answer",
        sa.Column("finding", sa.String(length=10), nullable=False, server_default="right"),
    )


def downgrade():
    op.drop_column("document_review_answer", "finding")
    op.drop_column("document", "review_told")
