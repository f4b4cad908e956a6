"""What the virus scanner said of each file.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("stored_file") as batch:
        batch.add_column(sa.Column("scan", sa.String(length=10), server_default="", nullable=False))
        batch.create_index(op.f("ix_stored_file_scan"), ["scan"])


def downgrade():
    with op.batch_alter_table("stored_file") as batch:
        batch.drop_index(op.f("ix_stored_file_scan"))
        batch.drop_column("scan")
