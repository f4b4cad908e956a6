"""SQLite gives no case and no stand-in period the id of one that was removed.

The audit and the notices name them by id. PostgreSQL never did.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# What the audit says of rows that are gone, so that their ids are not given again.
LAST_NAMED = """
    UPDATE sqlite_sequence SET seq = max(seq, (
        SELECT coalesce(max(CAST(subject_id AS INTEGER)), 0) FROM audit_entry WHERE subject = :name
    )) WHERE name = :name"""


def upgrade():
    _make_anew(autoincrement=True)


def downgrade():
    _make_anew(autoincrement=False)


def _make_anew(*, autoincrement):
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("deviation", "stand_in"):
        with op.batch_alter_table(
            name, recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}
        ):
            pass
        if autoincrement:
            insert = "INSERT INTO sqlite_sequence (name, seq) SELECT :name, 0 WHERE NOT EXISTS "
            exists = "(SELECT 1 FROM sqlite_sequence WHERE name = :name)"
            op.get_bind().execute(sa.text(insert + exists), {"name": name})
            op.get_bind().execute(sa.text(LAST_NAMED), {"name": name})
