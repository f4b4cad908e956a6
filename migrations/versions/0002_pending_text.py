"""What was typed when a session ended, until it is shown again.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=1000), nullable=False),
        sa.Column("endpoint", sa.String(length=120), nullable=False),
        sa.Column("form_name", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_pending_text_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pending_text"),
        sa.UniqueConstraint("key_hash", name="uq_pending_text_key_hash"),
    )
    op.create_index("ix_pending_text_person_id", "pending_text", ["person_id"])


def downgrade() -> None:
    op.drop_table("pending_text")
