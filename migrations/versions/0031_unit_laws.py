"""Each unit keeps a list of the laws and paragraphs that matter there.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from intranet.core.models import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "unit_law",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("refid", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("section_key", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_unit_law_added_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_law_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_law")),
        sa.UniqueConstraint("unit_id", "refid", "section_key", name=op.f("uq_unit_law_unit_id_refid_section_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_unit_law_added_by_id"), "unit_law", ["added_by_id"])
    op.create_index("ix_unit_law_refid", "unit_law", ["refid"])


def downgrade():
    op.drop_table("unit_law")
