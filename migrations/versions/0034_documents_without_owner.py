"""Since when a document is without an owner, and a quick way to those that are worked on.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("document", sa.Column("unowned_since", sa.DateTime(), nullable=True))
    op.create_index("ix_document_unowned_since", "document", ["unowned_since"])
    op.create_index("ix_document_working", "document", ["working_version"])


def downgrade():
    op.drop_index("ix_document_working", "document")
    op.drop_index("ix_document_unowned_since", "document")
    op.drop_column("document", "unowned_since")
