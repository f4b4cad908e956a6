"""Words of one meaning and fastened answers, which those who tend the search add.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade():
    table = "search_synonym"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=600), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f(f"fk_{table}_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("words", name=op.f(f"uq_{table}_words")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_created_by"), table, ["created_by"])
    table = "search_pin"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("question_key", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f(f"fk_{table}_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "question_key", "target", name=op.f(f"uq_{table}_question_key_target")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_created_by"), table, ["created_by"])


def downgrade():
    op.drop_table("search_pin")
    op.drop_table("search_synonym")
