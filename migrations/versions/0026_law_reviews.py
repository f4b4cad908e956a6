"""What the owners of documents answer when a law behind them changes.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "document_law_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("refid", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("section_key", sa.String(length=200), nullable=False),
        sa.Column("change_key", sa.String(length=80), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("amended_by", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_document_law_review_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_law_review_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["law_wording.id"], name=op.f("fk_document_law_review_wording_id_law_wording")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_law_review")),
        sa.UniqueConstraint(
            "document_id",
            "refid",
            "section_key",
            "change_key",
            name=op.f("uq_document_law_review_document_id_refid_section_key_change_key"),
        ),
    )
    op.create_index("ix_document_law_review_answer", "document_law_review", ["answer", "document_id"])
    op.create_index(op.f("ix_document_law_review_answered_by"), "document_law_review", ["answered_by"])
    op.create_index(op.f("ix_document_law_review_wording_id"), "document_law_review", ["wording_id"])


def downgrade():
    op.drop_table("document_law_review")
