"""What is no whistleblowing, sent on with the whistleblower's consent

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "whistle_offer",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["whistle_case.id"], name=op.f("fk_whistle_offer_case_id_whistle_case")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_whistle_offer_unit_id_unit")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_whistle_offer")),
    )
    op.add_column("anonymous_message", sa.Column("answer", sa.String(length=3), server_default="", nullable=False))


def downgrade():
    op.drop_column("anonymous_message", "answer")
    op.drop_table("whistle_offer")
