"""Hearings of drafts: who was asked, what they said, and what they were answered.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def _key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    table = "document_hearing"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("close_reason", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _key(table, "document_id", "document"),
        _key(table, "started_by", "person"),
        _key(table, "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_document_id", table, ["document_id", "revision_number"])
    op.create_index(f"ix_{table}_closed_at", table, ["closed_at", "due_on"])
    op.create_index(op.f(f"ix_{table}_started_by"), table, ["started_by"])

    table = "document_hearing_request"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("has_no_comments", sa.Boolean(), nullable=False),
        _key(table, "hearing_id", "document_hearing"),
        _key(table, "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "hearing_id", "person_id", name=op.f(f"uq_{table}_hearing_id_person_id")
        ),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
    op.create_index(f"ix_{table}_remind_on", table, ["remind_on", "hearing_id"])

    table = "document_hearing_comment"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answer_text", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _key(table, "hearing_id", "document_hearing"),
        _key(table, "author_id", "person"),
        _key(table, "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_hearing_id", table, ["hearing_id", "place"])
    op.create_index(op.f(f"ix_{table}_author_id"), table, ["author_id"])


def downgrade():
    op.drop_table("document_hearing_comment")
    op.drop_table("document_hearing_request")
    op.drop_table("document_hearing")
