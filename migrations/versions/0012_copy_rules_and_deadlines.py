"""Copy rules and deadlines that two people may edit, with the rows of the product in them

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# Category, least rank of severity, role.
COPIES = (
    ("staff", 0, "safety_representative"),
    ("staff", 3, "chief_safety_representative"),
    ("privacy", 0, "data_protection_officer"),
)
# Rank, and working days to acknowledge, to decide, to close and between two climbs.
DEADLINES = ((0, 5, 20, 10, 5), (1, 3, 15, 10, 3), (2, 1, 7, 5, 1), (3, 1, 3, 3, 1))


def upgrade():
    op.add_column(
        "deviation_copy_rule", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column(
        "deviation_copy_rule",
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "deviation_deadline", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    bind = op.get_bind()
    copies = sa.table(
        "deviation_copy_rule", sa.column("category"), sa.column("least_rank"), sa.column("role")
    )
    deadlines = sa.table(
        "deviation_deadline",
        *map(sa.column, ("severity_rank", "acknowledge", "decide", "close", "climb")),
    )
    # Rows of the municipality's own stay as they are.
    if not bind.execute(sa.select(sa.func.count()).select_from(copies)).scalar_one():
        for category, rank, role in COPIES:
            bind.execute(copies.insert().values(category=category, least_rank=rank, role=role))
    known = set(bind.execute(sa.select(deadlines.c.severity_rank)).scalars())
    for rank, acknowledge, decide, close, climb in DEADLINES:
        if rank not in known:
            bind.execute(
                deadlines.insert().values(
                    severity_rank=rank, acknowledge=acknowledge, decide=decide, close=close,
                    climb=climb,
                )
            )


def downgrade():
    with op.batch_alter_table("deviation_copy_rule") as batch:
        batch.drop_column("version")
        batch.drop_column("is_active")
    with op.batch_alter_table("deviation_deadline") as batch:
        batch.drop_column("version")
