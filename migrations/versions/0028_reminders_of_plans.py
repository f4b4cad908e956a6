"""Written plans remember when their next reminder comes.

Revision ID: 0028
Revises: 0027
"""

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PLAN = sa.table(
    "deviation_plan",
    sa.column("id", sa.Integer),
    sa.column("deviation_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("evaluate_on", sa.Date),
    sa.column("next_signal", sa.String),
    sa.column("next_due_at", sa.DateTime),
)
# Early enough for a weekend to lie between.
AHEAD = timedelta(days=3)


def upgrade():
    with op.batch_alter_table("deviation_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_signal", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("next_due_at", sa.DateTime(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_deviation_plan_next_due_at"), ["next_due_at"], unique=False
        )
    connection = op.get_bind()
    newest = sa.select(sa.func.max(PLAN.c.id)).group_by(PLAN.c.deviation_id)
    for plan_id, day in connection.execute(
        sa.select(PLAN.c.id, PLAN.c.evaluate_on).where(PLAN.c.id.in_(newest))
    ).all():
        moment = datetime.combine(day, time(7)) - AHEAD
        connection.execute(
            sa.update(PLAN)
            .where(PLAN.c.id == plan_id)
            .values(next_signal="remind_before", next_due_at=moment)
        )


def downgrade():
    with op.batch_alter_table("deviation_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_plan_next_due_at"))
        batch_op.drop_column("next_due_at")
        batch_op.drop_column("next_signal")
