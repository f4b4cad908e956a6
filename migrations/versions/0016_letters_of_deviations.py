"""Letters of deviations

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "deviation_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("closed_texts", sa.JSON(), nullable=False),
        sa.Column("privacy_reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("stored_file_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("finished_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("sent_note", sa.Text(), nullable=False),
        sa.Column("sent_reference", sa.String(length=100), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviation.id"], name="fk_deviation_letter_deviation_id_deviation"
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"],
            ["stored_file.id"],
            name="fk_deviation_letter_stored_file_id_stored_file",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=f"fk_deviation_letter_{column}_person"
            )
            for column in ("created_by", "changed_by", "finished_by", "sent_by")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_letter"),
        sa.UniqueConstraint(
            "deviation_id", "kind", "number", name="uq_deviation_letter_deviation_id_kind_number"
        ),
        sa.UniqueConstraint("stored_file_id", name="uq_deviation_letter_stored_file_id"),
    )
    op.create_index("ix_deviation_letter_case", "deviation_letter", ["deviation_id", "id"])


def downgrade():
    op.drop_index("ix_deviation_letter_case", table_name="deviation_letter")
    op.drop_table("deviation_letter")
