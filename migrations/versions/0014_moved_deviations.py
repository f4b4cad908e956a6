"""Deviations that were moved to whistleblowing

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NO_ROWIDS = {"sqlite_with_rowid": False}


def upgrade():
    op.create_table(
        "audit_hidden",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["audit_entry.sequence"], name=op.f("fk_audit_hidden_sequence_audit_entry")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_hidden")),
    )
    op.create_table(
        "deviation_forward",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_deviation_forward_reporter_id_person")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deviation_forward")),
    )
    op.create_index(op.f("ix_deviation_forward_reporter_id"), "deviation_forward", ["reporter_id"])
    with op.batch_alter_table("whistle_case", table_kwargs=_NO_ROWIDS) as batch:
        batch.alter_column("report_id", existing_type=sa.String(length=36), nullable=True)
        batch.add_column(sa.Column("reporter_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_whistle_case_reporter_id_person"), "person", ["reporter_id"], ["id"])
        batch.create_index(op.f("ix_whistle_case_reporter_id"), ["reporter_id"])
    op.create_table(
        "whistle_origin",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("moved_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["whistle_case.id"], name=op.f("fk_whistle_origin_case_id_whistle_case")),
        sa.ForeignKeyConstraint(["moved_by"], ["person.id"], name=op.f("fk_whistle_origin_moved_by_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_whistle_origin")),
        sa.UniqueConstraint("number", name=op.f("uq_whistle_origin_number")),
    )
    op.create_table(
        "whistle_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("law", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("is_applicable", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remind_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["whistle_case.id"], name=op.f("fk_whistle_clock_case_id_whistle_case")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_whistle_clock_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whistle_clock")),
    )
    op.create_index(op.f("ix_whistle_clock_case_id"), "whistle_clock", ["case_id"])
    op.create_index(op.f("ix_whistle_clock_remind_at"), "whistle_clock", ["remind_at"])


def downgrade():
    op.drop_table("whistle_clock")
    op.drop_table("whistle_origin")
    with op.batch_alter_table("whistle_case", table_kwargs=_NO_ROWIDS) as batch:
        batch.drop_index(op.f("ix_whistle_case_reporter_id"))
        batch.drop_constraint(op.f("fk_whistle_case_reporter_id_person"), type_="foreignkey")
        batch.drop_column("reporter_id")
        batch.alter_column("report_id", existing_type=sa.String(length=36), nullable=False)
    op.drop_table("deviation_forward")
    op.drop_table("audit_hidden")
