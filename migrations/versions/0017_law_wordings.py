"""Earlier words of paragraphs that a newer edition changed

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("law", sa.Column("parser_edition", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "law_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refid", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("section_key", sa.String(length=200), nullable=False),
        sa.Column("anchor", sa.String(length=120), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("last_as_of", sa.Date(), nullable=False),
        sa.Column("changed_as_of", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["law_import.id"], name=op.f("fk_law_wording_import_id_law_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_wording")),
    )
    op.create_index(op.f("ix_law_wording_import_id"), "law_wording", ["import_id"])
    op.create_index("ix_law_wording_refid_section_key", "law_wording", ["refid", "section_key", "id"])


def downgrade():
    op.drop_table("law_wording")
    op.drop_column("law", "parser_edition")
