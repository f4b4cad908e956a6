"""The files that were attached to a draft when it was sent on hearing.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "document_hearing_file"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["document_hearing.id"],
            name=op.f(f"fk_{TABLE}_hearing_id_document_hearing"),
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"],
            ["stored_file.id"],
            name=op.f(f"fk_{TABLE}_stored_file_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("hearing_id", "stored_file_id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_stored_file_id"), TABLE, ["stored_file_id"])


def downgrade():
    op.drop_table(TABLE)
