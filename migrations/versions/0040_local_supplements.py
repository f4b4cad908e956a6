"""Which document a local supplement belongs to, and the version of it that it was held against.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("document") as batch:
        batch.add_column(sa.Column("supplements_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("supplements_version", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_document_supplements_id_document"), "document", ["supplements_id"], ["id"]
        )
    op.create_index("ix_document_supplements_id", "document", ["supplements_id"])


def downgrade():
    op.drop_index("ix_document_supplements_id", "document")
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint(op.f("fk_document_supplements_id_document"), type_="foreignkey")
        batch.drop_column("supplements_version")
        batch.drop_column("supplements_id")
