"""Messages and notes remember by which sending they came, so that a second press adds nothing.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OWNERS = {"deviation_entry": "deviation_id", "whistle_entry": "case_id"}
WITH_KEY = sa.text("send_key IS NOT NULL")


def upgrade():
    for table, owner in OWNERS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("send_key", sa.String(length=36), nullable=True))
        op.create_index(
            f"uq_{table}_sending",
            table,
            [owner, "author_id", "send_key"],
            unique=True,
            sqlite_where=WITH_KEY,
            postgresql_where=WITH_KEY,
        )


def downgrade():
    for table in OWNERS:
        op.drop_index(f"uq_{table}_sending", table_name=table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("send_key")
