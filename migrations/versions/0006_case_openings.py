"""Who opened a confidential case

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "deviation_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name="fk_deviation_opening_deviation_id_deviation"),
        sa.ForeignKeyConstraint(["file_id"], ["deviation_file.id"], name="fk_deviation_opening_file_id_deviation_file"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="fk_deviation_opening_on_behalf_of_person"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_deviation_opening_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_opening"),
    )
    op.create_index("ix_deviation_opening_case", "deviation_opening", ["deviation_id", "id"])


def downgrade():
    op.drop_table("deviation_opening")
