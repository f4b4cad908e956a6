"""A document's number as it is sorted, and indexes for what is in the works and what is owned.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "document", sa.Column("number_key", sa.String(12), server_default="", nullable=False)
    )
    document = sa.table("document", sa.column("id"), sa.column("number"), sa.column("number_key"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(document.c.id, document.c.number)).all():
        letters, _dash, running = row.number.partition("-")
        connection.execute(
            sa.update(document)
            .where(document.c.id == row.id)
            .values(number_key=f"{letters}-{running:0>7}")
        )
    op.create_index("ix_document_number_key", "document", ["number_key"], unique=True)
    op.drop_index("ix_document_owner_id", "document")
    op.create_index("ix_document_owner", "document", ["owner_id", "state", "review_on"])
    op.drop_index("ix_document_revision_state", "document_revision")
    op.create_index(
        "ix_document_revision_state",
        "document_revision",
        ["state", "document_id", "number", "changed_at"],
    )
    op.create_index(
        "ix_document_revision_returned", "document_revision", ["state", "returned_by"]
    )


def downgrade():
    op.drop_index("ix_document_revision_returned", "document_revision")
    op.drop_index("ix_document_revision_state", "document_revision")
    op.create_index("ix_document_revision_state", "document_revision", ["state", "document_id"])
    op.drop_index("ix_document_owner", "document")
    op.create_index("ix_document_owner_id", "document", ["owner_id"])
    op.drop_index("ix_document_number_key", "document")
    op.drop_column("document", "number_key")
