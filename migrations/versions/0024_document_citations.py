"""Which laws each document in force rests on.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "document_citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("refid", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("section_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_citation_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_citation")),
        sa.UniqueConstraint(
            "document_id", "refid", "section_key", name=op.f("uq_document_citation_document_id_refid_section_key")
        ),
    )
    op.create_index("ix_document_citation_refid_section_key", "document_citation", ["refid", "section_key"])
    op.create_table(
        "law_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_watch")),
    )


def downgrade():
    op.drop_table("law_watch")
    op.drop_table("document_citation")
